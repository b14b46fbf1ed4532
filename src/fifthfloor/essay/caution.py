"""Second looks at a telling: what may be published and still should be thought about.

A program took names, times and places out of the files; a caption can put them back. These are warnings, not errors:
only the writer knows whether "Kim" is a person at risk or the name of a square.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import accumulate

from fifthfloor.essay import prose
from fifthfloor.essay.asset import Caution
from fifthfloor.essay.labels import Labels
from fifthfloor.essay.story import WITHHELD, Group, GroupKind, Photograph, Prose, PublishedText, Telling

# Headings and lists begin a paragraph of their own without an empty line; of numbers 1 alone does (CommonMark, 5.3).
_BEGINS_ANEW = re.compile(r"\s*(?:#{1,6}|[*+-]|1[.)])\s")
_QUOTE_MARK = re.compile(r"\A\s*>\s?")
# What cameras and programs write into captions by themselves.
_BOILERPLATE = re.compile(
    r"olympus digital camera|minolta digital camera|kodak digital still camera|samsung camera pictures|"
    r"digital camera|default|untitled|sans titre|image|photo|picture|processed with .*|created with .*|"
    r"shot on .*|exif_.*|dsc[_-]?\d+|img[_-]?\d+|p\d{7}|_?mg_\d+|caption|todo|tbd|xxx+|lorem ipsum.*",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?<![\d:.,])([01]?\d|2[0-3])(:[0-5]\d(:[0-5]\d)?|\s?h\s?[0-5]\d|\s?(a\.?m\.?|p\.?m\.?|o[’']clock|Uhr|heures?|hrs?)\b"
    r"|\.[0-5]\d (?:Uhr|a\.?m\.?|p\.?m\.?)\b| in the (?:morning|afternoon|evening)\b|\s?시(?!간))"
    r"|(?:오전|오후|새벽) ?\S{1,4}시|정오|자정|الساعة \w+|(?:عند|قبل|بعد) (?:الظهر|الفجر|منتصف الليل)",
    re.IGNORECASE,
)
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
)
_NAMED_DAY = re.compile(
    rf"\b(\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|\d{{1,2}}(st|nd|rd|th|er)?\.? ({_MONTHS})\b|"
    rf"({_MONTHS}) \d{{1,2}}\b)",
    re.IGNORECASE,
)
# Without a date, a weekday and an hour still find the shift of a guard or the only visitor of that morning.
_WEEKDAY = re.compile(
    r"\b(?-i:Mon|Tues?|Wed|Thurs?|Thu|Fri|Sat|Sun)\.(?= [a-z\d(])|"
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b|"
    r"[월화수목금토일]요일|يوم (?:الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد)",
    re.IGNORECASE,
)
_COUNTS = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_HEURES = r"(?:une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze)"
_HOUR_IN_WORDS = re.compile(
    rf"\b(?:at|around|about|before|after|until|past|by) (?:(?:half|quarter|twenty|ten|five)[ -](?:past|to) )?{_COUNTS}"
    rf"(?: o[’']clock| in the (?:morning|afternoon|evening)| at night|"
    r"[ -](?:fifteen|thirty|forty-five)\b)|"
    rf"\b(?:half|quarter|twenty|ten|five) (?:past|to) {_COUNTS}\b|"
    rf"\b{_COUNTS} o[’']clock\b|"
    r"\b(?:at|around|about|before|after|until|by) (?:noon|midday|midnight|dawn|dusk|sunrise|sunset)\b|"
    rf"(?<!\w)(?:à|vers|avant|après|dès) (?:midi|minuit|l[’']aube|{_HEURES} heures?)\b|"
    rf"\b{_HEURES} heures? (?:et|moins|du)\b",
    re.IGNORECASE,
)
_ROOM = re.compile(
    r"\b(?:rooms?|chambres?|zimmer|apartment|flat|suite|cell|ward|desk|gate|platform|block|building|house|floor|étage|"
    r"appartement|bus|car|wagon|train|truck|salle|bureau|cellule|bâtiment|quai|voie) "
    r"(?:no\.? ?|nr\.? ?|number |numéro |n° ?|#)?(?:[A-Z]-?)?\d+\w*|\b\d+ ?(?:호실?|층|동)|"
    r"(?:غرفة|الغرفة|شقة|مبنى) (?:رقم )?\d+|"
    r"\b\d{1,3}(?:st|nd|rd|th|e|er) (?:floor|étage)\b",
    re.IGNORECASE,
)
# Where the place is withheld: a name behind a word that says where.
_CAPITAL = r"(?-i:[A-ZÀ-Þ][\w’'-]+)"
_PLACE_WORDS = re.compile(
    r"\b(?:in|at|near|from|to|outside|around|towards?|above|below|à|près de|depuis|vers|en) "
    rf"(?:the (?:city|town|village|port|province|county|district) of )?{_CAPITAL}(?: {_CAPITAL})*|"
    rf"\b(?!The\b){_CAPITAL} "
    r"(?-i:River|Square|Street|Station|Hotel|Bridge|Province|County|Airport|Prison|Camp|Lake|Port)\b|"
    r"\b(?:rue|place(?= d)|gare|quai|pont|hôtel|ville|village|rivière|fleuve|lac|prison|camp) "
    rf"(?:de |d[’']|du |des )?(?:la |l[’'])?{_CAPITAL}|"
    r"[가-힣]{1,8}(?:역|광장|호텔|대교|공항|교도소|특별시|광역시)|(?:مدينة|محطة|ساحة|فندق|جسر|مطار|سجن|شارع|قرية) \w+",
    re.IGNORECASE,
)
_COORDINATES = re.compile(
    r"-?\d{1,3}\.\d{3,}\s*°?\s*[NS]?\s*[,;/ ]\s*-?\d{1,3}\.\d{3,}|\d{1,3}\s*°\s*\d{1,2}\s*[′'’]|\bgeo:-?\d"
)
_AT, _DOT = r"(?:@| ?[(\[{](?:at|@|arobase)[)\]}] ?| @ )", r"(?:\.| ?[(\[{](?:dot|point|\.)[)\]}] ?| dot )"
_CONTACT = re.compile(
    # Bounded: Chinese and Thai have no blanks, and a chapter would be one address begun at each of its letters.
    rf"[\w.+-]{{1,64}}{_AT}[\w-]{{1,64}}{_DOT}\w+|\w{{1,64}} at \w{{1,64}} dot \w+|"
    r"(?<!\d)(?:\+|00 ?)\d[\d ()./-]{7,}\d|(?<!\w)@\w{3,}",
    re.IGNORECASE,
)
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Comrade|Captain|Colonel|Sergeant|Guide|Herr|Frau|Monsieur|Madame|M|Mme)\.?"
_TITLED = rf"\b{_TITLE} (?-i:[A-Z]\w+)|\b(?:named|called|name is|name was|nommée?|s’appelle) (?-i:[A-Z]\w+)"
_TITLED_NAME = re.compile(_TITLED)
_PERSON_NAME = re.compile(
    rf"{_TITLED}|"
    r"(?<![.!?:…“\"‘'(] )(?<!^)\b(?-i:[A-Z][a-zà-ÿ]+(?:[ -][A-Z][a-zà-ÿ]+)+)"
)

# Fields whose sense is a name.
_OF_NAMES = ("byline", "credit", "outlet", "licence", "place")
# What has no field of its own in essay.md: phrases of `words.essay`.
_TITLE_OF: dict[GroupKind, str] = {
    "pair": "essay.what.title_of_pair",
    "sequence": "essay.what.title_of_sequence",
    "full": "essay.what.title_of_full",
}
_TITLES = ("title", *_TITLE_OF.values())
_MAY_BE_BOILERPLATE = ("kicker", "caption")


def look(telling: Telling) -> tuple[Caution, ...]:
    """Look a telling through: every text that is published, in its order; what it finds is for a person to judge."""
    found = list(_of_head(telling))
    for block in telling.blocks:
        if isinstance(block, Prose):
            found += _of_prose(telling, block)
            continue
        if isinstance(block, Group) and block.title:
            found += _of_text(telling, PublishedText(_TITLE_OF[block.kind], block.line, block.title))
        for photograph in block.photographs if isinstance(block, Group) else (block,):
            found += _of_photograph(telling, photograph)
    return tuple(found)


def is_boilerplate(caption: str) -> bool:
    """Whether a caption is one that a camera or a program wrote by itself."""
    return _BOILERPLATE.fullmatch(caption.strip(" .-_")) is not None


def _of_head(telling: Telling) -> Iterator[Caution]:
    head = telling.head
    if head.language and not Labels(head.language).known:
        line = head.lines.get("language", 1)
        yield Caution("essay.warn_labels", {"file": telling.file, "line": line, "language": head.language})
    if "published" not in head.lines:
        yield Caution("essay.warn_published", {"file": telling.file})
    for said in head.said:
        yield from _of_text(telling, said)


def _of_photograph(telling: Telling, photograph: Photograph) -> Iterator[Caution]:
    for said in photograph.said:
        facts: dict[str, str | int] = {"file": telling.file, "line": said.line, "photo": photograph.name}
        facts["field"] = said.field
        text = prose.plain(said.text)
        if said.field in _MAY_BE_BOILERPLATE and is_boilerplate(text):
            yield Caution("essay.warn_boilerplate", facts | {"given": text[:60]})
        for what, found in _slips(text, said.field, telling):
            yield Caution(f"essay.warn_{what}", facts | {"given": found[:60]})


def _of_prose(telling: Telling, block: Prose) -> Iterator[Caution]:
    lines: list[tuple[int, str]] = []
    for number, line in enumerate([*block.markdown.split("\n"), ""], start=block.line):
        if lines and (not line.strip() or _BEGINS_ANEW.match(line)):
            yield from _of_paragraph(telling, lines)
            lines = []
        if line.strip():
            lines.append((number, prose.plain(_QUOTE_MARK.sub("", line))))


def _of_paragraph(telling: Telling, lines: Sequence[tuple[int, str]]) -> Iterator[Caution]:
    """Look at a paragraph as it is read: a phrase may begin on one line and end on the next."""
    text = " ".join(line for _, line in lines)
    ends = list(accumulate(len(line) + 1 for _, line in lines))
    seen: dict[str, int] = {}
    for what, found in _slips(text, "essay.what.text", telling):
        seen[found] = text.find(found, seen.get(found, -1) + 1)
        facts: dict[str, str | int] = {"file": telling.file, "line": lines[bisect(ends, seen[found])][0]}
        yield Caution(f"essay.warn_text_{what}", facts | {"field": "essay.what.text", "given": found[:60]})


def _of_text(telling: Telling, said: PublishedText) -> Iterator[Caution]:
    for what, found in _slips(prose.plain(said.text), said.field, telling):
        facts: dict[str, str | int] = {"file": telling.file, "line": said.line, "field": said.field}
        yield Caution(f"essay.warn_text_{what}", facts | {"given": found[:60]})


def _slips(text: str, field: str, telling: Telling) -> Iterator[tuple[str, str]]:
    """Yield all that a text may give away: each one's word in `words.essay`, and what stands there."""
    checks = [("coordinates", _COORDINATES), ("contact", _CONTACT), ("clock", _CLOCK), ("clock", _HOUR_IN_WORDS)]
    checks.append(("room", _ROOM))
    if field not in _OF_NAMES:
        checks.append(("name", _TITLED_NAME if field in _TITLES and _is_all_capitals(text) else _PERSON_NAME))
    if telling.head.taken == WITHHELD:
        checks += [("day", _NAMED_DAY), ("day", _WEEKDAY)]
    if telling.head.place == WITHHELD and field != "place":
        checks.append(("place", _PLACE_WORDS))
    elif telling.head.place == WITHHELD and text.strip() and text.casefold() != WITHHELD:
        yield "place", text
    taken: dict[str, list[tuple[int, int]]] = {}
    for what, pattern in checks:
        for found in pattern.finditer(text):
            spans = taken.setdefault(what, [])
            if any(found.start() < end and start < found.end() for start, end in spans):
                continue
            if what != "name" or found[0].casefold() not in _names_of(telling):
                spans.append(found.span())
                yield what, found[0]


def _is_all_capitals(text: str) -> bool:
    """Tell whether every longer word of a title has a capital, as in newspapers: then none says that it is a name."""
    longer = re.findall(r"\b[^\W\d_][\w’'-]{3,}", text)
    return len(longer) > 2 and all(word[0].isupper() for word in longer)


def _names_of(telling: Telling) -> str:
    # Whom and what the writer names for the essay as a whole is no slip in a caption.
    return f"{telling.head.place} {telling.head.byline} {telling.head.credit}".casefold()
