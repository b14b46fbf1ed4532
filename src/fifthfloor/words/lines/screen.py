"""The screen before the question at a terminal: at most eight lines, at 80 columns and wider, whatever is on it.

What does not fit as `before` says it is said shorter: first the cards, then what is kept, and what is destroyed last.
--verbose says all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from fifthfloor.words import sentence
from fifthfloor.words.form import Document, span
from fifthfloor.words.lines import before, notes, rolls
from fifthfloor.words.lines.width import broken

SCREEN_LINES, SCREEN_COLUMNS = 8, 80
_NAME_CHARS = 16  # characters of a card's name
_MOST_NAMED = 3  # cards that are named
_WORDS = 5  # what is worth less than this goes before the words about frames do, and what is worth more after
_COMPARED = 2  # recipients whose fingerprints fit on a line


@dataclass(frozen=True, slots=True)
class Section:
    """One thing that is said.

    Args:
        worth: whatever has less is shortened before it.
        forms: lines, the longest form first.
        whole: how many of the first of them say all that counts, though in fewer words; used before anything of worth.
    """

    worth: int
    forms: Sequence[Sequence[str]]
    whole: int = 1

    def stages(self) -> list[tuple[int, tuple[int, int]]]:
        """Return what each shortening is worth, and from which form to which it goes."""
        last = len(self.forms) - 1
        return [(_WORDS, (0, self.whole - 1)), (self.worth, (self.whole - 1, last))]


def screen(document: Document, columns: int | None = None) -> list[str]:
    """Say what will happen, as `before.lines` does where that fits.

    Args:
        document: of `tasks.floors.before.as_document`.
        columns: of the terminal; None where there is none. A narrower one than 80 shows the same lines, broken.
    """
    width = max(SCREEN_COLUMNS, columns or 0)
    if document.get("rolls"):
        said = everything(document)
        for tight in (False, True):
            said = said if _height(said, width) <= SCREEN_LINES else list(_mixed(document, tight=tight))
        return said
    fitted = _fitted(list(_sections(document, width)), width)
    if _height(fitted, width) > SCREEN_LINES:
        return _fitted(list(_sections(document, width, tight=True)), width)
    return fitted


def _fitted(sections: Sequence[Section], width: int) -> list[str]:
    """Choose a form of each section: what is destroyed is shortened last, and nothing that need not be.

    Args:
        sections: in the order they are shown.
        width: of the terminal in columns.
    """
    chosen = [0] * len(sections)
    stages = sorted((worth, n, *forms) for n, one in enumerate(sections) for worth, forms in one.stages())

    @cache
    def height(section: int, form: int) -> int:
        return _height(sections[section].forms[form], width)

    def fits() -> bool:
        return sum(height(*one) for one in enumerate(chosen)) <= SCREEN_LINES

    for _worth, n, _longest, shortest in stages:
        while not fits() and chosen[n] < shortest:
            chosen[n] += 1
    for _worth, n, longest, _shortest in reversed(stages):  # what was shortened first may have been in vain
        if (now := chosen[n]) > longest:
            chosen[n] = longest
            while not fits() and chosen[n] < now:
                chosen[n] += 1
    return [line for one, form in zip(sections, chosen, strict=True) for line in one.forms[form]]


def _height(lines: Sequence[str], width: int) -> int:
    """Count lines as they are broken; what is too long by far is not."""
    if sum(map(len, lines)) > SCREEN_LINES * width:
        return SCREEN_LINES + 1
    return sum(len(broken(line, width)) for line in lines)


def everything(document: Document) -> list[str]:
    """Say all that will happen, on cards and in folders, however many lines that takes."""
    return [*before.lines(document), *(rolls.lines(document) if document.get("rolls") else ())]


def _mixed(document: Document, *, tight: bool) -> Iterator[str]:
    """Say in eight lines what happens on cards and, beside them, in folders of photographs.

    Args:
        document: as for `screen`.
        tight: the time stands with the cards.
    """
    cards, folders, percent = len(document["cards"]), document["rolls"], document["lose_photographs_percent"]
    key = "all" if document["threshold"] == cards + len(folders) else "any"
    facts = {"places": cards + len(folders), "threshold": document["threshold"]}
    yield sentence(f"brief.{key}_mixed", what=_what(document), **facts)
    yield from notes.merged(document)
    yield from _where_and_time(document) if tight else before.where(document, _fewer_names(document))
    name = shortened(folders[0]["name"]) if len(folders) == 1 else sentence("brief.folders", count=len(folders))
    covers, count = (sum(one[of] for one in folders) for of in ("written", "photographs"))
    key = "brief.roll_smaller" if document.get("shrunk") else "brief.roll"
    yield sentence(key, covers=covers, count=count, folder=name, percent=percent)
    if deleted := document["deleted_photographs"]:
        yield sentence("brief.stake_mixed", count=deleted)
    elif deleted is None:
        yield sentence("brief.unknown_and_others")
    else:
        yield sentence("brief.lost_mixed" if document.get("others") == "ask" else "brief.lost_mixed_too")
    earlier = [
        *before.none(document),
        *_shortest("gone", document.get("discarded", ())),
        *_shortest("kept", (*document.get("kept", ()), *document.get("kept_others", ()))),
    ]
    yield from earlier
    rules = ("rules_all",) if len(earlier) > 1 else ("rules", "rules_more")
    yield from (sentence(f"brief.{rule}") for rule in rules)
    if not tight:
        yield sentence("before.time", time=span(*document["seconds"]))


def _where_and_time(document: Document) -> list[str]:
    """Say on as few lines as can be which cards are written, and how long all of it takes."""
    time = span(*document["seconds"])
    of = _of(document)
    for names in (_names(of), _names(of, _MOST_NAMED - 1), sentence("brief.swept_cards", count=len(of))):
        line = sentence("brief.where_time", where=next(before.where(document, names)), time=time)
        if len(line) <= SCREEN_COLUMNS:
            break
    return [line, sentence("brief.quick_others")] if "written_percent" in document else [line]


def _sections(document: Document, width: int, *, tight: bool = False) -> Iterator[Section]:
    """Say each thing in several forms, the longest first; the numbers say which is shortened last.

    Args:
        document: as for `screen`.
        width: of the terminal in columns.
        tight: the time stands with the cards.
    """
    names = [", ".join(map(before.card, document["cards"])), _names(_of(document)), _fewer_names(document)]
    if document.get("files"):
        yield Section(3, [[before.opened_by(document)], [_opened_shorter(document)]])
    if sealed_to := document.get("sealed_to"):
        # A line that was changed on its way shows in its fingerprint alone, so that stands before the question.
        long = sentence("sealed.to", fingerprints=", ".join(sealed_to))
        short = sentence("brief.sealed", fingerprints=", ".join(sealed_to))
        many = sentence("brief.sealed_to_many", count=len(sealed_to))
        yield Section(6, [[long], [short], *([[many]] if len(sealed_to) > _COMPARED else [])])
    if document.get("notes"):
        yield Section(4, [list(say(document)) for say in (notes.notes, notes.shorter, notes.merged)])
    if tight:
        yield Section(0, [_where_and_time(document)])
    else:
        yield Section(0, [list(before.where(document, one)) for one in names])
    if not document.get("files"):
        yield Section(9, [list(before.tails(document))])
    yield Section(9, [list(before.none(document))])
    if known := [floor for floor in document.get("borne", ()) if floor["hidden"]]:
        yield Section(4, [list(before.borne(document)), [_borne_shorter(document, known)]])
    else:
        yield Section(9, [list(before.borne(document))])
    yield Section(4, [list(before.lost(document)), list(_lost(document))])
    if gone := document.get("discarded", ()):
        yield Section(6, [list(before.gone(gone)), *_floors("gone", gone)])
    if kept := (*document.get("kept", ()), *document.get("kept_others", ())):
        full = list(before.kept(document.get("kept", ()), document.get("kept_others", ())))
        yield Section(1, [full, *_floors("kept", kept)])
    if removed := document.get("removed", ()):
        yield _removed(removed, SCREEN_LINES * width)
    if swept := document.get("swept_after", ()):
        yield Section(2, [list(map(before.swept_after, swept)), list(_swept_after(swept))])
    if count := document.get("removed_files"):
        yield Section(9, [[sentence("before.removed_files", files=count)]])
    if not tight:
        yield Section(9, [[sentence("before.time", time=span(*document["seconds"]))]])


def _opened_shorter(document: Document) -> str:
    carriers, threshold = len(document["cards"]), document["threshold"]
    key = "one" if carriers == 1 else "all" if threshold == carriers else "any"
    key = f"{key}_sealed" if document.get("sealed_to") else key
    return sentence(f"brief.{key}", what=_what(document), carriers=carriers, threshold=threshold)


def _what(document: Document) -> str:
    """Say what is hidden, photographs and other files as one number where both are there."""
    if document.get("frames") or document["photographs"] in (0, document["files"]):
        return before.what(document)
    return sentence("brief.files", files=document["files"], size=document["bytes"])


def _lost(document: Document) -> Iterator[str]:
    others = document.get("others")
    if document["deleted_photographs"] is None:
        yield sentence("brief.unknown_and_others" if others else "brief.unknown")
        if not document.get("files"):
            yield sentence("before.whole")
    elif others == "ask" and document["deleted_photographs"]:
        yield sentence("brief.stake_and_others", count=document["deleted_photographs"])
    else:
        yield from before.lost(document)


def _removed(removed: Sequence[Document], room: int) -> Section:
    """Say what goes from shooting cards: by all names, then ever fewer of them, at last as one number.

    Args:
        removed: of each card.
        room: characters that the screen has at most.
    """
    most = max(len(card["ranges"]) for card in removed)
    whole = [[before.removed(card, None, gaps) for card in removed] for gaps in (None, 3)]
    whole += [[_removed_shorter(card, most) for card in removed]]
    fewer = max(sum(size <= room for size in accumulate(map(len, card["ranges"]))) for card in removed)
    forms = [[_removed_shorter(card, named) for card in removed] for named in range(min(fewer, most - 1), 0, -1)]
    frames, left = (sum(card[of] for card in removed) for of in ("frames", "left"))
    gaps = sum(len(card["gaps"]) for card in removed)
    who = shortened(removed[0]["card"]) if len(removed) == 1 else sentence("brief.swept_cards", count=len(removed))
    key = "brief.removed_all" if len(removed) == 1 else "brief.removed_all_many"
    last = [sentence(key, cards=who, frames=frames, left=left, gaps=gaps)]
    return Section(7, [*whole, *forms, last], whole=len(whole))


def _removed_shorter(card: Document, named: int) -> str:
    ranges, more = card["ranges"], len(card["ranges"]) - named
    names = ", ".join(ranges[:named])
    if more > 0:
        names = sentence("brief.ranges", names=names, more=more)
    facts = {"frames": card["frames"], "left": card["left"], "gaps": len(card["gaps"])}
    return sentence("brief.removed", card=shortened(card["card"]), names=names, **facts)


def _swept_after(swept: Sequence[Document]) -> Iterator[str]:
    if swept:
        count, kind = before.stake_of(swept)
        cards = shortened(swept[0]["card"]) if len(swept) == 1 else sentence("brief.swept_cards", count=len(swept))
        yield sentence(f"brief.swept_after{kind}", cards=cards, count=count)


def _shortest(key: str, floors: Sequence[Document]) -> list[str]:
    return _floors(key, floors)[-1] if floors else []


def _floors(key: str, floors: Sequence[Document]) -> list[list[str]]:
    """Say in one line what is kept, or goes; a list that cannot be read counts as something more."""
    known = [floor for floor in floors if floor["hidden"]]
    if not known:
        return [[sentence(f"brief.{key}_damaged")]] if floors else []
    more = sentence("brief.more") if len(known) < len(floors) else ""
    return [[sentence(f"brief.{key}", days=days, **facts) + more] for days, facts in _evenings(known)]


def _evenings(known: Sequence[Document]) -> list[tuple[str, dict[str, int]]]:
    """Say on which days floors were hidden, in full and shorter, and how much they are."""
    days = sorted(floor["hidden"] for floor in known)
    facts = {"files": sum(one["files"] for one in known), "size": sum(one["bytes"] for one in known)}
    form = "day" if len(known) == 1 else "same_day" if days[0] == days[-1] else "days"
    when = {"first": days[0], "last": days[-1], "count": len(known)}
    shortest = "to_day" if form == "days" else form
    return [(sentence(f"brief.{one}", **when), facts) for one in (form, shortest)]


def _borne_shorter(document: Document, known: Sequence[Document]) -> str:
    percent = min(floor["may_lose_percent"] for floor in document["borne"])
    days, facts = _evenings(known)[-1]
    return sentence("brief.borne", days=days, percent=percent, **facts)


def _of(document: Document) -> list[str]:
    return [card["name"] for card in document["cards"]]


def _fewer_names(document: Document) -> str:
    """Name the cards on one line, where that is possible."""
    names = _of(document)
    wide = any(len(line) > SCREEN_COLUMNS for line in before.where(document, _names(names)))
    return _names(names, _MOST_NAMED - 1) if wide else _names(names)


def _names(names: Sequence[str], most: int = _MOST_NAMED) -> str:
    short = [shortened(name) for name in names]
    if len(set(short)) < len(names):  # two that look alike are told apart, even if that takes a line
        short = list(names)
    if len(short) <= most:
        return ", ".join(short)
    return sentence("brief.cards", names=", ".join(short[: most - 1]), more=len(short) - most + 1)


def shortened(name: str) -> str:
    """Cut a name in its middle; its beginning and its end tell most names apart."""
    half = _NAME_CHARS // 2
    return name if len(name) <= _NAME_CHARS else f"{name[: half - 2]}..{name[-half:]}"
