"""The portable folder: what it is made of is pinned, what was changed in it is found, nothing compiled is believed."""

from __future__ import annotations

import hashlib
import importlib._bootstrap_external as bootstrap
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest
from tests.outside import REPOSITORY
from tools.portable import embed
from tools.portable.folder import FILES, HASHES, build
from tools.portable.wheels import LOCK, read_name

HERE = f"cp{sys.version_info[0]}{sys.version_info[1]}"
SPAWNS = """
import multiprocessing
from fifthfloor import told
def main():
    print(told.WHO)
    process = multiprocessing.get_context("spawn").Process(target=told.tell)
    process.start()
    process.join()
"""
TOLD = "WHO = 'ours'\ndef tell(): print('child', WHO)\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as `build` makes it, of a wheel that only says whose it is."""
    wheel = tmp_path / "fifthfloor-0-py3-none-any.whl"
    files = {"__init__.py": "", "told.py": TOLD, "cli/__init__.py": SPAWNS}
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"fifthfloor/{name}", text)
    native = tmp_path / f"numpy-1-{HERE}-{HERE}-manylinux_2_17_{os.uname().machine}.whl"
    with zipfile.ZipFile(native, "w") as archive:
        archive.writestr("numpy/__init__.py", "")
    out = tmp_path / "stick"
    build([read_name(wheel), read_name(native)], out)
    return out


def started(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(folder / "fifthfloor"), *words]
    environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def plant(folder: Path) -> None:
    """Lay compiled files beside ours that claim to be theirs, whatever ours hold or how old they are."""
    for module in ("told", "cli/__init__"):
        source = folder / "lib/any/fifthfloor" / f"{module}.py"
        text = source.read_text(encoding="utf-8").replace("'ours'", "'a stranger'")
        compiled = compile(text, str(source), "exec")
        cache = source.parent / "__pycache__"
        cache.mkdir(exist_ok=True)
        data = bootstrap._code_to_hash_pyc(compiled, bytes(8), checked=False)  # type: ignore[attr-defined]
        (cache / f"{source.stem}.{sys.implementation.cache_tag}.pyc").write_bytes(data)


def test_compiled_files_from_elsewhere_are_never_loaded(folder: Path) -> None:
    plant(folder)
    program = (
        f"import sys; sys.path.insert(0, {str(folder / 'lib/any')!r}); from fifthfloor import told; print(told.WHO)"
    )
    careless = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True)
    assert careless.stdout == "a stranger\n", "the test could not fail"
    done = started(folder)
    assert done.stdout.split() == ["ours", "child", "ours"], done.stderr
    assert started(folder, "--check").returncode == 1


@pytest.mark.parametrize("suffix", [f".{sys.implementation.cache_tag}.pyc", ".pyc", *EXTENSION_SUFFIXES])
def test_what_is_laid_beside_a_module_is_not_taken_for_it(folder: Path, suffix: str) -> None:
    """Machine code that is none: whoever loads it fails."""
    for place in ("lib/any/fifthfloor/told", "lib/any/fifthfloor/cli/__init__", "lib/any/fifthfloor"):
        (folder / (place + suffix)).write_bytes(b"not a library")
    done = started(folder)
    assert done.stdout.split() == ["ours", "child", "ours"], done.stderr


def test_a_module_without_source_is_not_loaded(folder: Path) -> None:
    told = folder / "lib/any/fifthfloor/told.py"
    compiled = compile(TOLD.replace("ours", "a stranger"), str(told), "exec")
    data = bootstrap._code_to_hash_pyc(compiled, bytes(8), checked=False)  # type: ignore[attr-defined]
    told.with_suffix(".pyc").write_bytes(data)
    told.unlink()
    done = started(folder)
    assert (done.returncode, done.stdout) == (1, ""), done.stdout


def test_a_folder_as_it_was_made_checks(folder: Path) -> None:
    done = started(folder, "--check")
    own = hashlib.sha256((folder / HASHES).read_bytes()).hexdigest()
    assert (done.returncode, own in done.stdout) == (0, True), done.stderr
    subprocess.run(["sha256sum", "--check", "--quiet", HASHES], cwd=folder, check=True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / "start2.py").write_text(""), "not one of its files: start2.py"),
        (lambda folder: (folder / "READ-ME.txt").unlink(), "missing: READ-ME.txt"),
        (
            lambda folder: (folder / "lib/any/fifthfloor/told.py").write_text(TOLD + "\n"),
            "changed: lib/any/fifthfloor/told.py",
        ),
        (lambda folder: (folder / "link").symlink_to("start.py"), "not one of its files: link"),
    ],
)
def test_what_was_changed_is_found(folder: Path, change: object, said: str) -> None:
    assert callable(change)
    change(folder)
    done = started(folder, "--check")
    assert (done.returncode, said in done.stderr) == (1, True), done.stderr


def test_the_lock_holds_what_base_and_desk_need_and_every_hash_is_one() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = LOCK.read_text(encoding="ascii").splitlines()
    locked = {line.split("==")[0] for line in lines if "==" in line}
    wanted = [*project["dependencies"], *project["optional-dependencies"]["desk"]]
    needed = {need.split(">")[0].split("=")[0].strip().lower() for need in wanted}
    assert needed <= locked, needed - locked
    for line in lines:
        if "--hash" in line:
            algorithm, digest = line.strip(" \\").removeprefix("--hash=").split(":")
            assert (algorithm, len(bytes.fromhex(digest))) == ("sha256", 32)
        else:
            assert line.startswith("#") or line.endswith(" \\"), f"{line} has no hash"


def an_archive(path: Path, names: list[str]) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as inner:
        for name in names:
            inner.writestr(name, name)
    with tarfile.open(path, "w:gz") as tar:
        member = tarfile.TarInfo(embed._DATA)
        member.size = len(data.getvalue())
        tar.addfile(member, io.BytesIO(data.getvalue()))


@pytest.mark.parametrize("pinned", ["none", "archive", "both"])
def test_another_python_for_windows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pinned: str) -> None:
    archive = tmp_path / embed.ARCHIVE
    an_archive(archive, ["cp313/python.exe", "cp313/../out.exe", "cp313/pythonw.exe"])
    if pinned != "none":
        monkeypatch.setattr(embed, "ARCHIVE_SHA256", hashlib.sha256(archive.read_bytes()).hexdigest())
    if pinned == "both":
        with tarfile.open(archive) as tar:
            member = tar.extractfile(embed._DATA)
            assert member is not None
            monkeypatch.setattr(embed, "DATA_SHA256", hashlib.sha256(member.read()).hexdigest())
        embed.unpack(archive, tmp_path / "out" / "python")
        assert [path.name for path in (tmp_path / "out").rglob("*")] == ["python", "python.exe"]
        return
    with pytest.raises(ValueError, match="is pinned"):
        embed.unpack(archive, tmp_path / "out" / "python")
    assert not (tmp_path / "out").exists()


def test_the_launcher_for_windows_has_its_line_ends_and_the_flags_of_the_other() -> None:
    text = (FILES / "fifthfloor.cmd").read_bytes()
    assert text.count(b"\r\n") == text.count(b"\n"), "cmd.exe reads labels wrongly without"
    assert b'python.exe" -I -S -B -X pycache_prefix=' in text
    assert b"exit /b %errorlevel%" in text


def test_a_folder_without_windows_says_so(folder: Path) -> None:
    assert not (folder / "python").exists()
    assert b"made without Windows" in (folder / "fifthfloor.cmd").read_bytes()
    shutil.rmtree(folder)
