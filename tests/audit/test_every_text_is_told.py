"""Every text that somebody may have written into a picture is told, whatever it is called: ExifTool writes them all."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from tests.audit.made import directory, photograph, segment, text
from tests.cards import judges

from fifthfloor.audit.photo import read_photo
from fifthfloor.audit.property_kinds import kind_of_property
from fifthfloor.audit.shots import Shot, shot_findings
from fifthfloor.audit.written_by_itself import is_written_by_itself
from fifthfloor.metadata.source import BytesSource
from fifthfloor.metadata.xmp import walk_xmp

WRITTEN = "Kim Guide"
# What programs alone write: settings of converters, histories, depth, fonts, and names that end so.
TECHNICAL = re.compile(
    r"(?:AeProject|AppInfo|CameraAppInfo|CameraDepth|CameraImage|CameraModel|CameraProfile|CameraVendorInfoM|VendorInfoM|"
    r"CircGrad|Gradient|MaskGroup|Paint|Retouch|RedEye|RangeMask|Upright|Look|LensProfile|ToneCurve|ToggleStyle|AutoTone|"
    r"DerivedFrom|ManagedFrom|RenditionOf|Ingredients|ManifestReference|History|VersionsEvent|Container|Font|Manage|"
    r"MacAtom|WindowsAtom|Illuminant|GeoTiffD|OECFNames|Spatial|SwatchGroup|Colorant|SwatchColorant|VideoAlpha|CCV|IPTC-).*"
    r"|.*(?:Digest|Version|VersionID|Format|Units?|Model|Make|Manufacturer|Software|Mime|MimeType|-lang|Profile|Program|"
    r"Firmware|Flag|Data|Datum|Rate|Ref|Settings|Percent|Compressor|Count|Handling|Params|DPP|RPP|Snapshots|Prefs|"
    r"InstanceID|DocumentID|BurstID|Sensitivity|Satellites|ProfileName|CalibrationSig|Directory|ColorantType|Name2012|"
    r"ThumbnailImage|CreatorTool|Application|ApplicationName|SettingsName|Toolkit|Language|Encoding)"
    r"|CamReverse|ManifestLinkForm|SubVersionReference|GimbalReverse|CameraTrait|DisableAutoCreation|Cluster|Converter|ChildFontFiles|PlateNames|Group|Name|"
    r"ShortName|SortName|What|UUID|ImageNumber|ImageUniqueID|ProjectionType|StreamType|PresetType|ProfileType|MakerNote|"
    r"MakerNoteUnknownText|PortraitNote|SpecialTypeID|NegativeCachePath|PreservedFileName|RawFileName|RawFile|LastURL|Lens|"
    r"LensID|LensInfo|LensDistortInfo|NeutralDensityFactor|RenditionClass|GPSProcessingMethod|GPSVersionID|RelatedSoundFile|"
    r"LegacyIPTCDigest|BurstPrimary|DataOnScreenRegionUnit|Brightness|Exposure|MoireFilter|Shadows|Smoothness|GDALNoData|"
    r"OriginalRawFileName|ProfileCopyright|RGBTables|TargetPrinter|LocalizedCameraModel|ApplicationNotes|ExifCameraInfo|"
    r"Destination|ProductID|ServiceIdentifier|SimilarityIndex|UniqueObjectName|RasterizedCaption|LensCorrectionSettings"
)


def told(data: bytes) -> dict[str, list[str]]:
    """Kind of finding -> what it says, of what a photograph says of itself."""
    facts = read_photo(BytesSource(data))
    assert facts is not None
    found = shot_findings([Shot("a.jpg", facts, None, len(data))])
    return {item.kind: [place.note for place in item.places] for item in found}


@pytest.mark.judge("exiftool")
@pytest.mark.parametrize(("family", "least"), [("XMP", 780), ("IPTC", 40), ("EXIF", 26)])
def test_whatever_exiftool_can_write_is_told(family: str, least: int, tmp_path: Path) -> None:
    """Each tag alone in a picture of its own; what is not told is on the list of what machines write."""
    plain = photograph(1, segments=b"", width=64, height=48)
    (tmp_path / "plain.jpg").write_bytes(plain)
    names = sorted({*judges.done("exiftool", "-listw", f"-{family}:all").split("\n", 1)[1].split()})
    commands = [
        f"-q\n-q\n-m\n-{family}:{name}={WRITTEN}\n-o\n{tmp_path}/{number}.jpg\n{tmp_path}/plain.jpg\n-execute\n"
        for number, name in enumerate(names)
    ]
    (tmp_path / "commands").write_text("".join(commands))
    judges.run("exiftool", "-@", tmp_path / "commands")
    passed_over, count = set(), 0
    for number, name in enumerate(names):
        path = tmp_path / f"{number}.jpg"
        data = path.read_bytes() if path.exists() else b""
        if not any(WRITTEN.encode(codec) in data for codec in ("utf-8", "utf-16-le")):
            continue  # it takes numbers, dates or words of its own
        count += 1
        if not told(data):
            passed_over.add(name)
    assert {name for name in passed_over if not TECHNICAL.fullmatch(name)} == set()
    assert count - len(passed_over) >= least
    shutil.rmtree(tmp_path)


XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">%s</rdf:RDF>'
)


def packet(inside: str) -> bytes:
    return photograph(1, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP % inside.encode()))


def described(attributes: str) -> bytes:
    return packet(f'<rdf:Description xmlns:new="http://example.org/new/" {attributes}/>')


@pytest.mark.parametrize(
    ("said", "kind", "note"),
    [
        ('new:Whatever="Kim Guide"', "photo.words", "new:Whatever: Kim Guide"),
        ('new:HomeCity="Pyongyang"', "photo.place", "Pyongyang"),
        ('new:drivenBy="x" new:HostEmail="kim@example.org"', "photo.owner", "kim@example.org"),
        ('new:BodySerialNumber="A-77 12"', "photo.serial", "A-77 12"),
        ('new:StartLatitude="39.0194" new:StartLongitude="125.7528"', "photo.gps", "39.01940, 125.75280"),
        ('new:StartLatitude="39.0194"', "photo.place", "latitude 39.0194"),
        ('new:SidecarPath="/home/kim/Pictures"', "photo.words", "new:SidecarPath: /home/kim/Pictures"),
        ('new:Status="with the embassy"', "photo.words", "new:Status: with the embassy"),
    ],
)
def test_a_property_that_nobody_knows_is_told_by_its_name(said: str, kind: str, note: str) -> None:
    assert told(described(said))[kind] == [note]


@pytest.mark.parametrize(
    "said",
    [
        'new:Whatever="2026-12-01T10:30:00+01:00"', 'new:Whatever="0.25, 3/10, 12"', 'new:Whatever="True"',
        'new:Whatever="xmp.did:01801174072068118A6D9CD6D8D2B3A1"', 'new:Whatever="image/jpeg"',
        'new:Whatever="6E2CB3A7-0B1F-4C55-9E0D-5D4C7A1C2E33"', 'new:StartLatitude="0.0"', 'new:BodySerialNumber=""',
        'new:EditorVersion="Version two"', 'new:LensModel="Zoom Lens"', 'crs:CameraProfile="Adobe Standard"',
        'exif:Sharpness="Normal as ever"', f'new:Whatever="{"QUJD" * 40}"', 'new:ItemStatus="Draft"',
    ],
)  # fmt: skip
def test_what_machines_write_is_not(said: str) -> None:
    assert told(described(said)) == {}


def test_what_a_property_stands_in_says_what_it_is() -> None:
    person = "<new:PersonHeard><rdf:Bag><rdf:li><rdf:Description><new:Name>Kim</new:Name></rdf:Description></rdf:li>"
    assert told(packet(f"<rdf:Description>{person}</rdf:Bag></new:PersonHeard></rdf:Description>"))["photo.person"] == [
        "Kim"
    ]
    assert kind_of_property("new:Name", ("new:Licensor",), "Kim") == "artist"
    assert kind_of_property("new:Name", (), "Kim") == "said"
    assert kind_of_property("drone-dji:RtkStdLat", (), "0.00988") is None  # metres of deviation
    assert kind_of_property("new:GpsLatitude", (), "39.0194") == "latitude"


def test_values_are_those_of_the_property_they_stand_in() -> None:
    bag = b'<rdf:Bag><rdf:li xml:lang="x">4</rdf:li></rdf:Bag>'
    inside = b'<a:b><c:d e:f="1">2</c:d>3' + bag + b'</a:b><g:h rdf:resource="5"/><i:j>6'
    assert [(value.name, value.text, value.language, value.inside) for value in walk_xmp(XMP % inside)] == [
        ("?e:f", "1", "", ("?a:b", "?c:d")), ("?c:d", "2", "", ("?a:b",)), ("?a:b", "3", "", ()),
        ("?a:b", "4", "x", ()), ("?g:h", "5", "", ()), ("?i:j", "6", "", ()),
    ]  # fmt: skip


def below(*pointers: int, entries: list[tuple[int, int, bytes]], page: bool = False) -> bytes:
    """A JPEG whose Exif holds these entries in a directory that pointers lead to, or on a second page."""
    parts, start = b"", 8
    for pointer in pointers:
        parts += directory([(pointer, 4, (start + 18).to_bytes(4, "little"))], start)
        start += 18
    if page:
        parts += directory([(0x100, 4, (8).to_bytes(4, "little"))], start, start + 18)
        start += 18
    return photograph(1, segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0" + parts + directory(entries, start)))


def degrees(value: int) -> bytes:
    return b"".join(part.to_bytes(4, "little") for part in (value, 1, 30, 1, 0, 1))


GPS = [(1, 2, b"N\0"), (2, 5, degrees(39)), (3, 2, b"E\0"), (4, 5, degrees(125))]


@pytest.mark.parametrize(
    "data",
    [
        below(0x8825, entries=GPS), below(0x8769, 0x8825, entries=GPS), below(0x14A, 0x8825, entries=GPS),
        below(0x14A, 0x8769, 0x8825, entries=GPS),
    ],
    ids=["as always", "below Exif", "below a picture below", "both"],
)  # fmt: skip
def test_a_place_is_found_in_whatever_directory_it_stands(data: bytes) -> None:
    assert told(data)["photo.gps"] == ["39.50000, 125.50000"]


@pytest.mark.parametrize("pointers", [(), (0x8769,), (0x14A,), (0x8769, 0xA005), (0x8825,)])
def test_a_text_is_told_whatever_its_tag(pointers: tuple[int, ...]) -> None:
    assert told(below(*pointers, entries=[(0x7777, 2, text(WRITTEN))]))["photo.words"][0].endswith(f"7777: {WRITTEN}")
    assert told(below(page=True, entries=[(0x13B, 2, text(WRITTEN))])) == {"photo.owner": [WRITTEN]}


@pytest.mark.parametrize("tag", [0xA437, 0xA438])
def test_the_names_of_exif_3_are_told(tag: int) -> None:
    assert told(below(0x8769, entries=[(tag, 2, text(WRITTEN))])) == {"photo.owner": [WRITTEN]}
    assert told(below(0x8769, entries=[(0xA436, 2, text(WRITTEN))])) == {"photo.words": [WRITTEN]}


def test_directories_that_lead_in_a_circle_end() -> None:
    circle = directory([(0x14A, 4, (8).to_bytes(4, "little"))], 8, 8)
    assert told(photograph(1, segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0" + circle))) == {}


@pytest.mark.parametrize(
    "number",
    ["+49123456789", "+850 2 381 4410", "06136/958638", "917-940-4139", "(917) 940-4139", "39 01 10, 125 45 10"],
)
def test_a_telephone_or_place_without_a_letter_is_a_text(number: str) -> None:
    assert not is_written_by_itself(number)


@pytest.mark.parametrize("number", ["1920 1080", "2024:05:01 12:00:00", "0.0.1-2-3", "640 480 300", "12345678", "4711"])
def test_other_numbers_are_not(number: str) -> None:
    assert is_written_by_itself(number)


@pytest.mark.parametrize(
    ("said", "kind", "note"),
    [
        ('new:CiTelWork="13146168764"', "photo.owner", "13146168764"),
        ('new:LicensorTelephone1="917-940-4139"', "photo.owner", "917-940-4139"),
        ('new:CiAdrPcode="10115"', "photo.place", "10115"),
        ('new:CellGlobalID="460-0-4236-50280"', "photo.place", "460-0-4236-50280"),
        ('new:LocationAreaCode="4236"', "photo.place", "4236"),
    ],
)
def test_what_reaches_somebody_is_told_though_no_letter_stands_in_it(said: str, kind: str, note: str) -> None:
    assert told(described(said))[kind] == [note]


@pytest.mark.parametrize(
    "name", ["exif:Artist", "exif:Copyright", "exif:CameraOwnerName", "exifEX:Artist", "aux:Owner"]
)
def test_an_owner_in_a_space_of_machines_is_one(name: str) -> None:
    assert kind_of_property(name, (), "Kim Guide") == "artist"
    assert kind_of_property("crs:Artist", (), "Kim Guide") is None, "of a preset"
