"""The report of `audit` as lines for a person: the verdict, what to do first, each finding, what was not checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fifthfloor.words import SENTENCES, sentence
from fifthfloor.words.form import Document, before_colon, printable
from fifthfloor.words.lines.width import broken

SHOWN_PLACES = 5
SHOWN_STEPS = 6
PARTS = ("why", "do", "leaves")


def lines(document: Document, width: int | None) -> Iterator[str]:
    """Write a report for a person.

    Args:
        document: of `audit.report.document`.
        width: of the terminal in columns, between whose edges lines are broken at words; None: not broken.
    """
    for line in _lines(document):
        yield from broken(line, width)


def short(card: str, document: Document) -> Iterator[str]:
    """Write what matters of the report on one card: the verdict, the counts, a title each.

    Args:
        card: its path.
        document: of `audit.report.document`.
    """
    yield sentence("roll.audit", card=card)
    yield "  " + document["verdict_text"]
    yield "  " + sentence("audit.counts", **document["counts"])
    asked = [item for item in document["findings"] if item["kind"] == "rule.question"]
    for item in document["findings"]:
        if item not in asked:
            yield f"  [{sentence('audit.severity.' + item['severity'])}] {item['title']}"
    if any(item["kind"] in ("card.deleted", "card.deleted_other") for item in document["findings"]):
        yield "  " + sentence("roll.tidy", card=card)
    if asked:
        yield "  " + sentence("roll.questions", count=len(asked))


def _lines(document: Document) -> Iterator[str]:
    yield document["verdict_text"]
    yield sentence("audit.counts", **document["counts"])
    yield from _first_steps(document["findings"])
    for item in document["refused"]:
        yield ""
        yield f"{before_colon(item['path'])} {sentence('audit.refused', cause=item['cause'])}"
        yield f"  {item['hint']}"
    for target in document["targets"]:
        yield ""
        yield f"{before_colon(target['path'])} {sentence('audit.target.' + target['kind'], **_numbers(target))}"
        yield from _card_lines(target)
    questions = [item for item in document["findings"] if item["kind"] == "rule.question"]
    said: dict[str, str] = {}
    for item in document["findings"]:
        if item not in questions:
            yield ""
            yield from _finding(item, said)
            said = item
    if questions:
        yield ""
        yield sentence("audit.questions")
        for item in questions:
            yield f"  {sentence('audit.question', why=item['facts']['why'], source=item['facts']['source'])}"
    yield ""
    yield sentence("audit.page.unchecked") + ":"
    for item in document["not_checked"]:
        yield f"  {item['text']}"


def _first_steps(findings: list[Document]) -> Iterator[str]:
    """Say what to do about what is critical, each thing once."""
    steps = list(dict.fromkeys(item["do"] for item in findings if item["severity"] == "critical"))
    if steps:
        yield ""
        yield sentence("audit.first")
    for number, step in enumerate(steps[:SHOWN_STEPS], start=1):
        yield f"  {number}. {step}"
    if len(steps) > SHOWN_STEPS:
        yield "  " + sentence("audit.more_steps", count=len(steps) - SHOWN_STEPS)


def _finding(item: Document, before: Document) -> Iterator[str]:
    """Write one finding; what stands word for word in the one before it is not said again."""
    severity, sure = sentence(f"audit.severity.{item['severity']}"), sentence(f"audit.sure.{item['sure']}")
    where = f"{before_colon(item['target'])} " if item.get("target") else ""
    yield f"[{severity}, {sure}] {where}{item['title']}"
    parts = [part for part in PARTS if item[part] != before.get(part)]
    for part in parts:
        yield "  " + sentence(f"audit.line.{part}", text=item[part])
    if len(parts) < len(PARTS):
        yield "  " + sentence("audit.line.as_before")
    for place in item["places"][:SHOWN_PLACES]:
        yield "  " + sentence("audit.line.where", text=_place(place, item["kind"]))
    if len(item["places"]) > SHOWN_PLACES:
        yield "  " + sentence("audit.line.more", count=len(item["places"]) - SHOWN_PLACES)


def _numbers(target: Document) -> dict[str, int]:
    return {"photographs": int(target["photographs"])}


def _card_lines(target: Document) -> Iterator[str]:
    for volume in target.get("volumes", ()):
        yield "  " + sentence(
            "audit.volume",
            file_system=volume["file_system"],
            label=volume["label"] or "-",
            formatter=volume["formatter"].strip() or "-",
            length=volume["length_bytes"],
            cluster=volume["cluster_bytes"],
            files=volume["files"],
        )
    for fault in target.get("borne", ()):
        key, more = ("audit.borne_often", fault["count"] - 1) if fault["count"] > 1 else ("audit.borne", 0)
        yield "  " + sentence(key, cause=printable(fault["cause"]), count=more)
    if "free_map" in target:
        lengths: dict[str, int] = target["free_map"]["bytes"]
        total = sum(lengths.values())
        shares = (
            sentence("audit.free_part", share=round(100 * length / total, 1), kind=sentence(f"audit.map.{kind}"))
            for kind, length in sorted(lengths.items(), key=lambda pair: -pair[1])
            if length
        )
        yield "  " + sentence("audit.free_line", total=total, parts=", ".join(shares))


def _said(parts: list[str]) -> list[str]:
    """Say parts of a note about a card: states by their words, all else as it is."""
    return [SENTENCES.get(f"audit.state.{part}", part) for part in parts]


def _place(place: dict[str, Any], kind: str) -> str:
    parts = [str(place["path"])] if place["path"] else []
    if "note" in place:
        parts += _said(str(place["note"]).split(", ")) if kind.startswith("card.") else [str(place["note"])]
    if "cluster" in place:
        parts.append(sentence("audit.line.cluster", cluster=place["cluster"]))
    if "offset_bytes" in place:
        end = place["offset_bytes"] + place.get("length_bytes", 0)
        parts.append(sentence("audit.line.bytes", start=place["offset_bytes"], end=end))
    return ", ".join(parts)
