"""verify.html in a real Chromium, opened from the disk and cut off from the network."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.jpeg.pictures import jpeg
from tests.outside import REPOSITORY
from tests.statement.hidden_more import hide_more
from tests.statement.stories import KEY, signed
from tests.statement.test_vectors import VECTORS, head
from tests.trace.scenes import jpeg as scene_jpeg
from tests.trace.scenes import scene

from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run
from fifthfloor.jpeg.canonical import canonicalise
from fifthfloor.jpeg.segments import segment
from fifthfloor.redact.boxes import Box, runs_of
from fifthfloor.statement.claims import FACTS, NOBODY, NOT_YET, Approval
from fifthfloor.statement.hidden_runs import HiddenRuns
from fifthfloor.statement.sign import Fact, Original, RedactedBytes, sign
from fifthfloor.statement.verify import verify
from fifthfloor.trace.likeness import likeness_of
from fifthfloor.words import sentence
from fifthfloor.words.lines.proved import proved_lines
from fifthfloor.words.verdict import SENTENCES

pytestmark = pytest.mark.judge("chromium")

# What the page has asked for since it was opened.
REQUESTS: list[str] = []

CHECK = """
async (cases) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const out = [];
  for (const [picture, statement] of cases) {
    const row = [];
    for (const script of [false, true]) {
      try {
        await FifthFloor.verify(bytes(picture), bytes(statement), script);
        row.push("verified");
      } catch (error) {
        row.push(error.key || String(error));
      }
    }
    out.push(row);
  }
  return out;
}
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    file = tmp_path_factory.mktemp("readers") / "verify.html"
    assert run(fifthfloor, ["verify", "--page", str(file)]) == 0

    program = shutil.which("chromium")
    with sync_playwright() as playwright:
        # As root Chromium has no sandbox of its own; the page is ours.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        context = browser.new_context(offline=True, viewport={"width": 900, "height": 1300})
        page = context.new_page()
        page.on("request", lambda request: REQUESTS.append(request.url))
        page.goto(file.as_uri())
        yield page
        browser.close()


def test_chromium_comes_to_the_stated_outcomes(page: Any) -> None:
    heads = [head(path) for path in VECTORS]
    statements = [json.loads(vector["statement"]).encode("utf-8", "surrogateescape") for vector in heads]
    cases = [
        [vector["picture"], base64.b64encode(data).decode()] for vector, data in zip(heads, statements, strict=True)
    ]
    rows = page.evaluate(CHECK, cases)
    wrong = [
        (path.name, vector["expect"], row)
        for path, vector, row in zip(VECTORS, heads, rows, strict=True)
        if row != [vector["expect"]] * 2
    ]
    assert wrong == []


def test_a_person_sees_what_is_proved_and_what_is_hidden(page: Any, tmp_path: Path) -> None:
    source = canonicalise_boxes()
    found = signed(
        source,
        shown=("camera",),
        values={"camera": "Leica <b>T</b>"},
        approval=Approval("looked at", "Jang", "2026-11-22T05:40:00Z"),
        width=640,
        height=420,
    )
    picture, statement = tmp_path / "one.jpg", tmp_path / "one.jpg.statement.json"
    picture.write_bytes(found.picture)
    statement.write_bytes(found.statement)
    page.set_input_files("#files", [picture, statement])
    page.wait_for_selector("#view:not([hidden])")
    assert page.inner_text("#verdict") == SENTENCES["verdict.somebody"]
    page.fill("#expected", KEY.public.hex().upper())
    page.press("#expected", "Tab")
    page.wait_for_selector("#verdict:has-text('Proved')")
    assert page.inner_text("#verdict") == SENTENCES["verdict.proved"]
    key = KEY.public.hex()
    page.fill("#expected", key[:-1] + ("0" if key[-1] != "0" else "1"))
    page.press("#expected", "Tab")
    page.wait_for_selector("#verdict.bad")
    assert page.inner_text("#verdict") == SENTENCES["verdict.other_key"]
    page.fill("#expected", KEY.public.hex()[:-1])
    page.press("#expected", "Tab")
    page.wait_for_selector("#verdict:has-text('no key')")
    assert page.inner_text("#verdict") == SENTENCES["verdict.no_key"]
    page.fill("#expected", "")
    page.press("#expected", "Tab")
    page.wait_for_selector("#verdict.good")
    page.wait_for_selector("#view:not([hidden])")
    text = page.inner_text("#facts")
    assert "Leica <b>T</b>" in text
    assert "Jang looked at what is hidden" in text
    # Hatching stands where the box is, and nowhere else.
    assert page.evaluate(GREYS, [[300, 210], [60, 60]]) == [True, False]
    changed = bytearray(found.picture)
    changed[-1000] ^= 1
    picture.write_bytes(changed)
    page.set_input_files("#files", [])
    page.set_input_files("#files", [picture, statement])
    page.wait_for_selector("#verdict:has-text('Not what was signed')")
    assert page.is_hidden("#view")
    longer = found.picture + b"x"
    give(page, tmp_path, RedactedBytes(longer, found.statement))
    page.wait_for_selector("#verdict:has-text('Cannot tell')")
    said = f"In detail: jpeg.not_canonical: something behind the end at byte {len(longer)}"
    assert said in page.locator("#facts li").all_inner_texts()


def give(page: Any, folder: Path, found: RedactedBytes) -> None:
    picture, statement = folder / "one.jpg", folder / "one.jpg.statement.json"
    picture.write_bytes(found.picture)
    statement.write_bytes(found.statement)
    page.set_input_files("#files", [])
    page.set_input_files("#files", [picture, statement])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_hidden_parts_are_hatched_where_they_are_shown(page: Any, tmp_path: Path, orientation: int) -> None:
    picture = canonicalise(jpeg(640, 420, subsampling=2)).with_header(orientation=orientation)
    # In pixels as shown, near one corner of the picture and of no other.
    hidden = runs_of(picture, [Box(40, 50, 180, 120)])
    facts = {name: Fact("", bytes(32)) for name in FACTS}
    found = sign(KEY, [Original(picture, bytes(32), hidden)], facts, key_life="once")[0]
    give(page, tmp_path, found)
    page.wait_for_selector("#view:not([hidden])")
    wide, high = page.evaluate("[document.getElementById('picture').width, document.getElementById('picture').height]")
    assert (wide, high) == ((640, 420) if orientation < 5 else (420, 640))
    corners = [[90, 75], [wide - 100, 75], [90, high - 85], [wide - 100, high - 85]]
    assert page.evaluate(GREYS, corners) == [True, False, False, False]


def test_the_answer_to_an_earlier_pair_never_stands_beside_a_later_picture(page: Any, tmp_path: Path) -> None:
    small, large = signed(shown=("camera",), values={"camera": "first"}), signed(width=640, height=420)
    give(page, tmp_path, small)
    page.evaluate(
        """pairs => {
          const file = (name, text) => new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name);
          for (const [picture, statement] of pairs) check([file("a.jpg", picture), file("a.json", statement)]);
        }""",
        [[base64.b64encode(part).decode() for part in (one.picture, one.statement)] for one in (small, large)],
    )
    page.wait_for_selector("#picture[width='640']")
    page.wait_for_timeout(300)
    assert "first" not in page.inner_text("#facts")
    assert page.text_content("#facts").count("key: ") == 1


def test_a_picture_that_the_browser_cannot_show_is_proved_all_the_same(page: Any, tmp_path: Path) -> None:
    page.evaluate("() => { window.kept = createImageBitmap; window.createImageBitmap = () => Promise.reject('no'); }")
    give(page, tmp_path, signed())
    page.wait_for_selector("#facts:has-text('cannot show')")
    page.evaluate("() => { window.createImageBitmap = window.kept; }")
    assert page.inner_text("#verdict") == SENTENCES["verdict.somebody"]
    assert page.is_hidden("#view")


@pytest.mark.judge("chromium")
def test_a_converted_original_is_called_converted(page: Any, tmp_path: Path) -> None:
    told = "0" * 64 + " converted from HEIC"
    facts = {name: Fact(told if name == "original" else "", bytes(32), name == "original") for name in FACTS}
    give(page, tmp_path, sign(KEY, [Original(canonicalise(jpeg()), bytes(32))], facts, key_life="once")[0])
    page.wait_for_selector("#facts:has-text('The original was a HEIC file')")


def test_a_picture_that_was_saved_again_is_not_accused(page: Any, tmp_path: Path) -> None:
    found = signed()
    again = jpeg(300, 120, subsampling=2, quality=60)
    give(page, tmp_path, RedactedBytes(again, found.statement))
    page.wait_for_selector("#verdict:has-text('Cannot tell')")
    assert page.inner_text("#verdict") == SENTENCES["verdict.cannot_tell"]
    assert page.get_attribute("#verdict", "class") == ""


def test_a_copy_is_called_similar_and_what_differs_is_framed_but_never_proved(page: Any, tmp_path: Path) -> None:
    image = scene(3, 640, 430)
    original = Original(canonicalise(scene_jpeg(image)), bytes(32))
    facts = {name: Fact("", bytes(32)) for name in FACTS}
    found = sign(KEY, [original], facts, key_life="story", likeness=likeness_of)[0]
    image.paste((128, 128, 128), (320, 215, 400, 300))
    copy = scene_jpeg(image.crop((64, 0, 640, 430)), 50)
    other = tmp_path / "other.jpg.statement.json"
    other.write_bytes(signed().statement)
    give(page, tmp_path, RedactedBytes(copy, found.statement))
    for files in ([], [tmp_path / "one.jpg", other, tmp_path / "one.jpg.statement.json"]):
        if files:
            page.set_input_files("#files", [])
            page.set_input_files("#files", files)
        page.wait_for_selector("#why:has-text('Similar to one.jpg')")
        assert page.inner_text("#verdict") == SENTENCES["verdict.cannot_tell"]
        said = page.inner_text("#result")
        assert "It was cropped by 10 %." in said
        assert "Not there: 10 % at the left." in said
        assert re.search(r"50 to \d\d % across, 50 to \d\d % down", said), said
        assert "These areas differ: " in said
        assert KEY.public.hex() in said
        assert SENTENCES["verdict.proved"] not in said
        assert page.get_attribute("#verdict", "class") == ""
    assert page.is_visible("#copy canvas")
    give(page, tmp_path, RedactedBytes(scene_jpeg(scene(40, 640, 430), 50), found.statement))
    page.wait_for_selector("#verdict:has-text('Cannot tell')")
    assert page.is_hidden("#copy")


def test_the_statement_of_another_picture_of_one_size_is_named_so(page: Any, tmp_path: Path) -> None:
    facts = {name: Fact("", bytes(32)) for name in FACTS}
    first, second = (
        sign(
            KEY,
            [Original(canonicalise(scene_jpeg(scene(seed, 640, 430))), bytes(32))],
            facts,
            key_life="story",
            likeness=likeness_of,
        )
        for seed in (3, 40)
    )
    give(page, tmp_path, RedactedBytes(first[0].picture, second[0].statement))
    page.wait_for_selector("#facts:has-text('statement.changed')")
    assert page.inner_text("#verdict") == SENTENCES["verdict.other_picture"]
    for picture, verdict in ((first, "cannot_tell"), (second, "other_picture")):
        whole = Image.open(io.BytesIO(picture[0].picture))
        for made in (whole, whole.resize((480, 322))):
            again = io.BytesIO()
            made.save(again, "JPEG", quality=75, subsampling=0, restart_marker_blocks=1)
            give(page, tmp_path, RedactedBytes(again.getvalue(), first[0].statement))
            page.wait_for_selector("#facts:has-text('statement.header')")
            page.wait_for_function(
                "said => document.querySelector('#verdict').innerText === said", arg=SENTENCES[f"verdict.{verdict}"]
            )
    png = io.BytesIO()
    scene(3, 640, 430).save(png, "PNG")
    give(page, tmp_path, RedactedBytes(png.getvalue(), first[0].statement))
    page.wait_for_selector("#why:has-text('Similar to one.jpg')")
    assert page.inner_text("#verdict") == SENTENCES["verdict.cannot_tell"]


def test_what_was_hidden_afterwards_and_taken_out_is_named(page: Any, tmp_path: Path) -> None:
    looked = Approval("looked at", "Anna", "2026-11-22T05:40:00Z")
    found = signed(((2, 2),), shown=("camera",), values={"camera": "Kodak"}, approval=looked)
    more = hide_more(found, ((5, 1),))
    document = json.loads(more.statement)
    document["disclosed"]["camera"] = None
    stripped = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
    give(page, tmp_path, RedactedBytes(more.picture, stripped))
    page.wait_for_selector("#facts:has-text('hidden after it was signed')")
    text = page.inner_text("#facts")
    assert SENTENCES["verdict.afterwards"].format(percent=100 / 19) in text
    assert "Anna looked at what was hidden then" in text
    assert "though the signer showed it: camera" in text


@pytest.mark.parametrize(
    ("approval", "number", "hide"),
    [
        (NOT_YET, 0, ()),
        (NOBODY, 1, ((2, 2),)),
        (Approval("looked at", "Anna", "2026-11-22T05:40:00Z"), 0, ((2, 2),)),
        (Approval("looked at", "Anna", "2026-11-22T05:40:00Z"), 0, ()),
    ],
)
def test_what_stands_under_the_verdict_is_worded_as_in_the_command(
    page: Any, tmp_path: Path, approval: Approval, number: int, hide: HiddenRuns
) -> None:
    originals = [Original(canonicalise(jpeg(300, 120, subsampling=2)), bytes(32), hide) for _ in range(2)]
    values = {"captured": "2026-11-20", "original": "0" * 64 + " converted from HEIC"}
    facts = {name: Fact(values.get(name, ""), bytes(32), name in values) for name in FACTS}
    made = sign(KEY, originals, facts, key_life="once", approval=approval)[number]
    made = hide_more(made, ((5, 1),)) if hide else made
    picture = made.picture[:20] + segment(0xEB, b"JP" + bytes(1200)) + made.picture[20:]
    document = json.loads(made.statement)
    document["disclosed"]["captured"] = None
    statement = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
    found = verify(picture, statement)
    give(page, tmp_path, RedactedBytes(picture, statement))
    page.wait_for_selector("#facts:has-text('manifest')")
    lines = page.eval_on_selector_all("#why, #facts li", "all => all.map((one) => one.textContent)")
    apart = [sentence("verdict.key", public=found.key.hex()), sentence("verdict.jumbf", size=found.manifest_bytes)]
    assert sorted(lines) == sorted([line.strip() for line in proved_lines(found, "HEIC")] + apart)


@pytest.mark.parametrize("payload", [b"JP\0\1\0\0\0\1 a manifest", b"JP\0\1\0\0\0\2" + bytes(60)])
def test_bytes_of_anybody_are_not_called_a_c2pa_manifest(page: Any, tmp_path: Path, payload: bytes) -> None:
    found = signed()
    picture = found.picture[:20] + segment(0xEB, payload) + found.picture[20:]
    assert not verify(picture, found.statement).is_c2pa
    give(page, tmp_path, RedactedBytes(picture, found.statement))
    page.wait_for_selector("#facts:has-text('no C2PA manifest')")


GREYS = """
(places) => places.map(([x, y]) => {
  const data = document.getElementById("picture").getContext("2d").getImageData(x, y, 12, 12).data;
  for (let i = 0; i < data.length; i += 4) if (data[i] !== data[i + 1] || data[i] < 120 || data[i] > 190) return false;
  return true;
})
"""


def canonicalise_boxes() -> Any:
    return runs_of(canonicalise(jpeg(640, 420, subsampling=2), 0), [Box(250, 170, 400, 280)])


def test_the_page_asks_for_nothing(page: Any) -> None:
    assert page.title()
    assert [url for url in REQUESTS if not url.startswith(("file:", "blob:"))] == []


def test_both_pages_let_any_picture_be_chosen_that_they_can_tell_of(page: Any) -> None:
    proof = resources.files("fifthfloor.essay").joinpath("templates/proof.html").read_text(encoding="utf-8")
    (of_proof,) = re.findall(r'id="files"[^>]* accept="([^"]*)"', proof)
    assert page.locator("#files").get_attribute("accept") == of_proof == ".json,image/*"


def test_no_page_is_kept_that_could_be_older_than_its_script() -> None:
    kept = [path for path in (REPOSITORY / "src").rglob("*.html") if b"FifthFloor.verify" in path.read_bytes()]
    assert [path.name for path in kept] == ["verify_page.html"]
