@echo off
rem Starts Fifth Floor from the folder this file lies in, with the Python that lies in it. Installs nothing, writes
rem nothing, asks the registry nothing.
rem -I: no file or variable of this system has a say; -S: none of its packages; -B: nothing compiled is kept.
if not exist "%~dp0python\win_amd64\python.exe" (
  echo fifthfloor: error: this folder was made without Windows 1>&2
  echo fifthfloor: hint: make one with: make portable MACHINES="x86_64 win_amd64" 1>&2
  exit /b 69
)
"%~dp0python\win_amd64\python.exe" -I -S -B -X pycache_prefix=NUL\none "%~dp0start.py" %*
exit /b %errorlevel%
