"""What is tried on the judge: each function raises AssertionError, or returns one line on what it saw."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cards.judges import assert_clean
from tests.outside import named
from tests.tasks.cards_at_hand import exfat_card, visible
from tools.portable.folder import HASHES, build, contents
from tools.portable.wheels import listed
from tools.windows.helper_trial import HELPED
from tools.windows.judge import Judge

PASSPHRASE = "stout walnut erupt diaper canopy flatly grumbling"
named.update({"fsck.exfat"})  # outside of pytest nothing is marked
KEY = ("--passphrase-file", "key.txt", "--label", "")
LETTERS = ("E", "F", "G")
CARD_BYTES = 48_000_000
KILLS = 6
# Areas of the suite that need no Unix: bytes, formats, laws, the code, and Windows itself on its fake.
SUITE = (
    "tests/property",
    "tests/vectors",
    "tests/carriers/test_sweep.py",
    "tests/cards/test_exfat.py",
    "tests/cards/test_fat32.py",
    "tests/cards/test_partitions.py",
    "tests/cards/test_windows.py",
    "tests/tasks/floors/test_opening.py",
    "tests/test_identity.py",
)
_TIMES = ("#time", '"DriverDateData"=')
# Judges that no wheel brings to Windows.
LEFT_OUT = (
    "test_odds_exact.py",
    "test_runs_exact.py",
    "test_xchacha_judges.py",
    "test_elligator.py",
    "test_capsule.py",
    "test_kemeleon.py",
    "test_grid.py",
    "test_vectors.py",
)
# Tests in these files that ask Unix: pwrite, links, limits of processes, "/" in a path; and a path of more than 260
# characters, which Windows takes only where its owner allowed it.
ASK_UNIX = (
    "archive_long_names",
    "endless_chain_of_logical",
    "addresses_are_bytes",
    "what_not_even_force_overwrites",
    "out_that_is_a_file",
    "refuses_large_files",
)
NOT_THERE = "not (" + " or ".join(ASK_UNIX) + ")"


@contextmanager
def three_cards(judge: Judge) -> Iterator[list[Path]]:
    """Three exFAT cards with photographs on them as drives E:, F: and G:, and a roll of five to hide."""
    images = [judge.place / f"card-{letter}.img" for letter in LETTERS]
    for number, image in enumerate(images, start=1):
        image.unlink(missing_ok=True)
        exfat_card(image, number, size_bytes=CARD_BYTES, files=5)
    chance = random.Random(7)
    shutil.rmtree(judge.place / "roll", ignore_errors=True)
    (judge.place / "roll").mkdir()
    for number in range(1, 6):
        (judge.place / "roll" / f"IMG_{number:04d}.JPG").write_bytes(chance.randbytes(900_000))
    (judge.place / "key.txt").write_text(PASSPHRASE + "\n", encoding="ascii")
    judge.attach(dict(zip(LETTERS, images, strict=True)))
    try:
        yield images
    finally:
        judge.detach()


def drives(letters: str) -> list[str]:
    return [rf"\\.\{letter}:" for letter in letters]


def suite(judge: Judge) -> str:
    """Run the suite's parts that need no Unix."""
    ignored = [f"--ignore-glob=*{name}" for name in LEFT_OUT]
    main = "import sys, pytest; sys.exit(pytest.main(sys.argv[1:]))"
    run = f"cd repository && exec wine ../python/python.exe -B -c '{main}' \"$@\""
    said = judge.inside(run, "-q", "-m", "not judge and not kernel", "-k", NOT_THERE, *ignored, *SUITE, seconds=2400)
    assert said.code == 0, said.text[-3000:]
    passed, skipped = outcomes(said.text)
    assert passed, said.text[-3000:]
    return f"the suite's parts that need no Unix: {passed} passed, {skipped} skipped"


def outcomes(text: str) -> tuple[int, int]:
    """Count who passed and who was skipped in pytest's rows of signs, which `-q` twice leaves without a last line."""
    rows = "".join(re.findall(r"^([.sxXFE]+)(?: +\[ *\d+%\])?\r?$", text, re.MULTILINE))
    return rows.count("."), rows.count("s")


def devices(judge: Judge) -> str:
    """Wipe, hide on three, lose one, open; every card is sound and shows what it showed."""
    with three_cards(judge) as images:
        before = [visible(image) for image in images]
        for words in (
            ("wipe", *drives("EFG"), "--yes"),
            ("hide", "roll", *sum((("--in", drive) for drive in drives("EFG")), ()), "--lose", "1", *KEY, "--yes"),
            ("health", *drives("EG"), *KEY),
            ("open", *drives("EG"), "--out", "back", *KEY),
            ("audit", drives("F")[0]),
        ):
            said = judge.fifthfloor(*words)
            assert said.code in ((0, 1) if words[0] == "audit" else (0,)), said.text
            assert words[0] not in ("wipe", "hide") or r"\\.\E: (" in said.text, "which card is swept is said"
        same(judge.place / "roll", judge.place / "back" / "roll")
        shutil.rmtree(judge.place / "back")
        judge.inside("wineserver -k; wineserver -w")
        for image, shown in zip(images, before, strict=True):
            assert_clean(image, "exfat")
            assert visible(image) == shown
    return "wipe, hide on three exFAT cards, one lost, open: every file is back, fsck.exfat finds nothing"


def commands(judge: Judge) -> str:
    """Run every command of the base install on images, as the suite does on Linux."""
    from tests.cli.test_every_command import TABLE, flat, make_all
    from tests.test_base_install import MADE_HERE, NEEDS_HOME

    place, ran = judge.place / "commands", 0
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    make_all(place)
    for name in sorted(TABLE.keys() - {"journey"}, key=list(TABLE).index):
        words = [MADE_HERE.get(word, word) for word in flat(TABLE[name])]
        run = 'cd commands && exec wine ../python/python.exe -m fifthfloor "$@"'
        said = judge.inside(run, *name.split(), *words, "--yes")
        if name in NEEDS_HOME:
            assert (said.code, "whl[home]" in said.text) == (3, True), (name, said)
        else:
            # `cards` and `audit` may answer with 1: no card is here, or something was found.
            assert said.code in ((0, 1) if name in ("cards", "audit") else (0,)), (name, said)
            ran += 1
    assert [path.name for path in (place / "back").rglob("*.jpg")] == ["a.jpg"]
    shutil.rmtree(place)
    return f"{ran} commands of the base install do their work on images; those of home say which extra they need"


def kills(judge: Judge) -> str:
    """Kill a wipe and a hide at moments drawn by chance; every card is sound and shows what it showed."""
    chance, met = random.Random(11), 0
    with three_cards(judge) as images:
        before = [visible(image) for image in images]
        hide = ["hide", "roll", "--in", drives("E")[0], "--in", drives("F")[0], *KEY, "--yes"]
        for words in [["wipe", *drives("EFG"), "--yes"], hide] * (KILLS // 2):
            with judge.started('exec wine python/python.exe -m fifthfloor "$@"', *words) as process:
                time.sleep(chance.uniform(2.0, 6.0))
                met += process.poll() is None
                process.kill()
            judge.inside("wineserver -k; wineserver -w")
            for image, shown in zip(images, before, strict=True):
                assert_clean(image, "exfat")
                assert visible(image) == shown
        said = judge.fifthfloor(*hide)
        assert said.code == 0, said.text
    assert met, "every run was over before it was killed"
    return f"{met} of {KILLS} runs killed while they wrote: every card is sound, and the next run goes through"


def refusals(judge: Judge) -> str:
    """The system's own disk, drives that are not there, one card given twice, and questions nobody can answer."""
    (judge.place / "key.txt").write_text(PASSPHRASE + "\n", encoding="ascii")
    with three_cards(judge):
        for words, code, part in (
            (("wipe", r"\\.\C:", "--yes"), 5, "the disk that this system runs from"),
            (("wipe", r"\\.\PhysicalDrive0", "--yes"), 5, "the disk that this system runs from"),
            (("audit", r"\\.\C:"), 5, "the disk that this system runs from"),
            (("wipe", r"\\.\X:", "--yes"), 3, "there is no such device"),
            (("wipe", "E:", "--yes"), 3, r"\\.\E:"),
            (("wipe", r"\\.\E:", "//./e:", "--yes"), 3, "given twice"),
            (("wipe", r"\\.\E:"), 2, "there is no terminal"),
            (("identity", "new", "story.json"), 2, "there is no terminal"),
        ):
            said = judge.fifthfloor(*words)
            assert (said.code, part in " ".join(said.text.split())) == (code, True), (words, said)
        said = judge.fifthfloor("identity", "new", "story.json", "--passphrase-file", "key.txt")
        assert said.code == 0, said.text
        (judge.place / "story.json").unlink()
    return "refused by name: the system's disk, no such drive, a drive as a folder, one card twice, nobody to ask"


def helper(judge: Judge) -> str:
    """Have Windows begin the helper, and write a card that this process may not open by its handle."""
    shutil.copyfile(Path(__file__).with_name("helper_trial.py"), judge.place / "helper_trial.py")
    with three_cards(judge) as images:
        before = visible(images[0])
        said = judge.inside("exec wine python/python.exe helper_trial.py", seconds=120)
        assert said.code == 0, said.text
        judge.inside("wineserver -k; wineserver -w")
        assert_clean(images[0], "exfat")
        assert visible(images[0]) == before
        assert HELPED in images[0].read_bytes()
    (judge.place / "helper_trial.py").unlink()
    return "the helper is begun by runas, gives the locked card's handle, refuses what it must, and ends with its desk"


def names(judge: Judge) -> str:
    """Names that Windows forbids, hidden elsewhere, come back under lawful ones."""
    from tests.tasks.quick import command

    work = judge.place / "names"
    shutil.rmtree(work, ignore_errors=True)
    (work / "roll").mkdir(parents=True)
    for name in ("aux.JPG", "12:30?.jpg", "A.jpg", "a.jpg"):
        (work / "roll" / name).write_bytes(name.encode())
    exfat_card(work / "card.img", 1, size_bytes=CARD_BYTES, files=2)
    (judge.place / "key.txt").write_text(PASSPHRASE + "\n", encoding="ascii")
    key = ("--passphrase-file", str(judge.place / "key.txt"), "--label", "")
    hidden = command("hide", str(work / "roll"), "--in", str(work / "card.img"), *key, "--yes")
    assert hidden.code == 0, hidden.err
    said = judge.fifthfloor("open", "names/card.img", "--out", "names/back", *KEY)
    assert said.code == 0, said.text
    found = {path.name: path.read_bytes().decode() for path in (work / "back" / "roll").iterdir()}
    assert found == {"aux_.JPG": "aux.JPG", "12_30_.jpg": "12:30?.jpg", "A.jpg": "A.jpg", "a~2.jpg": "a.jpg"}, found
    shutil.rmtree(work)
    return "names that Windows forbids come back under lawful ones"


def portable(judge: Judge) -> str:
    """The folder for the stick runs here, and leaves neither a file nor a word in the registry."""
    stick = judge.place / "stick"
    inputs = judge.inputs()
    from tools.portable import embed

    build(listed(inputs), stick, inputs / embed.ARCHIVE)
    with three_cards(judge):
        run = "exec wine cmd /c 'stick\\fifthfloor.cmd'"
        judge.inside(f"{run} --version")  # what wine itself writes at a first start is not ours
        judge.inside("wineserver -k; wineserver -w")
        before = everything(judge, stick)
        for words in (
            ["--check"],
            ["cards"],
            ["wipe", *drives("EF"), "--yes"],
            ["hide", "roll", "--in", r"\\.\E:", "--in", r"\\.\F:", "--lose", "1", *KEY, "--yes"],
            ["health", r"\\.\F:", *KEY],
            ["identity", "new", "story.json", "--passphrase-file", "key.txt"],
            ["open", r"\\.\F:", "--out", "back", *KEY],
        ):
            said = judge.inside(f'{run} "$@"', *words)
            assert said.code == 0 or words == ["cards"], (words, said)  # which of wine's drives are cards is no matter
        same(judge.place / "roll", judge.place / "back" / "roll")
        shutil.rmtree(judge.place / "back")
        (judge.place / "story.json").unlink()
        judge.inside("wineserver -k; wineserver -w")
        new = sorted(before ^ everything(judge, stick))
        assert not new, new[:20]
    return f"the portable folder runs by fifthfloor.cmd, {HASHES} agrees, and registry and folders are as they were"


def everything(judge: Judge, stick: Path) -> set[str]:
    """Return all there is to compare: the folder, the registry, the files of the Windows' own drive."""
    return {str(one) for one in (*contents(stick), *registry(judge), *files(judge))}


def registry(judge: Judge) -> list[str]:
    """Return every line of the registry but times, which wine renews when it starts."""
    lines = []
    for name in ("system.reg", "user.reg", "userdef.reg"):
        text = (judge.place / "prefix" / name).read_text(encoding="utf-8", errors="replace")
        lines += [line.split("] ")[0] for line in text.splitlines() if not line.startswith(_TIMES)]
    return lines


def files(judge: Judge) -> list[tuple[str, int]]:
    """Return every file of the Windows' own drive with its size."""
    drive = judge.place / "prefix" / "drive_c"
    return sorted(
        (str(path.relative_to(drive)), path.lstat().st_size) for path in drive.rglob("*") if not path.is_dir()
    )


def same(one: Path, other: Path) -> None:
    subprocess.run(["diff", "--recursive", str(one), str(other)], check=True)


TRIALS: tuple[Callable[[Judge], str], ...] = (refusals, commands, devices, helper, kills, names, portable, suite)
