"""A passphrase that was typed into a form, perhaps with an identity: turned into keys once, and let go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fifthfloor.desk.asked import Asked
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.jobs import Job
from fifthfloor.errors import BadInput
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.here import ByIdentity
    from fifthfloor.tasks.secret import FloorKeys

MOST_OTHERS = 3
_LINE_PREFIX = "fifthfloor1"  # how a recipient's line begins


class Phrase:
    """What was typed; never shown, not even by `repr`."""

    def __init__(self, phrase: str, label: str) -> None:
        self._phrase, self._label = phrase, label

    def __repr__(self) -> str:
        return "Phrase()"

    def keys(self, job: Job) -> FloorKeys:
        """Derive the keys, with the page saying so; what was typed is let go. Once only."""
        from fifthfloor.tasks.secret import keys_of

        with job.progress("work.keys", 0):
            keys = keys_of(self._phrase, self._label)
        self._phrase = self._label = ""
        return keys


class IdentityPhrase:
    """What stands in an identity file, and what was typed to open it; never shown, not even by `repr`."""

    def __init__(self, contents: bytes, phrase: str, label: str) -> None:
        self._contents, self._phrase, self._label = contents, phrase, label

    def __repr__(self) -> str:
        return "IdentityPhrase()"

    def keys(self, job: Job) -> ByIdentity:
        """Open the identity, with the page saying so; what was given is let go. Once only.

        Raises:
            BadInput: it is no identity file, or one without a recipient.
            NothingFound: another passphrase.
        """
        from fifthfloor.tasks.floors.here import ByIdentity
        from fifthfloor.tasks.floors.sealed_shots import ShotKeys
        from fifthfloor.tasks.people.identity import recipient_in

        with job.progress("work.keys", 0):
            key = recipient_in(self._contents, self._phrase, sentence("desk.identity.given"))
        self._contents, self._phrase = b"", ""

        def left(keys: int, tried: int) -> None:
            job.notes.append(sentence("sealed.left", keys=keys, tried=tried))

        return ByIdentity(key, self._label, ShotKeys((key,), ()), left=left)


def known(desk: Desk, asked: Asked) -> Phrase | IdentityPhrase:
    """Take a passphrase that was made before, or an identity with its own: pasted or dropped, or a file of the desk.

    Raises:
        BadInput: no passphrase was typed, the identity was given twice, or its file is none of the desk's.
    """
    from fifthfloor.tasks.people.identity import identity_bytes

    phrase, label = asked.one("passphrase"), asked.one("label")
    if not phrase:
        raise BadInput("floor.passphrase_empty")
    given, named = asked.one("identity").strip(), asked.one("identity_file").strip()
    if given and named:
        raise BadInput("desk.identity_twice")
    if named:
        return IdentityPhrase(identity_bytes(desk.places.inside(named)), phrase, label)
    return IdentityPhrase(given.encode(), phrase, label) if given else Phrase(phrase, label)


def new(asked: Asked) -> Phrase:
    """Take a passphrase to hide with, typed twice.

    Raises:
        BadInput: the two differ, it is too weak, or was thought of and that was not said.
    """
    from fifthfloor.tasks.secret import check_strength, is_the_same

    phrase, label = asked.one("passphrase"), asked.one("label")
    if not phrase:
        raise BadInput("floor.passphrase_empty")
    check_strength(phrase, own=asked.has("own"))
    if phrase != asked.one("again"):
        raise BadInput("desk.differ")
    if label and is_the_same(label, phrase):
        raise BadInput("ask.label_is_passphrase")
    if label and label != asked.one("label_again"):
        raise BadInput("desk.differ_label")
    return Phrase(phrase, label)


def recipients(asked: Asked) -> tuple[str, ...]:
    """Take the lines of those to whom it is sealed, none where none was given; no file is read.

    Raises:
        BadInput: it is no recipient's line, or a passphrase was typed too.
    """
    text = "".join(asked.one("to").split())
    if not text:
        return ()
    if asked.one("passphrase"):
        raise BadInput("desk.sealed_or_phrase")
    before, *lines = text.lower().split(_LINE_PREFIX)
    if before or not lines:
        raise BadInput("recipient.malformed", characters=len(text))
    return tuple(_LINE_PREFIX + line for line in lines)


def others(asked: Asked) -> list[Phrase]:
    """Take the passphrases of other floors that are to be kept; none where none was typed."""
    typed = [(asked.one(f"keep{n}"), asked.one(f"keep_label{n}")) for n in range(MOST_OTHERS)]
    return [Phrase(phrase, label) for phrase, label in typed if phrase]
