"""Silence is never an all-clear: what is not looked at is counted, and "nothing found" needs all of it looked at."""

from __future__ import annotations

import errno
import gzip
import io
import json
import os
import random
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.audit.made import box, camera_card, film, photograph
from tests.cards.cards_made import MOMENT, bend
from tests.cards.exfat_builder import ExfatBuilder
from tests.tasks.quick import command

from fifthfloor.audit.card import audit_card
from fifthfloor.audit.finding import finding
from fifthfloor.audit.report import Report, Target, Unchecked
from fifthfloor.cards.image import open_card
from fifthfloor.errors import BadInput
from fifthfloor.tasks.search.audit import Audited, audit, write_pick
from fifthfloor.tasks.search.recover import recover

EXFAT_BYTES = 24 << 20


def kinds(audited: Audited) -> set[str]:
    return {found.kind for found in audited.report.findings}


def unchecked(audited: Audited) -> dict[str, int]:
    return {item.what: item.count for item in audited.report.unchecked if item.count}


def exfat(path: Path, files: dict[str, bytes], cluster_bytes: int = 32768) -> ExfatBuilder:
    builder = ExfatBuilder(path, EXFAT_BYTES, cluster_bytes=cluster_bytes)
    for file, data in files.items():
        builder.add(file, data)
    builder.finish()
    return builder


def test_the_verdict_says_nothing_only_where_all_was_looked_at() -> None:
    def verdict(*missed: Unchecked) -> str:
        return Report((Target("c", "card", 0),), (finding("card.blank", "low", "possible", count=1),), missed).verdict

    assert verdict(Unchecked("cloud"), Unchecked("flash")) == "nothing"
    assert verdict(Unchecked("opaque", 1)) == "unlooked"
    assert verdict(Unchecked("quick")) == "unlooked"


def test_one_bad_input_ends_nothing(tmp_path: Path) -> None:
    card = camera_card(tmp_path / "c.img", 2, delete=(2,))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.jpg").write_bytes(photograph(3))
    said = command("audit", tmp_path / "missing.img", card, tmp_path / "folder", "--json")
    assert said.code == 3
    document = json.loads(said.out)
    assert [target["path"] for target in document["targets"]] == [str(card), str(tmp_path / "folder")]
    (refused,) = document["refused"]
    assert (refused["path"], refused["error"]) == (str(tmp_path / "missing.img"), "audit.no_such_path")
    assert "missing.img" in said.err
    assert document["verdict"] == "stop"
    assert command("audit", tmp_path / "missing.img").code == 3
    assert command("audit", tmp_path / "missing.img", tmp_path / "other.img").code == 3


@pytest.mark.parametrize("where", ["file", "directory"])
def test_a_picture_in_slack_is_found_and_comes_back(where: str, tmp_path: Path) -> None:
    builder = exfat(tmp_path / "c.img", {"DCIM/100MSDCF/C0001M01.XML": b"<x/>\n" * 40}, 65536)
    folder = builder.directory("DCIM/100MSDCF")
    node = folder.children[0] if where == "file" else folder
    small = photograph(7, width=160, height=120)
    bend(builder.path, builder.place(node.clusters[0]) + 16384, small)
    audited = audit([builder.path], None)
    assert "card.slack" in kinds(audited)
    (file,) = recover(builder.path, tmp_path / "out").files
    assert file.path.read_bytes() == small
    assert "slack" in file.path.name
    assert "slack" in unchecked(audit([builder.path], None, quick=True)) or where == "directory"


def test_what_lies_outside_of_the_file_system_is_found(tmp_path: Path) -> None:
    builder = exfat(tmp_path / "c.img", {"DCIM/100CANON/IMG_0001.JPG": photograph(1)})
    lost = photograph(8)
    with builder.path.open("ab") as image:
        image.write(bytes(4096) + lost + bytes(-len(lost) % 512))
    assert "card.outside" in kinds(audit([builder.path], None))
    assert lost in [file.path.read_bytes() for file in recover(builder.path, tmp_path / "out").files]


def test_remains_of_no_known_form_are_counted(tmp_path: Path) -> None:
    builder = exfat(tmp_path / "c.img", {"DCIM/100CANON/IMG_0001.JPG": photograph(1)})
    remains = bytes(random.Random(1).choices(range(64), k=1 << 20))
    bend(builder.path, builder.place(200), remains)
    found = audit([builder.path], None)
    assert abs(unchecked(found)["remains"] - len(remains)) <= 65536
    assert found.report.verdict in ("unlooked", "explain")


def test_files_of_no_known_kind(tmp_path: Path) -> None:
    folder = tmp_path / "luggage"
    folder.mkdir()
    (folder / "opaque.bin").write_bytes(bytes(random.Random(1).choices(range(64), k=1 << 20)))
    (folder / "vault").write_bytes(random.Random(2).randbytes(1 << 20))
    camera_card(folder / "old.img", 1)
    (folder / "long.txt").write_bytes(b"a line of text\n" * 80_000)
    found = audit([folder], None)
    assert unchecked(found)["opaque"] == 1
    assert {"file.noise", "file.image"} <= kinds(found)
    assert audit([folder / "opaque.bin"], None).report.targets[0].kind == "card", "whole sectors of nothing known"


def test_small_files_of_no_known_kind_are_counted_and_no_others(tmp_path: Path) -> None:
    folder = tmp_path / "luggage"
    folder.mkdir()
    (folder / "INDEX.DAT").write_bytes(bytes(range(256)) * 40)
    (folder / "noise").write_bytes(random.Random(2).randbytes(100_000))
    found = audit([folder], None)
    assert unchecked(found) == {"small_unknown": 2}
    assert found.report.verdict == "unlooked"
    for name, known in {
        "a.txt": b"words\n", "empty": b"", "a.jpg": photograph(1), "a.gz": gzip.compress(b"words\n"),
        "a.elf": b"\x7fELF" + bytes(600), "a.flv": b"FLV\1" + bytes(600), "words in utf-16": "words\n".encode("utf-16"),
        "C0001M01.XML": b"<NonRealTimeMeta/>\n",
    }.items():  # fmt: skip
        (folder / name).write_bytes(known)
    assert unchecked(audit([folder], None))["small_unknown"] == 2


def test_tracks_and_texts_beside_films_are_counted(tmp_path: Path) -> None:
    handler = box(b"hdlr", bytes(8) + b"meta" + bytes(12) + b"GoPro MET\0")
    track = box(b"trak", box(b"mdia", handler))
    clip = box(b"ftyp", b"mp41\0\0\0\0mp41") + box(b"mdat", bytes(range(256)) * 40) + box(b"moov", track)
    folder = tmp_path / "card"
    folder.mkdir()
    (folder / "GX010001.MP4").write_bytes(clip)
    (folder / "DJI_0001.SRT").write_bytes(b"1\n00:00:00,000 --> 00:00:01,000\n[latitude: 39.0] [longitude: 125.7]\n")
    (folder / "C0001M01.XML").write_bytes(b"<NonRealTimeMeta/>\n")
    found = unchecked(audit([folder], None))
    assert (found["tracks"], found["sidecars"]) == (1, 1), "the subtitles were read, an empty description was not"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("D.CSV", b"time,latitude,longitude,alt\n12:00:00,39.0250,125.7528,60\n"),
        ("D2.ASS", b"[Events]\nDialogue: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,lat 39.0250 lon 125.7528\n"),
        ("T.TXT", b"lat: 39.0250 lon: 125.7528\n"),
        ("N.NFO", b"GPS 39.0250N 125.7528E"),
        ("C1.XML", b'<ClipInfo><Location latitude="39.025" longitude="125.7528"/></ClipInfo>'),
    ],
)
def test_notes_and_tables_with_a_place_are_counted(name: str, text: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "card"
    folder.mkdir()
    (folder / name).write_bytes(text)
    assert unchecked(audit([folder], None)) == {"sidecars": 1}
    (folder / name).write_bytes(b"a late longing, 3.1415 and 2.7182\n")
    assert unchecked(audit([folder], None)) == {}


def test_every_frame_is_picked_and_every_place_is_in_the_document(tmp_path: Path) -> None:
    folder = tmp_path / "sixty"
    folder.mkdir()
    for number in range(1, 61):
        (folder / f"DSC_{number:04d}.JPG").write_bytes(photograph(number % 3, width=64, height=48, gps=(39.0, 125.7)))
    document = command("audit", folder, "--json", "--pick", tmp_path / "pick.txt").document
    (found,) = [item for item in document["findings"] if item["kind"] == "photo.gps"]
    assert len(found["places"]) == found["facts"]["count"] == 60
    assert len((tmp_path / "pick.txt").read_text().splitlines()) == 60


def test_any_lawful_name_survives_the_list(tmp_path: Path) -> None:
    from fifthfloor.tasks.floors.frames import take_from

    names = ["IMG_0002\ud83d.JPG", "IMG_0003 #1.JPG", " IMG_0004 .JPG", "\U0001f3d4" * 60 + ".JPG"]
    builder = ExfatBuilder(tmp_path / "c.img", EXFAT_BYTES, cluster_bytes=32768)
    for number, one in enumerate(names):
        builder.add(f"DCIM/100MEDIA/{one}", photograph(number))
    builder.finish()
    paths = tuple(f"DCIM/100MEDIA/{one}" for one in names)
    write_pick(paths, tmp_path / "pick.txt")
    with open_card(builder.path) as card:
        there = {file.path for file in card.files() if not file.is_directory}
    assert there == set(paths)
    assert {file.path for file in take_from([builder.path], str(tmp_path / "pick.txt")).cards[0].files} == set(paths)
    assert command("audit", builder.path, "--pick", tmp_path / "again.txt", "--html", tmp_path / "p.html").code != 70


GAPS = {
    "sony": ["PRIVATE/M4ROOT/CLIP/C0001.MP4", "PRIVATE/M4ROOT/CLIP/C0003.MP4"],
    "dji": ["DCIM/DJI_001/DJI_20240501120000_0001_D.MP4", "DCIM/DJI_001/DJI_20240501120200_0003_D.MP4"],
    "insta360": [f"DCIM/Camera01/VID_20240501_12000{n}_00_00{n}.insv" for n in (1, 3)],
    "canon": ["CRM/A001/A001C001_240501AB_CANON.MXF", "CRM/A001/A001C003_240501AB_CANON.MXF"],
    "avchd": ["PRIVATE/AVCHD/BDMV/STREAM/00001.MTS", "PRIVATE/AVCHD/BDMV/STREAM/00003.MTS"],
    "sony reel": [f"PRIVATE/M4ROOT/CLIP/A001C000{n}_240501AB.MP4" for n in (1, 3)],
    "xdcam ex": [f"BPAV/CLPR/123_000{n}_01/123_000{n}_01.MP4" for n in (1, 3)],
    "red": [f"A001.RDM/A001_C00{n}_0501AB.RDC/A001_C00{n}_0501AB_001.R3D" for n in (1, 3)],
    "p2": ["CONTENTS/VIDEO/0001AB.MXF", "CONTENTS/AUDIO/0001AB00.MXF", "CONTENTS/VIDEO/0003CD.MXF"],
    "xf": [f"CONTENTS/CLIPS001/AA000{n}/AA000{n}01.MXF" for n in (1, 3)],
    "insta360, both": ["DCIM/C/VID_20240501_120001_00_001.insv", "DCIM/C/IMG_20240501_120002_00_003.insp"],
    "xdcam": [f"XDROOT/Clip/XD000{n}.MXF" for n in (1, 3)],
    "everio": [f"SD_VIDEO/PRG001/MOV00{n}.MOD" for n in (1, 3)],
    "pocket": [f"BMPCC_1_2024-05-01_120{n}_C000{n}.mov" for n in (1, 3)],
    "c400": [f"CRM/A_0001C00{n}_240501_120000_p1AB.CRM" for n in (1, 3)],
    "viofo": [f"DCIM/Movie/FILE240501-12000{n}-00000{n}F.MP4" for n in (1, 3)],
    "dashcam": [f"DCIM/Movie/20240501_12000{n}_000{n}.MP4" for n in (1, 3)],
    "nextbase": [f"Movie/240501_12000{n}_00{n}_FH.MP4" for n in (1, 3)],
    "recorder": [f"REC/REC000{n}.MP4" for n in (1, 3)],
    "gopro": ["DCIM/100GOPRO/GX010001.MP4", "DCIM/100GOPRO/GX020001.MP4", "DCIM/100GOPRO/GX010003.MP4"],
}


@pytest.mark.parametrize("maker", GAPS)
def test_gaps_in_films_are_counted(maker: str) -> None:
    from fifthfloor.audit.numbering import numbering_findings

    (gap,) = [found for found in numbering_findings(GAPS[maker], False) if found.kind == "numbers.gap"]
    assert gap.facts["missing"] == 1
    assert gap.places[0].note.lstrip("0") == "2"


def test_clips_that_are_counted_from_zero_and_in_hexadecimal() -> None:
    from fifthfloor.audit.numbering import numbering_findings

    def notes(*paths: str) -> list[str]:
        return [place.note for found in numbering_findings(paths, False) for place in found.places]

    assert notes("PRIVATE/AVCHD/BDMV/STREAM/00000.MTS", "PRIVATE/AVCHD/BDMV/STREAM/00002.MTS") == ["00001"]
    assert notes(*(f"SD_VIDEO/PRG001/MOV0{n}.MOD" for n in ("09", "0A", "0F", "10"))) == ["00B-00E"]


def test_what_a_missing_clip_leaves_is_found(tmp_path: Path) -> None:
    root = tmp_path / "M4ROOT"
    for folder in ("CLIP", "THMBNL"):
        (root / folder).mkdir(parents=True)
    (root / "CLIP" / "C0001.MP4").write_bytes(film(1))
    for number in (1, 2):
        (root / "THMBNL" / f"C000{number}T01.JPG").write_bytes(photograph(number, width=64, height=48))
    (root / "MEDIAPRO.XML").write_bytes(
        b'<MediaProfile><Material uri="./CLIP/C0001.MP4"/><Material uri="./CLIP/C0002.MP4"/></MediaProfile>'
    )
    found = {item.kind: item for item in audit([root], None).report.findings}
    assert found["numbers.alone"].facts["names"] == "C0002T01.JPG"
    assert found["numbers.index"].facts["names"] == "C0002.MP4"


def test_a_half_cleared_first_cluster_is_found_again(tmp_path: Path) -> None:
    """Windows clears the upper half: what lies at the wrong place must not get the name, and the right one must."""
    from tests.cards.cards_made import fat_card, volume_of

    path = fat_card(tmp_path / "c.img")
    volume = volume_of(path)
    first, wrong = photograph(41, width=320, height=240), photograph(42)
    low, high = 0x0800, 0x10800
    data = bytearray(path.read_bytes())
    entry = data.index(b"IMG_0003JPG")
    folder_end = entry - entry % 512
    slot = next(at for at in range(folder_end, folder_end + 512, 32) if not data[at])
    from fifthfloor_theatre.cards.record_packing import pack_record

    record = bytearray(pack_record("IMG_0099.JPG", b"IMG_0099JPG", 0x20, low, len(wrong), MOMENT))
    record[0] = 0xE5
    data[slot : slot + 32] = record[:32]
    for cluster, contents in ((low, first), (high, wrong)):
        at = volume.heap_offset_bytes + (cluster - 2) * volume.cluster_bytes
        data[at : at + len(contents)] = contents
    path.write_bytes(data)
    back = {file.path.name: file for file in recover(path, tmp_path / "out").files}
    assert back["_MG_0099.JPG"].path.read_bytes() == wrong
    assert back["_MG_0099.JPG"].whole
    assert first in [file.path.read_bytes() for file in back.values()]
    deleted = {item.kind: item for item in audit([path], None).report.findings}["card.deleted"]
    (place,) = (place for place in deleted.places if place.path.endswith("_MG_0099.JPG"))
    offset = volume.heap_offset_bytes + (high - 2) * volume.cluster_bytes
    assert (place.cluster, place.offset_bytes) == (high, offset), "the cluster where they are, not the halved one"


def test_a_name_is_not_believed_against_its_contents(tmp_path: Path) -> None:
    """A film at the place of a photograph, a picture that is longer than its entry: gone by that name."""
    builder = ExfatBuilder(tmp_path / "c.img", EXFAT_BYTES, cluster_bytes=32768)
    picture = photograph(1)
    made = {"A.JPG": film(2), "B.JPG": picture[:-20_000], "C.JXL": b"\xff\x0a" + bytes(range(256)) * 300}
    for number, (file, data) in enumerate(made.items()):
        node = builder.add(f"DCIM/100CANON/{file}", data, start=100 * (number + 1))
        if file == "B.JPG":
            with builder.path.open("r+b") as image:
                image.seek(builder.place(node.clusters[0]))
                image.write(picture)
        builder.delete(node)
    builder.finish()
    files = recover(builder.path, tmp_path / "out").files
    assert {file.name for file in files if file.name} == {"C.JXL"}
    assert {file.path.suffix for file in files} >= {".jpg", ".mov", ".JXL"}
    (found,) = [item for item in audit([builder.path], None).report.findings if item.kind == "card.deleted"]
    assert (found.facts["whole"], found.facts["gone"]) == (1, 2)


def xmp_segment(packet: bytes) -> bytes:
    body = b"http://ns.adobe.com/xap/1.0/\0" + packet
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def container(*items: tuple[str, int, int]) -> bytes:
    """A directory of items as Google's motion photos have it: meaning, length, padding behind it."""
    rows = "".join(
        f'<rdf:li><Container:Item Item:Semantic="{meaning}" Item:Length="{length}" Item:Padding="{padding}"/></rdf:li>'
        for meaning, length, padding in items
    )
    return xmp_segment(f'<x GCamera:MotionPhoto="1">{rows}</x>'.encode())


@pytest.mark.parametrize(
    "kind", ["motion", "insta360", "samsung", "huawei", "gain map", "gain map and film", "padding", "heic", "own box"]
)
def test_what_lies_behind_an_end_mark_comes_back_with_it(kind: str, tmp_path: Path) -> None:
    clip = (
        box(b"ftyp", b"isom\0\0\2\0isom")
        + box(b"moov", box(b"mvhd", bytes(100)))
        + box(b"mdat", bytes(range(200)) * 400)
    )
    picture = photograph(1)
    packet = f'<x GCamera:MicroVideo="1" GCamera:MicroVideoOffset="{len(clip)}"/>'.encode()
    small = photograph(9, width=160, height=120)
    still = box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", bytes(4) + box(b"hdlr", bytes(24)))
    still += box(b"mdat", bytes(range(250)) * 300)
    behind = {
        "huawei": picture + clip + b"v2_f31".ljust(20) + b"0:0".ljust(20) + b"LIVE_80177".ljust(20),
        "gain map": picture + small,
        "gain map and film": picture[:2]
        + container(("Primary", 0, 0), ("GainMap", len(small), 0), ("MotionPhoto", len(clip), 0))
        + picture[2:]
        + small
        + clip,
        "padding": picture[:2]
        + container(("Primary", 0, 24), ("MotionPhoto", len(clip), 0))
        + picture[2:]
        + bytes(24)
        + clip,
        "heic": still + box(b"mpvd", clip) + box(b"sefd", b"Image_UTC_Data"),
        "own box": still + box(b"CAM1", b"place and time" * 40),
        "motion": picture[:2] + xmp_segment(packet) + picture[2:] + clip,
        "insta360": picture + b"\1\2block " * 4000 + b"8db42d694ccc418790edff439fe026bf",
        "samsung": picture + b"\0\0\x01\x0a\x0e\0\0\0Image_UTC_Data1714564800000SEFH" + bytes(20) + b"SEFT",
    }[kind]
    builder = ExfatBuilder(tmp_path / "c.img", EXFAT_BYTES, cluster_bytes=32768)
    builder.add("DCIM/100CANON/IMG_0002.JPG", photograph(5))
    bend(builder.path, builder.place(100), behind)
    bend(builder.path, builder.place(101 + len(behind) // 32768), photograph(6))
    builder.finish()
    (first, second) = recover(builder.path, tmp_path / "out").files
    assert first.path.read_bytes() == behind
    assert (first.whole, second.whole) == (True, True)


def test_a_dark_frame_is_whole_and_a_cut_one_is_not(tmp_path: Path) -> None:
    """With a lens cap on, the scan is one long run of zeros; of tables that are optimised, most of the file is."""
    picture, out = photograph(1), io.BytesIO()
    end = len(picture) - 2
    Image.new("RGB", (8368, 5584)).save(out, "JPEG", optimize=True)
    dark = out.getvalue()
    assert bytes(200_000) in dark
    builder = ExfatBuilder(tmp_path / "c.img", EXFAT_BYTES, cluster_bytes=32768)
    builder.add("DCIM/100CANON/IMG_0002.JPG", photograph(5))
    bend(builder.path, builder.place(100), dark)
    bend(builder.path, builder.place(200), picture[: end - 4000])
    bend(builder.path, builder.place(300), photograph(6))
    builder.finish()
    (whole, partial, after) = recover(builder.path, tmp_path / "out").files
    assert whole.path.read_bytes() == dark
    assert (whole.whole, partial.whole, after.whole) == (True, False, True)


@pytest.mark.parametrize("limit", ["card.MAX_DELETED", "card_names.MAX_ORPHAN_CLUSTERS"])
def test_a_list_that_ends_before_the_card_does_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """What was looked at is not all there is."""
    image = camera_card(tmp_path / "c.img", 4, delete=(2, 3))
    with open_card(image) as card:
        assert not {"deleted", "orphans"} & {item.what for item in audit_card(card).unchecked}
    monkeypatch.setattr(f"fifthfloor.audit.{limit}", 2 if limit == "card.MAX_DELETED" else 0)
    with open_card(image) as card:
        found = {item.what: item.count for item in audit_card(card).unchecked}
    assert found["deleted" if limit == "card.MAX_DELETED" else "orphans"] >= 2


@pytest.fixture
def no_right(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Refuses what the system would refuse to somebody without the right; the administrator may read everything."""
    scan, system_open, closed = os.scandir, os.open, set[str]()

    def refused(path: str) -> None:
        if path in closed:
            raise PermissionError(errno.EACCES, "Permission denied", path)

    def scandir(path: str) -> Any:
        refused(os.fspath(path))
        return scan(path)

    def opened(path: str, flags: int, mode: int = 0o777, **more: Any) -> int:
        refused(os.fspath(path))
        return system_open(path, flags, mode, **more)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(os, "open", opened)
    return lambda path: closed.add(str(path))


def test_what_nobody_may_read_is_no_all_clear(tmp_path: Path, no_right: Callable[[Path], None]) -> None:
    folder, card = tmp_path / "home", camera_card(tmp_path / "c.img", 2, delete=(2,))
    for name in ("a.txt", "sub/b.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("hello\n")
    sound = tmp_path / "sound.txt"
    sound.write_text("hello\n")
    assert audit([folder], None).report.verdict == "nothing"
    no_right(folder / "sub")
    seen = audit([folder], None)
    assert (unchecked(seen)["folders"], seen.report.verdict) == (1, "unlooked")
    for path in (folder, card, folder / "a.txt"):
        no_right(path)
        with pytest.raises(BadInput) as refused:
            audit([path], None)
        assert refused.value.key == "cards.no_permission", "its hint says who may"
        # Among others it is named, and its reason with it.
        other = audit([path, sound], None)
        assert [item.path for item in other.report.refused] == [str(path)]
        assert other.report.verdict == "unlooked"


def test_what_is_given_and_is_no_file_is_refused_by_name(tmp_path: Path) -> None:
    card = camera_card(tmp_path / "c.img", 2, delete=(2,))
    (tmp_path / "empty.img").touch()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link.img").symlink_to(card)
    (tmp_path / "a.jpg").write_bytes(photograph(3))
    (tmp_path / "link.jpg").symlink_to(tmp_path / "a.jpg")
    for name, key in (("empty.img", "cards.empty"), ("pipe", "files.not_a_file"), ("link.img", "cards.symlink")):
        with pytest.raises(BadInput) as refused:
            audit([tmp_path / name], None)
        assert refused.value.key == key
    assert audit([tmp_path / "link.jpg"], None).report.targets[0].photographs == 1


@pytest.mark.parametrize("length", [60_000, 300_000])
def test_a_packed_file_too_short_to_be_called_noise_is_counted(length: int, tmp_path: Path) -> None:
    """A sound, an archive, a bare JPEG XL: compressed bytes look like noise, and of a short stretch nobody says so."""
    builder = exfat(tmp_path / "c.img", {"A.TXT": b"a"})
    assert "remains" not in unchecked(audit([builder.path], None))
    packed = b"PK\x03\x04" + random.Random(1).randbytes(length)
    bend(builder.path, builder.place(300), packed)
    audited = audit([builder.path], None)
    assert unchecked(audited)["remains"] >= length
    assert audited.report.verdict == "unlooked"
