"""The readers of slots and archives as functions of bytes; the fuzzer is an enemy who knows the passphrase.

What it writes is sealed and hashed here as a lawful writer would, so that what lies behind the seal is reached too.
"""

from __future__ import annotations

import hashlib
import struct
from itertools import islice

from tests.doubles import FailingDevice, memory_device
from tools.vectors.build import HEADER_BYTES, SYMBOL, keys, sealed

from fifthfloor.carriers.collection import Collection, scan
from fifthfloor.errors import BadInput
from fifthfloor.floor.header import unpack_header
from fifthfloor.floor.slot import SECTOR_BYTES, SLOT_BYTES, SlotCipher
from fifthfloor.floor.tar_stream import Unpacked, check_name, unpack

KEYS = keys()
MOST_SLOTS = 24
RECORD_BYTES = 2 + len(HEADER_BYTES)
"""Of `slots`: place (in sectors), what is done to the slot, and the header that is sealed in it."""


def slots(data: bytes) -> None:
    """Headers of any contents, sealed well, at any sector, whole or overlapping or bent: read as `open` reads."""
    image = bytearray(MOST_SLOTS * SLOT_BYTES)
    for at in range(0, min(len(data), MOST_SLOTS * RECORD_BYTES), RECORD_BYTES):
        place, bend = data[at], data[at + 1] if at + 1 < len(data) else 0
        header = data[at + 2 : at + RECORD_BYTES].ljust(len(HEADER_BYTES), b"\0")
        lawful = unpack_header(header)
        assert lawful is None or lawful.pack() == header
        slot = bytearray(sealed(header, SYMBOL, by=KEYS, seed=f"{at}"))
        if bend >= 128:
            slot[bend * 97 % SLOT_BYTES] ^= bend
        offset = place * 3 * SECTOR_BYTES
        image[offset : offset + SLOT_BYTES] = slot[: len(image) - offset]
    with FailingDevice(memory_device(bytes(image))) as device:
        cipher = SlotCipher(KEYS)
        collection = Collection([device], cipher, scan([device], cipher, lambda _done: None))
        for facts in collection.floors():
            unlocked = facts.unlock()
            if unlocked is None:
                continue
            assert 1 <= unlocked.threshold <= unlocked.carriers
            for group in range(min(unlocked.groups, 8)):
                # `source_symbols` of the header that was read last, 3,248 x 5 bytes each: no more than the slots give.
                try:
                    found = collection.group(facts, unlocked, group)
                except BadInput as error:
                    # Symbols that contradict each other can only come from who has the passphrase.
                    if error.key != "open.shards_disagree":
                        raise
                    continue
                assert found is None or len(found) <= len(image)
        assert all(kind == "read" for kind, _, _ in device.log)
        assert device.calls <= 40 * MOST_SLOTS


def sealed_tar(data: bytes) -> bytes:
    """Make the checksum of every tar header right, as far as the sizes in them lead."""
    tar, at = bytearray(data), 0
    while at + 512 <= len(tar):
        head = tar[at : at + 512]
        if any(head):
            head[148:156] = b" " * 8
            tar[at + 148 : at + 156] = b"%06o\0 " % sum(head)
        try:
            size = int(bytes(head[124:136]).rstrip(b"\0 ") or b"0", 8)
        except ValueError:
            size = 0
        at += 512 + -(-max(0, size) // 512) * 512
    return bytes(tar)


def archives(data: bytes) -> None:
    """Bytes as an archive, and as the tar of one whose length, hash and checksums are right."""
    tar = sealed_tar(data)
    right = struct.pack(">Q", len(tar)) + tar + hashlib.sha256(tar).digest()
    for whole in (data, right):
        learned, names, files, given = Unpacked(), set(), 0, 0
        try:
            for entry, contents in unpack((whole[at : at + 777] for at in range(0, len(whole), 777)), learned):
                assert check_name(entry.name)
                assert entry.name not in names
                names.add(entry.name)
                files += not entry.is_directory
                for piece in islice(contents, 1 << 16):
                    given += len(piece)
                    assert given <= len(whole), "an archive gives back no more than it has"
        except BadInput:
            continue
        assert files == len(learned.hashes)
