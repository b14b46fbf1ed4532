"""One finding: what a search would see, where, and how sure that is.

Rule: a finding holds a kind and facts, never sentences; `words.finding` has for each kind what it is, why it
matters, what to do, and what doing it would itself leave behind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from fifthfloor.errors import FactValue

Severity = Literal["critical", "high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
Sureness = Literal["certain", "likely", "possible"]
Verdict = Literal["nothing", "unlooked", "explain", "stop"]

# What notes about cards hold between commas; programs read them so, people by the words for states.
STATES = frozenset(["whole", "part", "gone", "unplaced", "partial"])
MAX_LISTED = 8  # names put into one sentence


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding is.

    Args:
        path: of the file, or of the directory that names it; empty for a stretch of free space.
        offset_bytes: on the device, or None.
        length_bytes: or None.
        cluster: its first cluster, or None.
        note: what stands there: a name, a number.
    """

    path: str = ""
    offset_bytes: int | None = None
    length_bytes: int | None = None
    cluster: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding.

    Args:
        kind: "area.what", a key into `words.finding.FINDINGS`.
        severity: how bad it would be if a search met it.
        sure: how sure it is that it means what the sentence says.
        facts: what the sentences name.
        places: all of them; who shows fewer says how many there are.
        target: the card it is about, where several things were audited; empty where it is about all of them.
    """

    kind: str
    severity: Severity
    sure: Sureness
    facts: dict[str, FactValue] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    target: str = ""


def on_target(findings: Iterable[Finding], target: str) -> list[Finding]:
    """Say of findings which card they are about; their paths then begin with it, as `path_on` writes them."""
    return [
        replace(
            found,
            target=target,
            places=tuple(replace(p, path=path_on(target, p.path)) if p.path else p for p in found.places),
        )
        for found in findings
    ]


def path_on(target: str, path: str) -> str:
    """Return a path on a card as it is shown: alone, or behind the card where there are several."""
    return f"{target}:/{path}" if target else path


def verdict(findings: Iterable[Finding]) -> Verdict:
    """Say what it comes to: "stop" where anything is critical, "explain" where anything is high or medium."""
    severities = {finding.severity for finding in findings}
    if "critical" in severities:
        return "stop"
    return "explain" if severities & {"high", "medium"} else "nothing"


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Sort by severity, then kind, then place; the order says nothing else."""
    return sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), f.kind, f.target, _first_place(f)))


def _first_place(finding: Finding) -> tuple[str, int]:
    place = finding.places[0] if finding.places else Place()
    return place.path, place.offset_bytes or 0


def listed(names: Iterable[str]) -> str:
    """Join names for a sentence; after MAX_LISTED of them how many more there are."""
    known = list(dict.fromkeys(names))
    shown = ", ".join(known[:MAX_LISTED])
    return shown if len(known) <= MAX_LISTED else f"{shown} (+{len(known) - MAX_LISTED})"


def finding(kind: str, severity: Severity, sure: Sureness, places: Iterable[Place] = (), **facts: FactValue) -> Finding:
    """Make a finding; `count` is the number of places unless it is given."""
    every = tuple(places)
    facts.setdefault("count", len(every))
    return Finding(kind, severity, sure, facts, every)
