"""Two outlets tell a story with the same photographs: found on their saved pages, compared, and drawn side by side."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from tests.tasks.quick import command
from tests.trace.scenes import jpeg, scene
from tests.trace.test_saved import warc

from fifthfloor.engine.many import InThisProcess
from fifthfloor.tasks.trace.ingest import add, waiting
from fifthfloor.tasks.trace.page_tellings import told as gathered
from fifthfloor.tasks.trace.saved_pages import ShownOn, is_page, pictures_of
from fifthfloor.tasks.trace.store_places import Laid
from fifthfloor.tasks.trace.trace import Similar, Traced, Untraced, trace
from fifthfloor.tasks.trace.trace import _files as files_given


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fifthfloor.tasks.workers.Processes", InThisProcess)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two photographs, a page with its folder and a web archive; the second outlet cropped and hid."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "pictures").mkdir()
    for seed in range(2):
        (folder / "pictures" / f"{seed}.jpg").write_bytes(jpeg(scene(seed, 600, 400)))
    list(add(waiting([folder / "pictures"], folder / "ours").files, folder / "ours"))
    saved = folder / "saved"
    (saved / "first_files").mkdir(parents=True)
    (saved / "first_files" / "crowd%20a.jpg").write_bytes(b"not this one")
    (saved / "first_files" / "crowd a.jpg").write_bytes(jpeg(scene(0, 600, 400), 60))
    (folder / "secret.jpg").write_bytes(jpeg(scene(1, 600, 400)))
    icon = io.BytesIO()
    scene(9, 32, 32).save(icon, "PNG")
    (saved / "first_files" / "icon.png").write_bytes(icon.getvalue())
    (saved / "first.html").write_bytes(
        b"<title>First Post</title><img src='first_files/icon.png'><img src='logo.svg'>"
        b"<figure><img src='./first_files/crowd%20a.jpg'><figcaption>A peaceful crowd at noon</figcaption></figure>"
        b"<img src='../secret.jpg'><img src='https://x.org/gone.jpg'>"
    )
    changed = scene(0, 600, 400)
    changed.paste((128, 128, 128), (300, 200, 360, 280))
    page = (
        b"<title>Second Times</title><figure><img src=b.jpg><figcaption>A violent crowd at noon <script></figcaption>"
    )
    (saved / "second.warc.gz").write_bytes(
        warc(
            packed=True,
            answers={
                "https://second.org/": ("text/html", page, []),
                "https://second.org/b.jpg": ("image/jpeg", jpeg(changed.crop((90, 0, 600, 400)), 60), []),
            },
        )
    )
    return folder


def test_pictures_of_pages_are_found_with_their_captions_and_no_file_elsewhere_is_opened(told: Path) -> None:
    results = list(trace([told / "saved"], told / "ours"))
    found = [one for one in results if isinstance(one, Traced)]
    assert [(one.shown.title, one.shown.caption) for one in found if one.shown] == [
        ("First Post", "A peaceful crowd at noon"),
        ("Second Times", "A violent crowd at noon"),
    ]
    assert [Path(one.similar[0].places[0]).name for one in found] == ["0.jpg", "0.jpg"]
    lost = [one for one in results if isinstance(one, Untraced)]
    assert [(Path(one.name.rpartition(": ")[2]).name, one.key) for one in lost] == [
        ("secret.jpg", "trace.not_saved"),
        ("gone.jpg", "trace.not_saved"),
    ]


def test_tellings_stand_side_by_side_with_what_was_changed(told: Path, tmp_path: Path) -> None:
    page = tmp_path / "told.html"
    words = ("trace", str(told / "saved"), "--archive", str(told / "ours"), "--html", str(page))
    said = command(*words, "--json")
    assert said.code == 0
    (photograph,) = said.document["photographs"]
    assert Path(photograph["place"]).name == "0.jpg"
    assert [(one["title"], one["own_words"]) for one in photograph["tellings"]] == [
        ("First Post", ["peaceful"]),
        ("Second Times", ["violent"]),
    ]
    html = page.read_text()
    assert "A <mark>peaceful</mark> crowd at noon" in html
    assert "A <mark>violent</mark> crowd at noon" in html
    assert not re.search(r"<script|https?://|onerror", html)
    (cut,) = re.findall(r'class="cut".*? width="([\d.]+)"', html)
    assert float(cut) == pytest.approx(15, abs=2)
    (area,) = re.findall(r'class="area" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', html)
    assert [float(one) for one in area] == pytest.approx([50, 50, 10, 20], abs=4)
    assert command(*words).code == 3, "what is there is not written over"
    page.unlink()
    spoken = command(*words).out
    assert "as 2 pages tell it" in spoken
    assert "only here: violent" in spoken


@pytest.mark.parametrize("name", ["a.html", "a.mht", "a.warc"])
def test_a_page_that_is_none_does_not_stop_the_others(name: str, told: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes({"a.html": b"", "a.mht": mht_of_nothing(), "a.warc": b"WARC/1.0\r\n\r\n"}[name])
    results = list(trace([tmp_path / name, told / "pictures" / "1.jpg"], told / "ours"))
    assert isinstance(results[-1], Traced)
    named = [] if name == "a.html" else ["trace.page_empty"]
    assert [one.key for one in results if isinstance(one, Untraced)] == named


def mht_of_nothing() -> bytes:
    return b"Content-Type: multipart/related; boundary=a\n\n--a\n\n--a--"


def test_a_picture_in_a_folder_of_any_name_is_told_by_its_page_alone(told: Path, tmp_path: Path) -> None:
    for name in ("a-Dateien", "a_files", "elsewhere"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "b.jpg").write_bytes(jpeg(scene(0, 600, 400)))
    (tmp_path / "a-Dateien" / "not shown.jpg").write_bytes(jpeg(scene(1, 600, 400)))
    (tmp_path / "a.html").write_bytes(b"<img src='a-Dateien/b.jpg'>")
    (tmp_path / "elsewhere" / "c.html").write_bytes(b"<img src='../a-Dateien/not%20shown.jpg'>")
    found = [(Path(one.name).name, one.shown is not None) for one in trace([tmp_path], told / "ours")]
    assert sorted(found) == [
        ("a.html: b.jpg", True), ("a.html: b.jpg", True), ("b.jpg", False), ("c.html: not shown.jpg", True)
    ]  # fmt: skip


def pages(folder: Path, files: dict[str, bytes]) -> list[tuple[str, str, bytes | None]]:
    """Write files; return what each page in the folder, and each picture by itself, tells."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    told: list[tuple[str, str, bytes | None]] = []
    for file, given in files_given([folder]):
        assert isinstance(file, Path)
        if not is_page(file):
            told.append((file.name, "by itself", file.read_bytes()))
            continue
        shown = pictures_of(file, given)
        told += [(Path(one.name.rpartition(": ")[2]).name, one.shown.caption, one.data) for one in shown]
    return told


A, B = (b"\xff\xd8\xff" + name for name in (b"a", b"b"))


def test_a_site_as_wget_saves_it_is_told_with_its_captions(tmp_path: Path) -> None:
    page = (
        b"<img src=../../i/a.jpg alt=one><img src=../../../cdn/b.jpg%3Fw=8 alt=two><img src=../../../../no.jpg alt=no>"
    )
    files = {"o/2026/s/index.html": page, "o/i/a.jpg": A, "cdn/b.jpg?w=8": B}
    (tmp_path / "no.jpg").write_bytes(A)
    assert pages(tmp_path / "site", files) == [("a.jpg", "one", A), ("b.jpg?w=8", "two", B), ("no.jpg", "no", None)]
    (alone, *_) = pictures_of(tmp_path / "site/o/2026/s/index.html")
    assert alone.data is None, "a page that is given by itself names files in its own folder alone"


@pytest.mark.parametrize("ending", ["html", "htm", "xhtml"])
def test_what_stands_in_frames_and_what_only_a_style_sheet_names_is_looked_at(ending: str, tmp_path: Path) -> None:
    frame = b"<title>in</title><figure><img src='a.jpg'/><figcaption>In the frame</figcaption></figure>"
    files = {
        f"p.{ending}": b"<iframe src='p_files/f.html'></iframe>"
        b"<iframe srcdoc='&lt;img src=p_files/c.jpg alt=doc>'></iframe>",
        f"p_files/f.{ending}": frame,
        "p_files/f.html": frame.replace(b"</figure>", b"</figure><iframe src='../p.html'></iframe>"),
        "p_files/a.jpg": A,
        "p_files/c.jpg": B,
        "p_files/hero.jpg": A,
        "p_files/lies.jpg": b"<html>",
    }
    assert pages(tmp_path, files) == [("a.jpg", "In the frame", A), ("c.jpg", "doc", B), ("hero.jpg", "", A)]


def test_pages_that_have_each_other_in_frames_are_each_told_once(tmp_path: Path) -> None:
    files = {"a.html": b"<img src=a.jpg><iframe src=b.html>", "b.html": b"<img src=b.jpg><iframe src=a.html>"}
    assert pages(tmp_path, files | {"a.jpg": A, "b.jpg": B}) == [("a.jpg", "", A), ("b.jpg", "", B)]


def test_a_placeholder_is_no_picture_while_another_address_has_one(tmp_path: Path) -> None:
    icon = io.BytesIO()
    scene(9, 32, 32).save(icon, "PNG")
    photo = jpeg(scene(0, 200, 100))
    html = b"<img src=i.png data-src=a.jpg><img src=i.png data-src=gone.jpg alt=x><img srcset='s.jpg 9w,a.jpg 5w'>"
    files = {"p.html": html, "i.png": icon.getvalue(), "a.jpg": photo, "s.jpg": jpeg(scene(0, 100, 70))}
    assert pages(tmp_path, files) == [("a.jpg", "", photo), ("gone.jpg", "x", None)]


def test_pictures_that_may_be_of_one_frame_stand_in_one_row() -> None:
    def picture(page: str, frames: tuple[int, ...]) -> Traced:
        similar = tuple(Similar(number, Laid((f"{number}.jpg",)), 0, 0, None, False) for number in frames)
        return Traced(page, None, similar, len(frames) - (page == "d"), ShownOn(page, page, ""))

    pages = [
        picture("a", (1, 2)),
        picture("b", (7,)),
        picture("c", (3, 4)),
        picture("d", (2, 3, 7)),
        picture("e", (3,)),
    ]
    rows = gathered(pages)
    assert [[one.shown.page for one in row.tellings] for row in rows] == [["a", "c", "d", "e"], ["b"]]
    assert [(row.number, row.laid.places, row.frames) for row in rows] == [(3, ("3.jpg",), 4), (7, ("7.jpg",), 1)]
    assert [one.similar.number for one in rows[0].tellings] == [1, 3, 3, 3]
