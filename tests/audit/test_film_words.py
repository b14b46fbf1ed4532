"""What people write into films is told, whatever name it stands under; what programs write of themselves is not."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from tests.audit import carriers_of_places as made
from tests.audit.made import box
from tests.audit.test_places import facts_of
from tests.cards import judges

from fifthfloor.tasks.search.audit import audit

KIM, TOWN, NUMBER = "Kim Guide", "Pyongyang", "7712345"


def said(text: str) -> bytes:
    return box(b"data", struct.pack(">II", 1, 0) + text.encode())


def itunes(*items: bytes) -> bytes:
    handler = made.full(b"hdlr", bytes(4) + b"mdirappl" + bytes(9))
    return box(b"udta", made.full(b"meta", handler + box(b"ilst", b"".join(items))))


def keys(**pairs: str) -> bytes:
    names = made.full(b"keys", struct.pack(">I", len(pairs)) + b"".join(box(b"mdta", key.encode()) for key in pairs))
    values = [box(struct.pack(">I", number), said(value)) for number, value in enumerate(pairs.values(), 1)]
    handler = made.full(b"hdlr", bytes(4) + b"mdta" + bytes(13))
    return box(b"meta", handler + names + box(b"ilst", b"".join(values)))


def of_3gpp(kind: bytes, text: bytes) -> bytes:
    return box(b"udta", made.full(kind, b"\x15\xc7" + text))


def freeform(name: str, text: str) -> bytes:
    return box(b"----", made.full(b"mean", b"com.apple.iTunes") + made.full(b"name", name.encode()) + said(text))


def named_handler(name: bytes) -> bytes:
    return box(b"trak", box(b"mdia", made.full(b"hdlr", bytes(4) + b"vide" + bytes(12) + name + b"\0")))


# What stands in the description -> kind of finding that it must raise.
TOLD = {
    "itunes artist": (itunes(box(b"\xa9ART", said(KIM))), "photo.owner"),
    "itunes account": (itunes(box(b"apID", said("kim@example.org"))), "photo.owner"),
    "itunes grouping": (itunes(box(b"\xa9grp", said(KIM))), "photo.words"),
    "itunes, unknown letters": (itunes(box(b"zzzz", said(KIM))), "photo.words"),
    "itunes, free name": (itunes(freeform("LOCATION", TOWN)), "photo.place"),
    "data box in user data": (box(b"udta", box(b"\xa9cmt", said(KIM))), "photo.words"),
    "3gpp author": (of_3gpp(b"auth", KIM.encode() + b"\0"), "photo.owner"),
    "3gpp title, utf-16": (of_3gpp(b"titl", b"\xfe\xff" + KIM.encode("utf-16-be") + b"\0\0"), "photo.words"),
    "3gpp place without a fix": (of_3gpp(b"loci", TOWN.encode() + bytes(14) + b"earth\0\0"), "photo.place"),
    "director": (box(b"udta", box(b"\xa9dir", struct.pack(">HH", 9, 0x15C7) + KIM.encode())), "photo.owner"),
    "any four letters": (box(b"udta", box(b"\xa9ed7", struct.pack(">HH", 9, 0) + KIM.encode())), "photo.words"),
    "a maker's own boxes": (box(b"udta", box(b"smta", made.full(b"saut", KIM.encode()))), "photo.owner"),
    "number of a camera": (box(b"udta", box(b"SNum", NUMBER.encode())), "photo.serial"),
    "key of a place": (keys(**{"com.apple.quicktime.location.note": TOWN}), "photo.place"),
    "key of a pair": (keys(**{"com.xiaomi.gps": "39.0194,125.7528"}), "photo.gps"),
    "key of a number": (keys(**{"com.blackmagic-design.camera.serialNumber": NUMBER}), "photo.serial"),
    "key of a user": (keys(**{"com.apple.quicktime.collection.user": KIM}), "photo.owner"),
    "key of any name": (keys(**{"org.example.whatever": KIM}), "photo.words"),
    "title of a track": (box(b"trak", box(b"udta", box(b"name", KIM.encode()))), "photo.words"),
    "name of a handler": (named_handler(KIM.encode()), "photo.words"),
    "chapters": (box(b"udta", box(b"chpl", bytes(5) + bytes(8) + b"\x09" + KIM.encode())), "photo.words"),
    "microsoft's": (
        box(b"udta", box(b"Xtra", struct.pack(">II", 49, 11) + b"WM/Director" + struct.pack(">IIH", 1, 26, 8)
                         + (KIM + "\0").encode("utf-16-le"))), "photo.owner"),
}  # fmt: skip
UNTOLD = {
    "encoders": itunes(box(b"\xa9too", said("Lavf59.27.100")), freeform("iTunSMPB", " 00000000 00000840 000001C0")),
    "a day": itunes(box(b"\xa9day", said("2024-05-01T12:00:00Z")), box(b"trkn", said("1"))),
    "settings": keys(**{"com.android.capture.fps": "30.0", "major_brand": "isom", "content.identifier": "A1-B2-C3",
                        "com.apple.quicktime.location.accuracy.horizontal": "4.7"}),
    "power, no place": box(b"udta", box(b"\xa9swr", struct.pack(">HH", 12, 0) + b"+1.5+2.5 dBm")),
    "handlers": b"".join(map(named_handler, (b"VideoHandler", b"\x10Core Media Audio", b"GoPro AVC", b""))),
    "bytes": box(b"udta", box(b"ABCD", bytes(range(200))) + box(b"EFGH", b"\x80\xfe\xfd\1")),
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_what_somebody_wrote_into_a_film_is_told(name: str, tmp_path: Path) -> None:
    description, kind = TOLD[name]
    (tmp_path / "a.mp4").write_bytes(made.described(description))
    assert kind in {item.kind for item in audit([tmp_path], None).report.findings}


@pytest.mark.parametrize("name", UNTOLD)
def test_what_a_program_writes_of_itself_is_not(name: str) -> None:
    facts = facts_of(made.described(UNTOLD[name]))
    assert (facts.gps, {kind: texts for kind, texts in facts.texts.items() if texts}) == (None, {})


def test_letters_of_a_macintosh_and_several_languages() -> None:
    texts = struct.pack(">HH", 5, 0) + "Genré".encode("mac_roman") + struct.pack(">HH", 5, 0x15C7) + b"Genre"
    assert facts_of(made.described(box(b"udta", box(b"\xa9nam", texts)))).texts["title"] == ["Genré", "Genre"]


def test_places_that_dashcams_keep_where_nothing_is_read_are_counted() -> None:
    for kind, start in ((b"skip", b"LIGOGPSINFO\0"), (b"free", b"GPS ")):
        assert facts_of(made.described(b"") + box(kind, start + bytes(200))).unread["tracks"] == 1
    assert not facts_of(made.described(b"") + box(b"free", bytes(200))).unread.get("tracks")


@pytest.mark.judge("exiftool")
def test_what_exiftool_writes_is_told(tmp_path: Path) -> None:
    film = tmp_path / "a.mp4"
    film.write_bytes(made.described(b""))
    tags = ("ItemList:Artist", "Keys:Author", "UserData:Author", "UserData:LocationInformation", "Microsoft:Director",
            "ItemList:Lyrics", "Keys:LocationNote", "UserData:Performer", "ItemList:AppleStoreAccount")  # fmt: skip
    values = [f"-{tag}=Name {number}" for number, tag in enumerate(tags)]
    judges.done("exiftool", "-q", "-overwrite_original", "-UserData:SerialNumber=7712345", *values, film)
    facts = facts_of(film.read_bytes())
    heard = " ".join(text for texts in facts.texts.values() for text in texts)
    assert [tag for number, tag in enumerate(tags) if f"Name {number}" not in heard] == []
    assert facts.numbers["serial"] == NUMBER
