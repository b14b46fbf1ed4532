"""What a folder or a laptop remembers of photographs that are gone: by the names of its files, and what they hold.

Each trace is told by its place, as the system or program that writes it documents; readers of contents are in
`traces.py` and `catalogues.py`. What is only present (swap, hibernation) is named and cannot be read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from fifthfloor.audit.finding import Finding, Place, Severity, finding, listed
from fifthfloor.metadata.endings import is_shot

TraceKind = Literal[
    "thumbnail",
    "folder_view",
    "recent",
    "history",
    "trash",
    "mounts",
    "swap",
    "own",
    "catalogue",
    "browser",
    "startup",
    "installer",
]
How = Literal["names", "tables", "presence"]


@dataclass(frozen=True, slots=True)
class TracePlace:
    """Where a kind of trace is found.

    Args:
        kind: of trace.
        pattern: matches the path below what is audited, with "/" and in lower case.
        how: contents are read for "names", as SQLite "tables", or the file's "presence" says it all.
    """

    kind: TraceKind
    pattern: re.Pattern[str]
    how: How


def _at(kind: TraceKind, pattern: str, how: How = "names") -> TracePlace:
    return TracePlace(kind, re.compile(pattern), how)


# freedesktop.org: Thumbnail Managing Standard, Recently Used, Trash; Windows and macOS: their makers' pages.
PLACES: tuple[TracePlace, ...] = (
    _at("own", r"(^|/)(\.cache/|\.config/|\.local/share/|site-packages/|dist-packages/|bin/)fifthfloor", "presence"),
    _at("own", r"(^|/)(library/caches/|scripts/|pipx/venvs/\.?|uv/(data/)?tools/\.?)fifthfloor", "presence"),
    # What uv keeps of a wheel (`wheels-v8`, `sdists-v9`) beside the files in it; on Windows below uv/cache.
    _at("own", r"(^|/)uv/(cache/)?(?!archive)[a-z-]+-v\d+/(.*/)?fifthfloor", "presence"),
    # What completes its commands in a shell, and its pages of the manual.
    _at("own", r"(^|/)((generated_|vendor_)?completions(\.d)?|site-functions)/_?fifthfloor(\.[a-z]+)?$", "presence"),
    _at("own", r"(^|/)_fifthfloor(\.zsh)?(\.zwc)?$", "presence"),
    _at("own", r"(^|/)\.?_?fifthfloor[-_]complet(e|ion)[^/]*$", "presence"),
    _at("own", r"(^|/)man1/fifthfloor(-[a-z-]+)?\.1(\.gz)?$", "presence"),
    _at("own", r"(^|/)fifthfloor-[\d.]+[^/]*\.(whl|dist-info|tar\.gz)", "presence"),
    # A folder that it runs from where it stands, or its sources: one file each tells, not all of them.
    _at("own", r"(^|/)fifthfloor(/__init__\.py|\.cmd)?$", "presence"),
    _at("thumbnail", r"(^|/)(\.cache/thumbnails|\.thumbnails)/.*\.png$"),
    _at("thumbnail", r"(^|/)(thumbcache_[^/]*\.db|\.thumbdata[^/]*)$"),
    _at("thumbnail", r"(^|/)thumbnails-digikam\.db$"),
    _at("thumbnail", r"\.lrdata/|/darktable/mipmaps-|/shotwell/thumbs/|\.photoslibrary/resources/", "presence"),
    _at("folder_view", r"(^|/)(thumbs\.db|ehthumbs\.db|\.ds_store)$"),
    _at("recent", r"(^|/)(recently-used\.xbel|\.recently-used|registrymodifications\.xcu|vlc-qt-interface\.conf)$"),
    _at("recent", r"/recent/[^/]*\.lnk$|\.(automatic|custom)destinations-ms$|\.sfl[234]?$"),
    _at("recent", r"(^|/)kactivitymanagerd/resources/database$"),
    _at("history", r"(^|/)(\.bash_history|\.zsh_history|\.sh_history|fish_history|consolehost_history\.txt)$"),
    _at("history", r"(^|/)(\.python_history|\.lesshst|\.viminfo|\.wget-hsts)$"),
    _at("history", r"(^|/)var/log/(auth\.log|secure)(\.\d+)?$"),  # what sudo was asked to run
    # Files a shell reads when it starts: only lines that name this program, such as its completion, are a trace.
    _at("startup", r"(^|/)(\.bash(rc|_profile|_aliases|_login)|\.profile|\.z(shrc|profile|shenv|login)|\.kshrc)$"),
    _at("startup", r"(^|/)(fish/config\.fish|fish/conf\.d/[^/]*\.fish|[^/]*profile\.ps1|\.config/(bash|zsh)/[^/]+)$"),
    _at("startup", r"(^|/)(\.(bash_(logout|completion)|zlogout|zcompdump[^/]*|x(onshrc|profile))|rc\.(xsh|elv))$"),
    _at("startup", r"(^|/)\.?(bashrc|bash_(aliases|completion|profile)|profile|zshrc|zshenv)\.d/[^/]+$"),
    _at("startup", r"(^|/)\.(bash|zsh|zfunc|xonshrc\.d)/([^/]+/)*[^/]+$"),
    _at("startup", r"(^|/)\.oh-my-(zsh|bash)/custom/([^/]+/)*[^/]+$|(^|/)(xonsh/rc\.d/[^/]+|nushell/[^/]*\.nu)$"),
    # What installers wrote down: pipx its commands (Linux, Windows, where PIPX_HOME is set; macOS), pip whom it served.
    _at("installer", r"(^|/)pipx/(log|logs)/[^/]+\.log$|(^|/)library/logs/pipx/[^/]+\.log$"),
    _at("installer", r"(^|/)pip/(cache/)?selfcheck/[^/]+$|(^|/)(uv-receipt\.toml|pipx_metadata\.json)$"),
    _at("trash", r"(^|/)(\.local/share/trash|\.trash-\d+)/info/[^/]*\.trashinfo$"),
    _at("trash", r"(^|/)(\.local/share/trash|\.trash-\d+)/(files|expunged)/", "presence"),
    _at("trash", r"(^|/)(\.trash|\.trashes/\d+|\$recycle\.bin/[^/]*)/[^/]+$"),
    _at("mounts", r"(^|/)(gvfs-metadata/[^/]*|mounted-fs|\.config/nautilus/bookmarks|gtk-3\.0/bookmarks)$"),
    _at("mounts", r"(^|/)(user-places\.xbel|com\.apple\.(finder|sidebarlists)\.plist)$"),
    _at("mounts", r"(^|/)(windows/inf/setupapi\.dev\.log|var/log/(syslog|messages|kern\.log)(\.\d+)?)$"),
    _at("mounts", r"(^|/)(ntuser\.dat|windows/system32/config/system|var/log/journal/.*\.journal)$", "presence"),
    _at("swap", r"(^|/)(pagefile\.sys|swapfile\.sys|hiberfil\.sys|swapfile|swap\.img|sleepimage)$", "presence"),
    _at("catalogue", r"\.(lrcat|lrcat-data)$|(^|/)(library\.db|digikam4\.db|photos\.sqlite|photo\.db)$", "tables"),
    _at("catalogue", r"\.lrcat-wal$|(^|/)(library\.db|digikam4\.db|photos\.sqlite|photo\.db)-wal$"),
    _at("browser", r"(^|/)places\.sqlite$|/safari/history\.db$", "tables"),
    _at("browser", r"(chrom|brave|edge|opera|vivaldi)[^/]*/.*/history$", "tables"),
)


def trace_of(path: str) -> TracePlace | None:
    """Say what kind of trace a file is, by its path below what is audited; None for an ordinary file."""
    lowered = path.replace("\\", "/").lower()
    return next((place for place in PLACES if place.pattern.search(lowered)), None)


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace that was found.

    Args:
        kind: of trace.
        path: of the file.
        names: what it names: paths of photographs, lines of a history.
    """

    kind: TraceKind
    path: str
    names: tuple[str, ...]


# Files of which only lines that name this program are a trace.
OURS_ALONE: frozenset[TraceKind] = frozenset(["startup", "installer"])
# Traces whose names are whole lines: of a shell, of a log.
_LINES: frozenset[TraceKind] = frozenset(["history", "mounts"])
# A word as a shell divides a line: in marks of speech, or up to a blank that is not escaped.
_SHELL_WORD = re.compile(r"""(?P<quoted>"[^"]+"|'[^']+')|(?:\\.|[^\s"'`;&|<>()=:])+""")
_ESCAPED = re.compile(r"\\(?=[^\w\\*])")

_SEVERITY: dict[TraceKind, tuple[Severity, Severity]] = {
    # (when it names a photograph that is gone, otherwise)
    "thumbnail": ("critical", "medium"),
    "folder_view": ("critical", "medium"),
    "catalogue": ("critical", "medium"),
    "browser": ("medium", "medium"),
    "recent": ("high", "medium"),
    "history": ("high", "medium"),
    "trash": ("critical", "medium"),
    "mounts": ("medium", "low"),
    "swap": ("medium", "medium"),
    "own": ("critical", "critical"),
    "startup": ("medium", "low"),
    "installer": ("medium", "low"),
}


def trace_findings(traces: Iterable[Trace], present: Iterable[str]) -> list[Finding]:
    """Say what traces give away; worse where they name photographs that are no longer there.

    Args:
        traces: everything found.
        present: paths of the photographs that are there.
    """
    there = {PurePosixPath(path).name.lower() for path in present}
    by_kind: dict[TraceKind, list[tuple[Trace, list[str]]]] = {}
    for trace in traces:
        if trace.kind in OURS_ALONE:
            continue  # told by `own_findings`, or nothing
        gone = [name for name in shots_of(trace) if base_name(name).lower() not in there]
        by_kind.setdefault(trace.kind, []).append((trace, gone))
    found = []
    for kind, items in by_kind.items():
        gone = [name for _, names in items for name in names]
        # What lies in the trash is there to be seen, whether or not its name is known elsewhere.
        worse = bool(gone) or (kind == "trash" and any(is_shot(trace.path) for trace, _ in items))
        places = [Place(trace.path, note=listed(base_name(name) for name in names)) for trace, names in items]
        severity = _SEVERITY[kind][0 if worse else 1]
        names = listed(base_name(name) for name in gone) or listed(PurePosixPath(trace.path).name for trace, _ in items)
        if kind == "trash":
            # A file in the trash has a second one that says where it came from.
            notes = sum(trace.path.endswith(".trashinfo") for trace, _ in items)
            found.append(finding("laptop.trash", severity, "certain", places, gone=len(gone), names=names,
                                 count=max(notes, len(items) - notes)))  # fmt: skip
            continue
        found.append(finding(f"laptop.{kind}", severity, "certain", places, gone=len(gone), names=names))
    return found


def shots_of(trace: Trace) -> list[str]:
    """Return the names of photographs and films that a trace holds, wherever they stand on a line that was typed."""
    if trace.kind not in _LINES:
        return [name for name in trace.names if is_shot(name)]
    found = [name for line in trace.names for word in _SHELL_WORD.finditer(line) for name in _shots_in(word)]
    return list(dict.fromkeys(found))


def _shots_in(word: re.Match[str]) -> list[str]:
    """Return the name that a typed word is; where marks of speech stand around no name, those between them."""
    if not word["quoted"]:
        name = _ESCAPED.sub("", word[0]).rstrip(",.")
        return [name] if is_shot(name) else []
    between = word["quoted"][1:-1]
    return [between] if is_shot(between) else [name for one in _SHELL_WORD.finditer(between) for name in _shots_in(one)]


def own_findings(traces: Iterable[Trace]) -> list[Finding]:
    """Find lines of histories and lists that name this tool."""
    places = [
        Place(trace.path, note=name[:200])
        for trace in traces
        if trace.kind in ("history", "recent", "mounts", "browser", *OURS_ALONE)
        for name in trace.names
        if "fifthfloor" in name.lower()
    ]
    return [finding("laptop.own_named", "critical", "certain", places)] if places else []


def base_name(path: str) -> str:
    """Return the last part of a path of any system."""
    return re.split(r"[/\\]", path)[-1]
