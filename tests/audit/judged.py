"""Cards made by outside tools, with real photographs where there are any, and what outside tools say of them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.audit.made import photograph
from tests.cards import judges
from tests.outside import photos_dir

CARD_MIB = 160
EARLIER = 14  # photographs of the roll before the quick format


def camera_files(place: Path, count: int = 24) -> list[Path]:
    """Photographs as files, numbered as a camera does: real ones, and made ones between them."""
    real = photos_dir()
    sources = sorted((real / "roll").glob("*.JPG"))[::2] if real else []
    found = []
    for number in range(1, count + 1):
        file = place / f"DSC_{number:04d}.JPG"
        if number <= len(sources):
            shutil.copyfile(sources[number - 1], file)
        else:
            # The earlier roll is the larger one, or the new roll would lie over all of it.
            side = 2 if number <= EARLIER else 1
            file.write_bytes(photograph(number, width=800 * side, height=600 * side))
        found.append(file)
    return found


def fat_card(place: Path) -> Path:
    """A FAT32 card by mkfs.fat and mtools: an earlier roll, a quick format, a new roll, deletions, long names."""
    image = place / "card.img"
    _sparse(image)
    judges.done("mkfs.fat", "-F", "32", "-s", "4", "-n", "NIKON D90", image)
    files = camera_files(place)
    judges.done("mmd", "-i", image, "::DCIM")
    _fill(image, files[:8], "101NCD90")
    _fill(image, files[8:EARLIER], "102NCD90")
    # A quick format: file system structures anew, contents where they were.
    judges.done("mkfs.fat", "-F", "32", "-s", "4", "-n", "NIKON D90", image)
    judges.done("mmd", "-i", image, "::DCIM")
    _fill(image, files[EARLIER:], "100NCD90")
    long_name = place / "Reise nach Pjöngjang (verworfen).jpg"
    shutil.copyfile(files[17], long_name)
    judges.done("mcopy", "-m", "-i", image, long_name, "::DCIM/100NCD90")
    for name in ("DSC_0016.JPG", "DSC_0019.JPG", "DSC_0020.JPG", long_name.name):
        judges.done("mdel", "-i", image, f"::DCIM/100NCD90/{name}")
    judges.done("mmd", "-i", image, "::DCIM/102OTHER")
    judges.done("mcopy", "-i", image, files[20], "::DCIM/102OTHER")
    judges.done("mdeltree", "-i", image, "::DCIM/102OTHER")
    return image


def _sparse(image: Path) -> None:
    with image.open("wb") as file:
        file.truncate(CARD_MIB << 20)


def _fill(image: Path, files: list[Path], folder: str) -> None:
    judges.done("mmd", "-i", image, f"::DCIM/{folder}")
    judges.done("mcopy", "-m", "-i", image, *files, f"::DCIM/{folder}")


def exfat_card(place: Path, mounted: Path) -> None:
    """Fill a mounted exFAT card and delete from it."""
    folder = mounted / "DCIM" / "100EOS"
    folder.mkdir(parents=True)
    for file in camera_files(place, 14):
        shutil.copyfile(file, folder / file.name)
    for number in (3, 6, 7):
        (folder / f"DSC_{number:04d}.JPG").unlink()


def deleted_by_fls(image: Path) -> set[str]:
    """Deleted paths as `fls -rd` lists them; exFAT's invented OrphanFile entries left out."""
    listing = judges.done("fls", "-r", "-d", "-p", image)
    names = set()
    for line in listing.splitlines():
        kind, _, rest = line.partition(" ")
        path = rest.split("\t", 1)[-1] if "\t" in rest else rest
        if kind and not re.search(r"OrphanFile-\d+", path):
            names.add(path.removeprefix("$OrphanFiles/"))
    return names


def carved_by_photorec(image: Path, place: Path, *forms: str) -> dict[int, bytes]:
    """Start offset -> contents of what PhotoRec recovers from free space; embedded thumbnails (t*) left out."""
    out = place / "photorec"
    out.mkdir()
    wanted = ",".join(f"{form},enable" for form in forms)
    command = f"partition_none,fileopt,everything,disable,{wanted},freespace,search"
    judges.run("photorec", "/log", "/logname", place / "photorec.log", "/d", out / "r", "/cmd", image, command)
    found = {}
    for file in out.glob("r.*/f*"):
        match = re.match(r"f(\d+)", file.name)
        if match:
            found[int(match[1]) * 512] = file.read_bytes()
    return found
