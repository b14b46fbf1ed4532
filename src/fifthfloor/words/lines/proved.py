"""What a check of a signed picture found, line by line: the same in `verify` and at the desk."""

from __future__ import annotations

from typing import Any

from fifthfloor.words import sentence


def proved_lines(found: Any, converted: str) -> list[str]:
    """Return what is proved of a picture beside the verdict and the key.

    Args:
        found: what `statement.verify` returned.
        converted: the kind of file the original was, where it was decoded once (`tasks.people.prove.converted_from`).
    """
    percent = 100 * found.hidden_intervals / found.intervals
    lines = [sentence("verdict.parts", shown=100 - percent, hidden=percent)]
    if found.hidden_afterwards:
        lines.append(sentence("verdict.afterwards", percent=100 * found.hidden_afterwards / found.intervals))
    if found.role == "rendition":
        lines.append(sentence("verdict.rendition"))
    lines.extend(sentence("verdict.fact", name=f"verdict.fact_{name}", value=value) for name, value in found.facts)
    if converted:
        lines.append(sentence("verdict.converted", kind=converted))
    lines.extend(sentence("verdict.stripped", name=f"verdict.fact_{name}") for name in found.stripped)
    return ["  " + line for line in (*lines, _approval_line(found))]


def _approval_line(found: Any) -> str:
    """Who looked; what was hidden afterwards is not covered by it, and the sentence then says so."""
    state = found.approval.state.replace(" ", "_")
    part = "_before" if found.hidden_afterwards and found.approval.by else ""
    return sentence(f"verdict.approval_{state}{part}", by=found.approval.by, at=found.approval.at)
