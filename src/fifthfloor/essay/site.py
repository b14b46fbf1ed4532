"""The pages of a site: each telling, the captions side by side, what is proved, the list of several essays, the feed.

Rule 1: bytes in, bytes out; the same essays and pictures give the same pages.
Rule 2: a page holds no address outside the site unless a base URL is given.
Rule 3: nothing of `story.Notes` reaches a template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from fifthfloor.essay import linked_data, prose
from fifthfloor.essay.entry import EssayPicture
from fifthfloor.essay.labels import Labels, direction
from fifthfloor.essay.shown import Shown, show
from fifthfloor.essay.story import WITHHELD, Group, Photograph, Prose, Telling
from fifthfloor.essay.style import pair_style, policy, style, text_of
from fifthfloor.essay.tellings import Essay, cells, outlet_of, page_of, same_language


@dataclass(frozen=True, slots=True)
class Options:
    """How a site is made.

    Args:
        base_url: where it will stand, ending in "/", or empty.
        theme: CSS that has passed `style.check_theme`.
        verifier: the verifier's scripts (`verify.js`, `likeness.js`), or empty: then the list of hashes stands alone.
        root: from an essay's pages to the top of the site: "" or "../".
    """

    base_url: str = ""
    theme: str = ""
    verifier: str = ""
    root: str = ""


PageFacts = dict[str, Any]


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("fifthfloor.essay", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def essay_pages(essay: Essay, pictures: Mapping[str, EssayPicture], options: Options) -> dict[str, bytes]:
    """Make the pages of one essay.

    Args:
        pictures: by the photograph's file; every one of every telling.

    Returns:
        Contents by path from the essay's folder; `index.html` is the first telling.
    """
    shown = {telling.file: show(telling, pictures, links=bool(options.base_url)) for telling in essay.tellings}
    pages = {
        page_of(essay, telling): _telling_page(essay, telling, shown[telling.file], options)
        for telling in essay.tellings
    }
    everything = _union(essay, shown)
    pages["proof.html"] = _proof_page(essay, everything, options)
    if len(essay.tellings) > 1:
        pages["side-by-side.html"] = _compare_page(essay, everything, options)
    if not options.root:
        pages |= top_files([(essay, shown[essay.first.file])], options)
    return pages


def list_pages(essays: Sequence[tuple[Essay, Mapping[str, EssayPicture]]], options: Options) -> dict[str, bytes]:
    """Make what stands above several essays: the list of them, the feed, the icon."""
    language = essays[0][0].first.head.language
    label = Labels(language)
    entries, rules, tops = [], [], []
    for number, (essay, pictures) in enumerate(essays, start=1):
        shown = show(essay.first, pictures, links=False)
        tops.append((essay, shown))
        rules.append(f".e{number}{{--r:{shown[0].ratio:.4f};--c:{shown[0].picture.colour}}}")
        entries.append(_list_entry(essay, shown[0]))
    page = _page(language, label.say("list_title"), label.say("list_title"), options)
    page |= {"entries": entries}
    pages = {
        "index.html": _render(
            "list.html", page, label, "\n".join((style((), options.theme, full_screen=False, thumbs=True), *rules))
        )
    }
    return pages | top_files(tops, options)


def top_files(essays: Sequence[tuple[Essay, Sequence[Shown]]], options: Options) -> dict[str, bytes]:
    """Make the feed and the icon, which a site has once."""
    several = len(essays) > 1
    entries = [
        linked_data.FeedEntry(
            telling,
            shown if telling is essay.first else (),
            (f"{essay.name}/" if several else "") + page_of(essay, telling),
        )
        for essay, shown in essays
        for telling in essay.tellings
    ]
    first = essays[0][0].first.head
    title = Labels(first.language).say("list_title") if several else first.title
    icon = resources.files("fifthfloor.essay") / "templates" / "icon.png"
    return {
        "feed.atom": linked_data.feed(title, entries, base_url=options.base_url),
        "icon.png": icon.read_bytes(),
    }


def _telling_page(essay: Essay, telling: Telling, shown: Sequence[Shown], options: Options) -> bytes:
    head, label = telling.head, Labels(telling.head.language)
    place = page_of(essay, telling)
    base = options.base_url + (f"{essay.name}/" if options.base_url and options.root else "")
    blocks, rules = _blocks(telling, shown, links=bool(options.base_url))
    page = _page(head.language, head.title, head.standfirst, options)
    page |= {
        "telling": telling,
        "taken": label.say("date_withheld") if head.taken == WITHHELD else head.taken,
        "count": len(shown),
        "blocks": blocks,
        "siblings": _siblings(essay, telling),
        "proof_number": _proof_numbers(essay),
        "open_graph": linked_data.open_graph(telling, shown, base_url=base, page=place),
        "linked_data": linked_data.article(telling, shown, base_url=base),
        "canonical": base + place if base else "",
        "script": Markup(text_of("essay.js")),
    }
    sheet = "\n".join((style(shown, "", full_screen=True, thumbs=False), *rules, options.theme))
    return _render("telling.html", page, label, sheet)


def _blocks(telling: Telling, shown: Sequence[Shown], *, links: bool) -> tuple[list[PageFacts], list[str]]:
    of = {one.photograph.line: one for one in shown}
    blocks: list[PageFacts] = []
    rules: list[str] = []
    for block in telling.blocks:
        if isinstance(block, Prose):
            opening = not any(b["kind"] == "prose" for b in blocks)
            # Made by our own renderer with HTML off.
            html = Markup(prose.html(block.markdown, links=links))
            blocks.append({"kind": "prose", "html": html, "opening": opening})
        elif isinstance(block, Photograph):
            blocks.append({"kind": "single", "shown": [of[block.line]]})
        elif isinstance(block, Group):
            members = [of[photograph.line] for photograph in block.photographs]
            blocks.append({"kind": block.kind, "title": block.title, "shown": members})
            if block.kind == "pair":
                rules.append(pair_style(*members))
    return blocks, rules


def _siblings(essay: Essay, here: Telling) -> list[PageFacts]:
    if len(essay.tellings) < 2:
        return []
    return [
        {
            "title": f"{outlet_of(telling)}: {telling.head.title}" if telling.head.outlet else telling.head.title,
            "href": page_of(essay, telling),
            "language": telling.head.language,
            "here": telling is here,
        }
        for telling in essay.tellings
    ]


def _union(essay: Essay, shown: Mapping[str, Sequence[Shown]]) -> list[Shown]:
    """Every photograph once, numbered through: the first telling's first, so that its numbers stay."""
    found: dict[str, Shown] = {}
    for telling in essay.tellings:
        for one in shown[telling.file]:
            found.setdefault(one.photograph.file, one)
    return [
        Shown(number, one.photograph, one.picture, one.credit, one.lang, one.direction, one.caption)
        for number, one in enumerate(found.values(), start=1)
    ]


def _proof_numbers(essay: Essay) -> Any:
    numbers = {file: number for number, file in enumerate(essay.photographs(), start=1)}
    return lambda shown: numbers[shown.photograph.file]


def _proof_page(essay: Essay, shown: Sequence[Shown], options: Options) -> bytes:
    head = essay.first.head
    label = Labels(head.language)
    page = _page(head.language, f"{label.say('proof_title')} · {head.title}", label.say("proof_lead"), options)
    page |= {
        "shown": shown,
        "signers": sorted({(one.picture.signer, one.picture.is_key_gone) for one in shown}),
        "verifier": bool(options.verifier),
        "script": _proof_script(label, options.verifier),
        "fetches": bool(options.verifier),
    }
    return _render("proof.html", page, label, style(shown, options.theme, full_screen=False, thumbs=True))


# What a check comes to (statement/verdict.py), and the sentence of what was hidden afterwards.
VERDICTS = (
    "proved",
    "somebody",
    "once",
    "other_key",
    "no_key",
    "foreign",
    "cannot_tell",
    "no_picture",
    "other_picture",
    "changed",
    "no_statement",
    "afterwards",
)
# What is said of a copy that no statement fits (statement/likeness.js), and the facts that these sentences may name.
SIMILAR = (
    "similar",
    "similar_whole",
    "similar_cropped",
    "similar_covered",
    "similar_sides",
    "similar_left",
    "similar_top",
    "similar_right",
    "similar_bottom",
    "similar_framed",
    "similar_mirrored",
    "similar_turned",
    "similar_areas",
    "similar_area",
    "similar_drawn",
    "similar_no_area",
    "similar_tiles",
    "similar_not_compared",
    "similar_scene",
    "similar_only",
    "similar_number",
    "similar_none",
)
SIMILAR_FACTS = (
    "name",
    "number",
    "percent",
    "degrees",
    "count",
    "compared",
    "tiles",
    "sides",
    "left",
    "top",
    "right",
    "bottom",
)


def _proof_script(label: Labels, verifier: str) -> Markup:
    if not verifier:
        return Markup("")
    said = linked_data.script_json(
        {key: label.say(f"proof_{key}") for key in ("working", "two_files")}
        | {word: label.say(f"verdict_{word}", percent="{percent}") for word in VERDICTS}
        | {word: label.say(word, **{fact: f"{{{fact}}}" for fact in SIMILAR_FACTS}) for word in SIMILAR}
    )
    return Markup(f"{verifier}\nconst SAY = {said};\n{text_of('proof.js')}")


def _compare_page(essay: Essay, shown: Sequence[Shown], options: Options) -> bytes:
    head = essay.first.head
    label = Labels(head.language)
    title = label.counted("compare_title", len(essay.tellings))
    page = _page(head.language, f"{title} · {head.title}", label.say("compare_lead"), options)
    page |= {
        "tellings": essay.tellings,
        "marked": same_language(essay),
        "rows": [{"shown": one, "cells": cells(essay, one.photograph.file)} for one in shown],
    }
    return _render("side_by_side.html", page, label, style(shown, options.theme, full_screen=False, thumbs=True))


def _list_entry(essay: Essay, one: Shown) -> PageFacts:
    head = essay.first.head
    paths = one.of("jpg")
    return {
        "href": f"{essay.name}/index.html",
        "title": head.title,
        "standfirst": head.standfirst,
        "byline": Labels(head.language).say("by", name=head.byline),
        "language": head.language,
        "direction": direction(head.language),
        "image": f"{essay.name}/{paths[min(1, len(paths) - 1)][0]}",
        "alt": one.photograph.alt,
        "width_px": one.picture.width_px,
        "height_px": one.picture.height_px,
    }


def _page(language: str, title: str, description: str, options: Options) -> PageFacts:
    return {
        "language": language,
        "direction": direction(language),
        "title": title,
        "description": description,
        "root": options.root,
        "open_graph": [],
        "linked_data": "",
        "canonical": "",
        "script": "",
        "fetches": False,
    }


def _render(template: str, page: PageFacts, label: Labels, sheet: str) -> bytes:
    # A style and a script end at "</": neither ours nor a checked theme has it, and the policy names their hashes.
    page["style"] = Markup(sheet)
    page["policy"] = policy(sheet, str(page["script"]), fetches=page["fetches"])
    return _templates().get_template(template).render(page=page, label=label).encode()
