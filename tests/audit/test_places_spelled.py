"""The spellings of each carrier of places and persons that programs and makers use beside the usual one."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from tests.audit import carriers_of_places as made
from tests.audit.made import box, photograph, segment
from tests.audit.test_places import facts_of, is_the_place

from fifthfloor.audit.captions import Captions, add_xmp
from fifthfloor.audit.photo import read_sidecar
from fifthfloor.metadata.beside_films import read_text
from fifthfloor.metadata.iso6709 import find_iso6709, read_iso6709
from fifthfloor.tasks.search.audit import audit


def packet(properties: str, inside: str = "") -> bytes:
    spaces = 'xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {spaces} {properties}>{inside}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


def degrees(latitude: str, longitude: str, more: str = "") -> bytes:
    return packet(f'exif:GPSLatitude="{latitude}" exif:GPSLongitude="{longitude}" {more}')


def user_data(place: bytes) -> bytes:
    return box(b"\xa9xyz", struct.pack(">HH", len(place), 0x15C7) + place)


def items(how: str) -> bytes:
    latitude, longitude = how.split("|")
    return (
        f"<NonRealTimeMeta><Item name='LatitudeRef' value='N'/><Item name='Latitude' value='{latitude}'/>"
        f"<Item name='LongitudeRef' value='E'/><Item name='Longitude' value='{longitude}'/></NonRealTimeMeta>"
    ).encode()


DRONE = (
    'xmlns:drone-dji="http://www.dji.com/drone-dji/1.0/" drone-dji:GpsLatitude="+39.0250" '
    'drone-dji:GpsLongtitude="+125.7528" drone-dji:DroneSerialNumber="7712345"'
)
TEXT = made.XMP.decode()
BESIDE = {
    "utf-16 with its mark": b"\xff\xfe" + TEXT.encode("utf-16-le"),
    "utf-16, big": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "utf-16 without a mark": TEXT.encode("utf-16-le"),
    "behind a long comment": b"<?xml version='1.0'?><!--" + b"x" * 9000 + b"-->" + made.XMP,
    "in a document": b"%!PS-Adobe-3.0 EPSF-3.0\n" + b"% \n" * 5000 + made.XMP,
    "another prefix": made.XMP.partition(b"meta/\">")[2].replace(b"rdf:", b"r:").replace(b":rdf", b":r"),
    "degrees and a letter": degrees("39.025N", "125.7528E"),
    "degrees beside their side": degrees("39.025", "125.7528", 'exif:GPSLatitudeRef="N" exif:GPSLongitudeRef="E"'),
    "degrees with a sign": degrees("+39.025", "125.7528"),
    "minutes and seconds": degrees("39,1,30N", "125,45,10.08E"),
    "with spaces": degrees("39, 1.5N", "125, 45.168E"),
    "a drone's own": packet(DRONE),
    "sony, degrees": items("39.025|125.7528"),
    "sony, minutes": items("39:01.5|125:45.168"),
    "sony in utf-16": b"\xff\xfe" + made.SONY.decode().encode("utf-16-le"),
    "p2": b"<P2Main><Location><Longitude>E125.7528</Longitude><Latitude>N39.0250</Latitude></Location></P2Main>",
    "gpx with a prefix": b"<g:gpx xmlns:g='x'><g:trkpt lat='39.025' lon='125.7528'/></g:gpx>",
    "tcx": b"<TrainingCenterDatabase><Position><LatitudeDegrees>39.025</LatitudeDegrees>"
    b"<LongitudeDegrees>125.7528</LongitudeDegrees></Position></TrainingCenterDatabase>",
    "geojson": b'{"type": "Feature", "geometry": {"type": "Point", "coordinates": [125.7528, 39.025]}}',
    "takeout": b'{"title": "IMG_1.jpg", "geoData": {"latitude": 39.025, "longitude": 125.7528, "altitude": 0.0}}',
}  # fmt: skip
SUBTITLES = [
    "HOME(125.7528,39.0250) 2024.05.01 12:00:00\nGPS(,,) BAROMETER:1.9",
    "HOME(E: 125.752800, N: 39.025000) 2024-05-01\nGPS(E: 125.752800, N: 39.025000, 4.32m)",
    "GPS: 39.0250, 125.7528, 12m",
    "Lat: 39.0250 Lon: 125.7528 Alt: 3",
    "LAT=39.0250, LON=125.7528",
    "GPS(39.0250 N, 125.7528 E, 12)",
    "[GPS] N39.0250 E125.7528",
    "GPS(125.7528,39.0250,0.0M) BAROMETER:92.0M",
    "[latitude: 0.000000] [longitude: 0.000000]\n[latitude: 39.025000] [longitude: 125.752800]",
]


@pytest.mark.parametrize("name", BESIDE)
def test_a_sidecar_of_any_spelling_gives_its_place(name: str) -> None:
    facts = read_sidecar(BESIDE[name])
    assert facts is not None
    assert is_the_place(facts.gps)


@pytest.mark.parametrize("line", SUBTITLES)
def test_drones_of_several_makers_say_where(line: str) -> None:
    assert is_the_place(read_text(made.SUBTITLE + line.encode()).place)


def test_south_and_west() -> None:
    assert read_text(b"GPS(W: 125.75, S: 39.02, 4m)").place == (-39.02, -125.75)
    assert read_iso6709(b"-33.8568-151.2153/") == (-33.8568, -151.2153)
    facts = read_sidecar(degrees("39.025", "125.7528", 'exif:GPSLatitudeRef="S" exif:GPSLongitudeRef="W"'))
    assert facts is not None
    assert facts.gps == (-39.025, -125.7528)


def test_every_form_of_a_place_in_a_film() -> None:
    for text in (b"+39.0250+125.7528/", b"+39.025+125.7528", b"+3901.5+12545.168/", b"+390130+1254510+12/",
                 b"+39.0250+125.7528CRSWGS_84/"):  # fmt: skip
        assert is_the_place(read_iso6709(text)), text
        assert is_the_place(facts_of(made.described(box(b"udta", user_data(text)))).gps), text
    assert read_iso6709(b"+39+125/") == (39.0, 125.0)
    assert find_iso6709(b"a+1-2b 2024-05-01T12:00:00+09:00 +1.5.5-3") is None


def test_a_place_behind_long_tables_in_a_track_and_in_a_packed_movie() -> None:
    far = made.described(box(b"trak", box(b"mdia", bytes(9 << 20))) + box(b"udta", user_data(b"+39.0250+125.7528/")))
    own = made.described(box(b"trak", box(b"udta", user_data(b"+39.0250+125.7528/"))))
    movie = box(b"moov", made.full(b"mvhd", bytes(96)) + box(b"udta", user_data(b"+39.0250+125.7528/")))
    packed = box(b"cmvd", len(movie).to_bytes(4, "big") + zlib.compress(movie))
    for film in (far, own, made.described(box(b"cmov", box(b"dcom", b"zlib") + packed))):
        assert is_the_place(facts_of(film).gps)


def test_keys_of_a_telephones_film() -> None:
    pairs = [(b"com.apple.quicktime.location.name", b"Pyongyang"), (b"com.apple.quicktime.model", b"iPhone 0"),
             (b"com.apple.quicktime.author", b"Kim Example")]  # fmt: skip
    keys = made.full(b"keys", struct.pack(">I", len(pairs)) + b"".join(box(b"mdta", key) for key, _ in pairs))
    values = [box(b"data", struct.pack(">II", 1, 0) + value) for _, value in pairs]
    listed = b"".join(box(struct.pack(">I", number), value) for number, value in enumerate(values, 1))
    facts = facts_of(made.described(box(b"meta", keys + box(b"ilst", listed))))
    assert (facts.model, facts.texts["place"], facts.texts["artist"]) == ("iPhone 0", ["Pyongyang"], ["Kim Example"])


def test_pngs_and_heifs_of_other_writers() -> None:
    plain = made.png(b"tEXt", b"Comment\0x")
    behind = made.png(b"eXIf", made.TIFF)[33:]
    profile = b"Raw profile type APP1\0\0" + zlib.compress(made.raw_profile("generic profile", made.EXIF))
    packed = made.heif(b"heic", zlib.compress(made.XMP), mime=True, coding=b"deflate")
    for data in (plain + behind[: behind.index(b"IHDR") if b"IHDR" in behind else None], made.png(b"zTXt", profile),
                 made.png(b"zxIf", b"\0" + bytes(4) + zlib.compress(made.TIFF)), packed):  # fmt: skip
        assert is_the_place(facts_of(data).gps)
    built = made.heif(b"heic", bytes(4) + made.TIFF).replace(
        struct.pack(">HHHH", 1, 0, 0, 1), struct.pack(">HHHH", 1, 2, 0, 1)
    )
    assert facts_of(built).unread["packed"] == 1


def test_a_packet_over_several_segments_of_a_jpeg() -> None:
    name = b"0" * 32
    pieces = b"".join(
        segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + name + struct.pack(">II", len(made.XMP), at) + part)
        for at, part in ((100, made.XMP[100:]), (0, made.XMP[:100]))
    )
    data = photograph(1, segments=pieces, width=64, height=48)
    assert is_the_place(facts_of(data).gps)


def test_persons_and_places_by_name() -> None:
    told = Captions()
    detail = "<e:PersonName><rdf:Alt><rdf:li xml:lang='x-default'>Kim Guide</rdf:li></rdf:Alt></e:PersonName>"
    add_xmp(packet("", detail + "<e:ProvinceState>South Pyongan</e:ProvinceState>"), told)
    assert (told.texts["person"], told.texts["place"]) == (["Kim Guide"], ["South Pyongan"])


def test_a_thermal_file_of_its_own(tmp_path: Path) -> None:
    whole = made.flir()
    (tmp_path / "a.seq").write_bytes(whole[whole.index(b"FFF\0") : whole.index(b"FFF\0") + 1400])
    assert {"photo.gps", "photo.serial"} <= {item.kind for item in audit([tmp_path], None).report.findings}


@pytest.mark.parametrize(("latitude", "longitude"), [(b"N", b"W"), (b"S", b"E"), (b"S", b"W"), (b"N", b"E")])
def test_the_letters_of_a_thermal_place_count(latitude: bytes, longitude: bytes) -> None:
    """They stand beside the numbers: Los Angeles was told as a place in China."""
    place = facts_of(made.flir(latitude, longitude)).gps
    assert place is not None
    assert (place[0] < 0, place[1] < 0) == (latitude == b"S", longitude == b"W")


# A packet as programs write it: wrapped or bare, of the first years, with another prefix, in two bytes a character.
BARE = made.XMP[made.XMP.index(b"<rdf:RDF") : made.XMP.index(b"</x:xmpmeta>")]
PACKETS = {
    "wrapped": made.XMP,
    "bare": BARE,
    "of the first years": made.XMP.replace(b"x:xmpmeta", b"x:xapmeta"),
    "another prefix": BARE.replace(b"rdf:", b"r:").replace(b":rdf", b":r"),
    "utf-16": made.XMP.decode().encode("utf-16-le"),
    "behind its mark": b"\xef\xbb\xbf" + made.XMP,
    "utf-16 behind its mark": made.XMP.decode().encode("utf-16"),
    "behind a stray zero": b"\0" + made.XMP,
}
UUID_OF_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def in_films(told: bytes) -> list[bytes]:
    """The boxes of a film's description in which a packet stands: user data, of a track too, and one of its own."""
    return [
        box(b"udta", box(b"XMP_", told)),
        box(b"trak", box(b"udta", box(b"XMP_", told))),
        box(b"uuid", UUID_OF_XMP + told),
    ]


@pytest.mark.parametrize("form", PACKETS)
def test_a_packet_is_known_by_what_it_declares_wherever_it_stands(form: str) -> None:
    for told in in_films(PACKETS[form]):
        assert is_the_place(facts_of(made.described(told)).gps), told[:8]
    item = made.heif(b"heix", PACKETS[form], mime=True)
    assert is_the_place(facts_of(item).gps), "heif"
    assert is_the_place(facts_of(item.replace(b"meta", b"skip")).gps), "heif that says nothing of its items"
    assert is_the_place(facts_of(made.webp(b"XMP ", PACKETS[form])).gps), "webp"


UNREAD = {
    "forms": [b"\0MRM", b"II\x1a\0\0\0HEAPCCDR", b"FOVb", b"8BPS\0\1"],
    "films": [b"\x1aE\xdf\xa3", b"\0\0\1\xba", bytes.fromhex("3026b2758e66cf11")],
    "sounds": [b"RIFF\0\0\0\0WAVE", b"ID3\4"],
}


def test_what_is_a_picture_film_or_sound_and_is_not_read_is_counted(tmp_path: Path) -> None:
    for kind, every in UNREAD.items():
        for number, data in enumerate(every):
            (tmp_path / f"{kind}-{number}").write_bytes(data + bytes(900))
    (tmp_path / "DSC_0001.NEF").write_bytes(b"this is nothing that a camera writes\n")
    told = {item.what: item.count for item in audit([tmp_path], None).report.unchecked}
    assert (told["forms"], told["films"], told["sounds"]) == (5, 3, 2)


def test_limits_of_what_is_kept_are_said(tmp_path: Path) -> None:
    words = "".join(f"<rdf:li>word {number}</rdf:li>" for number in range(201))
    subject = f"<dc:subject xmlns:dc='http://purl.org/dc/elements/1.1/'><rdf:Bag>{words}</rdf:Bag></dc:subject>"
    (tmp_path / "a.xmp").write_bytes(packet("", subject))
    (tmp_path / "b.xmp").write_bytes(packet("", subject.replace(">word 200<", ">word 199<")))
    (tmp_path / "Thumbs.db").write_bytes(b"".join(b"IMG_%05d.JPG\0" % number for number in range(10_001)))
    (tmp_path / "dashcam.mp4").write_bytes(made.described(box(b"gps ", bytes(24))))
    told = {item.what: item.count for item in audit([tmp_path], None).report.unchecked}
    assert (told["captions"], told["traces"], told["tracks"]) == (1, 1, 1)


@pytest.mark.parametrize(
    "packet",
    [b"\xef\xbb\xbf" + made.XMP, b"\0" + made.XMP, *(made.XMP.decode().encode(f"utf-{bits}") for bits in (16, 32))],
    ids=["utf-8", "a stray zero", "utf-16", "utf-32"],
)
def test_a_raw_profile_of_xmp_is_one_behind_any_mark(packet: bytes) -> None:
    profile = b"\nxmp\n%8d\n%s\n" % (len(packet), packet.hex().encode())
    assert is_the_place(facts_of(made.png(b"tEXt", b"Raw profile type xmp\0" + profile)).gps)


def resource(number: int, contents: bytes) -> bytes:
    return b"8BIM" + struct.pack(">HHI", number, 0, len(contents)) + contents + bytes(len(contents) % 2)


def with_resources(chain: bytes) -> bytes:
    return photograph(1, segments=segment(0xED, b"Photoshop 3.0\0" + chain), width=64, height=48)


@pytest.mark.parametrize(
    "chain",
    [resource(0x0422, made.TIFF), resource(0x0423, made.EXIF), resource(0x0404, b"") + resource(0x0424, made.XMP)],
    ids=["exif", "exif with a head", "xmp"],
)
def test_what_photoshop_keeps_among_its_resources(chain: bytes) -> None:
    assert is_the_place(facts_of(with_resources(chain)).gps)


def test_the_address_of_a_picture_is_a_text() -> None:
    address = "http://kim-guide.example.org/pyongyang"
    assert facts_of(with_resources(resource(0x040B, address.encode()))).texts["said"] == [f"photoshop:URL: {address}"]


def test_resources_that_hold_resources_end() -> None:
    chain = b""
    for _ in range(2000):
        entry = struct.pack("<HHII", 0x8649, 7, len(chain), 26)
        chain = resource(0x0422, b"II*\0\x08\0\0\0\1\0" + entry + bytes(4) + chain)
        if len(chain) > 60_000:
            break
    assert facts_of(with_resources(chain)).gps is None


def test_a_packet_whose_head_lacks_its_zero() -> None:
    data = photograph(1, segments=segment(0xE1, b"http://ns.adobe.com/xap/1.0/" + made.XMP), width=64, height=48)
    assert is_the_place(facts_of(data).gps)


def test_items_of_a_heif_as_older_writers_make_them() -> None:
    assert is_the_place(facts_of(made.heif(b"heic", made.EXIF)).gps), "Exif without the four bytes before it"
    kind = struct.pack(">HH", 1, 0) + b"mime\0application/rdf+xml\0"
    old = struct.pack(">HH", 1, 0) + b"\0Application/RDF+XML\0\0\0\0"
    item = made.heif(b"heic", made.XMP, mime=True)
    assert kind in item
    first = item.replace(b"infe\2\0\0\0" + kind, b"infe\0\0\0\0" + old.ljust(len(kind), b"\0")[: len(kind)])
    assert first != item
    assert is_the_place(facts_of(first).gps), "of the first edition"


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("39/1, 1/1, 10/1", "125/1, 45/1, 10/1"),
        ("39/1,1/1,10/1N", "125/1,45/1,10/1E"),
        ("39,1.166667n", "125,45.166667e"),
        ("N39,1.166667", "E125,45.166667"),
        ("39,0194444", "125,7527778"),
    ],
)
def test_angles_as_programs_write_them(latitude: str, longitude: str) -> None:
    attributes = f'e:GPSLatitude="{latitude}" e:GPSLongitude="{longitude}"'
    told = Captions()
    add_xmp(packet(attributes, ""), told)
    assert list(told.angles.places()) == [pytest.approx((39.019444, 125.752778), abs=1e-5)]


def test_angles_that_nobody_reads_are_told_as_they_stand() -> None:
    told = Captions()
    add_xmp(packet('e:GPSLatitude="39 and a bit" e:GPSLongitude="125,45.17E"', ""), told)
    assert list(told.angles.alone()) == ["latitude 39 and a bit"]


def test_a_place_in_texts_of_a_png() -> None:
    """As ImageMagick writes each field of a photograph's Exif."""
    fields = {b"GPSLatitude": b"39/1, 1/1, 10/1", b"GPSLatitudeRef": b"N", b"GPSLongitude": b"125/1, 45/1, 10/1"}
    data = made.png(b"tEXt", b"exif:GPSLongitudeRef\0E")
    for name, value in fields.items():
        contents = b"exif:" + name + b"\0" + value
        chunk = struct.pack(">I", len(contents)) + b"tEXt" + contents
        data = data[:33] + chunk + struct.pack(">I", zlib.crc32(b"tEXt" + contents)) + data[33:]
    assert facts_of(data).gps == pytest.approx((39.019444, 125.752778), abs=1e-5)
