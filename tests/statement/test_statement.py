"""A statement that was signed verifies; whatever was changed does not."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.jpeg.pictures import jpeg
from tests.outside import REPOSITORY
from tests.statement.hidden_more import hide_more
from tests.statement.stories import KEY, OTHER_KEY, facts, secret, signed

from fifthfloor.errors import BadInput, NothingFound
from fifthfloor.jpeg.canonical import CanonicalHeader, canonicalise
from fifthfloor.jpeg.grammar import parse
from fifthfloor.statement import claims, tree
from fifthfloor.statement.claims import NOBODY, Approval
from fifthfloor.statement.hidden_runs import HiddenRuns, contains, from_marks, lawful, to_marks
from fifthfloor.statement.sign import Original, RedactedBytes, approve_all, sign
from fifthfloor.statement.statement import read
from fifthfloor.statement.verdict import verdict
from fifthfloor.statement.verify import verify

HIDE: HiddenRuns = ((2, 2), (9, 1))


def reject(picture: bytes, statement: bytes, key: str) -> None:
    with pytest.raises((BadInput, NothingFound)) as caught:
        verify(picture, statement)
    assert caught.value.key == key


def changed(statement: bytes, **parts: Any) -> bytes:
    document = json.loads(statement)
    for path, value in parts.items():
        place = document
        *names, last = path.split("__")
        for name in names:
            place = place[int(name)] if isinstance(place, list) else place[name]
        place[int(last) if isinstance(place, list) else last] = value
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


@pytest.mark.parametrize("hide", [(), HIDE, ((0, 19),), ((18, 1),), ((0, 1), (2, 17))])
def test_what_was_signed_verifies(hide: HiddenRuns) -> None:
    found = signed(hide)
    verified = verify(found.picture, found.statement)
    assert verified.hidden == hide
    assert verified.key == KEY.public
    assert verified.intervals == 19
    assert read(found.statement).to_bytes() == found.statement


@pytest.mark.parametrize("place", range(0, 64, 9))
def test_a_key_that_differs_in_one_digit_is_another(place: int) -> None:
    found = signed()
    verified, key = verify(found.picture, found.statement), KEY.public.hex()
    assert verdict(verified, f" {key[:30].upper()}\n{key[30:]} ") == "proved"
    digit = "0" if key[place] != "0" else "1"
    assert verdict(verified, key[:place] + digit + key[place + 1 :]) == "other_key"
    assert verdict(verified, key[:place] + key[place + 1 :]) == "no_key"


@given(st.lists(st.booleans(), min_size=1, max_size=70), st.data())
@settings(max_examples=150, deadline=None)
def test_the_root_is_the_same_however_much_is_hidden(marks: list[bool], data: st.DataObject) -> None:
    count = len(marks)
    more = data.draw(st.lists(st.booleans(), min_size=count, max_size=count))
    whole = tree.whole(secret("tree"))
    interval = bytes([7]).__mul__
    first, second = from_marks(np.array(marks)), from_marks(np.array(marks) | np.array(more))
    root = tree.root(whole, count, interval)
    once = tree.narrow(whole, count, interval, first)
    twice = tree.narrow(once, count, interval, second)
    assert twice == tree.narrow(whole, count, interval, second)
    assert tree.root(once, count, interval) == root == tree.root(twice, count, interval)
    assert contains(second, first)
    assert lawful(second, count)
    assert (to_marks(second, count) == (np.array(marks) | np.array(more))).all()


def test_the_tree_is_that_of_rfc_6962() -> None:
    def slow(seed: bytes, start: int, count: int) -> bytes:
        def digest(data: bytes) -> bytes:
            return hashlib.sha256(data).digest()

        if count == 1:
            return digest(b"\0" + seed + start.to_bytes(4, "big") + b"x" * start)
        left = 1
        while left * 2 < count:
            left *= 2
        return digest(
            b"\1" + slow(digest(b"\2" + seed), start, left) + slow(digest(b"\3" + seed), start + left, count - left)
        )

    for count in (1, 2, 3, 7, 8, 9, 100):
        assert tree.root(tree.whole(b"s" * 32), count, lambda i: b"x" * i) == slow(b"s" * 32, 0, count)


def test_hiding_more_needs_no_key_and_keeps_the_signature() -> None:
    first = signed(HIDE)
    more = hide_more(first, ((5, 1),))
    assert verify(more.picture, more.statement).hidden == ((2, 2), (5, 1), (9, 1))
    assert more == hide_more(more, ((9, 1),))
    # Nothing of the original is left in what is hidden, and nothing else was touched.
    before, after = parse(first.picture), parse(more.picture)
    for number in range(19):
        same = before.interval(number) == after.interval(number)
        assert same is (number != 5)


def test_hidden_parts_do_not_depend_on_what_was_there() -> None:
    one, two = signed(((0, 19),), seed=secret("a")), signed(((0, 19),), seed=secret("b"), height=120)
    other = signed(((0, 19),), mode="RGB", width=300, height=120, quality=88)
    assert one.picture == two.picture == other.picture


def test_a_part_that_must_be_hidden_cannot_be_shown_again() -> None:
    shown, hidden = signed(), signed(HIDE)
    # The seeds of another copy do not help: the signer's demand is in the signature.
    document = json.loads(hidden.statement)
    document["proof"] = json.loads(shown.statement)["proof"]
    reject(shown.picture, changed(json.dumps(document).encode()), "statement.shown")


def test_approval_is_signed_and_binds_what_is_hidden() -> None:
    found = hide_more(signed(HIDE), ((5, 1),))
    looked = approve_all([found], OTHER_KEY, Approval("looked at", "Jang", "2026-11-22T05:40:00Z"), key_life="story")[0]
    verified = verify(looked.picture, looked.statement)
    assert verified.approval.by == "Jang"
    assert verified.key == OTHER_KEY.public
    assert looked.picture == found.picture
    assert verified.statement.claim.must_hide == ((2, 2), (5, 1), (9, 1))
    forged = changed(looked.statement, signed__approval={"state": NOBODY.state})
    reject(looked.picture, forged, "statement.signature")
    with pytest.raises(ValueError):
        Approval("looked at", "Jang", "yesterday")


def test_facts_are_shown_one_by_one_and_cannot_be_guessed() -> None:
    values = {"camera": "Kodak S-1", "captured": "2013:03:01 10:00:00", "original": "aa" * 32}
    found = signed(shown=("camera",), values=values)
    assert verify(found.picture, found.statement).facts == (("camera", "Kodak S-1"),)
    assert b"2013" not in found.statement
    reject(found.picture, changed(found.statement, disclosed__camera__value="Leica"), "statement.fact")
    # Without its salt a withheld fact opens to no guess.
    guess = {"salt": bytes(32).hex(), "value": values["captured"]}
    reject(found.picture, changed(found.statement, disclosed__captured=guess), "statement.fact")


def test_every_changed_byte_of_a_picture_is_refused() -> None:
    found = signed(((1, 2),), width=130, height=40)
    for at in range(len(found.picture)):
        bad = bytearray(found.picture)
        bad[at] ^= 1 << (at % 8)
        with pytest.raises((BadInput, NothingFound)):
            verify(bytes(bad), found.statement)


def test_every_changed_byte_of_a_statement_is_refused() -> None:
    found = signed(((1, 2),), width=130, height=40, shown=("camera",), values={"camera": "Leica"})
    for at in range(len(found.statement)):
        bad = bytearray(found.statement)
        bad[at] ^= 1 << (at % 8)
        with pytest.raises((BadInput, NothingFound)):
            verify(found.picture, bytes(bad))


def test_a_statement_of_another_picture_is_refused() -> None:
    one, other = signed(HIDE), signed(HIDE, seed=secret("other"), mode="RGB", quality=50)
    reject(one.picture, other.statement, "statement.header")
    same_header = signed((), width=300, height=120)
    reject(RedactedBytes(same_header.picture, one.statement).picture, one.statement, "statement.planted")


def test_the_worked_example_of_the_specification() -> None:
    """Section 8: 24 x 8 grey pixels, one interval, its fill and its root."""
    header = CanonicalHeader(24, 8, "grey", ((1, 1),), (bytes(range(1, 65)),), b"\0")
    assert (header.mcus, header.interval_mcus, header.intervals) == (3, 16, 1)
    assert header.fill(3) == bytes.fromhex("28a2bf")
    leaf = hashlib.sha256(bytes(1) + bytes(32) + bytes(4) + b"interval").digest()
    assert tree.root(tree.whole(bytes(32)), 1, lambda _: b"interval") == leaf


def test_the_file_and_the_words_of_the_specification_agree() -> None:
    spec = (REPOSITORY / "spec" / "statement.md").read_text(encoding="utf-8")
    assert f"`{claims.FORMAT}`" in spec
    assert f"`{claims.FORMAT_1}`" in spec
    assert ", ".join(f"`{name}`" for name in claims.FACTS) in spec
    found = json.loads(signed().statement)
    for name in (*found, *found["signed"], *found["proof"], *found["picture"], *found["picture"]["entry"]):
        assert f"`{name}`" in spec or f'"{name}"' in spec, name


def test_the_rendition_tells_nothing_of_the_full_size_picture() -> None:
    """Version 1 gave the full size's width, height and header hash: 425 guesses gave the quantisation tables."""
    full = canonicalise(jpeg(width=320, height=160, subsampling=2, quality=91))
    small = canonicalise(jpeg(width=160, height=80, subsampling=2, quality=80))
    originals = [Original(full, secret("full"), ((1, 2),)), Original(small, secret("small"), ((0, 1),))]
    found = sign(KEY, originals, facts(), key_life="story")
    stated = json.loads(found[1].statement)
    # Guessing the entry exactly, its header hash included, does not help without the salt.
    entry = json.loads(found[0].statement)["picture"]["entry"]
    assert entry["width"] == 320
    written = json.dumps(stated)
    assert entry["header"] not in written
    assert entry["root"] not in written
    guess = claims.picture_claim(entry)
    salts = [bytes(32), bytes.fromhex(stated["picture"]["salt"]), secret("small"), hashlib.sha256(b"\x0b").digest()]
    assert stated["signed"]["pictures"][0] not in [guess.commitment(salt) for salt in salts]
    assert guess.commitment(originals[0].salt) == stated["signed"]["pictures"][0]


def test_what_was_hidden_afterwards_is_counted_until_it_is_signed_anew() -> None:
    looked = Approval("looked at", "Anna", "2026-11-22T05:40:00Z")
    more = hide_more(signed(HIDE, approval=looked), ((5, 1), (9, 1)))
    found = verify(more.picture, more.statement)
    assert found.hidden_afterwards == 1
    anew = approve_all([more], KEY, looked, key_life="story")[0]
    assert verify(anew.picture, anew.statement).hidden_afterwards == 0


def test_a_fact_that_was_taken_out_is_named() -> None:
    found = signed(HIDE, shown=("camera", "captured"), values={"camera": "Kodak", "captured": "2013:03:01 10:00:00"})
    stripped = changed(found.statement, disclosed__captured=None)
    verified = verify(found.picture, stripped)
    assert (verified.facts, verified.stripped) == ((("camera", "Kodak"),), ("captured",))
    # Signed again by whoever approves it, what is shown is what he showed.
    anew = approve_all([RedactedBytes(found.picture, stripped)], KEY, NOBODY, key_life="story")[0]
    assert verify(anew.picture, anew.statement).stripped == ()


def test_statements_of_version_1_are_read_and_approved_in_their_version() -> None:
    vector = (REPOSITORY / "spec" / "vectors" / "statement-1" / "full_of_two").read_text(encoding="utf-8")
    head = dict(line.split(": ", 1) for line in vector.splitlines())
    given = RedactedBytes(base64.b64decode(head["picture"]), json.loads(head["statement"]).encode())
    assert verify(given.picture, given.statement).stripped == ()
    anew = approve_all([given], OTHER_KEY, NOBODY, key_life="story")[0]
    assert json.loads(anew.statement)["signed"]["format"] == claims.FORMAT_1
    assert verify(anew.picture, anew.statement).key == OTHER_KEY.public
