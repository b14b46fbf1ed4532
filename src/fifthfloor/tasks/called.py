"""What photographs are called in a folder that is written: by numbers, and a list at home says which is which.

Rule 1: a name tells nothing of its source but its place among those given: `photo-0001.jpg`. Cameras count, phones
        write the second into it, and people the name of a friend.
Rule 2: within a folder a photograph keeps its name, whatever is given beside it later: approvals and boxes are by name.
Rule 3: `names.json` is for the photographer alone: only the owner may read it, and nothing that is published needs it.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from fifthfloor.errors import BadInput
from fifthfloor.files import place_together, read_whole

LIST = "names.json"
# A name of 255 characters each way, for 10,000 photographs.
MAX_LIST_BYTES = 8 << 20
_OUR_NAME = re.compile(r"photo-\d{4,}\.jpg")


def call(sources: Sequence[str], taken: Collection[str], known: Mapping[str, str]) -> dict[str, str]:
    """Give each photograph its name.

    Args:
        sources: what each would be called by its source, "DSC_0001.jpg"; no two are the same file anywhere.
        taken: names that are in the folder already, as `str.casefold` makes them.
        known: what was given earlier (`read_list`): by source, the name.

    Returns:
        By source, its name. One that lies there under its source's name, from before there were numbers, keeps it.
    """
    used = {*taken, *(name.casefold() for name in known.values()), *(source.casefold() for source in sources)}
    free = (name for number in itertools.count(1) if (name := f"photo-{number:04}.jpg") not in used)
    called: dict[str, str] = {}
    for source in sources:
        earlier = known.get(source) or (source if source.casefold() in taken else None)
        called[source] = earlier or next(free)
    return called


def sources_of(path: Path) -> tuple[str, str, str]:
    """Return what a file may be listed as: by its stem, with its ending, and with its folder, the first that is free.

    A phone puts IMG_1.HEIC beside IMG_1.JPG, and a camera begins again at IMG_0001 in its next folder.
    """
    return f"{path.stem}.jpg", f"{path.name}.jpg", f"{path.parent.name} {path.name}.jpg"


def names_in(folder: Path, sources: Sequence[str]) -> dict[str, str]:
    """Give photographs their names in a folder, by source (`call`). Raises BadInput where its list is none."""
    taken = {path.name.casefold() for path in folder.iterdir()} if folder.is_dir() else set()
    return call(sources, taken, read_list(folder))


def by_name(given: Mapping[str, object], called: Mapping[str, str]) -> dict[str, str]:
    """Tell of each key of a person's file which name it means: that of the file written, or of its source.

    Raises:
        BadInput: no such photograph was given, or one name means two of them.
    """
    names = set(called.values())
    meant = {}
    for key in given:
        as_source = called.get(key)
        if key not in names and as_source is None:
            raise BadInput("protect.unknown_name", name=key)
        if key in names and as_source not in (None, key):
            raise BadInput("protect.two_of_a_name", name=key, other=as_source)
        meant[key] = key if key in names else str(as_source)
    if len(set(meant.values())) < len(meant):
        twice = next(key for key, name in meant.items() if key != name and name in meant)
        raise BadInput("protect.two_of_a_name", name=twice, other=meant[twice])
    return meant


def read_list(folder: Path) -> dict[str, str]:
    """Read which photograph is which in a folder, by source; nothing without a list. Raises BadInput if it is none."""
    path = folder / LIST
    if path.is_symlink():
        raise BadInput("looking.link", name=LIST)
    if not path.exists():
        return {}
    try:
        document = json.loads(read_whole(path, MAX_LIST_BYTES))
        # A source that is no text is put as something that no file is called.
        listed = {source if isinstance(source, str) else "": name for name, source in document.items()}
    except (ValueError, AttributeError, RecursionError):
        raise BadInput("protect.names_broken", name=str(path)) from None
    # Somebody's own file of that name holds something else, and is not to be written anew.
    is_ours = bool(listed) and all(_OUR_NAME.fullmatch(name) for name in listed.values())
    if not is_ours or len(listed) < len(document) or not all(map(_is_plain, listed)):
        raise BadInput("protect.names_broken", name=str(path))
    return listed


def write_list(folder: Path, called: Mapping[str, str]) -> None:
    """Keep which photograph is which, beside what is kept already; names that are their source's own need no line."""
    known = read_list(folder)
    listed = known | {source: name for source, name in called.items() if source != name}
    if listed != known:
        document = {name: source for source, name in sorted(listed.items(), key=lambda pair: pair[1])}
        place_together({folder / LIST: (json.dumps(document, indent=1) + "\n").encode()}, replace=True, private=True)


def _is_plain(name: str) -> bool:
    """Tell whether a name stays in its folder."""
    return name not in ("", ".", "..") and not {"/", "\\", "\0"} & set(name)
