"""The last part of the journey: sign, protect the people, prove the rest, publish."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor.tasks.people.prove import SignIntent, signer_for_this_run, statement_path, verified_file
from fifthfloor_theatre.journey.props import ROLL_SEED, STARTED
from fifthfloor_theatre.journey.scenes import HEIGHT_PX, UNWANTED, WIDTH_PX, photograph, scene_faces
from fifthfloor_theatre.journey.teller import Teller

PROVED_SCENE = "border-post"  # the soldier at the barrier


def prove_one(folder: Path, scenes: Mapping[str, Path], teller: Teller) -> None:
    """Sign one photograph with a box hidden, verify it, and see that one changed byte is refused.

    Args:
        folder: the journey's.
        scenes: scene -> the photograph that came back; what is missing is drawn.
    """
    from fifthfloor.tasks.people.prove import sign_files
    from fifthfloor.tasks.people.prove_inputs import boxes_from

    out = folder / "signed"
    out.mkdir()
    source = _fetched(PROVED_SCENE, 1, scenes, out / "original.jpg")
    boxes = out / "boxes.json"
    seed = ROLL_SEED + list(UNWANTED).index(PROVED_SCENE) if PROVED_SCENE in scenes else 0
    boxes.write_text(json.dumps({source.name: [_head(seed)]}, indent=2) + "\n", encoding="utf-8")
    target = out / "published"
    list(sign_files([source], target, signer_for_this_run(), SignIntent(boxes_from(boxes))))
    signed = target / "original.jpg"
    if verified_file(signed).hidden_intervals == 0:
        raise BadInput("journey.not_hidden", name=signed.name)
    _forge(signed, folder)
    teller.tell("signed", name=str(signed))


def publish_essay(folder: Path, scenes: Mapping[str, Path], teller: Teller) -> Path:
    """Protect the photographs of the essay, try the gate, and publish it in `folder / "essay"`.

    Args:
        folder: the journey's.
        scenes: scene -> the photograph that came back; what is missing is drawn.

    Returns:
        The page to open.
    """
    from fifthfloor.tasks.people.protect import ProtectIntent, protect
    from fifthfloor_theatre.essay_sample import publish_sample, refuses, sample_scenes

    chosen = folder / "protected-from"
    chosen.mkdir()
    for number, scene in enumerate(sample_scenes(), start=1):
        _fetched(scene, number, scenes, chosen / f"{scene}.jpg")
    out = folder / "protected"
    done = list(protect([chosen], ProtectIntent(out=out, nobody_looks=True), signer_for_this_run()))
    hidden = sum(len(one.parts) for one in done if hasattr(one, "parts"))
    teller.tell("protected", count=len(done), faces=hidden)
    original = chosen / f"{sample_scenes()[0]}.jpg"
    # Under the statement of its protected version, as somebody in a hurry might lay it there.
    shutil.copyfile(statement_path(out / original.name), statement_path(original))
    if not refuses(original):
        raise BadInput("journey.gate_open", name=original.name)
    teller.tell("gate", name=original.name)
    published = publish_sample(out, folder / "essay")
    teller.tell("published", count=published.photographs, tellings=len(published.tellings))
    return folder / "essay" / "index.html"


def _head(seed: int) -> dict[str, int]:
    """Return the box of the largest face of the drawn scene, with hair and cap, as `sign --boxes` takes it."""
    face = max(scene_faces(PROVED_SCENE, seed), key=lambda box: box.width_px * box.height_px)
    across, up = face.width_px * 2 // 5, face.height_px * 3 // 5
    return {
        "left": max(0, face.left_px - across),
        "top": max(0, face.top_px - up),
        "right": min(WIDTH_PX, face.left_px + face.width_px + across),
        "bottom": min(HEIGHT_PX, face.top_px + face.height_px + up // 2),
    }


def _fetched(scene: str, number: int, scenes: Mapping[str, Path], target: Path) -> Path:
    """Copy the photograph of a scene that came back, or draw one where none did."""
    if scene in scenes:
        shutil.copyfile(scenes[scene], target)
    else:
        moment = STARTED + timedelta(minutes=7 * number)
        target.write_bytes(photograph(scene, number, moment, width_px=WIDTH_PX, height_px=HEIGHT_PX))
    return target


def _forge(picture: Path, folder: Path) -> None:
    """Change one byte of a copy of a signed picture; it must be refused.

    Raises:
        BadInput: it was not.
    """
    forged = folder / "audit" / "forged.jpg"
    data = bytearray(picture.read_bytes())
    data[len(data) // 2] ^= 1
    forged.write_bytes(bytes(data))
    shutil.copyfile(statement_path(picture), statement_path(forged))
    try:
        verified_file(forged)
    except FifthFloorError:
        return
    finally:
        forged.unlink()
        statement_path(forged).unlink()
    raise BadInput("journey.forged", name=picture.name)
