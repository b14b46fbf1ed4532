"""The report: every kind has its sentences, every output is safe to look at, the JSON is as documented."""

from __future__ import annotations

import html.parser
import inspect
import json
import re
import string

import pytest
from tests.audit.made import picture
from tests.outside import REPOSITORY

from fifthfloor.audit import previews
from fifthfloor.audit.finding import SEVERITIES, Finding, Place, Severity, finding, verdict
from fifthfloor.audit.free_map import Band, FreeMap, StretchKind
from fifthfloor.audit.gather import Gathering
from fifthfloor.audit.page import page
from fifthfloor.audit.report import Remnant, Report, Target, Unchecked, VolumeSummary, document
from fifthfloor.audit.rules import default_rulebook
from fifthfloor.words import SENTENCES, sentence
from fifthfloor.words.finding import FINDINGS

EVIL = "\x1b[2J<script>alert(1)</script>\u202e'\"&\x9b.JPG"


def evil_report() -> Report:
    kinds: dict[StretchKind, int] = {"zero": 10, "ff": 0, "random": 1 << 20, "photo": 0, "mixed": 5}
    free_map = FreeMap(kinds, (Band("random", 0, 1 << 20),), (Band("random", 0, 1 << 20),))
    volume = VolumeSummary("fat32", EVIL, EVIL, 0, 1 << 22, 4096, 3, ((1 << 20, 4096),))
    remnant = Remnant(EVIL, 512, 4000, "jpeg", True, picture(1, 80, 60))
    target = Target(EVIL, "card", 3, 1 << 22, (volume,), free_map, (remnant,))
    places = [Place(EVIL, 512, 10, 3, EVIL)]
    found = (
        finding("card.deleted", "critical", "certain", places, whole=1, part=0, gone=0, unplaced=0, names=EVIL),
        finding("rule.hit", "high", "likely", places, rule=EVIL, why=EVIL, source=EVIL, values=EVIL),
    )
    return Report((target,), found, (Unchecked("flash"), Unchecked("pdf", 3)), EVIL)


class Tags(html.parser.HTMLParser):
    """Collects what a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        for name, value in attrs:
            assert name not in ("src", "href") or str(value).startswith("data:image/jpeg;base64,")


def test_names_that_are_scripts_are_text_on_the_page() -> None:
    written = page(evil_report(), sentence)
    seen = Tags()
    seen.feed(written)
    assert not seen.tags & {"script", "iframe", "object", "embed", "link", "form", "a", "base"}
    assert not {name for name in seen.attributes if name.startswith("on")}
    assert "<script" not in written
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", written)
    assert "default-src 'none'" in written
    assert "http" not in re.sub("http-equiv", "", written)


def test_the_json_is_one_document_of_the_documented_keys() -> None:
    made = document(evil_report(), sentence)
    again = json.loads(json.dumps(made))
    assert again["format"] == "fifthfloor.audit/1"
    assert again["verdict"] == "stop"
    described = (REPOSITORY / "spec" / "audit-report.md").read_text(encoding="utf-8")
    for key in keys(again):
        assert f"`{key}`" in described, key


def keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return {str(key) for key in value if not str(key).startswith("_")} | {
            k for v in value.values() for k in keys(v)
        }
    return {key for item in value for key in keys(item)} if isinstance(value, list) else set()


def test_every_kind_that_is_found_has_four_sentences() -> None:
    source = REPOSITORY / "src" / "fifthfloor" / "audit"
    named = set()
    for file in source.glob("*.py"):
        named |= set(re.findall(r'"((?:card|file|numbers|photo|rule)\.[a-z_]+)"', file.read_text(encoding="utf-8")))
    named |= {f"laptop.{kind}" for kind in re.findall(r'^    "([a-z_]+)": \("', laptop_source(), re.MULTILINE)}
    # Lines in start-up files and logs of installers are told under what they name, or not at all.
    known = {kind for kind in named if not kind.endswith((".md", ".toml"))} - {"laptop.startup", "laptop.installer"}
    assert known <= set(FINDINGS), known - set(FINDINGS)
    assert set(FINDINGS) - known <= {"laptop.own_named", "laptop.recipient"}, set(FINDINGS) - known


def laptop_source() -> str:
    return (REPOSITORY / "src" / "fifthfloor" / "audit" / "laptop.py").read_text(encoding="utf-8")


def test_sentences_name_only_facts_and_say_four_things() -> None:
    for kind in FINDINGS:
        for part in ("title", "why", "do", "leaves"):
            text = SENTENCES[f"finding.{kind}.{part}"]
            assert text
            assert not text.endswith("."), (kind, part)
            fields = {field for _, field, _, _ in string.Formatter().parse(text) if field}
            if part == "leaves":
                assert not fields, kind


@pytest.mark.parametrize(
    ("severities", "expected"),
    [
        ((), "nothing"),
        (("low",), "nothing"),
        (("medium", "low"), "explain"),
        (("high",), "explain"),
        (("critical", "low"), "stop"),
    ],
)
def test_the_verdict_follows_the_worst(severities: tuple[Severity, ...], expected: str) -> None:
    assert verdict(Finding("x", severity, "certain") for severity in severities) == expected
    assert f"audit.verdict.{expected}" in SENTENCES


def test_what_is_listed_as_unchecked_has_words() -> None:
    source = REPOSITORY / "src" / "fifthfloor"
    named = set()
    for file in (*source.glob("audit/*.py"), *source.glob("tasks/search/*.py")):
        text = file.read_text(encoding="utf-8")
        named |= set(re.findall(r'Unchecked\("([a-z]+)"', text)) | set(re.findall(r'unread\["([a-z]+)"\]', text))
    for what in (*named, "pdf", "sealed", "damaged", "limit", "unknown"):
        assert f"audit.unchecked.{what}" in SENTENCES, what
    assert all(f"audit.severity.{severity}" in SENTENCES for severity in SEVERITIES)


def test_a_thumbnail_of_another_picture_is_told() -> None:
    assert previews.available()
    own = previews.small_picture(picture(1))
    other = previews.small_picture(picture(2))
    assert own is not None
    assert other is not None
    like, unlike = previews.likeness(picture(1), own), previews.likeness(picture(1), other)
    assert like is not None
    assert unlike is not None
    assert like > 0.9 > previews.LIKE > unlike
    assert previews.likeness(picture(1), b"\xff\xd8nothing") is None
    assert previews.small_picture(b"\xff\xd8nothing") is None


def test_nothing_that_one_gathering_has_seen_is_left_behind_by_another() -> None:
    limits = {"_compared", "_decoded"}  # of each gathering alone
    taken = set(re.findall(r"self\.(\w+)", inspect.getsource(Gathering.take)))
    assert taken == set(vars(Gathering(default_rulebook()))) - limits
