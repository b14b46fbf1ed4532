"""One time stamp for a batch of statements: prepared offline, finished where there is a network (spec section 6).

Rule 1: a request is a file, and so is the authority's answer; any route may carry them. Only `ask` opens a connection,
        to the one address it is given, and sends the request's bytes and nothing else (decision 0034).
Rule 2: an authority learns nothing but one hash and the moment: leaves are salted, shuffled and padded, so that neither
        the number of photographs nor any one of them can be recognised.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.tsp import PKIStatus, TimeStampResponse

from fifthfloor.errors import BadInput, NothingFound, reason_of
from fifthfloor.statement.statement import Statement, TimeStamp

LEAST_LEAVES = 8
# A day of shooting has a few thousand; bounds the work on a batch file that lies.
MOST_STATEMENTS = 1 << 16
# Answers have 1 to 8 kB; bounds what is carried in each statement.
MAX_ANSWER_BYTES = 64 << 10
# A request has about 70 bytes: a hash and a nonce. Nothing larger is sent anywhere.
MAX_REQUEST_BYTES = 512
# Authorities answer within a second; a slow route takes a few.
ASK_SECONDS = 30.0
_BATCH_FORMAT = "fifthfloor time batch 1"


@dataclass(frozen=True, slots=True)
class BatchPlace:
    """Where a statement is in its batch; the path's hashes are its neighbours', from the leaf up."""

    index: int
    salt: bytes
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """What is kept until the answer comes: the root, the nonce of the request, and each statement's place by digest."""

    root: bytes
    nonce: int
    places: Mapping[bytes, BatchPlace]

    def to_bytes(self) -> bytes:
        """Write the private file of a batch; `read_batch` is the counterpart."""
        places = {
            digest.hex(): [place.index, place.salt.hex(), [one.hex() for one in place.path]]
            for digest, place in self.places.items()
        }
        document = {"format": _BATCH_FORMAT, "nonce": self.nonce, "places": places, "root": self.root.hex()}
        return json.dumps(document, sort_keys=True).encode()


def prepare(digests: Sequence[bytes], random: Callable[[int], bytes]) -> tuple[Batch, bytes]:
    """Make a batch and its request.

    Args:
        digests: of statements (`Statement.digest`); equal ones count once.
        random: gives that many random bytes.

    Returns:
        The batch, to be kept, and the RFC 3161 request (DER), to be sent. `attach` is the counterpart.

    Raises:
        BadInput: more than MOST_STATEMENTS.
    """
    wanted = list(dict.fromkeys(digests))
    if len(wanted) > MOST_STATEMENTS:
        raise BadInput("time.too_many", count=len(wanted), limit=MOST_STATEMENTS)
    size = max(LEAST_LEAVES, 1 << len(wanted).bit_length())
    order = sorted(range(size), key=lambda _: random(16))
    salts = [random(32) for _ in wanted]
    leaves = [random(32) for _ in range(size)]
    for digest, salt, index in zip(wanted, salts, order, strict=False):
        leaves[index] = _leaf(salt, digest)
    levels = [leaves]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([_node(below[at], below[at + 1]) for at in range(0, len(below), 2)])
    places = {
        digest: BatchPlace(index, salt, tuple(level[(index >> depth) ^ 1] for depth, level in enumerate(levels[:-1])))
        for digest, salt, index in zip(wanted, salts, order, strict=False)
    }
    root = levels[-1][0]
    request = TimestampRequestBuilder().data(root).hash_algorithm(HashAlgorithm.SHA256).build()
    return Batch(root, request.nonce or 0, places), request.as_bytes()


def read_batch(data: bytes) -> Batch:
    """Read the private file of a batch. Raises BadInput if it is not one; `Batch.to_bytes` is the counterpart."""
    try:
        document = json.loads(data)
        if document["format"] != _BATCH_FORMAT or len(document["places"]) > MOST_STATEMENTS:
            raise ValueError
        places = {
            bytes.fromhex(digest): BatchPlace(
                int(index), bytes.fromhex(salt), tuple(bytes.fromhex(one) for one in path)
            )
            for digest, (index, salt, path) in document["places"].items()
        }
        return Batch(bytes.fromhex(document["root"]), int(document["nonce"]), places)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadInput("time.batch_malformed") from error


def attach(statement: Statement, batch: Batch, answer: bytes) -> Statement:
    """Put the authority's answer into a statement of the batch.

    Raises:
        BadInput: no answer to this batch's request.
        NothingFound: the statement is not in the batch.
    """
    place = batch.places.get(statement.digest())
    if place is None:
        raise NothingFound("time.not_in_batch")
    response = _response(answer)
    if response.tst_info.nonce != batch.nonce or _imprint(response) != hashlib.sha256(batch.root).digest():
        raise BadInput("time.other_answer")
    return replace(statement, time=TimeStamp(place.index, place.path, place.salt, answer))


def host_of(url: str) -> str:
    """Return the host an address leads to. Raises BadInput for anything but a plain http or https address."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:
        known = False
    if not known or not parts.hostname or parts.username is not None or not url.isascii() or not url.isprintable():
        raise BadInput("time.address", url=url[:200])
    return parts.hostname


def ask(url: str, request: bytes, *, seconds: float = ASK_SECONDS) -> bytes:
    """Send a request to an authority and return its answer (RFC 3161 section 3.4).

    Args:
        url: http or https. The answer is signed, so nothing but privacy depends on which.
        request: as `prepare` made it.
        seconds: after which the connection is cut, whatever it is doing.

    Raises:
        BadInput: no connection, no answer in time, or another answer than 200 (another address is not followed).
    """
    host, parts = host_of(url), urlsplit(url)
    if len(request) > MAX_REQUEST_BYTES:
        raise BadInput("time.request_too_large", size=len(request), limit=MAX_REQUEST_BYTES)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(host, parts.port, timeout=seconds)
    try:
        connection.connect()
    except OSError as error:
        raise BadInput("time.no_connection", host=host, reason=_reason(error)) from error
    # The time limit of a socket is for each byte; this one is for all of them.
    cut = threading.Timer(seconds, _cut, [connection.sock])
    cut.daemon = True
    cut.start()
    try:
        # Host, length and type, and no header that would tell one program or language from another.
        connection.putrequest(
            "POST", (parts.path or "/") + ("?" + parts.query if parts.query else ""), skip_accept_encoding=True
        )
        connection.putheader("Content-Type", "application/timestamp-query")
        connection.putheader("Content-Length", str(len(request)))
        connection.endheaders(request)
        with connection.getresponse() as response:
            if response.status != 200:
                raise BadInput("time.no_answer", host=host, status=response.status)
            answer = response.read(MAX_ANSWER_BYTES + 1)
    except (OSError, http.client.HTTPException) as error:
        raise BadInput("time.no_connection", host=host, reason=_reason(error)) from error
    finally:
        cut.cancel()
        connection.close()
    _response(answer)
    return answer


def _cut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _reason(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return "time.no_name"
    if isinstance(error, TimeoutError):
        return "files.reason.timed_out"
    if isinstance(error, OSError) and error.strerror:
        return reason_of(error)[:200]
    return (str(error) or type(error).__name__)[:200].lower()


def check(statement: Statement, authorities_pem: bytes) -> datetime:
    """Check a statement's time stamp.

    Args:
        statement: one that was verified.
        authorities_pem: root certificates that are trusted, PEM.

    Returns:
        The moment, by the authority's clock, at which the statement existed.

    Raises:
        BadInput: the certificates or the answer are not such.
        NothingFound: there is no time stamp, or it is not for this statement, or not of these authorities.
    """
    time = statement.time
    if time is None:
        raise NothingFound("time.none")
    try:
        roots = load_pem_x509_certificates(authorities_pem)
    except ValueError as error:
        raise BadInput("time.certificate") from error
    response = _response(time.token)
    here = _leaf(time.salt, statement.digest())
    for depth, neighbour in enumerate(time.path):
        here = _node(neighbour, here) if time.index >> depth & 1 else _node(here, neighbour)
    try:
        VerifierBuilder(roots=list(roots)).build().verify_message(response, here)
    except (VerificationError, ValueError) as error:
        raise NothingFound("time.not_proved", reason=str(error)[:200]) from error
    return response.tst_info.gen_time


def _response(answer: bytes) -> TimeStampResponse:
    if len(answer) > MAX_ANSWER_BYTES:
        raise BadInput("time.answer_too_large", size=len(answer), limit=MAX_ANSWER_BYTES)
    try:
        response = decode_timestamp_response(answer)
        granted = PKIStatus(response.status) in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS)
        if granted:
            # Reading these parses the signed part, which the library does late.
            _imprint(response)
    except ValueError as error:
        raise BadInput("time.answer_malformed") from error
    if not granted:
        raise BadInput("time.answer_refused")
    return response


def _imprint(response: TimeStampResponse) -> bytes:
    return bytes(response.tst_info.message_imprint.message)


def _leaf(salt: bytes, digest: bytes) -> bytes:
    return hashlib.sha256(b"\x08" + salt + digest).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x09" + left + right).digest()
