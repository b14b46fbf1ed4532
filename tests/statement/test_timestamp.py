"""Time stamps, against an authority of our own (`openssl ts`)."""

from __future__ import annotations

import contextlib
import http.server
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.statement.stories import KEY, secret, signed

from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run
from fifthfloor.errors import BadInput, NothingFound
from fifthfloor.statement import timestamp
from fifthfloor.statement.claims import NOBODY
from fifthfloor.statement.sign import approve_all
from fifthfloor.statement.statement import Statement, read
from fifthfloor.statement.timestamp import ask, attach, check, prepare, read_batch

CONFIG = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def chance(start: int = 0) -> Callable[[int], bytes]:
    counter = iter(range(start, 1_000_000))
    return lambda count: (secret(str(next(counter))) * 2)[:count]


def statement(name: str) -> Statement:
    return read(signed(seed=secret(name), width=64, height=64).statement)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authority")
    (folder / "ts.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    (folder / "tsa.ext").write_text("extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n")
    root = ["-days", "30", "-subj", "/CN=Root", "-addext", "basicConstraints=critical,CA:TRUE"]
    commands = [
        ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem", *root],
        ["req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=TSA"],
        ["x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "20",
         "-extfile", "tsa.ext", "-out", "tsa.pem"],
    ]  # fmt: skip
    for command in commands:
        subprocess.run(["openssl", *command], cwd=folder, check=True, capture_output=True)
    return folder


def answer(authority: Path, request: bytes) -> bytes:
    (authority / "request").write_bytes(request)
    command = [
        "openssl",
        "ts",
        "-reply",
        "-config",
        "ts.cnf",
        "-queryfile",
        "request",
        "-out",
        "answer",
    ]
    ran = subprocess.run(command, cwd=authority, check=False, capture_output=True)
    assert ran.returncode == 0, ran.stderr
    return (authority / "answer").read_bytes()


@pytest.mark.judge("openssl")
def test_one_answer_stamps_a_batch(authority: Path) -> None:
    statements = [statement(str(number)) for number in range(9)]
    batch, request = prepare([one.digest() for one in statements], chance())
    batch = read_batch(batch.to_bytes())
    got = answer(authority, request)
    trusted = (authority / "root.pem").read_bytes()
    for one in statements:
        stamped = attach(one, batch, got)
        assert read(stamped.to_bytes()) == stamped
        assert abs(check(stamped, trusted) - datetime.now(UTC)) < timedelta(minutes=5)
    # Another statement cannot borrow it, nor the same one after it was signed again.
    with pytest.raises(NothingFound) as absent:
        attach(statement("absent"), batch, got)
    assert absent.value.key == "time.not_in_batch"
    first = attach(statements[0], batch, got)
    assert first.time is not None
    borrowed = replace(statements[1], time=first.time)
    with pytest.raises(NothingFound) as other:
        check(borrowed, trusted)
    assert other.value.key == "time.not_proved"


@pytest.mark.judge("openssl")
def test_answers_of_others_are_refused(authority: Path) -> None:
    one = statement("one")
    batch, request = prepare([one.digest()], chance())
    other_batch, other_request = prepare([one.digest()], chance(500))
    got = answer(authority, request)
    with pytest.raises(BadInput) as caught:
        attach(one, other_batch, got)
    assert caught.value.key == "time.other_answer"
    assert answer(authority, other_request) != got
    stamped = attach(one, batch, got)
    with pytest.raises(NothingFound):
        check(stamped, other_root(authority))
    with pytest.raises(BadInput) as bad:
        check(stamped, b"no certificate")
    assert bad.value.key == "time.certificate"


def other_root(authority: Path) -> bytes:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "x.key", "-out", "x.pem"]
    subprocess.run([*command, "-subj", "/CN=Other"], cwd=authority, check=True, capture_output=True)
    return (authority / "x.pem").read_bytes()


@pytest.mark.judge("openssl")
def test_a_changed_answer_is_refused(authority: Path) -> None:
    one = statement("one")
    batch, request = prepare([one.digest()], chance())
    got = answer(authority, request)
    trusted = (authority / "root.pem").read_bytes()
    refused = 0
    for at in range(0, len(got), 7):
        bad = bytearray(got)
        bad[at] ^= 0x10
        try:
            check(attach(one, batch, bytes(bad)), trusted)
        except (BadInput, NothingFound):
            refused += 1
    # What is not signed (an unsigned tag of a length we do not read) may change without harm; hardly anything is.
    assert refused > 0.9 * len(range(0, len(got), 7))


@given(st.integers(0, 40))
def test_a_batch_hides_how_many_there_are(count: int) -> None:
    digests = [secret(str(number)) for number in range(count)]
    batch, request = prepare(digests, chance())
    lengths = {len(place.path) for place in batch.places.values()}
    assert lengths <= {max(3, count.bit_length())}
    assert len(batch.places) == count
    assert len({place.index for place in batch.places.values()}) == count
    for digest in digests:
        assert digest not in request


@given(st.one_of(st.binary(max_size=100), st.sampled_from([b"[" * 9999, b'{"format": "fifthfloor time batch 1"}'])))
def test_hostile_batches_and_answers_are_refused_by_name(data: bytes) -> None:
    with pytest.raises(BadInput):
        read_batch(data)
    one = statement("one")
    batch, _ = prepare([one.digest()], chance())
    with pytest.raises(BadInput):
        attach(one, batch, data)


def test_a_large_answer_is_refused() -> None:
    one = statement("one")
    batch, _ = prepare([one.digest()], chance())
    with pytest.raises(BadInput) as caught:
        attach(one, batch, bytes(timestamp.MAX_ANSWER_BYTES + 1))
    assert caught.value.key == "time.answer_too_large"


@pytest.mark.judge("openssl")
def test_stamping_on_the_command_line(authority: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pictures = []
    for name in ("one", "two"):
        found = signed(seed=secret(name), width=64, height=64)
        pictures.append(tmp_path / f"{name}.jpg")
        pictures[-1].write_bytes(found.picture)
        (tmp_path / f"{name}.jpg.statement.json").write_bytes(found.statement)

    def do(*arguments: object) -> int:
        return run(fifthfloor, [str(argument) for argument in arguments])

    assert do("stamp", "request", *pictures, "--out", tmp_path / "batch") == 0
    answered = tmp_path / "answer.tsr"
    answered.write_bytes(answer(authority, (tmp_path / "batch" / "request.tsq").read_bytes()))
    assert do("verify", *pictures, "--authority", authority / "root.pem") == 1
    assert do("stamp", "finish", *pictures, "--batch", tmp_path / "batch", "--answer", answered) == 0
    capsys.readouterr()
    assert do("verify", *pictures) == 0
    assert "which was not checked" in capsys.readouterr().out
    assert do("verify", *pictures, "--authority", authority / "root.pem") == 0
    assert "signed not later than 2" in capsys.readouterr().out
    assert not list(tmp_path.glob("*.part"))


class _Authority(http.server.BaseHTTPRequestHandler):
    """A time stamping authority on loopback, and what one would meet on the way to others."""

    folder: Path
    seen: ClassVar[list[bytes]] = []
    # Bytes a chunk, and seconds between two, of an authority that never ends.
    trickle = (b"x", 0.02)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        request = self.rfile.read(length)
        self.seen.append(f"{self.requestline}\r\n".encode() + self.headers.as_bytes() + request)
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "/ts")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        if self.path == "/large":
            self.wfile.write(bytes(1 << 20))
        elif self.path == "/nonsense":
            self.wfile.write(b"<html>log in to this network</html>")
        elif self.path == "/endless":
            with contextlib.suppress(OSError):
                while True:
                    self.wfile.write(self.trickle[0])
                    time.sleep(self.trickle[1])
        else:
            self.wfile.write(answer(self.folder, request))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(authority: Path) -> Iterator[str]:
    _Authority.folder = authority
    _Authority.seen.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Authority) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.judge("openssl")
def test_an_authority_is_asked_with_the_request_and_nothing_else(authority: Path, address: str) -> None:
    one = statement("one")
    batch, request = prepare([one.digest()], chance())
    stamped = attach(one, batch, ask(address + "/ts?a=1", request))
    assert check(stamped, (authority / "root.pem").read_bytes())
    host = address.removeprefix("http://")
    head = f"POST /ts?a=1 HTTP/1.1\r\nHost: {host}\nContent-Type: application/timestamp-query\n"
    assert _Authority.seen == [f"{head}Content-Length: {len(request)}\n\n".encode() + request]


@pytest.mark.judge("openssl")
@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/elsewhere", "time.no_answer"),
        ("/large", "time.answer_too_large"),
        ("/nonsense", "time.answer_malformed"),
        ("/endless", "time.answer_malformed"),
    ],
)
def test_an_authority_that_misbehaves_is_left(address: str, path: str, key: str) -> None:
    _, request = prepare([statement("one").digest()], chance())
    with pytest.raises(BadInput) as caught:
        ask(address + path, request, seconds=0.5)
    assert caught.value.key == key
    # Nothing is asked twice, and no other address.
    assert len(_Authority.seen) == 1


def test_nobody_there_is_said_and_odd_addresses_are_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(BadInput) as caught:
            ask(f"http://127.0.0.1:{taken.getsockname()[1]}/", b"request")
    assert caught.value.key == "time.no_connection"
    for url in (
        "",
        "ftp://a/",
        "file:///etc/passwd",
        "http://",
        "http://me:word@a/",
        "http://a:x/",
        "http://a/\r\nX: y",
    ):
        with pytest.raises(BadInput) as odd:
            ask(url, b"request")
        assert odd.value.key == "time.address"
    with pytest.raises(BadInput) as large:
        ask("http://127.0.0.1:9/", bytes(513))
    assert large.value.key == "time.request_too_large"


@pytest.mark.judge("openssl")
def test_asking_an_authority_on_the_command_line(authority: Path, address: str, tmp_path: Path) -> None:
    found = signed(seed=secret("one"), width=64, height=64)
    picture = tmp_path / "one.jpg"
    picture.write_bytes(found.picture)
    (tmp_path / "one.jpg.statement.json").write_bytes(found.statement)

    def do(*arguments: object) -> int:
        return run(fifthfloor, [str(argument) for argument in arguments])

    batch = tmp_path / "batch"
    assert do("stamp", "request", picture, "--out", batch) == 0
    finish = ("stamp", "finish", picture, "--batch", batch)
    assert do(*finish) == 2
    assert do(*finish, "--url", address, "--answer", "x") == 2
    # Without a terminal and without --yes nothing is sent.
    assert do(*finish, "--url", address) == 2
    assert _Authority.seen == []
    assert do(*finish, "--url", f"{address}/elsewhere", "--yes") == 3
    assert not (batch / "answer.tsr").exists()
    assert do(*finish, "--url", address, "--yes") == 0
    assert do("verify", picture, "--authority", authority / "root.pem") == 0
    # Once is enough: the answer is kept, and is not asked for again.
    assert do(*finish, "--url", address, "--yes") == 3
    assert do(*finish, "--answer", batch / "answer.tsr") == 0
    assert len(_Authority.seen) == 2


def test_signing_again_drops_the_time_stamp() -> None:
    found = signed(width=64, height=64)
    again = approve_all([found], KEY, NOBODY, key_life="once")[0]
    assert read(again.statement).time is None
