"""Steps of the journey that rehearse the search, on virtual cards: a guard makes you delete; what an officer sees."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from fifthfloor.cards.image import open_card
from fifthfloor.errors import NothingFound
from fifthfloor.tasks.search.audit import audit
from fifthfloor.tasks.search.recover import recover
from fifthfloor_theatre.cards.camera_delete import delete_like_a_camera


@dataclass(frozen=True, slots=True)
class Regained:
    """A photograph deleted under a guard's eyes, and brought back.

    Args:
        deleted: its path on the card.
        path: where it is now.
        identical: whether every byte is as it was.
    """

    deleted: str
    path: Path
    identical: bool


@dataclass(frozen=True, slots=True)
class Glance:
    """What an officer would see of one card, in short.

    Args:
        verdict: "nothing", "explain" or "stop".
        critical, high, medium, low: findings of each severity.
        names: deleted photographs that directories still name.
        photographs: deleted photographs that can be brought back.
        random_share: share of free space that looks random, 0 to 1.
    """

    verdict: str
    critical: int
    high: int
    medium: int
    low: int
    names: int
    photographs: int
    random_share: float


def delete_under_guard(card: Path, path_in_card: str, out: Path) -> Regained:
    """Delete a photograph as the camera does, then bring it back to `out`.

    Args:
        card: an image of a FAT32 card; it is written by the deletion alone.
        path_in_card: of a visible photograph.
        out: where everything recoverable goes.

    Raises:
        NothingFound: it did not come back.
    """
    with open_card(card) as opened:
        found = [(v, f) for v in opened.volumes for f in v.files() if f.path == path_in_card]
        before = hashlib.sha256(b"".join(found[0][0].read_file(found[0][1]))).digest() if found else b""
        place = found[0][1].extents[0].offset_bytes if found and found[0][1].extents else -1
    delete_like_a_camera(card, path_in_card)
    for file in recover(card, out).files:
        if file.offset_bytes == place:
            return Regained(path_in_card, file.path, hashlib.sha256(file.path.read_bytes()).digest() == before)
    raise NothingFound("recover.not_back", path=str(card), name=path_in_card)


def look_at(card: Path) -> Glance:
    """Audit one card and say it in numbers, for before and after `tidy` and for before crossing."""
    report = audit([card], None).report
    facts = {finding.kind: finding.facts for finding in report.findings}
    free_map = report.targets[0].free_map
    return Glance(
        report.verdict,
        report.count("critical"),
        report.count("high"),
        report.count("medium"),
        report.count("low"),
        names=int(facts.get("card.deleted", {}).get("count", 0)),
        photographs=int(facts.get("card.recoverable", {}).get("count", 0)),
        random_share=free_map.share("random") if free_map is not None else 0.0,
    )


def visible_paths(card: Path) -> list[str]:
    """Return the paths of the visible files of a card, in order."""
    with open_card(card) as opened:
        return [file.path for file in opened.files() if not file.is_directory]
