"""Which files are programs' own texts, by where they lie and what they are called: their words are no person's.

A rulebook's words stand in configurations, change logs and sources of every computer ("checkpoint", "army", "for
internal use only"). They are told lower and apart, never dropped: somebody may have written there. A note, a document
or a saved page outside of such folders is a person's, whatever it is called.

Source: Filesystem Hierarchy Standard 3.0; where pip, npm, cargo, go, gem, composer, conda, snap, flatpak and nix put
packages; Windows' and macOS' folders of programs.
"""

from __future__ import annotations

import re

from fifthfloor.metadata.endings import is_shot

# Folders that packages are unpacked to, wherever they lie.
_OF_PACKAGES = re.compile(
    r"(?:^|/)(?:node_modules|bower_components|site-packages|dist-packages|__pycache__|\.git|\.hg|\.svn|\.tox|\.nox"
    r"|\.cargo/(?:registry|git)|\.rustup|go/pkg/mod|\.gem|gems/[^/]+-\d[^/]*|vendor/bundle|\.npm/_cacache|\.yarn/cache"
    r"|\.m2/repository|\.gradle/caches|\.nuget/packages|conda/pkgs|\.vscode/extensions|\.mypy_cache|\.ruff_cache"
    r"|[^/]+\.(?:dist-info|egg-info|framework|xcassets)|[^/]+\.app/contents|lib/python\d(?:\.\d+)?"
    r"|program\sfiles(?:\s\(x86\))?|windows/(?:system32|syswow64|winsxs|servicing|assembly|inf|fonts)"
    r"|nix/store|snap/[^/]+/(?:\d+|current)/usr|flatpak/(?:app|runtime)|usr/(?:share|lib\w*|include|src|s?bin|libexec)"
    r"|usr/local/(?:share|lib\w*|include|src|s?bin)|var/lib/(?:dpkg|apt|rpm|pacman|flatpak|snapd)|firefox-esr/browser"
    r"|tor.browser[^/]*/browser(?=/(?!downloads/))"
    r"|etc/(?:alternatives|apache2|apparmor\.d|apt|dpkg|default|fonts|init\.d|pam\.d|postgresql|security|ssl|systemd|xdg))/"
)
# Of this very system, which was named by its whole path.
_OF_THIS_SYSTEM = re.compile(
    r"/(?:etc|usr|lib(?:32|64|x32)?|s?bin|opt|boot|nix|snap|system/library"
    r"|library/(?:frameworks|developer|fonts|java|python|caches))/"
)
_WRITTEN_ENDINGS = (
    "asm awk bat bzl c cc cjs clj cmake coffee cpp cs css cu cxx d dart el elm erl ex exs f90 fs gd glsl go gradle "
    "groovy h hh hpp hrl hs hxx idl il in ino inl jl js jsx kt kts less lisp lua m4 map mjs ml mli mm nim pas php pl "
    "pm po pot proto ps1 pxd py pyi pyx qml r rb rs sass scala scm scss sed sh styl sv svelte swift tcl tf thrift ts "
    "tsx v vala vb vhd vim vue wat y zig"
)
_SOURCE_ENDINGS = frozenset(_WRITTEN_ENDINGS.split())
_PROGRAM_ARCHIVES = frozenset(["asar", "crx", "ear", "ja", "jar", "pak", "war", "whl", "xpi"])
_WITHOUT_ENDING = re.compile(
    r"(?:copying|licen[cs]e|changelog)(?:\.(?:md|txt|rst|gz))?|makefile|dockerfile|jenkinsfile|cmakelists\.txt|configure|\.gitignore"
)


def is_source(path: str) -> bool:
    """Whether a file is the source text of a program, or an archive that one is unpacked from, by its name."""
    name = path.lower().replace("\\", "/").rpartition("/")[2]
    stem, _, ending = name.rpartition(".")
    if is_shot(name):
        return False  # MPEG-TS and TypeScript have one ending
    return bool(stem and ending in _SOURCE_ENDINGS | _PROGRAM_ARCHIVES) or _WITHOUT_ENDING.fullmatch(name) is not None


def is_of_programs(path: str) -> bool:
    """Whether a text is a program's: its source, or in a folder that packages are unpacked to.

    Args:
        path: as it is reported; what lies in an archive stands behind " > ".
    """
    outer, _, inner = path.lower().replace("\\", "/").partition(" > ")
    if _OF_THIS_SYSTEM.match(outer) or _OF_PACKAGES.search(outer):
        return True
    return is_source(inner or outer)
