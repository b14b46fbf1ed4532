"""The screen before a question, and the details that only --verbose shows."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fifthfloor.cli.console import Console, Document
from fifthfloor.cli.hide_options import HideOptions, Material
from fifthfloor.cli.terminal import columns
from fifthfloor.words import sentence
from fifthfloor.words.lines import before as before_lines
from fifthfloor.words.lines.screen import everything, screen

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.hide import Intent
    from fifthfloor.tasks.floors.kept import Keeping
    from fifthfloor.tasks.floors.listing import Listed
    from fifthfloor.tasks.floors.look import Looked
    from fifthfloor.tasks.floors.sweep import OpenedCard
    from fifthfloor.tasks.secret import FloorKeys


def show_before(console: Console, document: Document, notes: Document | None = None) -> None:
    """Say what will happen, on eight lines or with all details. What goes for good is loud.

    Args:
        console: says it.
        document: of `tasks.floors.before.as_document`.
        notes: what is to be known of what was typed (`words.lines.notes`).
    """
    document = document | ({"notes": notes} if notes else {})
    for line in everything(document) if console.verbose else screen(document, columns(sys.stderr)):
        console.note(line, "loud" if line.startswith("  ") else "plain")
    for line in before_lines.removed_names(document):
        console.detail(line)


def show_kept(console: Console, kept: Sequence[Listed], others: Sequence[Listed]) -> None:
    """Say what is kept, of the same passphrase and of others."""
    from fifthfloor.tasks.floors.before import kept_document

    for line in before_lines.kept(*([kept_document(one) for one in floors] for floors in (kept, others))):
        console.note(line)


def look(console: Console, cards: Sequence[OpenedCard], keys: Sequence[FloorKeys]) -> list[Looked]:
    """Look at every card before it is swept, with the bar moving."""
    from fifthfloor.tasks.floors.look import look_all

    return look_all(cards, keys, console.progress)


def look_after(console: Console, options: HideOptions, material: Material, keys: Sequence[FloorKeys]) -> list[Document]:
    """Look at the shooting cards that are swept at the end; arguments and errors as `swept_after.look_before`."""
    from fifthfloor.tasks.floors.swept_after import look_before

    return look_before(material.wiped, keys, options.serial, console.progress, discard=options.discard)


def made_by(maker: str, model: str, *, is_device: bool) -> str:
    """Return maker and model as the card tells them, or what it is where it tells neither."""
    named = " ".join(part for part in (maker, model) if part)
    return named or sentence("card.device" if is_device else "card.image")


def detail_cards(console: Console, cards: Sequence[OpenedCard]) -> None:
    """Say which cards they are, and what is visibly on them."""
    for opened in cards:
        who = opened.card.identity
        facts = {"photographs": who.photographs, "others": who.files - who.photographs}
        console.detail(
            sentence(
                "card.identity",
                path=str(opened.path),
                what=made_by(who.facts.maker, who.facts.model, is_device=who.facts.is_block_device),
                size=who.size_bytes,
                label=who.label or "-",
                **facts,
            )
        )
        places = len(opened.layout.places)
        console.detail(sentence("card.room", free=opened.layout.free_bytes, slots=places, room=places * 16384))
        console.detail(sentence("card.rate", rate=round(opened.read_rate)))


def detail_room(console: Console, cards: Sequence[OpenedCard], intent: Intent, keeping: Keeping) -> None:
    """Say how what is kept and what is new share the room of each card."""
    from fifthfloor.tasks.floors.at_hand import short_name

    if not keeping.floors:
        return
    for number, opened in enumerate(cards):
        kept, new = keeping.slots(number), intent.plan.slots[number]
        left = len(opened.layout.places) - kept - new
        facts = {"kept": kept * 16384, "new": new * 16384, "left": max(0, left) * 16384}
        console.detail(sentence("before.kept_share", card=short_name(opened.path), **facts))


def detail_intent(console: Console, intent: Intent, cards: Sequence[OpenedCard]) -> None:
    """Say what the redundancy costs, and what it is worth."""
    times = intent.written_bytes / max(1, intent.sources.size_bytes)
    console.detail(sentence("hide.cost", written=intent.written_bytes, times=times))
    if not intent.overwrite:
        return
    console.detail(sentence("hide.overwrite", percent=100 * intent.overwrite))
    for opened in cards:
        cluster = min(volume.cluster_bytes for volume in opened.card.volumes)
        if cluster < 16384:
            console.detail(sentence("hide.small_clusters", path=str(opened.path), cluster=cluster))
