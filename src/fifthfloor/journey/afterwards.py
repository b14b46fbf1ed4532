"""The second half of the journey: rehearse the search, protect the people, prove the rest, publish."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor.journey.props import STARTED
from fifthfloor.journey.scenes import HEIGHT_PX, WIDTH_PX, photograph
from fifthfloor.tasks.prove import signer_for_this_run, statement_path, verified_file
from fifthfloor.tasks.rehearsal import delete_under_guard, look_at, visible_paths
from fifthfloor.tasks.tidy import tidy
from fifthfloor.words import sentence

Say = Callable[[str], None]

_VERDICTS = {"nothing": "nothing to explain", "explain": "be ready to explain", "stop": "do not cross with this"}


def rehearse(folder: Path, card: Path, visible: str, say: Say) -> None:
    """Look at a card as an officer would, before and after `tidy`; first delete a photograph and bring it back.

    Args:
        folder: the journey's.
        card: one of the cards that are carried.
        visible: path of a photograph on it that a guard has deleted, or "" for none.
        say: hears every step.
    """
    # Played on a copy: the card that crosses is the one that was hidden in, untouched.
    copy = folder / "audit" / card.name
    copy.parent.mkdir(exist_ok=True)
    shutil.copyfile(card, copy)
    if visible:
        regained = delete_under_guard(copy, visible, folder / "audit" / "recovered")
        if not regained.identical:
            raise BadInput("journey.not_back", name=visible)
        say(sentence("journey.guard", name=visible, path=str(regained.path)))
    before = look_at(copy)
    tidied = tidy(copy)
    after = look_at(copy)
    key = "journey.audit_tidied" if tidied.names else "journey.audit"
    facts = {"names": before.names, "left": after.names, "critical": after.critical, "random": 100 * after.random_share}
    say(sentence(key, card=card.stem, before=_VERDICTS[before.verdict], after=_VERDICTS[after.verdict], **facts))
    copy.unlink()


def first_visible(card: Path) -> str:
    """Return the path of the first photograph a card shows."""
    return visible_paths(card)[0]


def publish_essay(folder: Path, back: Path, scenes: Mapping[str, str], say: Say) -> Path:
    """Protect the photographs of the essay, check the gate, and publish it in `folder / "essay"`.

    Args:
        folder: the journey's.
        back: where the photographs came back.
        scenes: scene -> name of the photograph that shows it; what is missing is drawn.
        say: hears every step.

    Returns:
        The page to open.
    """
    from fifthfloor.tasks.essay_sample import publish_sample, sample_scenes
    from fifthfloor.tasks.protect import Intent, protect

    chosen = _chosen(folder, back, scenes, sample_scenes())
    out = folder / "protected"
    intent = Intent(out=out, nobody_looks=True)
    done = list(protect([chosen], intent, signer_for_this_run()))
    hidden = sum(len(one.parts) for one in done if hasattr(one, "parts"))
    say(sentence("journey.protected", count=len(done), faces=hidden))
    _tamper(out / f"{sample_scenes()[0]}.jpg", folder, say)
    site = folder / "essay"
    published = publish_sample(out, site)
    say(sentence("journey.published", count=published.photographs, tellings=len(published.tellings)))
    return site / "index.html"


def _chosen(folder: Path, back: Path, scenes: Mapping[str, str], wanted: Sequence[str]) -> Path:
    """Gather one photograph of every scene of the essay, by the name of its scene."""
    chosen = folder / "protected-from"
    chosen.mkdir()
    for number, scene in enumerate(wanted, start=1):
        target = chosen / f"{scene}.jpg"
        if scene in scenes:
            shutil.copyfile(back / scenes[scene], target)
        else:
            moment = STARTED + timedelta(minutes=7 * number)
            target.write_bytes(photograph(scene, number, moment, width_px=WIDTH_PX, height_px=HEIGHT_PX))
    return chosen


def _tamper(picture: Path, folder: Path, say: Say) -> None:
    """Verify a protected photograph, then show that one changed byte is refused."""
    verified_file(picture)
    forged = folder / "protected-from" / "forged.jpg"
    data = bytearray(picture.read_bytes())
    data[len(data) // 2] ^= 1
    forged.write_bytes(bytes(data))
    shutil.copyfile(statement_path(picture), statement_path(forged))
    try:
        verified_file(forged)
    except FifthFloorError:
        say(sentence("journey.verified", name=picture.name))
    else:
        raise BadInput("journey.forged", name=picture.name)
    finally:
        forged.unlink()
        statement_path(forged).unlink()
