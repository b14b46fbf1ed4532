"""`archive add` and `trace`: one record a photograph, and copies found, cut, marked and said to be similar."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image, ImageDraw
from tests.tasks.people.test_converting import HEIC
from tests.tasks.quick import command
from tests.trace.scenes import CHANGES, SETTINGS, cropped, hidden, jpeg, night, scene

from fifthfloor.engine.many import InThisProcess
from fifthfloor.errors import BadInput
from fifthfloor.tasks.trace.ingest import Added, SetAside, add, waiting
from fifthfloor.tasks.trace.point_tables import point_tables
from fifthfloor.tasks.trace.store import Store
from fifthfloor.tasks.trace.trace import Finder, Traced, Untraced, trace
from fifthfloor.trace.buckets import Table, buckets_of, votes
from fifthfloor.trace.likeness import Likeness, read_likeness

MARK = bytes(range(16))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six scenes, each its own; scene N lies at pictures/N.jpg."""
    folder = tmp_path_factory.mktemp("archive")
    (folder / "pictures").mkdir()
    for seed in range(6):
        (folder / "pictures" / f"{seed}.jpg").write_bytes(jpeg(scene(seed, 900, 600)))
    found = list(add(waiting([folder / "pictures"], folder / "ours").files, folder / "ours"))
    assert [isinstance(one, Added) and one.is_new for one in found] == [True] * 6
    return folder / "ours"


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fifthfloor.tasks.workers.Processes", InThisProcess)


def names(places: Sequence[str]) -> list[str]:
    return [Path(place).name for place in places]


def records(archive: Path) -> list[tuple[int, bytes]]:
    with sqlite3.connect(archive / "archive.sqlite") as database:
        return database.execute("SELECT number, sha256 FROM photograph ORDER BY number").fetchall()


@pytest.mark.parametrize("change", CHANGES)
def test_a_copy_leads_to_its_photograph(change: str, archive: Path) -> None:
    with Store(archive) as store:
        found = Finder(store).find("copy", jpeg(CHANGES[change](scene(3, 900, 600), Random(change)), 40))
    assert names(found.similar[0].places) == ["3.jpg"]
    assert found.similar[0].is_copy
    assert found.alike == 1
    assert len(found.similar) == 1


def test_what_is_not_there_is_not_found(archive: Path) -> None:
    with Store(archive) as store:
        finder = Finder(store)
        for seed in range(20, 26):
            assert finder.find("other", jpeg(scene(seed, 900, 600))).similar == ()


def test_a_layout_of_few_points_is_believed_only_where_the_tiles_say_the_same(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fifthfloor.trace.differing.SURE_SHARED", 501)
    monkeypatch.setattr("fifthfloor.trace.differing.LEAST_SHARED", 500)
    copy = scene(3, 900, 600).crop((100, 50, 800, 550))
    mixed = copy.copy()
    # With an edge aslant: otherwise it would stand beside the picture.
    mask = Image.new("L", (400, 500))
    ImageDraw.Draw(mask).polygon([(0, 0), (380, 0), (220, 500), (0, 500)], 255)
    mixed.paste(scene(40, 400, 500), (0, 0), mask)
    with Store(archive) as store:
        finder = Finder(store)
        assert names(finder.find("copy", jpeg(copy, 40)).similar[0].places) == ["3.jpg"]
        assert finder.find("mixed", jpeg(mixed, 40)).similar == ()
    monkeypatch.undo()
    with Store(archive) as store:
        assert names(Finder(store).find("mixed", jpeg(mixed, 40)).similar[0].places) == ["3.jpg"]


def test_a_crop_is_measured_and_the_rest_is_not_called_unchanged(archive: Path) -> None:
    image = scene(2, 900, 600)
    with Store(archive) as store:
        found = Finder(store).find("crop", jpeg(image.crop((90, 0, 900, 480)))).similar[0].differences
    assert found is not None
    assert found.kept == pytest.approx(0.72, abs=0.02)
    assert found.sides == pytest.approx((0.1, 0, 0, 0.2), abs=0.02)
    assert found.compared < found.tiles
    assert found.areas == ()


@pytest.mark.parametrize("name", SETTINGS)
def test_a_crop_that_stands_in_something_else_is_a_copy(name: str, archive: Path) -> None:
    """Otherwise it is missing from the tellings of a page."""
    put = SETTINGS[name](scene(2, 900, 600).crop((90, 60, 900, 480)), Random(name))
    with Store(archive) as store:
        found = Finder(store).find(name, jpeg(put, 60))
    assert found.is_found
    assert names(found.similar[0].places) == ["2.jpg"]
    told = found.similar[0].differences
    assert told is not None
    assert told.kept == pytest.approx(0.63, abs=0.02)
    assert told.areas == ()


def test_what_was_hidden_is_where_it_differs(archive: Path) -> None:
    image = scene(2, 900, 600)
    image.paste((128, 128, 128), (450, 300, 540, 420))
    with Store(archive) as store:
        found = Finder(store).find("hidden", jpeg(image)).similar[0].differences
    assert found is not None
    assert found.compared == found.tiles
    (area,) = found.areas
    assert (area.left, area.top, area.right, area.bottom) == pytest.approx((0.5, 0.5, 0.6, 0.7), abs=0.04)
    assert not area.shows_through


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_copy_that_was_turned_is_compared(degrees: int, archive: Path) -> None:
    """A telephone's copy that lost its orientation: its hash is found in all eight ways, and was all that was said."""
    image = scene(2, 900, 600)
    image.paste((128, 128, 128), (450, 300, 540, 420))
    with Store(archive) as store:
        found = Finder(store).find("turned", jpeg(image.rotate(degrees, expand=True)))
    told = found.similar[0].differences
    assert told is not None
    assert told.compared == told.tiles
    assert len(told.areas) == 1


def test_a_photograph_is_one_record_however_often_it_is_added(archive: Path, tmp_path: Path) -> None:
    mine, pictures = tmp_path / "mine", tmp_path / "pictures"
    shutil.copytree(archive.parent / "pictures", pictures)
    for _ in range(2):
        list(add(waiting([pictures], mine).files, mine))
    shutil.copy(pictures / "1.jpg", pictures / "again.jpg")
    found = waiting([pictures], mine)
    assert (names([str(file) for file in found.files]), found.done) == (["again.jpg"], 6)
    assert [one for one in add(found.files, mine) if isinstance(one, Added) and one.is_new] == []
    assert records(mine) == records(archive)
    (traced,) = trace([pictures / "1.jpg"], mine)
    assert isinstance(traced, Traced)
    assert names(traced.same_file) == ["1.jpg", "again.jpg"]


def test_what_was_added_since_is_found_beside_the_tables_that_lie_there(archive: Path, tmp_path: Path) -> None:
    mine, more = tmp_path / "mine", tmp_path / "more"
    shutil.copytree(archive, mine)
    more.mkdir()
    (more / "new.jpg").write_bytes(jpeg(scene(11, 900, 600)))
    before = (mine / "points-0.bin").read_bytes()
    list(add(waiting([more], mine).files, mine))
    assert (mine / "points-0.bin").read_bytes() == before
    (tmp_path / "copy.jpg").write_bytes(jpeg(scene(11, 900, 600).crop((0, 0, 640, 600)), 40))
    (tmp_path / "old.jpg").write_bytes(jpeg(scene(2, 900, 600).crop((0, 0, 640, 600)), 40))
    for behind in (2000, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("fifthfloor.tasks.trace.point_tables.MOST_BEHIND", behind)
            found = list(trace([tmp_path / "copy.jpg", tmp_path / "old.jpg"], mine))
        assert [names(one.similar[0].places) for one in found if isinstance(one, Traced)] == [["new.jpg"], ["2.jpg"]]
    assert (mine / "points-0.bin").read_bytes() == before
    assert (mine / "points-0-6.bin").is_file()


def test_what_grows_by_a_few_at_a_time_is_made_anew_seldom_and_says_the_same(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Photographs, the same six over and over, come one by one: parts double, and what they say is what one says."""
    monkeypatch.setattr("fifthfloor.tasks.trace.point_tables.MOST_BEHIND", 0)
    with Store(archive) as store:
        likenesses = [store.known(number).likeness for number in range(6)]
    made: list[int] = []

    def rows(first: int) -> Iterator[tuple[int, bytes]]:
        for number in range(first, 64):  # more than are asked for: another process adds
            made.append(number)
            yield number, likenesses[number % 6]

    parts: list[Table] = []
    for count in range(1, 33):
        parts = point_tables(tmp_path, MARK, count, rows)
    assert len(made) <= 2 * 2 * (32 * 5 + 32)  # two passes of two tables; each photograph at most at every doubling
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["points-0.bin", "points-1.bin"]
    parts = point_tables(tmp_path, MARK, 33, rows)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"points-{table}{part}.bin" for table in (0, 1) for part in ("-32", "")
    ]
    made.clear()
    assert len(point_tables(tmp_path, MARK, 33, rows)) == 4
    assert made == []
    (tmp_path / "whole").mkdir()
    whole = point_tables(tmp_path / "whole", MARK, 33, rows)
    assert len(whole) == 2
    points = read_likeness(likenesses[2]).points
    told = votes(whole, points, 33)
    assert votes(parts, points, 33) == pytest.approx(told, rel=1e-5)
    assert {int(number) % 6 for number in np.flatnonzero(told == told.max())} == {2}


def test_tables_are_those_of_all_points_sorted_by_bucket(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fifthfloor.tasks.trace.point_tables._CHUNK", 2)
    with Store(archive) as store:
        likenesses = [(number, read_likeness(store.known(number).likeness)) for number in range(6)]
        (archive.parent / "anew").mkdir()
        tables = point_tables(archive.parent / "anew", MARK, 6, lambda first: iter(rows_of(likenesses, first)))
    for table, made in enumerate(tables):
        pairs = [(int(b), n) for n, one in likenesses for b in buckets_of(one.points.values > 0, table)]
        starts, entries = made.starts.tolist(), made.entries.tolist()
        found = [(b, n) for b in {b for b, _ in pairs} for n in entries[starts[b] : starts[b + 1]]]
        assert sorted(found) == sorted(pairs)
        assert len(entries) == len(pairs)


def rows_of(likenesses: list[tuple[int, Likeness]], first: int) -> list[tuple[int, bytes]]:
    return [(number, one.to_bytes()) for number, one in likenesses if number >= first]


def test_more_points_than_a_table_numbers_are_refused(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fifthfloor.tasks.trace.point_tables.MOST_ENTRIES", 100)
    (archive.parent / "full").mkdir()
    with Store(archive) as store, pytest.raises(BadInput) as refused:
        point_tables(archive.parent / "full", MARK, 6, lambda _: ((n, store.known(n).likeness) for n in range(6)))
    assert refused.value.key == "trace.archive_full"


def test_what_was_stopped_goes_on(archive: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    files = waiting([archive.parent / "pictures"], mine).files
    begun = add(files, mine)
    next(begun), next(begun)
    begun.close()
    left = waiting([archive.parent / "pictures"], mine)
    assert (len(left.files), left.done) == (4, 2)
    list(add(left.files, mine))
    assert records(mine) == records(archive)
    with Store(mine) as store:
        assert store.hashes().shape == (6, 4)


def test_what_cannot_be_taken_is_named_once_and_stops_nothing(tmp_path: Path) -> None:
    pictures, mine = tmp_path / "pictures", tmp_path / "mine"
    pictures.mkdir()
    whole = jpeg(scene(1, 900, 600))
    contents = {"a.jpg": b"no picture", "b.jpg": whole[: len(whole) // 2], "c.jpg": whole, "d.jpg": whole}
    for name, data in contents.items():
        (pictures / name).write_bytes(data)
    (pictures / "d.jpg.statement.json").write_bytes(b"{}")
    found = list(add(waiting([pictures], mine).files, mine))
    assert [one.key if isinstance(one, SetAside) else one.is_new for one in found] == [
        "trace.no_picture",
        "trace.no_picture",
        True,
        "jpeg.not_canonical",
    ]
    again = waiting([pictures], mine)
    assert (again.files, again.done) == ((), 1)
    assert again.aside == tuple(one for one in found if isinstance(one, SetAside))


def test_what_was_set_aside_is_named_every_time(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    (pictures / "a.jpg").write_bytes(b"no picture")
    (pictures / "b.jpg").write_bytes(jpeg(scene(1, 300, 200)))
    for known, new in ((0, 1), (1, 0), (1, 0)):
        said = command("archive", "add", str(pictures), "--archive", str(tmp_path / "ours"), "--json")
        assert said.code == 3
        assert (said.document["known"], said.document["new"]) == (known, new)
        assert [Path(one["file"]).name for one in said.document["aside"]] == ["a.jpg"]
    (pictures / "a.jpg").unlink()
    assert command("archive", "add", str(pictures), "--archive", str(tmp_path / "ours")).code == 0


def test_what_the_system_refused_and_a_new_statement_are_looked_at_again(tmp_path: Path) -> None:
    pictures, mine = tmp_path / "pictures", tmp_path / "mine"
    pictures.mkdir()
    photo = pictures / "a.jpg"
    photo.write_bytes(jpeg(scene(1, 300, 200)))
    photo.with_name("b.jpg").symlink_to(photo)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fifthfloor.tasks.trace.added_photo.read_place", refused)
        (one,) = add([photo], mine)
    assert isinstance(one, SetAside)
    assert one.key == "files.unreadable"
    assert waiting([pictures], mine).files == (photo,)
    assert [isinstance(one, Added) for one in add([photo], mine)] == [True]
    assert waiting([pictures], mine).done == 1
    (pictures / "a.jpg.statement.json").write_bytes(b"{}")
    assert waiting([pictures], mine).files == (photo,)
    assert [type(one) for one in add([photo], mine)] == [SetAside]
    (pictures / "a.jpg.statement.json").unlink()
    assert waiting([pictures], mine).done == 1


def refused(_path: Path, _limit: int) -> bytes:
    raise BadInput("files.unreadable", path="a.jpg", reason="permission denied")


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "TIFF", "grey of 16 bits"])
def test_every_kind_of_photograph_is_taken(kind: str, tmp_path: Path) -> None:
    image, path = scene(2, 600, 400), tmp_path / "pictures" / "a"
    path.parent.mkdir()
    (path.parent / "raw.arw").write_bytes(b"II*\0")
    if kind == "grey of 16 bits":
        path = path.with_suffix(".png")
        deep = np.asarray(image.convert("L")).astype(np.uint16) * 256
        Image.fromarray(deep).save(path)
    else:
        path = path.with_suffix("." + kind.lower())
        image.save(path, kind)
    found = waiting([path.parent], tmp_path / "ours")
    assert (found.files, found.raws) == ((path,), 1)
    assert [type(one) for one in add(found.files, tmp_path / "ours")] == [Added]
    (tmp_path / "copy.jpg").write_bytes(jpeg(image, 40))
    (traced,) = trace([tmp_path / "copy.jpg"], tmp_path / "ours")
    assert isinstance(traced, Traced)
    assert names(traced.similar[0].places) == [path.name]
    assert traced.similar[0].is_copy


def test_a_heic_is_taken_or_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.HEIC").write_bytes(HEIC)
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    (one,) = add(waiting([tmp_path], tmp_path / "ours").files, tmp_path / "ours")
    assert isinstance(one, SetAside)
    assert one.key == "redact.no_heif"
    monkeypatch.undo()
    (one,) = add(waiting([tmp_path], tmp_path / "ours").files, tmp_path / "ours")
    assert isinstance(one, Added)


@pytest.mark.parametrize("damage", ["archive.sqlite", "pdq.bin", "points-0.bin", "points-1.bin"])
def test_a_damaged_archive_is_named_or_made_whole(damage: str, archive: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(archive, mine)
    (mine / damage).write_bytes(b"damaged" * 10)
    picture = tmp_path / "copy.jpg"
    picture.write_bytes(jpeg(scene(3, 900, 600), 40))
    if damage == "archive.sqlite":
        with pytest.raises(BadInput) as refused:
            list(trace([picture], mine))
        assert refused.value.key == "trace.archive_damaged"
    else:
        (traced,) = trace([picture], mine)
        assert isinstance(traced, Traced)
        assert names(traced.similar[0].places) == ["3.jpg"]


def test_a_file_that_is_no_picture_does_not_stop_the_others(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"nothing")
    (tmp_path / "b.jpg").write_bytes(jpeg(night(cropped(scene(4, 900, 600), 0.6, Random(2)), Random(2))))
    first, second = trace([tmp_path], archive)
    assert isinstance(first, Untraced)
    assert isinstance(second, Traced)
    assert names(second.similar[0].places) == ["4.jpg"]


def test_what_is_said(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.jpg").write_bytes(jpeg(hidden(scene(5, 900, 600), Random(4)).crop((0, 0, 900, 540)), 50))
    said = command("trace", str(tmp_path / "copy.jpg"), "--archive", str(archive))
    assert said.code == 0
    assert "similar to" in said.out
    assert "5.jpg" in said.out
    assert "cropped by 10 % (bottom 10 %)" in said.out
    assert "areas differ" in said.out
    assert "of the others nothing is said" in said.out
    for word in ("unaltered", "unchanged", "proved", "identical", "original"):
        assert word not in said.out + said.err
    (tmp_path / "copy.jpg").write_bytes(jpeg(scene(30, 900, 600)))
    assert command("trace", str(tmp_path / "copy.jpg"), "--archive", str(archive)).code == 1


@pytest.mark.skipif(os.name == "nt", reason="names there are no bytes, and modes are none")
def test_a_name_that_is_no_utf8_is_kept_and_the_archive_is_private(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    try:
        (pictures / os.fsdecode(b"caf\xe9.jpg")).write_bytes(jpeg(scene(30, 300, 200)))
        (pictures / os.fsdecode(b"cut\xe9.jpg")).write_bytes(b"no picture")
    except OSError:
        pytest.skip("this file system takes no such name")
    archive = tmp_path / "ours"
    found = list(add(waiting([pictures], archive).files, archive))
    assert [type(one) for one in found] == [Added, SetAside]
    left = waiting([pictures], archive)
    assert (left.files, left.done, len(left.aside)) == ((), 1, 1)
    with Store(archive) as store:
        assert names(store.known(0).places) == ["caf\\xe9.jpg"]
    assert archive.stat().st_mode & 0o777 == 0o700


def test_a_photograph_whose_place_another_one_took_is_found_and_said_to_lie_there_no_more(tmp_path: Path) -> None:
    """Two cards that were mounted one after the other at the same place."""
    card, ours = tmp_path / "card", tmp_path / "ours"
    card.mkdir()
    pictures = [jpeg(scene(seed, 600, 400)) for seed in (1, 2)]
    for picture in pictures:
        (card / "1.jpg").write_bytes(picture)
        list(add(waiting([card], ours).files, ours))
    (tmp_path / "copy.jpg").write_bytes(jpeg(scene(1, 600, 400), 60))
    (tmp_path / "same.jpg").write_bytes(pictures[0])
    words = ("trace", str(tmp_path / "copy.jpg"), str(tmp_path / "same.jpg"), "--archive", str(ours))
    said = command(*words)
    assert said.code == 0, said.err
    assert f"copy.jpg: similar to {card / '1.jpg'} (where it does not lie now)" in " ".join(said.out.split())
    assert f"same.jpg: the same file as {card / '1.jpg'} (where it does not lie now)" in " ".join(said.out.split())
    (card / "1.jpg").write_bytes(pictures[0])
    list(add(waiting([card], ours).files, ours))
    assert "where it does not lie" not in command(*words).out, "it is there again"
    with sqlite3.connect(ours / "archive.sqlite") as database:
        database.executescript("DELETE FROM place WHERE number = 0; DROP TABLE former")
    assert "of which no file is known" in " ".join(command(*words).out.split()), "an archive of an earlier version"


def test_of_places_one_that_is_there_is_named_first(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(jpeg(scene(1, 600, 400)))
    list(add(waiting([tmp_path / "in"], tmp_path / "ours").files, tmp_path / "ours"))
    (tmp_path / "in" / "a.jpg").rename(tmp_path / "in" / "b.jpg")
    list(add(waiting([tmp_path / "in"], tmp_path / "ours").files, tmp_path / "ours"))
    (found,) = trace([tmp_path / "in" / "b.jpg"], tmp_path / "ours")
    assert isinstance(found, Traced)
    assert (names(found.same_file), names(found.similar[0].laid.gone)) == (["b.jpg", "a.jpg"], ["a.jpg"])
