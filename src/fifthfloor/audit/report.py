"""The report: one value, and the JSON document it becomes (`spec/audit-report.md`).

Sentences come from outside (`say`), since the audit formats nothing for people.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from fifthfloor.audit.carved import Where
from fifthfloor.audit.finding import SEVERITIES, Finding, Place, Verdict, ordered, verdict
from fifthfloor.audit.free_map import Band, FreeMap
from fifthfloor.cards.bearing import Borne
from fifthfloor.cards.volume import FileSystem
from fifthfloor.errors import FactValue

_REPORT_FORMAT = "fifthfloor.audit/1"
MAX_BANDS = 4096  # of one card in the report; a card of many small holes is drawn coarser
TargetKind = Literal["card", "folder", "file"]
Say = Callable[..., str]
Explain = Callable[[str, dict[str, FactValue]], tuple[str, str]]
"""Key and facts of an error to its two sentences, cause and hint."""


@dataclass(frozen=True, slots=True)
class VolumeSummary:
    """What a volume says of itself.

    Args:
        file_system, label, formatter: as in `cards.volume`.
        offset_bytes, length_bytes, cluster_bytes: on the device.
        files: how many visible files it has.
        used: visible bytes as (offset_bytes, length_bytes), for the drawing.
    """

    file_system: FileSystem
    label: str
    formatter: str
    offset_bytes: int
    length_bytes: int
    cluster_bytes: int
    files: int
    used: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Remnant:
    """A recoverable photograph, for the report.

    Args:
        name: from its directory entry; empty where it was carved.
        offset_bytes, length_bytes: on the device.
        form: "jpeg" ...
        whole: whether all of it is there.
        thumbnail: a small JPEG, or empty.
        where: in free space, in lost clusters, in slack, or outside of every heap.
    """

    name: str
    offset_bytes: int
    length_bytes: int
    form: str
    whole: bool
    thumbnail: bytes = b""
    where: Where = "free"


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that was audited.

    Args:
        path: as it was given.
        kind: what it is.
        photographs: how many were read.
        size_bytes: of a card's device, else 0.
        volumes: of a card.
        free_map: of a card.
        remnants: recoverable photographs of a card.
        quick: whether only a sample of free space was looked at.
        borne: faults of a card that were borne to read it.
        unreadable: what of a card could not be read: (offset_bytes, length_bytes), rising.
    """

    path: str
    kind: TargetKind
    photographs: int
    size_bytes: int = 0
    volumes: tuple[VolumeSummary, ...] = ()
    free_map: FreeMap | None = None
    remnants: tuple[Remnant, ...] = ()
    quick: bool = False
    borne: tuple[Borne, ...] = ()
    unreadable: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Something the audit did not look at.

    Args:
        what: key of the sentence, "flash", "camera", "cloud", "pdf" ...
        count: how many files it concerns; 0 for what no audit could look at.
        places: the files, with name and length of what in them was not read, where it has these.
    """

    what: str
    count: int = 0
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedTarget:
    """Something that was given and could not be looked at at all.

    Args:
        path: as it was given.
        error: key of the error.
        facts: of it.
    """

    path: str
    error: str
    facts: dict[str, FactValue]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole answer.

    Args:
        targets: what was audited.
        findings: of all targets.
        unchecked: what was not looked at.
        rulebook: title of the rulebook.
        refused: what could not be looked at at all.
    """

    targets: tuple[Target, ...]
    findings: tuple[Finding, ...]
    unchecked: tuple[Unchecked, ...] = field(default_factory=tuple)
    rulebook: str = ""
    refused: tuple[RefusedTarget, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """ "nothing" only where all of it was looked at."""
        told = verdict(self.findings)
        silent = self.refused or any(item.count or item.what == "quick" for item in self.unchecked)
        return "unlooked" if told == "nothing" and silent else told

    def count(self, severity: str) -> int:
        """How many findings have a severity."""
        return sum(finding.severity == severity for finding in self.findings)


def document(report: Report, say: Say, explain: Explain | None = None) -> dict[str, Any]:
    """Return the JSON document of a report.

    Args:
        report: finished.
        say: `words.sentence`.
        explain: `words.error`; without it errors are their keys alone.
    """
    return {
        "format": _REPORT_FORMAT,
        "verdict": report.verdict,
        "verdict_text": say(f"audit.verdict.{report.verdict}"),
        "counts": {severity: report.count(severity) for severity in SEVERITIES},
        "rulebook": report.rulebook,
        "targets": [_target(target, explain) for target in report.targets],
        "refused": [
            {"path": item.path, "error": item.error, **_explained(item.error, item.facts, explain)}
            for item in report.refused
        ],
        "findings": [_finding(item, say) for item in ordered(report.findings)],
        "not_checked": [
            {
                "what": item.what,
                "count": item.count,
                "text": say(f"audit.unchecked.{item.what}", count=item.count),
                **({"places": [_place(place) for place in item.places]} if item.places else {}),
            }
            for item in report.unchecked
        ],
    }


def _finding(item: Finding, say: Say) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "severity": item.severity,
        "sure": item.sure,
        **({"target": item.target} if item.target else {}),
        **{part: say(f"finding.{item.kind}.{part}", **item.facts) for part in ("title", "why", "do", "leaves")},
        "facts": dict(item.facts),
        "places": [_place(place) for place in item.places],
    }


def _place(place: Place) -> dict[str, Any]:
    found: dict[str, Any] = {"path": place.path}
    for name in ("offset_bytes", "length_bytes", "cluster"):
        if getattr(place, name) is not None:
            found[name] = getattr(place, name)
    if place.note:
        found["note"] = place.note
    return found


def _explained(key: str, facts: dict[str, FactValue], explain: Explain | None) -> dict[str, str]:
    return {} if explain is None else dict(zip(("cause", "hint"), explain(key, facts), strict=True))


def _target(target: Target, explain: Explain | None) -> dict[str, Any]:
    found: dict[str, Any] = {"path": target.path, "kind": target.kind, "photographs": target.photographs}
    if target.kind != "card" or target.free_map is None:
        return found
    found["size_bytes"] = target.size_bytes
    found["quick"] = target.quick
    found["borne"] = [
        {"error": fault.key, "count": fault.count, **_explained(fault.key, fault.facts, explain)}
        for fault in target.borne
    ]
    found["unreadable"] = [{"offset_bytes": offset, "length_bytes": length} for offset, length in target.unreadable]
    found["volumes"] = [
        {
            "file_system": volume.file_system,
            "label": volume.label,
            "formatter": volume.formatter,
            "offset_bytes": volume.offset_bytes,
            "length_bytes": volume.length_bytes,
            "cluster_bytes": volume.cluster_bytes,
            "files": volume.files,
        }
        for volume in target.volumes
    ]
    found["free_map"] = {
        "bytes": dict(target.free_map.bytes_of),
        "random_runs": [_band(band) for band in target.free_map.random_runs],
        "bands": [_band(band) for band in coarse(target.free_map.bands)],
    }
    found["recoverable"] = [
        {
            "name": remnant.name,
            "offset_bytes": remnant.offset_bytes,
            "length_bytes": remnant.length_bytes,
            "form": remnant.form,
            "whole": remnant.whole,
            "where": remnant.where,
        }
        for remnant in target.remnants
    ]
    return found


def _band(band: Band) -> dict[str, Any]:
    return {"kind": band.kind, "offset_bytes": band.offset_bytes, "length_bytes": band.length_bytes}


def coarse(bands: tuple[Band, ...], most: int = MAX_BANDS) -> list[Band]:
    """Return at most `most` bands: where there are more, the largest ones."""
    if len(bands) <= most:
        return list(bands)
    kept = sorted(bands, key=lambda band: band.length_bytes, reverse=True)[:most]
    return sorted(kept, key=lambda band: band.offset_bytes)
