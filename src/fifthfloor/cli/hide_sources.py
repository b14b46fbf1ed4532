"""What `hide` hides: files, or frames of shooting cards; all that is to be said of them comes before any question."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fifthfloor.cli.console import Console, Document
from fifthfloor.cli.hide_options import HideOptions, Material
from fifthfloor.errors import BadInput
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.frames import Taken
    from fifthfloor.tasks.floors.swept_after import SweptAfter


def material_of(console: Console, options: HideOptions) -> Material:
    """Find what is to be hidden, and ask what becomes of the card it comes from."""
    from fifthfloor.tasks.floors.at_hand import places_among, short_name
    from fifthfloor.tasks.floors.frames import sources_of, take_from
    from fifthfloor.tasks.floors.sources import gather

    if bool(options.shooting) != (options.wanted is not None):
        raise click.UsageError(sentence("hide.from_and_only"))
    if bool(options.files) == bool(options.shooting):
        raise click.UsageError(sentence("hide.files_or_from"))
    if options.wipe is not None and not (options.remove and options.shooting):
        raise click.UsageError(sentence("hide.wipe_with_remove"))
    if not options.shooting:
        if both := sorted(places_among(options.files, options.carriers)):
            raise BadInput("hide.into_itself", path=str(both[0].absolute()))
        sources = gather(options.files)
        cards = _cards_among(options.files)
        return Material(sources, notes={"file_is_card": cards} if cards else {})
    with console.progress("work.cards", 0):
        picked = take_from(options.shooting, options.wanted or "")
    notes = {
        "missing": [{"names": names, "frames": frames} for names, frames in picked.missing],
        "namesakes": _namesakes(picked.cards),
        "from_is_in": sorted(short_name(path) for path in places_among(options.shooting, options.carriers)),
    }
    islands = _islands(console, options, picked.cards) if options.remove else []
    wiped = _wiped(console, options, islands)
    left = tuple(one.path for one in islands if one not in wiped)
    told = {name: value for name, value in notes.items() if value}
    return Material(sources_of(picked.cards), picked.cards, _measured(console, options, wiped), left, told)


def _cards_among(files: Sequence[Path]) -> list[str]:
    """Name the files that are cards themselves: `--in a.img b.img` hides the second in the first."""
    from fifthfloor.tasks.floors.at_hand import images

    return [path.name for path in sorted(one.path for one in images(path for path in files if path.is_file()))]


def _namesakes(taken: Sequence[Taken]) -> list[Document]:
    """Say of which names another frame than was meant may be taken."""
    from fifthfloor.tasks.floors.releases import namesakes

    found = []
    for same in namesakes([frame for one in taken for frame in one.frames]):
        where = ", ".join(f"{frame.folder} ({frame.taken or '?'})" for frame in same)
        found.append({"name": same[0].stem, "count": len(same), "where": where, "path": same[0].files[0].path})
    return found


def _islands(console: Console, options: HideOptions, taken: Sequence[Taken]) -> list[Taken]:
    """Find the cards on which noise will stand where frames lay, among what is none; a locked card is refused here.

    None is a card that is swept anyway, which --quick does not, or one on which noise is around the frames already.
    """
    from fifthfloor.tasks.floors.at_hand import places_among
    from fifthfloor.tasks.floors.surroundings import would_be_island

    swept = [] if options.quick else options.carriers
    islands = []
    with console.progress("work.cards", 0):
        for one in taken:
            if one.frames and not places_among([one.path], swept) and would_be_island(one, options.serial):
                islands.append(one)
    return islands


def _wiped(console: Console, options: HideOptions, islands: Sequence[Taken]) -> list[Taken]:
    """Ask once for each card whether it is wiped afterwards.

    Raises:
        BadInput: --yes is given and neither --wipe nor --no-wipe: one destroys what could be recovered, the other
            leaves an island, and a yes to everything chose neither. Or a card is hidden on with --quick as well, which
            a wipe would end: that it stays so was neither said nor agreed.
    """
    from fifthfloor.tasks.floors.at_hand import places_among, short_name

    wiped = []
    for one in islands:
        name = short_name(one.path)
        if places_among([one.path], options.carriers):
            _agreed_to_stay(console, options, name)
            continue
        if options.wipe is None:
            if console.yes:
                raise BadInput("remove.island", card=name)
            console.note(sentence("before.island", card=name), "loud")
        asked = options.wipe is None and console.asks and not options.dry_run
        if options.wipe or (asked and console.confirm(sentence("before.island_ask", card=name))):
            wiped.append(one)
    return wiped


def _agreed_to_stay(console: Console, options: HideOptions, card: str) -> None:
    """Ask whether an island may stay on a card that a quick floor is written to."""
    if options.wipe is False:
        return
    said = options.wipe is None and not console.yes
    if said:
        console.note(sentence("before.island_stays", card=card), "loud")
        if options.dry_run or not console.asks:
            return
    if not said or not console.confirm(sentence("before.island_stays_ask")):
        raise BadInput("remove.island_quick", card=card)


def _measured(console: Console, options: HideOptions, wiped: Sequence[Taken]) -> tuple[SweptAfter, ...]:
    """Measure the cards that are wiped afterwards: their sweep takes its time, too."""
    from fifthfloor.tasks.floors.swept_after import measured

    return tuple(measured(one, options.serial, console.progress) for one in wiped)
