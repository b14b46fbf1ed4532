"""The screen before the question is at most eight lines of 80 columns, whatever is on it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from tests.outside import in_long

from fifthfloor.cli.console import Console
from fifthfloor.cli.screen import show_before
from fifthfloor.words.lines import before, rolls
from fifthfloor.words.lines.notes import merged, shorter
from fifthfloor.words.lines.screen import SCREEN_COLUMNS, SCREEN_LINES, screen
from fifthfloor.words.lines.width import broken

LONG = "copy of the second card of tuesday evening, number {n}.img"
FLOORS: list[dict[str, Any]] = [
    {"hidden": f"2026-11-{day:02d}", "files": 1_234, "bytes": 12_345_678_901} for day in range(1, 29)
]
BROKEN: dict[str, Any] = {"hidden": None, "files": None, "bytes": None}
GAPS = [(804, 807), (811, 812), (900, 910), (950, 951)]
PRINT = "w4w0 yl65 2q65 gzy6 rc7f"
NONE = "nothing that this passphrase and label hid before was found on these cards"
FRAMES = {"frames": 112, "left": 1_020, "gaps": GAPS}
RANGES = [["DSC_0801 to DSC_0912"], [f"100NIKON/DSC_{n:04d}" for n in range(800, 1_024, 2)]]


def document(cards: int = 3, name: str = "card-{n}.img", **more: Any) -> dict[str, Any]:
    card = {"label": "EOS_DIGITAL", "bytes": 63_800_000_000, "tail_bytes": 12_345_678}
    return {
        "cards": [{"name": name.format(n=n), **card} for n in range(1, cards + 1)],
        "files": 1_500, "photographs": 1_432, "bytes": 34_000_000_000, "threshold": max(1, cards - 1),
        "deleted_photographs": 0, "deleted_bytes": 0, "deleted_photographs_exact": True,
        "others": "ask", "seconds": [1_800.0, 5_400.0], **more,
    }  # fmt: skip


Part = dict[str, Any]
BORNE: list[Part] = [{**floor, "may_lose_cards": 1, "may_lose_percent": 27} for floor in (*FLOORS, BROKEN)]
SAME = {
    "name": "IMG_0801",
    "count": 2,
    "where": "100CANON (2026-05-04), 101CANON (2026-05-05)",
    "path": "100CANON/IMG_0801.JPG",
}
NOTES: list[Part] = [
    {"missing": [{"names": "IMG_0813", "frames": 1}]},
    {"from_is_in": [LONG.format(n=1)]},
    {
        "missing": [{"names": f"100CANON/IMG_{number:04d}", "frames": 1} for number in range(813, 868)],
        "from_is_in": [LONG.format(n=1), "card-2.img"],
        "namesakes": [SAME] * 12,
        "more_lost": {"left": 1_234, "most": 4_096},
    },
    {"file_is_card": [LONG.format(n=1), LONG.format(n=2)], "more_lost": {"left": 1, "most": 4_096}},
]
STAKES: list[Part] = [
    {},
    {"deleted_photographs": None},
    {"deleted_photographs": 1_234, "deleted_bytes": 9_000_000_000},
]
EARLIER: list[Part] = [
    {},
    {"kept": FLOORS, "kept_others": [BROKEN]},
    {"kept_others": FLOORS[:2], "discarded": [*FLOORS, BROKEN], "others": "given"},
    {"sealed_to": [PRINT] * 2, "kept_others": FLOORS},
    {"sealed_to": [PRINT] * 7, "kept_others": FLOORS},
    {"written_percent": 12.3, "others": "", "deleted_photographs": 0, "borne": [], "discarded": []},
    {
        "written_percent": 98.7,
        "others": "",
        "deleted_photographs": 0,
        "borne": BORNE,
        "discarded": [*FLOORS, BROKEN],
    },  # over noise alone: anything else was refused
]
TWICE = [{"card": LONG.format(n=n), "ranges": RANGES[-1], **FRAMES} for n in (4, 5)]
GONE: list[Part] = [
    {},
    *({"removed": [{"card": LONG, "ranges": ranges, **FRAMES}]} for ranges in RANGES),
    {"removed": TWICE},
    {"removed_files": 1_500},
    *(
        {
            "removed": TWICE[:slots],
            "swept_after": [{"card": LONG.format(n=4), "free_bytes": 63_000_000_000, **stake}] * slots,
        }
        for slots in (1, 2)
        for stake in (
            {"deleted_photographs": 12_345, "deleted_photographs_exact": False},
            {"deleted_photographs": 0, "deleted_photographs_exact": True},
            {"deleted_photographs": None, "deleted_photographs_exact": False},
        )
    ),
]
STATES: list[Part] = [
    {"cards": cards, "name": name, **stake, **earlier, **gone}
    for cards in (1, 3, 12)
    for name in ("card-{n}.img", LONG)
    for stake, earlier, gone in itertools.product(STAKES, EARLIER, GONE)
]


@pytest.mark.parametrize("cards", [1, 3, 12])
def test_whatever_is_lost_kept_and_removed_it_is_eight_lines(cards: int) -> None:
    states = [state for state in STATES if state["cards"] == cards]
    shorter = 0
    for state in states:
        said = document(**state)
        shown = [part for line in screen(said) for part in broken(line, SCREEN_COLUMNS)]
        assert len(shown) <= SCREEN_LINES, shown
        assert max(map(len, shown)) <= SCREEN_COLUMNS
        shorter += list(before.lines(said)) != screen(said)
        told = " ".join(shown)
        for key, word in (
            ("discarded", "GONE for good"),
            ("kept", "kept: "),
            ("removed", "112 frames" if "112 frames" in told else "cards lose 224 frames"),
            ("swept_after", " swept "),
            ("sealed_to", "sealed to"),
        ):
            assert (word in told) or not state.get(key), (word, shown)
        # Whether it is a first evening or a label that was forgotten, the person alone can tell.
        unfound = said["others"] and not any(state.get(key) for key in ("kept", "discarded", "sealed_to"))
        assert (NONE in told) == bool(unfound), shown
        counts = [card["deleted_photographs"] for card in state.get("swept_after", ())]
        counted = (
            "not counted" if None in counts else f"{sum(counts)} deleted photographs or more" if any(counts) else ""
        )
        assert counted in told, "what the sweep at the end destroys is counted"
    assert 0 < shorter <= len(states) - (cards == 1), "both ways of saying it are tried"


@pytest.mark.parametrize("number", range(len(NOTES)))
def test_what_is_to_be_known_of_what_was_typed_is_among_the_eight(number: int) -> None:
    notes = NOTES[number]
    for state in STATES[number :: in_long(1, 5)]:  # a stride that shares nothing with how they are made
        said = document(**state, notes=notes)
        shown = [part for line in screen(said) for part in broken(line, SCREEN_COLUMNS)]
        assert len(shown) <= SCREEN_LINES, shown
        assert max(map(len, shown)) <= SCREEN_COLUMNS
        told = " ".join(shown)
        assert (
            "not on the card" in told or "frames missing" in told,
            "--from is --in" in told or "--from and --in" in told or "hidden on: whoever" in told,
        ) == (
            "missing" in notes,
            "from_is_in" in notes,
        ), shown
        assert "30 to 90 min" in told or "1 to 2 h" in told, shown
        assert ("GONE for good" in told) == bool(state.get("discarded")), shown
        assert ("still" in told) == bool(state.get("borne")), shown
    lost: list[Part] = [{}, {"kept": FLOORS[:1], "discarded": FLOORS, "others": "given"}]
    for more in lost:
        roll = {"name": LONG.format(n=1), "photographs": 10_400, "written": 2_120}
        said = document(rolls=[roll], lose_photographs_percent=25.0, shrunk=None, notes=notes, **more)
        shown = [part for line in screen(said) for part in broken(line, SCREEN_COLUMNS)]
        assert len(shown) <= SCREEN_LINES, shown


def test_missing_frames_are_named_beside_another_notice_and_counted_as_frames() -> None:
    runs = [(811, 817), (824, 829), (831, 899), (901, 950), (952, 999)]
    missing = [{"names": f"IMG_0{a} to IMG_0{b}", "frames": b - a + 1} for a, b in runs]
    told = {"missing": missing[:2], "namesakes": [SAME]}
    tight: Part = {"kept": FLOORS, "discarded": FLOORS, "others": "given"}
    assert next(merged({"notes": told})) == (
        "  not on the card: IMG_0811 to IMG_0817, IMG_0824 to IMG_0829; same name: 1 (-v)"
    )
    assert next(merged({"notes": told | {"missing": missing}})) == (
        "  not on the card: IMG_0811 to IMG_0817 and 173 more; same name: 1 (-v)"
    )
    assert next(merged({"notes": told | {"missing": missing, "file_is_card": ["a"], "more_lost": {"left": 9}}})) == (
        "  frames missing: 180; same name: 1; cards among the files: 1; not anew: 9 (-v)"
    )
    assert next(shorter({"notes": {"missing": missing}})) == (
        "  not on the card: IMG_0811 to IMG_0817 and 173 frames more (-v)"
    )
    assert any("IMG_0811 to IMG_0817" in line for line in screen(document(notes=told, **tight)))


@pytest.mark.parametrize("recipients", [1, 2])
def test_fingerprints_stand_before_the_question_beside_what_is_kept(recipients: int) -> None:
    prints = [f"{n}{PRINT[1:]}" for n in range(recipients)]
    said = document(sealed_to=prints, kept_others=FLOORS, others="given")
    assert screen(said) != list(before.lines(said)), "said shorter"
    assert all(one in " ".join(screen(said)) for one in prints)


def test_names_that_would_look_alike_are_not_cut() -> None:
    said = document(name="a long name of card {n} that all have at the end.img", kept=FLOORS[:1], removed_files=5)
    assert "card 1 that" in " ".join(screen(said))


def test_the_screen_names_the_first_frame_and_verbose_every_one(capsys: pytest.CaptureFixture[str]) -> None:
    removed = {"card": "s.img", "ranges": RANGES[1], "names": ", ".join(RANGES[1]), **FRAMES}
    said = document(kept=FLOORS, discarded=FLOORS, removed=[removed])
    (line,) = (line for line in screen(said) if line.startswith("  s.img loses"))
    named = line.partition(": ")[2].partition(" and ")[0].split(", ")
    assert (named, len(named) > 1) == (RANGES[1][: len(named)], True)
    assert line.endswith(f" and {112 - len(named)} more (-v); 1020 stay, 4 gaps")
    one_more = line.replace(" and", f", {RANGES[1][len(named)]} and")
    assert len(broken(one_more, SCREEN_COLUMNS)) > len(broken(line, SCREEN_COLUMNS)), "as many as there is room for"
    whole = before.removed(removed)
    assert f": {', '.join(RANGES[1][:6])}, ...; a minder" in whole
    for loudness, told in ((0, False), (1, True)):
        show_before(Console(yes=True, as_json=False, loudness=loudness), said)
        assert (RANGES[1][-1] in capsys.readouterr().err) is told


@pytest.mark.parametrize("yes", [False, True])
def test_quiet_is_silent_but_on_what_goes_for_good_before_a_question(
    yes: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Console, "asks", property(lambda _self: True))
    show_before(
        Console(yes=yes, as_json=False, loudness=-1), document(discarded=FLOORS[:1], removed=[REMOVED]), NOTES[0]
    )
    said = capsys.readouterr().err.splitlines()
    told = ["  not on the ca", "  what other pa", "  GONE for good", "  s3.img loses "]
    assert [line[:15] for line in said if line[2] != " "] == ([] if yes else told)


@pytest.mark.parametrize(
    "shrunk", [None, {"pictures": 12, "of_pictures": 14, "before_bytes": 98_000_000, "after_bytes": 4_100_000}]
)
def test_a_roll_is_eight_lines_too(shrunk: Part | None) -> None:
    roll = {"name": "DCIM-harmless", "photographs": 1_040, "written": 212}
    facts = {"files": 12, "bytes": 48_200, "lose_photographs_percent": 25.0, "threshold": 1}
    screen_of_it = rolls.lines({"rolls": [roll], "shrunk": shrunk, **facts})
    said = [part for line in screen_of_it for part in broken(line, SCREEN_COLUMNS)]
    assert len(said) <= SCREEN_LINES, said


@pytest.mark.parametrize("folders", [1, 3])
@pytest.mark.parametrize("cards", [1, 3, 12])
def test_cards_beside_folders_are_eight_lines_too(cards: int, folders: int) -> None:
    roll = {"name": LONG.format(n=1), "photographs": 10_400, "written": 2_120}
    shrunk = {"pictures": 12, "of_pictures": 14, "before_bytes": 98_000_000, "after_bytes": 4_100_000}
    lost: list[Part] = [
        {},
        {"kept": FLOORS},
        {"kept_others": FLOORS[:2], "discarded": [*FLOORS, BROKEN], "others": "given"},
    ]
    for stake, earlier, small, name in itertools.product(STAKES, lost, (None, shrunk), ("card-{n}.img", LONG)):
        more: Part = {"rolls": [roll] * folders, "lose_photographs_percent": 25.0, "shrunk": small}
        said = document(cards, name, **more, **stake, **earlier)
        shown = [part for line in screen(said) for part in broken(line, SCREEN_COLUMNS)]
        assert len(shown) <= SCREEN_LINES, shown
        assert max(map(len, shown)) <= SCREEN_COLUMNS, shown
        told = " ".join(shown)
        always = (
            "nobody else may have",
            "riginals must go",
            "re-encoding",
            "experimental",
            "this takes",
            "25 %",
            "lost",
        )
        assert all(word in told for word in always), shown
        assert "all else hidden" in told or "what " in told, shown
        assert ("GONE for good" in told) == ("discarded" in earlier)
        assert (NONE in told) == (not earlier), shown
        assert ("smaller" in told) == (small is not None)


TAKEN = ["IMG_0801", "IMG_0803", "IMG_0805", "IMG_0807", "IMG_0809", "IMG_0811", "IMG_0814 to IMG_0816"]
REMOVED: Part = {"card": "s3.img", "ranges": TAKEN, "names": ", ".join(TAKEN), "frames": 9, "left": 10, "gaps": GAPS}
SWEPT: Part = {"card": "s3.img", "free_bytes": 300_000_000, "deleted_photographs": 3, "deleted_photographs_exact": True}


@pytest.mark.parametrize("columns", [None, 80, 120])
@pytest.mark.parametrize(
    "more",
    [
        {"kept": FLOORS[:1], "removed": [REMOVED], "swept_after": [SWEPT]},
        {"discarded": FLOORS[:2], "removed": [REMOVED]},
        {"removed": [REMOVED], "swept_after": [SWEPT]},
        {"removed": [REMOVED | {"ranges": TAKEN[:3]}, REMOVED | {"card": "s4.img", "ranges": TAKEN[3:]}]},
    ],
)
def test_what_is_destroyed_is_named_where_eight_lines_have_the_room(more: Part, columns: int | None) -> None:
    """Everything else is said shorter first, and a wide terminal shows more."""
    said = screen(document(**more), columns)
    told = "\n".join(said)
    assert sum(len(broken(line, columns or 80)) for line in said) <= SCREEN_LINES, told
    assert all(name in told for card in more["removed"] for name in card["ranges"]), told
    assert "and the passphrase" in told
    assert told.count("GONE for good") == len(more.get("discarded", ())), told


def test_nothing_is_shortened_that_need_not_be() -> None:
    said = document(kept=FLOORS[:1], removed=[REMOVED | {"ranges": TAKEN[:3], "gaps": GAPS[:3]}], swept_after=[SWEPT])
    whole = list(before.lines(said))
    assert screen(said, 300) == whole
    at_120, at_80 = screen(said, 120), screen(said, 80)
    assert set(at_120) >= set(whole) - {whole[1]}, "the cards alone"
    assert len(set(at_80) & set(whole)) < len(set(at_120) & set(whole))


def test_a_narrow_terminal_shows_what_a_wide_one_does() -> None:
    """Below 80 columns there are more than eight lines, and no frame is left out for it."""
    said = document(kept=FLOORS[:1], removed=[REMOVED], swept_after=[SWEPT])
    assert screen(said, 40) == screen(said, 80)
