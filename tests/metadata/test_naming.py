"""One recording, several names: what the makers' table says of names as cameras write them."""

from __future__ import annotations

import pytest

from fifthfloor.metadata.naming import is_companion, last_digits, number_of, number_of_count, original_of, recording_of

# files of one recording, its number as its maker counts, and files that are of another
TOGETHER = [
    (["DCIM/100GOPRO/GX014839.MP4", "DCIM/100GOPRO/GX024839.MP4", "DCIM/100GOPRO/GL014839.LRV",
      "DCIM/101GOPRO/GL034839.LRV", "DCIM/100GOPRO/GX014839.THM"], 4839, ["DCIM/100GOPRO/GX014838.MP4"]),
    (["DCIM/100GOPRO/GOPR4839.MP4", "DCIM/100GOPRO/GP014839.MP4", "DCIM/100GOPRO/GOPR4839.LRV",
      "DCIM/100GOPRO/GH014839.MP4"], 4839, ["DCIM/100GOPRO/GOPR4839.JPG"]),
    (["DCIM/100GOPRO/GS010012.360", "DCIM/100GOPRO/GS010012.LRV", "DCIM/100GOPRO/GS020012.360"], 12, []),
    (["DCIM/100GFRNT/GPFR7152.MP4", "DCIM/100GFRNT/GPFR7152.LRV", "DCIM/100GBACK/GPBK7152.MP4",
      "DCIM/100GBACK/GPBK7152.WAV", "DCIM/100GFRNT/GF017152.MP4", "DCIM/100GBACK/GB017152.THM"], 7152,
     ["DCIM/100GFRNT/GPFR7153.MP4", "DCIM/100GFRNT/GPFR7152.JPG"]),
    (["DCIM/100GOPRO/3D_L0002.MP4", "DCIM/100GOPRO/3D_R0002.MP4"], 2, ["DCIM/100GOPRO/GOPR0002.MP4"]),
    (["DCIM/100GOPRO/GOPR0015.GPR", "DCIM/100GOPRO/GOPR0015.JPG"], 15, ["DCIM/100GOPRO/GOPR0016.JPG"]),
    (["DCIM/Camera01/VID_20240501_120000_00_013.insv", "DCIM/Camera01/VID_20240501_120000_10_013.insv",
      "DCIM/Camera01/LRV_20240501_120000_01_013.insv", "DCIM/Camera01/LRV_20240501_120000_11_013.lrv"], 13,
     ["DCIM/Camera01/VID_20240501_120100_00_014.insv", "DCIM/Camera01/IMG_20240501_120000_00_013.insp"]),
    (["DCIM/DJI_001/DJI_20240501120000_0021_D.MP4", "DCIM/DJI_001/DJI_20240501120000_0021_D.LRF",
      "DCIM/DJI_001/DJI_20240501120000_0021_D.SRT"], 21, ["DCIM/DJI_001/DJI_20240501120100_0022_D.MP4"]),
    (["DCIM/100MEDIA/DJI_0007.MP4", "DCIM/100MEDIA/DJI_0007.SRT", "MISC/THM/100/DJI_0007.THM",
      "MISC/THM/100/DJI_0007.SCR"], 7, ["DCIM/101MEDIA/DJI_0007.MP4", "DCIM/100MEDIA/DJI_0008.MP4"]),
    (["PRIVATE/M4ROOT/CLIP/C0002.MP4", "PRIVATE/M4ROOT/CLIP/C0002M01.XML", "PRIVATE/M4ROOT/THMBNL/C0002T01.JPG",
      "PRIVATE/M4ROOT/SUB/C0002S03.MP4"], 2, ["PRIVATE/M4ROOT/CLIP/C0003.MP4", "XDROOT/Clip/C0002.MXF"]),
    (["CRM/A001/A001C002_240501AB_CANON.CRM", "CRM/A001/A001C002_240501AB_CANON.XML"], 2,
     ["CRM/A001/A002C002_240501AB_CANON.CRM"]),
    (["A001_C016_0501AB_001.R3D", "A001_C016_0501AB_002.R3D"], 16, ["A001_C017_0501AB_001.R3D"]),
    (["A001_05011200_C016.braw", "A001_05011200_C016.sidecar"], 16, ["A002_05011200_C016.braw"]),
    (["PRIVATE/AVCHD/BDMV/STREAM/00020.MTS", "PRIVATE/AVCHD/BDMV/CLIPINF/00020.CPI"], 20,
     ["PRIVATE/AVCHD/BDMV/PLAYLIST/00020.MPL"]),
    (["PRIVATE/M4ROOT/CLIP/A001C0002_240501AB.MP4", "PRIVATE/M4ROOT/CLIP/A001C0002_240501ABM01.XML",
      "PRIVATE/M4ROOT/THMBNL/A001C0002_240501ABT01.JPG"], 2, ["PRIVATE/M4ROOT/CLIP/A002C0002_240501AB.MP4"]),
    (["BPAV/CLPR/123_0002_01/123_0002_01.MP4", "BPAV/CLPR/123_0002_01/123_0002_01M01.XML"], 2, []),
    (["CONTENTS/VIDEO/0002AB.MXF", "CONTENTS/AUDIO/0002AB00.MXF", "CONTENTS/CLIP/0002AB.XML"], 2, []),
    (["CONTENTS/CLIPS001/AA0002/AA000201.MXF", "CONTENTS/CLIPS001/AA0002/AA0002.XML"], 2, []),
    (["PRIVATE/AVCHD/BDMV/STREAM/00000.MTS", "PRIVATE/AVCHD/BDMV/CLIPINF/00000.CPI"], 0,
     ["PRIVATE/AVCHD/BDMV/STREAM/00001.MTS"]),
    (["XDROOT/Clip/XD0003.MXF", "XDROOT/Clip/XD0003M01.XML", "XDROOT/Sub/XD0003S03.MP4", "XDROOT/THMBNL/XD0003T01.JPG"],
     3, ["XDROOT/Clip/XD0004.MXF"]),
    (["SD_VIDEO/PRG001/MOV00A.MOD", "SD_VIDEO/PRG001/MOV00A.MOI"], 10, ["SD_VIDEO/PRG001/MOV010.MOD"]),
    (["A_0001C002X240501_120000AB_CANON.CRM", "A_0001C002X240501_120000AB_CANON_001_Proxy.MP4"], 2,
     ["A_0001D002X240501_120000AB_CANON.CRM"]),
    (["BMPCC_1_2024-05-01_1201_C0002.mov"], 2, ["BMPCC_2_2024-05-01_1201_C0002.mov"]),
    (["Movie/20240501120000_000002F.MP4"], 2, ["Movie/20240501120000_000003R.MP4"]),
    (["Movie/REC0002.MP4", "Movie/REC0002.THM"], 2, ["Movie/REC0003.MP4"]),
    (["A001_05011200_C016.braw", "Proxy/A001_05011200_C016.mp4"], 16, []),
    (["A001_0925AB.RDM/A001_C001_0925AB.RDC/A001_C001_0925AB_002.R3D",
      "A001_0925AB.RDM/A001_C001_0925AB.RDC/A001_C001_0925AB.RTN"], 1, []),
    (["VID_20240324_090228/origin_1.mp4", "VID_20240324_090228/origin_6_lrv.mp4", "VID_20240324_090228/preview.mp4",
      "VID_20240324_090228/pro.prj", "VID_20240324_090228"], 90228,
     ["VID_20240324_090229/origin_1.mp4", "PIC_20240324_090230/origin_1.dng", "VID_20240324_090228/IMG_0001.JPG"]),
    (["DCIM/VID_2024_05_01_12_00_00/origin_1.mp4", "DCIM/VID_2024_05_01_12_00_00/gyro.mp4"], 120000,
     ["DCIM/VID_2024_05_02_12_00_00/origin_1.mp4"]),
    (["PIC_20240324_183332/origin_1_8.jpg", "PIC_20240324_183332/origin_3_1.dng", "PIC_20240324_183332/thumbnail.jpg"],
     183332, []),
    (["CINEMA/A001_001/A001_001_20260701_000001.DNG", "CINEMA/A001_001/A001_001_20260701_000240.DNG",
      "CINEMA/A001_001/A001_001_20260701.WAV"], 1, ["CINEMA/A001_002/A001_002_20260701_000001.DNG"]),
    (["R/A001C001_250925_R0Z3/A001C001_250925_R0Z3.0000001.ari", "R/A001C001_250925_R0Z3/A001C001_250925_R0Z3.xml"], 1,
     ["R/A001C002_250925_R0Z3/A001C002_250925_R0Z3.0000001.ari"]),
    (["XDROOT/Clip/A001C001_250925AB.MXF", "XDROOT/Clip/A001C001_250925ABM01.XML",
      "XDROOT/THMBNL/A001C001_250925ABT01.JPG", "XDROOT/Sub/A001C001_250925ABS01.MP4"], 1,
     ["XDROOT/Clip/A001C002_250925AB.MXF"]),
    (["A001C0001_20240501120000_0001.MOV", "A001C0001_20240501120000_0002.MOV"], 1, ["A001C0001_20240501150000.MOV"]),
    (["DCIM/100MEDIA/DJI_0007_T.JPG", "DCIM/100MEDIA/DJI_0007_W.JPG", "MISC/THM/100/DJI_0007.THM"], 7,
     ["DCIM/DJI_100/DJI_0007.JPG", "MISC/THM/DJI_100/DJI_0007.THM"]),
    (["DCIM/DJI_001/DJI_20240501120000_0021_D.MP4", "MISC/THM/DJI_001/DJI_20240501120000_0021_D.THM"], 21, []),
    (["Movie/2024_0501_120000_007.MP4", "Movie/2024_0501_120000_007A.MP4"], 7, ["Movie/2024_0501_120100_007.MP4"]),
    (["VID_20240501_120000_00_1001.insv", "VID_20240501_120000_10_1001.insv"], 1001, []),
]  # fmt: skip


@pytest.mark.parametrize(("files", "number", "others"), TOGETHER, ids=lambda value: str(value)[:24])
def test_files_of_one_recording(files: list[str], number: int, others: list[str]) -> None:
    found = {recording_of(path) for path in files}
    assert len(found) == 1, found
    (recording,) = found
    assert recording is not None
    assert recording.number == number
    assert recording not in {recording_of(path) for path in others}


@pytest.mark.parametrize(
    ("name", "number"),
    [("P1000999.JPG", 999), ("P1010001.JPG", 1), ("P5010003.ORF", 3), ("L1000001.DNG", 1), ("100_0042.JPG", 42),
     ("DSC01234.ARW", 1234), ("_MG_0042.CR2", 42), ("MVI_0007.MOV", 7), ("DSCF0019.RAF", 19)],
)  # fmt: skip
def test_folders_and_days_are_no_numbers_of_frames(name: str, number: int) -> None:
    found = recording_of(f"DCIM/100ABCDE/{name}")
    assert found is not None
    assert found.number == number


@pytest.mark.parametrize("name", ["PXL_20240501_120000000.MP.jpg", "20240501_120000.jpg", "IMG_20240501_120000.jpg",
                                  "notes.txt", "VID_20240501_120000.mp4", "IMG_0000.JPG"])  # fmt: skip
def test_names_that_count_nothing(name: str) -> None:
    assert recording_of(f"DCIM/Camera/{name}") is None


def test_what_is_only_beside_a_recording() -> None:
    for name in ("GX014839.THM", "GL014839.LRV", "C0002T01.JPG", "C0002M01.XML", "C0002S03.MP4", "DJI_0007.SRT",
                 "LRV_20240501_120000_01_013.insv",
                 "A001C001_250925ABT01.JPG"):  # fmt: skip
        assert is_companion(name), name
    for name in (
        "GX014839.MP4",
        "C0002.MP4",
        "DJI_0007.MP4",
        "A001C002_240501AB_CANON.CRM",
        "00020.MTS",
        "B001_T05.MOV",
    ):
        assert not is_companion(name), name


@pytest.mark.parametrize(
    ("name", "shown", "typed"),
    [("P1010801.JPG", 801, 1010801), ("IMG_0041.JPG.XMP", 41, 41), ("DJI_20260501120000_0007_D.MP4", 7, None),
     ("GX014839.MP4", 4839, 14839), ("IMG_20240501_120000.jpg", 120000, 120000), ("roll.txt", None, None)],
)  # fmt: skip
def test_one_number_is_shown_and_another_is_typed(name: str, shown: int | None, typed: int | None) -> None:
    assert number_of(f"DCIM/100ABCDE/{name}") == shown
    assert last_digits(name.split(".", 1)[0]) == typed


@pytest.mark.parametrize(("count", "number"), [(1000041, 41), (41, 41), (1009999, 9999), (1000000, None), (0, None)])
def test_a_count_inside_holds_the_folder_too(count: int, number: int | None) -> None:
    assert number_of_count(count) == number


@pytest.mark.parametrize(
    ("name", "original"),
    [("IMG_E0001.HEIC", "IMG_0001"), ("img_e0001.mov", "IMG_0001"), ("IMG_O0001.AAE", "IMG_0001"),
     ("DSCA0007.WAV", "DSCN0007"), ("RSCB0007.WAV", "RSCN0007"), ("IMG_0001.HEIC", None), ("IMG_E00011.HEIC", None),
     ("SND_0005.WAV", "IMG_0005"), ("IMG_X0001.HEIC", None), ("DSCA0007.JPG", None)],
)  # fmt: skip
def test_what_belongs_to_a_frame_of_another_name(name: str, original: str | None) -> None:
    assert original_of(f"DCIM/100APPLE/{name}") == original


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Day1/C0001.MP4", "Day2/C0001.MP4"),
        ("DCIM/100SONY/C0001.MP4", "DCIM/101SONY/C0001.MP4"),
        ("day1/00000.MTS", "day2/00000.MTS"),
        ("DCIM/100AVCHD/00001.MTS", "DCIM/101AVCHD/00001.MTS"),
        ("CONTENTS/VIDEO/0001AB.MXF", "CONTENTS/VIDEO/0001CD.MXF"),
        ("A001_05011200_C016.braw", "A001_05021200_C016.braw"),
        ("A001C001_240501AB_CANON.MXF", "A001C001_240502CD_CANON.MXF"),
        ("A_0001C001X240501_120000AB_CANON.MXF", "A_0001C001X240502_120000CD_CANON.MXF"),
        ("CLIP/A001C0001_240501AB.MP4", "CLIP/A001C0001_240502CD.MP4"),
        ("BMPCC_1_2024-05-01_1201_C0001.mov", "BMPCC_1_2024-05-02_1201_C0001.mov"),
        ("DCIM/100MEDIA/DJI_0001.MP4", "DCIM/DJI_100/DJI_0001.MP4"),
        ("A001C001_240501_R1AB.mxf", "A001C001_240501_R0Z3.mxf"),
        ("CINEMA/A001_001_20260801.MOV", "CINEMA/A001_001_20260802.MOV"),
        ("A001C0001_20240501120000_0001.MOV", "A001C0001_20240501150000_0001.MOV"),
        ("R/A001_C001_0501AB.RDC/A001_C001_0501AB_001.R3D", "R/A001_C001_0502CD.RDC/A001_C001_0502CD_001.R3D"),
    ],
)
def test_two_days_are_two_recordings_though_their_number_is_one(one: str, other: str) -> None:
    """`hide --only Day1/C0001.MP4 --remove` took Day2's off the card, too."""
    first, second = recording_of(one), recording_of(other)
    assert first is not None
    assert second is not None
    assert first != second
    assert first.number == second.number


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PRIVATE/M4ROOT/CLIP/C0001.MP4", "PRIVATE/M4ROOT/THMBNL/C0001T01.JPG"),
        ("Day1/C0001.MP4", "Day1/SUB/C0001S03.MP4"),
        ("XDROOT/Clip/ABC0001.MXF", "XDROOT/Sub/ABC0001S01.MP4"),
        ("BDMV/STREAM/00000.MTS", "BDMV/CLIPINF/00000.CPI"),
        ("CONTENTS/VIDEO/0001AB.MXF", "CONTENTS/AUDIO/0001AB00.MXF"),
        ("A001_05011200_C016.braw", "Proxy/A001_05011200_C016.mp4"),
        ("A001C001_240501AB_CANON.MXF", "A001C001_240501AB_CANON.XML"),
        ("CLIP/A001C0001_240501AB.MP4", "CLIP/A001C0001_240501ABM01.XML"),
        ("R/A001_C001_0501AB.RDC/A001_C001_0501AB_001.R3D", "R/A001_C001_0501AB.RDC/A001_C001_0501AB.RMD"),
        ("PRIVATE/M4ROOT/CLIP/AB12_0001.MP4", "PRIVATE/M4ROOT/THMBNL/AB12_0001T01.JPG"),
        ("PRIVATE/M4ROOT/CLIP/AB120001.MP4", "PRIVATE/M4ROOT/CLIP/AB120001M01.XML"),
    ],
)
def test_what_lies_in_folders_beside_each_other_stays_one_recording(one: str, other: str) -> None:
    assert recording_of(one) is not None
    assert recording_of(one) == recording_of(other)
