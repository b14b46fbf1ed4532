"""The portable folder: runs where it stands, without network or home, and leaves nothing; and the folder of wheels."""

from __future__ import annotations

import ast
import http.client
import importlib.util
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.outside import IN_CI, REPOSITORY, kernel_refused
from tests.tasks.cards_at_hand import MOMENT, fat32_card
from tests.terminal import at_terminal
from tools.portable.folder import FILES, build, contents
from tools.portable.wheels import fetch, listed, read_name

from fifthfloor.desk.address import STATIC_AT
from fifthfloor_theatre.cards.format import FatWriter, format_fat32

THEATRE = REPOSITORY / "theatre" / "src" / "fifthfloor_theatre"
# What makes a card or draws a person may not travel in any form; of the rest, no definition as it stands.
TELLING = {"format_fat32", "quick_format", "FatWriter", "draw_scene", "walker"}
# How a boot sector of FAT32 or exFAT begins, and the name that only a maker of cards writes; readers need neither.
JUMPS = (b"\xeb\x58\x90", b"\xeb\x76\x90", b"eb5890", b"eb7690", b"FAT32   ")
PAGE = REPOSITORY / "docs" / "guide" / "portable.md"
PASSPHRASE = "stout walnut erupt diaper canopy flatly grumbling"
ANSWERS = {"passphrase": PASSPHRASE, "once more": PASSPHRASE, "label": ""}
ON_THE_STICK = "/media/amnesia/STICK/portable"
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
# Opened for writing by everything and kept by nobody.
# The last is a second way to a card that was opened by its own name, in a line of its own (`cards.past_cache`).
NO_FILES = ("/dev/null", "/dev/tty", "/dev/pts/", "/proc/self/fd/")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheels for the Python at hand, fetched with pip."""
    folder = tmp_path_factory.mktemp("wheels")
    try:
        fetch(folder, [HERE], [os.uname().machine])
    except subprocess.CalledProcessError as error:
        if IN_CI:
            pytest.fail(f"pip must reach its registry in CI ({error.returncode})")
        pytest.skip("pip does not reach its registry")
    return folder


@pytest.fixture(scope="module")
def portable(wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder, at a path with spaces."""
    out = tmp_path_factory.mktemp("a stick") / "port able"
    build(listed(wheels), out)
    return out


@pytest.fixture
def trip(tmp_path: Path) -> Path:
    """Three cards, one of them from the camera, and a home directory that nobody has used."""
    folder = tmp_path / "trip"
    (folder / "home").mkdir(parents=True)
    (folder / "temporary").mkdir()
    for number in (1, 2):
        fat32_card(folder / f"card-{number}.img", number, files=5)
    chance = random.Random(5)
    format_fat32(folder / "shooting.img", 40 << 20, label="CAMERA")
    with FatWriter(folder / "shooting.img") as writer:
        for number in range(801, 807):
            writer.add_file(f"DCIM/100FIFTH/IMG_{number:04d}.JPG", chance.randbytes(300_000), MOMENT)
    return folder


def environment(trip: Path) -> dict[str, str]:
    """What a live system gives to a program, and where anything written by habit would land."""
    home = str(trip / "home")
    found = {"HOME": home, "TMPDIR": str(trip / "temporary"), "PATH": "/usr/bin:/bin:/usr/local/bin", "TERM": "dumb"}
    return found | {f"XDG_{name}_HOME": f"{home}/.{name.lower()}" for name in ("CACHE", "CONFIG", "DATA", "STATE")}


def run(portable: Path, trip: Path, *arguments: str, wrapper: Sequence[str] = (), **changed: str) -> tuple[int, str]:
    """Run a command of the folder at a terminal."""
    command = [*wrapper, "sh", str(portable / "fifthfloor"), *arguments]
    return at_terminal(command, trip, ANSWERS, environment(trip) | changed)


def typed_on_the_page() -> list[tuple[list[str], int]]:
    """Return the commands that the page shows, for the folder and cards at hand, with their exit codes."""
    found = []
    for line in re.findall(rf"^(?:sudo )?sh {ON_THE_STICK}/fifthfloor (.*)$", PAGE.read_text(encoding="utf-8"), re.M):
        words, _, code = line.partition("  # exit ")
        for device, image in (("sdb", "card-1.img"), ("sdc", "card-2.img"), ("sdd", "shooting.img")):
            words = words.replace(f"/dev/{device}", image)
        found.append((words.replace(" card.img", " card-1.img").split(), int(code or 0)))
    return found


def test_the_page_shows_the_whole_evening() -> None:
    shown = {words[0] for words, _ in typed_on_the_page()}
    assert shown == {"--help", "passphrase", "audit", "wipe", "hide", "health", "open"}
    for target in re.findall(r"^make (\w+)", PAGE.read_text(encoding="utf-8"), re.M):
        assert re.search(rf"^{target}:", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.M), target


def test_two_builds_of_the_same_wheels_are_the_same_files(wheels: Path, portable: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    build(list(reversed(listed(wheels))), again)
    assert list(contents(again)) == list(contents(portable))
    build(listed(wheels), again)
    assert list(contents(again)) == list(contents(portable))


def test_any_stick_can_hold_it(portable: Path) -> None:
    names = [name for name, *_ in contents(portable)]
    assert len({name.lower() for name in names}) == len(names), "two names that differ by case alone"
    assert not [name for name in names if re.search(r'[<>:"|?*\\\x00-\x1f]|[. ](/|$)', name)]
    assert not [path for path in portable.rglob("*") if path.is_symlink()]
    assert not [name for name in names if "__pycache__" in name]


def test_no_file_of_it_names_a_place_of_ours(portable: Path) -> None:
    # Whole names below it: where it is called "/p", its own name is in every third picture by chance.
    ours = re.compile(b"|".join(re.escape(bytes(path)) for path in REPOSITORY.iterdir()))
    for path in (portable / "lib" / "any" / "fifthfloor").rglob("*"):
        if path.is_file():
            assert not ours.search(path.read_bytes()), path
    assert not ours.search((portable / "wheels.txt").read_bytes())


def test_what_travels_draws_no_soldier_and_formats_no_card(wheels: Path, portable: Path) -> None:
    """The theatre stays at home: none of its files, and nothing that it defines."""
    theatre = [*(THEATRE / "cards").glob("*.py"), *(THEATRE / "journey").glob("*.py")]
    played = {name: body for file in theatre for name, body in defined(file.read_bytes()).items()}
    assert played.keys() >= TELLING
    (wheel,) = wheels.glob("fifthfloor-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        travels = {name: archive.read(name) for name in archive.namelist()}
    unpacked = portable / "lib" / "any" / "fifthfloor"
    travels |= {str(path.relative_to(portable)): path.read_bytes() for path in unpacked.rglob("*") if path.is_file()}
    assert [name for name in travels if name.endswith("cards/fat32.py")], "the wheel was read"
    for name, data in travels.items():
        assert not re.search("theatre|journey|rehearsal|essay_sample|/sample/|format[.]py", name), name
        if name.endswith(".py"):
            here = defined(data)
            assert not here.keys() & TELLING, name
            assert not here.items() & played.items(), name
            assert not [one for one in constants(data) if any(jump in one for jump in JUMPS)], f"{name} makes a card"
    assert not list(portable.rglob("*theatre*"))


def constants(source: bytes) -> Iterator[bytes]:
    """Yield the texts and bytes that stand in a module, as bytes."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, bytes):
            yield node.value
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value.encode("latin-1", "replace")


def defined(source: bytes) -> dict[str, str]:
    """Return what the functions and classes of a module are, by name: a name alone is shared by chance."""
    body = ast.parse(source).body
    return {node.name: ast.dump(node) for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def test_the_guides_evening_runs_and_the_folder_is_found_to_be_a_trace(portable: Path, trip: Path) -> None:
    for words, promised in typed_on_the_page():
        words = [word.replace(ON_THE_STICK, str(portable)) for word in words]
        code, shown = run(portable, trip, *words)
        assert code == promised, (words, shown)
    assert len(list((trip / "trip").rglob("*.JPG"))) == 3
    code, shown = run(portable, trip, "audit", str(portable), "--json")
    own = [finding for finding in document(shown)["findings"] if finding["kind"] == "laptop.own"]
    assert (code, own[0]["severity"]) == (1, "critical")
    assert leftovers(trip) == []
    code, shown = run(portable, trip, "audit", "home", "--json")
    assert (code, [kind for kind in kinds(shown) if kind.startswith("laptop")]) == (0, [])
    # What the shell keeps is not ours to prevent, and is found.
    (trip / "home" / ".bash_history").write_text("sh /media/stick/portable/fifthfloor wipe /dev/sdb\n")
    code, shown = run(portable, trip, "audit", "home", "--json")
    assert (code, "laptop.own_named" in kinds(shown)) == (1, True)


def kinds(shown: str) -> list[str]:
    """Return the kinds of findings of an audit's document."""
    return [finding["kind"] for finding in document(shown)["findings"]]


def document(shown: str) -> dict[str, Any]:
    """Return the document in what a terminal shows: the bar, which goes to stderr, stands before and after it."""
    found: dict[str, Any] = json.JSONDecoder().raw_decode(shown[shown.index("{") :])[0]
    return found


@pytest.mark.judge("strace", "unshare")
@pytest.mark.kernel
def test_it_writes_nothing_but_what_is_asked_for(portable: Path, trip: Path) -> None:
    """Read-only, without a network, every file that is opened for writing watched; then the home is searched."""
    where = str(portable)
    closed = ["unshare", "--net", "--mount", "sh", "-c"]
    closed.append('mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"')
    if subprocess.run([*closed, where, "true"], capture_output=True, check=False).returncode:
        kernel_refused("no namespaces of one's own")
    watched = ["strace", "-f", "-qq", "-o", str(trip.parent / "log"), "-e", "trace=%file,%network"]
    if subprocess.run([*watched, "true"], capture_output=True, check=False).returncode:
        kernel_refused("no tracing")
    evening = [
        "hide --from shooting.img --only IMG_0801-0803 --in card-1.img --in card-2.img --lose 1 --remove",
        "open card-1.img --out back",
        "recover card-2.img --out found",
        "tidy shooting.img --yes",
        "audit card-1.img home --html report.html --pick pick.txt",
    ]
    written = set()
    for line in evening:
        code, shown = run(portable, trip, *line.split(), wrapper=[*closed, where, *watched])
        assert code in (0, 1), (line, shown)
        assert "Traceback" not in shown
        log = (trip.parent / "log").read_text(errors="replace")
        assert "fifthfloor/cli" in log, "the trace saw the program"
        assert not re.search(r"AF_INET|connect\(", log), "it tried a network"
        written |= writes(log)
    assert {name for name in written if name.endswith("report.html")}, "the trace saw what is written"
    strangers = {name for name in written if name.startswith("/") and not name.startswith((str(trip), *NO_FILES))}
    # Semaphores between our processes: in memory, and gone before the name could be read.
    assert not [name for name in strangers if not name.startswith("/dev/shm/sem.") or Path(name).exists()]
    assert not {name for name in written if name.startswith(("home", "temporary", "../"))}
    assert leftovers(trip) == []


def writes(log: str) -> set[str]:
    """Return the paths that a trace shows opened for writing, made, renamed or removed, successfully."""
    found = set()
    calls = r"\d+ +(openat|open|creat|mkdir|mkdirat|rename\w*|link\w*|symlink\w*|unlink\w*|mknod\w*)\((.*)\) += (-?\d+)"
    for name, arguments, result in re.findall(calls, log):
        if int(result) < 0 or (name.startswith("open") and not re.search(r"O_WRONLY|O_RDWR|O_CREAT", arguments)):
            continue
        # Relative to a folder that was itself opened by name: that one's own line counts.
        if name.endswith("at") and "AT_FDCWD" not in arguments:
            continue
        found.update(re.findall(r'"([^"]*)"', arguments))
    return found


def leftovers(trip: Path) -> list[Path]:
    """Return what lies in the home directory and in the temporary one."""
    return [path for name in ("home", "temporary") for path in (trip / name).rglob("*")]


@pytest.mark.parametrize("home", ["", "/nowhere/at/all"])
def test_it_needs_no_home_and_no_network(portable: Path, trip: Path, home: str) -> None:
    """The sibling for a kernel without namespaces: whoever asks for a socket fails."""
    refusing = trip / "refusing.py"
    refusing.write_text(
        "import runpy, socket, sys\n"
        "def refuse(*_a, **_k): raise SystemExit('a socket was asked for')\n"
        "socket.socket = socket.create_connection = refuse\n"
        "sys.argv = sys.argv[1:]\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
    )
    command = [sys.executable, "-I", "-S", "-B", str(refusing), str(portable / "start.py")]
    for words in (["hide", "refusing.py", "--in", "card-1.img"], ["open", "card-1.img", "--out", "back"]):
        code, shown = at_terminal([*command, *words], trip, ANSWERS, environment(trip) | {"HOME": home})
        assert code == 0, shown
    assert leftovers(trip) == []


def test_packages_and_variables_of_the_system_have_no_say(portable: Path, trip: Path) -> None:
    hostile = trip / "hostile"
    hostile.mkdir()
    for name in ("numpy.py", "click.py", "fifthfloor.py", "sitecustomize.py"):
        (hostile / name).write_text("raise SystemExit('a stranger was imported')")
    changed = {"PYTHONPATH": str(hostile), "PYTHONSTARTUP": str(hostile / "click.py"), "PYTHONHOME": ""}
    code, shown = run(portable, hostile.parent, "--version", **changed)
    assert (code, "version" in shown) == (0, True), shown
    code, shown = at_terminal(["sh", str(portable / "fifthfloor"), "--version"], hostile, {}, environment(trip))
    assert (code, "version" in shown) == (0, True), shown


DESK = ("anyio", "h11", "idna", "jinja2", "markupsafe", "starlette", "typing_extensions", "uvicorn")


def test_the_desk_is_in_it_and_small(portable: Path, trip: Path) -> None:
    own = [path for path in portable.rglob("*") if path.is_file() and _library(portable, path).startswith(DESK)]
    machines = {path.relative_to(portable).parts[1:3] for path in own if "markupsafe" in path.parts}
    # One of the small folders stands for each Python and machine of the whole folder: five of them.
    size = sum(path.stat().st_size * (5 if "markupsafe" in path.parts else 1) for path in own)
    assert len(machines) == 1
    assert 1_000_000 < size <= 1_500_000
    command = ["sh", str(portable / "fifthfloor"), "desk", str(trip), "--no-browser", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(trip), cwd=trip) as process:
        try:
            _visit(process)
        finally:  # or the block waits for it for ever
            process.send_signal(signal.SIGINT)
            process.wait(60)
    assert list((trip / "home").iterdir()) == list((trip / "temporary").iterdir()) == []


def _visit(process: subprocess.Popen[str]) -> None:
    """Come in as a browser does, and ask for every page."""
    assert process.stdout
    text = ""
    while not text.rstrip().endswith("}"):
        text += process.stdout.readline()
    host = json.loads(text)["address"].split("/")[2]
    wire = http.client.HTTPConnection(host, timeout=60)
    wire.request("GET", json.loads(text)["address"].removeprefix(f"http://{host}"))
    answer = wire.getresponse()
    answer.read()
    cookie = {"Cookie": str(answer.getheader("set-cookie")).split(";")[0]}
    style = STATIC_AT["desk.css"].removeprefix("/")
    for page in ("1", "2", "3", "4", "5", "6", "7", "8", "20", "30", "nowhere", style):
        wire.request("GET", f"/{page}", headers={**cookie, "Accept-Encoding": "gzip"})
        answer = wire.getresponse()
        assert (answer.status, bool(answer.read())) == (404 if page == "nowhere" else 200, True), page
    wire.close()


def _library(portable: Path, path: Path) -> str:
    """Return which library a file belongs to, by its folder's or its own name."""
    parts = path.relative_to(portable).parts
    return (parts[2] if parts[1:2] == ("any",) else parts[3] if len(parts) > 3 else "").lower()


def test_a_link_to_the_launcher_finds_its_folder(portable: Path, trip: Path) -> None:
    (trip / "ff").symlink_to(portable / "fifthfloor")
    code, shown = at_terminal(["sh", "ff", "--version"], trip, {}, environment(trip))
    assert code == 0, shown


def start_file() -> ModuleType:
    """Return start.py as a module."""
    spec = importlib.util.spec_from_file_location("portable_start", FILES / "start.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("machine", "version", "glibc", "cause"),
    [
        ("riscv64", (3, 13), "glibc 2.41", "this folder is for x86_64, this machine is riscv64"),
        ("x86_64", (3, 9), "glibc 2.41", "this folder is for Python 3.11, 3.13, this is 3.9"),
        ("x86_64", (3, 13), "", "the libraries here need glibc, and this system has none"),
    ],
)
def test_what_does_not_fit_is_said(
    machine: str, version: tuple[int, int], glibc: str, cause: str, tmp_path: Path
) -> None:
    for place in ("any", "x86_64/abi3", "x86_64/cp311", "x86_64/cp313"):
        (tmp_path / place).mkdir(parents=True)
    start = start_file()
    assert start.libraries(tmp_path, "x86_64", (3, 13), "glibc 2.41")[0] == str(tmp_path / "x86_64/cp313")
    with pytest.raises(start.UnfitError) as caught:
        start.libraries(tmp_path, machine, version, glibc)
    assert caught.value.args[0] == cause


def test_a_folder_for_another_python_stops_in_two_lines(tmp_path: Path) -> None:
    shutil.copytree(FILES, tmp_path / "p")
    (tmp_path / "p" / "lib" / os.uname().machine / "cp399").mkdir(parents=True)
    done = subprocess.run(
        ["sh", str(tmp_path / "p" / "fifthfloor"), "wipe"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 69
    assert [line.split(":")[1] for line in done.stderr.splitlines()] == [" error", " hint"]


def test_something_else_is_not_replaced(wheels: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(FileExistsError):
        build(listed(wheels), tmp_path / "mine")
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("click-8.5.1-py3-none-any.whl", ("click", "any", "any")),
        ("numpy-2.4.6-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl", ("numpy", "cp311", "x86_64")),
        ("numpy-2.4.6-cp313-cp313-win_amd64.whl", ("numpy", "cp313", "win_amd64")),
        ("cryptography-50.0.2-cp39-abi3-win_amd64.whl", ("cryptography", "abi3", "win_amd64")),
        ("pynacl-1.6.2-cp38-abi3-manylinux_2_26_x86_64.manylinux_2_28_x86_64.whl", ("pynacl", "abi3", "x86_64")),
    ],
)
def test_a_wheels_name_says_what_it_is_for(name: str, facts: tuple[str, str, str]) -> None:
    wheel = read_name(Path(name))
    assert (wheel.package, wheel.tag, wheel.machine) == facts


@pytest.mark.parametrize(
    "name",
    [
        "numpy.zip",
        "numpy-2.4.6-cp311-cp311-win32.whl",
        "numpy-2.4.6-cp311-cp311-macosx_14_0_arm64.whl",
        "a-1-py3-none-musllinux_1_2_x86_64.whl",
    ],
)
def test_a_wheel_for_another_system_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=re.escape(name)):
        read_name(Path(name))


@pytest.mark.judge("unshare")
@pytest.mark.kernel
def test_the_wheels_install_without_a_network(wheels: Path, tmp_path: Path) -> None:
    alone = ["unshare", "--net"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        kernel_refused("no namespaces of one's own")
    clean: Mapping[str, str] = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PIP_CONFIG_FILE": os.devnull}
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "place")], check=True)
    pip = [*alone, str(tmp_path / "place/bin/pip"), "install", "--quiet", "--no-index", "--disable-pip-version-check"]
    subprocess.run([*pip, "--find-links", str(wheels), "fifthfloor"], check=True, env=clean)
    done = subprocess.run(
        [*alone, str(tmp_path / "place/bin/fifthfloor"), "passphrase"], capture_output=True, check=True, env=clean
    )
    assert len(done.stdout.split()) == 7
