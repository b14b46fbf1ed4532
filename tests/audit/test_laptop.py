"""Traces on laptops: caches, lists, histories, trash, catalogues, and the tool's own."""

from __future__ import annotations

import io
import random
import sqlite3
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from fifthfloor.audit.catalogues import names_in_catalogue
from fifthfloor.audit.finding import Finding
from fifthfloor.audit.laptop import Trace, own_findings, trace_findings, trace_of
from fifthfloor.audit.qr_line import draws_line
from fifthfloor.audit.sealed_lines import holds_line
from fifthfloor.audit.traces import names_in
from fifthfloor.floor.recipient import RecipientKey
from fifthfloor.floor.shot import seal_shot
from fifthfloor.identity import Cost, Identity, pack
from fifthfloor.metadata.endings import SHOTS, TELLING_IN_TEXT
from fifthfloor.metadata.source import BytesSource
from fifthfloor.tasks.people import qr
from fifthfloor.tasks.search.audit import audit


def test_a_history_tells_of_every_ending_that_is_no_word_of_other_trades() -> None:
    assert {"3fr", "nrw", "rwl", "jxl", "braw", "lrv"} <= set(TELLING_IN_TEXT) < SHOTS
    lines = [f"mv DSC_0041.{ending} /tmp" for one in TELLING_IN_TEXT for ending in (one, one.upper())]
    for name in (".bash_history", ".zsh_history", "fish_history", "ConsoleHost_history.txt"):
        assert names_in(f"home/x/{name}", "\n".join(["ls", *lines, "cd"]).encode()) == lines


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + bytes(4)


URI = chunk(b"tEXt", b"Thumb::URI\0file:///home/x/IMG_7%20a.JPG")
THUMBNAIL = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + URI + chunk(b"IEND", b"")


def ds_record(name: str) -> bytes:
    return struct.pack(">I", len(name)) + name.encode("utf-16-be") + b"Ilocblob" + struct.pack(">I", 16) + bytes(16)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (".cache/thumbnails/large/0a1b.png", "thumbnail"),
        ("AppData/Local/Microsoft/Windows/Explorer/thumbcache_256.db", "thumbnail"),
        ("Pictures/Thumbs.db", "folder_view"),
        ("Pictures/.DS_Store", "folder_view"),
        (".local/share/recently-used.xbel", "recent"),
        ("AppData/Roaming/Microsoft/Windows/Recent/IMG_0001.lnk", "recent"),
        (".bash_history", "history"),
        (".local/share/fish/fish_history", "history"),
        (".local/share/Trash/info/a.trashinfo", "trash"),
        ("$RECYCLE.BIN/S-1-5/$RABC.JPG", "trash"),
        (".local/share/gvfs-metadata/uuid-1234", "mounts"),
        ("var/log/syslog.1", "mounts"),
        ("pagefile.sys", "swap"),
        ("hiberfil.sys", "swap"),
        (".local/lib/python3.11/site-packages/fifthfloor/__init__.py", "own"),
        ("Downloads/fifthfloor-0.1.0-py3-none-any.whl", "own"),
        ("stick/portable/fifthfloor", "own"),
        ("stick/portable/lib/any/fifthfloor/__init__.py", "own"),
        ("var/log/auth.log.1", "history"),
        ("Pictures/My Catalog.lrcat", "catalogue"),
        (".config/darktable/library.db", "catalogue"),
        ("Photos Library.photoslibrary/database/Photos.sqlite", "catalogue"),
        (".local/share/shotwell/data/photo.db", "catalogue"),
        ("Pictures/My Catalog.lrcat-wal", "catalogue"),
        ("Pictures/My Catalog Previews.lrdata/1/A.lrprev", "thumbnail"),
        ("Photos Library.photoslibrary/resources/derivatives/A/1.jpeg", "thumbnail"),
        (".cache/darktable/mipmaps-1.d/3/12.jpg", "thumbnail"),
        (".mozilla/firefox/x.default/places.sqlite", "browser"),
        (".config/chromium/Default/History", "browser"),
        ("Library/Safari/History.db", "browser"),
        (".config/libreoffice/4/user/registrymodifications.xcu", "recent"),
        ("Library/Application Support/com.apple.sharedfilelist/x.sfl3", "recent"),
        (".local/share/Trash/files/IMG_1.JPG", "trash"),
        ("AppData/Local/Programs/Python/Python311/Scripts/fifthfloor.exe", "own"),
        (".local/share/pipx/venvs/fifthfloor/bin/python", "own"),
        ("code/fifthfloor/src/fifthfloor/__init__.py", "own"),
        (".local/share/bash-completion/completions/fifthfloor", "own"),
        (".config/fish/completions/fifthfloor.fish", "own"),
        (".fifthfloor-complete.bash", "own"),
        ("usr/local/share/zsh/site-functions/_fifthfloor", "own"),
        (".local/share/man/man1/fifthfloor-hide.1", "own"),
        ("stick/fifthfloor.cmd", "own"),
        (".bashrc", "startup"),
        ("Documents/PowerShell/Microsoft.PowerShell_profile.ps1", "startup"),
        (".local/share/pipx/venvs/.fifthfloor.lock", "own"),
        ("AppData/Roaming/uv/data/tools/fifthfloor/uv-receipt.toml", "own"),
        (".cache/uv/wheels-v8/url/495fbabfeada7b80/fifthfloor/0.1.0-py3-none-any.rev", "own"),
        ("AppData/Local/uv/cache/sdists-v9/path/1/fifthfloor-0.1.0", "own"),
        (".cache/fish/generated_completions/fifthfloor.fish", "own"),
        (".zfunc/_fifthfloor", "own"),
        (".local/state/pipx/log/cmd_2026-12-01_04.12.35.log", "installer"),
        ("Library/Logs/pipx/cmd_2026-12-01_04.12.35.log", "installer"),
        ("AppData/Local/pipx/pipx/Logs/cmd_2026-12-01_04.12.35.log", "installer"),
        (".local/pipx/logs/cmd_2024-12-01_04.12.35.log", "installer"),
        (".cache/pip/selfcheck/0f3a", "installer"),
        ("AppData/Local/pip/cache/selfcheck/0f3a", "installer"),
        ("NTUSER.DAT", "mounts"),
        ("var/log/journal/1234/system.journal", "mounts"),
    ],
)
def test_traces_are_told_by_their_place(path: str, kind: str) -> None:
    found = trace_of(path)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "path", ["Pictures/IMG_0001.JPG", "notes.txt", "src/history.py", "swapfile_notes.txt", "fifthfloor/README.md"]
)
def test_ordinary_files_are_no_traces(path: str) -> None:
    assert trace_of(path) is None


@pytest.mark.parametrize(
    ("path", "data", "names"),
    [
        ("a.png", THUMBNAIL, ["file:///home/x/IMG_7 a.JPG"]),
        (".DS_Store", b"\0\0\0\1Bud1" + bytes(40) + ds_record("IMG_0042.JPG"), ["IMG_0042.JPG"]),
        ("Thumbs.db", bytes(64) + "IMG_0042.JPG".encode("utf-16-le") + bytes(9), ["IMG_0042.JPG"]),
        ("Thumbs.db", b"\1\0" + "Bild Pjöngjang.jpg".encode("utf-16-le") + bytes(9), ["Bild Pjöngjang.jpg"]),
        ("Thumbs.db", b"\1\0" + "사진 1.JPG".encode("utf-16-le") + bytes(9), ["사진 1.JPG"]),
        ("x.sfl3", b"bplist00\0\x08_file:///Users/x/IMG_0042.JPG\x08", ["_file:///Users/x/IMG_0042.JPG"]),
        ("uuid-1", b"\0\0DCIM/IMG_0042.NEF\0\0IMG_0042.NEFx\0", ["DCIM/IMG_0042.NEF"]),
        ("recently-used.xbel", b'<xbel><bookmark href="file:///a%20b.jpg"/>', ["file:///a b.jpg"]),
        ("a.trashinfo", b"[Trash Info]\nPath=Pictures/IMG_1.JPG\nDeletionDate=x", ["Pictures/IMG_1.JPG"]),
        (
            "var/log/auth.log.1",
            b"x\nsudo: a : COMMAND=/usr/bin/sh /m/fifthfloor wipe",
            ["sudo: a : COMMAND=/usr/bin/sh /m/fifthfloor wipe"],
        ),
        (".bash_history", b"ls\ncp IMG_0042.JPG /x\nfifthfloor hide x\n", ["cp IMG_0042.JPG /x", "fifthfloor hide x"]),
    ],
)
def test_names_are_read(path: str, data: bytes, names: list[str]) -> None:
    assert names_in(path, data) == names


def by_kind(findings: list[Finding]) -> dict[str, Finding]:
    return {found.kind: found for found in findings}


def test_a_trace_of_a_photograph_that_is_gone_is_critical() -> None:
    traces = [Trace("thumbnail", "t.png", ("file:///x/IMG_1.JPG",)), Trace("folder_view", "d", ("IMG_2.JPG",))]
    found = by_kind(trace_findings(traces, ["card/IMG_2.JPG"]))
    assert (found["laptop.thumbnail"].severity, found["laptop.thumbnail"].facts["gone"]) == ("critical", 1)
    assert (found["laptop.folder_view"].severity, found["laptop.folder_view"].facts["gone"]) == ("medium", 0)


def test_a_photograph_in_the_trash_is_critical_and_counted_once() -> None:
    traces = [Trace("trash", "T/files/IMG_1.JPG", ()), Trace("trash", "T/info/IMG_1.JPG.trashinfo", ("x/IMG_1.JPG",))]
    (found,) = trace_findings(traces, [])
    assert (found.severity, found.facts["count"]) == ("critical", 1)
    (other,) = trace_findings([Trace("trash", "T/files/letter.odt", ())], [])
    assert other.severity == "medium"


def test_a_browser_that_looked_for_this_program_is_critical() -> None:
    traces = [Trace("browser", "places.sqlite", ("https://example.org/fifthfloor Fifth Floor",))]
    assert [found.kind for found in own_findings(traces)] == ["laptop.own_named"]
    assert trace_findings(traces, [])[0].severity == "medium"


def test_the_same_name_again_and_again_ends() -> None:
    looked = names_in("Thumbs.db", "IMG_0042.JPG".encode("utf-16-le") * 1_000_000)
    assert len(looked) < 20


def test_a_shell_that_completes_its_commands_tells_of_it() -> None:
    """And a shell that does not says nothing, whatever else it starts."""
    plain = b"alias ll='ls -l'\nmount /media/card\nexport X=IMG_0001.JPG\n"
    for path in (
        ".bashrc",
        ".zshrc",
        ".config/fish/config.fish",
        "profile.ps1",
        ".profile",
        ".bash_aliases",
        ".bash_login",
        ".zshenv",
        ".zlogin",
        ".config/fish/conf.d/a.fish",
        ".bashrc.d/a.sh",
        ".bash_completion",
        ".config/bash/a",
        ".config/zsh/.zshrc",
        ".zshrc.d/a.zsh",
        ".zsh/own/a.zsh",
        ".zcompdump-host-5.9",
        ".oh-my-zsh/custom/plugins/a/a.plugin.zsh",
        ".xonshrc",
        ".config/xonsh/rc.xsh",
        "etc/profile.d/a.sh",
    ):
        assert names_in(path, plain) == []
        (line,) = names_in(path, plain + b'eval "$(_FIFTHFLOOR_COMPLETE=bash_source fifthfloor)"\n')
        traces = [Trace("startup", path, (line,))]
        assert [one.kind for one in own_findings(traces)] == ["laptop.own_named"]
        assert trace_findings([*traces, Trace("startup", path, ())], []) == []


def test_what_pipx_wrote_down_tells_of_this_program_and_not_of_others() -> None:
    path = ".local/state/pipx/log/cmd_2026-12-01_04.12.35.log"
    others = b"  658.0ms (setup:2166): /usr/bin/pipx install exiftool IMG_0001.JPG\n"
    assert names_in(path, others) == []
    (line,) = names_in(path, others + b"  986.1ms (package_name_from_spec:736): Determined package name: fifthfloor\n")
    assert [one.kind for one in own_findings([Trace("installer", path, (line,))])] == ["laptop.own_named"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("rm DSC_0001.RWL", "DSC_0001.RWL"),
        ("cp DSC_0001.JPG /tmp/", "DSC_0001.JPG"),
        ("open DCIM/DSC_0001.3FR;", "DSC_0001.3FR"),
        ("rm 'the march.jpg' && ls", "the march.jpg"),
        ('mv "DSC_0001.JPG" x', "DSC_0001.JPG"),
        ("rm my\\ photo.jpg -f", "my photo.jpg"),
        ("dd if=/m/DSC_0001.NEF of=x", "DSC_0001.NEF"),
        ("copy D:\\DCIM\\DSC_0001.JPG C:\\x", "DSC_0001.JPG"),
        (": 1700000000:0;cp A.JPG x", "A.JPG"),
        ("echo don't; rm A.JPG 'x'", "A.JPG"),
        ("exiftool *.JPG | less", "*.JPG"),
    ],
)
def test_a_line_of_a_history_tells_of_a_photograph_anywhere_in_it(line: str, names: str) -> None:
    (found,) = trace_findings([Trace("history", ".bash_history", (line,))], [])
    assert (found.severity, found.facts["names"], found.places[0].note) == ("high", names, names)
    (found,) = trace_findings([Trace("history", ".bash_history", (line,))], [f"a/{names}"])
    assert found.severity == "medium"


def test_the_tools_own_traces_are_critical() -> None:
    assert by_kind(trace_findings([Trace("own", "bin/fifthfloor", ())], []))["laptop.own"].severity == "critical"
    (named,) = own_findings([Trace("history", ".bash_history", ("fifthfloor hide x",))])
    assert named.places[0].note == "fifthfloor hide x"
    (logged,) = own_findings([Trace("mounts", "var/log/syslog", ("sudo fifthfloor wipe",))])
    assert logged.kind == "laptop.own_named"


CATALOGUES = {
    "Lightroom": [
        "CREATE TABLE AgLibraryFile (id_local, folder, baseName, extension)",
        "CREATE TABLE AgLibraryFolder (id_local, pathFromRoot)",
        "INSERT INTO AgLibraryFolder VALUES (1, '2026/nk/')",
        "INSERT INTO AgLibraryFile VALUES (9, 1, 'IMG_1', 'JPG')",
    ],
    "darktable": [
        "CREATE TABLE film_rolls (id, folder)",
        "CREATE TABLE images (id, film_id, filename)",
        "INSERT INTO film_rolls VALUES (1, '2026/nk')",
        "INSERT INTO images VALUES (1, 1, 'IMG_1.JPG')",
    ],
    "digiKam": [
        "CREATE TABLE AlbumRoots (id)",
        "CREATE TABLE Albums (id, relativePath)",
        "CREATE TABLE Images (id, album, name)",
        "INSERT INTO Albums VALUES (1, '2026/nk')",
        "INSERT INTO Images VALUES (1, 1, 'IMG_1.JPG')",
    ],
    "Apple Photos": [
        "CREATE TABLE ZASSET (Z_PK, ZFILENAME)",
        "CREATE TABLE ZADDITIONALASSETATTRIBUTES (ZASSET, ZORIGINALFILENAME)",
        "INSERT INTO ZASSET VALUES (1, 'A1B2.JPG')",
        "INSERT INTO ZADDITIONALASSETATTRIBUTES VALUES (1, '2026/nk/IMG_1.JPG')",
    ],
    "Shotwell": ["CREATE TABLE PhotoTable (filename)", "INSERT INTO PhotoTable VALUES ('2026/nk/IMG_1.JPG')"],
}


@pytest.mark.parametrize("program", CATALOGUES)
def test_catalogues_name_their_photographs(program: str, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "c.db")
    for statement in CATALOGUES[program]:
        connection.execute(statement)
    assert names_in_catalogue(connection) == (program, ["2026/nk/IMG_1.JPG"])


HISTORIES = {
    "Firefox": ["CREATE TABLE moz_places (url, title)", "INSERT INTO moz_places VALUES ('https://x.org', 'x')"],
    "Chromium": ["CREATE TABLE urls (url, title)", "INSERT INTO urls VALUES ('https://x.org', 'x')"],
    "Safari": [
        "CREATE TABLE history_items (id, url)",
        "CREATE TABLE history_visits (history_item, title)",
        "INSERT INTO history_items VALUES (1, 'https://x.org')",
        "INSERT INTO history_visits VALUES (1, 'x')",
    ],
}


@pytest.mark.parametrize("program", HISTORIES)
def test_browsers_tell_what_was_looked_up(program: str) -> None:
    connection = sqlite3.connect(":memory:")
    for statement in HISTORIES[program]:
        connection.execute(statement)
    assert names_in_catalogue(connection) == (program, ["https://x.org x"])


def test_unknown_damaged_and_bent_catalogues_are_none(tmp_path: Path) -> None:
    assert names_in_catalogue(sqlite3.connect(":memory:")) is None
    damaged = tmp_path / "d.db"
    damaged.write_bytes(b"SQLite format 3\0" + bytes(2000))
    assert names_in_catalogue(sqlite3.connect(damaged)) is None
    bent = sqlite3.connect(":memory:")
    bent.execute("CREATE TABLE PhotoTable (x)")  # the column that is asked for is not there
    assert names_in_catalogue(bent) is None


NAMES = [".DS_Store", "Thumbs.db", "a.png", ".bash_history", "x.xbel", "a.trashinfo"]


@given(st.binary(max_size=600), st.sampled_from(NAMES))
def test_any_bytes_give_names(data: bytes, path: str) -> None:
    names_in(path, data)
    names_in(path, b"\x89PNG\r\n\x1a\n" + data)


def test_a_recipients_line_that_is_left_is_a_trace(tmp_path: Path) -> None:
    """In a note, wrapped in a mail, in an office file, typed in a shell; words that only begin like one are none."""
    line = RecipientKey(bytes(range(32))).public.line()
    wrapped = "\n".join(f"> {line[at : at + 72]}" for at in range(0, len(line), 72))
    (tmp_path / "note.txt").write_text(f"for Paris: {line}\n")
    (tmp_path / "mail.eml").write_text(f"Subject: hello\n\nhere it is\n{wrapped}\n\nthanks\n")
    with zipfile.ZipFile(tmp_path / "letter.docx", "w") as letter:
        letter.writestr("word/document.xml", f"<w:p><w:t>{line}</w:t></w:p>")
    (tmp_path / ".bash_history").write_text(f"fifthfloor hide photos --in card.img --to {line}\n")
    (tmp_path / "for the wall.png").write_bytes(qr.png(line))
    (tmp_path / "words.png").write_bytes(qr.png("q" * 1963))
    (tmp_path / "plain.txt").write_text("the fifthfloor1 line begins with its own name " + "qpzry9x8 words " * 60)
    (tmp_path / "story.identity").write_bytes(
        pack(Identity(bytes(32), bytes(32)), "x", random=bytes, cost=Cost(64, 1, 1))
    )
    found = by_kind([*audit([tmp_path], None, quick=True).report.findings])
    assert {Path(place.path.split(" > ")[0]).name for place in found["laptop.recipient"].places} == {
        ".bash_history", "note.txt", "mail.eml", "letter.docx", "for the wall.png",
    }  # fmt: skip
    assert found["laptop.recipient"].severity == "critical"
    assert "laptop.own_named" in found
    assert [Path(place.path).name for place in found["laptop.own"].places] == ["story.identity"]


@pytest.mark.parametrize(("version", "mask"), [(26, 0), (26, 1), (28, 2), (31, 3), (32, 4), (32, 5), (40, 6), (27, 7)])
def test_a_line_is_read_from_a_code_of_every_form(version: int, mask: int) -> None:
    line = RecipientKey(bytes(range(32))).public.line()
    for text, begins in ((line.upper(), True), (line[11:].upper(), False)):
        assert draws_line(drawn(text, version=version, mask=mask)) == begins


def test_a_line_in_small_letters_is_read_and_no_bent_picture_breaks_the_reader() -> None:
    line, chance = RecipientKey(bytes(range(32))).public.line(), random.Random(3)
    assert draws_line(drawn(line))
    whole = qr.png(line)
    for _ in range(300):
        bent = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            bent[chance.randrange(8, 60)] = chance.randrange(256)
        draws_line(BytesSource(bytes(bent[: chance.choice([len(bent), chance.randrange(1_000, len(bent))])])))
    deep = struct.pack(">I4s", len(bomb := zlib.compress(bytes(50 << 20))), b"IDAT") + bomb
    assert not draws_line(BytesSource(whole[:33] + deep + whole[33:]))


def drawn(text: str, **form: Any) -> BytesSource:
    picture = io.BytesIO()
    segno.make_qr(text, error="L", boost_error=False, **form).save(picture, kind="png", scale=2)
    return BytesSource(picture.getvalue())


def test_a_sealed_shot_is_a_trace_however_long(tmp_path: Path) -> None:
    """It is no noise of unknown origin: its first bytes name the program."""
    pieces = seal_shot([bytes(2 << 20)], [RecipientKey(bytes(32)).public], random=bytes)
    (tmp_path / "0001.jpg.shot").write_bytes(b"".join(pieces))
    found = by_kind([*audit([tmp_path], None, quick=True).report.findings])
    assert [Path(place.path).name for place in found["laptop.own"].places] == ["0001.jpg.shot"]
    assert "file.noise" not in found


def test_looking_for_lines_ends_soon_on_what_almost_is_one() -> None:
    almost = ("fifthfloor1" + "q" * 189 + "b\n") * 20_000
    assert not holds_line(almost)
