"""What the audit says of the numbers in cameras' file names."""

from __future__ import annotations

SAID: dict[str, tuple[str, str, str, str]] = {
    "numbers.gap": (
        "{missing:number is|numbers are} missing: {numbers}",
        "a gap says that photographs were taken and removed, and how many; not what they showed",
        "delete some harmless frames in the camera as well; renaming by computer leaves the old names behind as deleted entries",
        "nothing but more gaps, which are ordinary for people who choose on the road",
    ),
    "numbers.alone": (
        "{count:file is there without the recording it belongs to|files are there without the recordings they belong to}: {names}",
        "thumbnails, small copies and descriptions show what was taken off the card",
        "take them off with it: `hide --from CARD --only NAME --remove` takes all files of a recording",
        "a gap in the numbers",
    ),
    "numbers.index": (
        "an index on the card names {count:recording that is|recordings that are} not there: {names}",
        "the camera keeps a list of its clips, and it was not written anew",
        "record one more clip with the camera, which writes the index anew, or format the card in it",
        "an index without them, and a gap in the numbers",
    ),
    "numbers.gap_inside": (
        "{missing:number is|numbers are} missing: {numbers}; the camera's own number is inside each photograph",
        "do not renumber: every file would say in its maker note which number it had",
        "explain the gap, or delete some harmless frames in the camera as well",
        "nothing but more gaps, which are ordinary for people who choose on the road",
    ),
    "numbers.gap_between": (
        "{missing:number is|numbers are} missing between one folder and the next: {numbers}",
        "a camera goes on counting from folder to folder unless it was told to start anew",
        "explain it; a shot on another card counts too",
        "nothing",
    ),
    "numbers.folder_gap": (
        "folder numbers are missing: {numbers}",
        "a folder was removed whole, or made on another card",
        "explain it; an empty folder made by computer has the wrong marks",
        "nothing",
    ),
    "numbers.folder_twice": (
        "{count} folders share their number: {names}",
        "a camera does not do that; a computer or a second camera did",
        "know it before you are asked",
        "nothing",
    ),
}
