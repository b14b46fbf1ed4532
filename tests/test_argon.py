"""Two windows derive keys at once: each gets its own, and nobody waits for ever."""

from __future__ import annotations

import subprocess
import sys

from fifthfloor.argon import derived

AT_ONCE = """
import os, sys, threading
from fifthfloor.argon import derived
found = set()
def derive():
    for _ in range(40):
        found.add(derived(b"x", b"s" * 16, length=32, passes=1, lanes=4, memory_kib=4096))
threads = [threading.Thread(target=derive, daemon=True) for _ in range(3)]
for one in threads:
    one.start()
for one in threads:
    one.join(60)
print(sum(one.is_alive() for one in threads), len(found))
sys.stdout.flush()
os._exit(0)  # a thread that hangs holds the interpreter
"""


def test_several_at_once_come_to_their_end() -> None:
    """OpenSSL 4.0.3 hangs or wants memory here within a few derivations."""
    done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, check=False, timeout=240)
    assert (done.stdout.split(), done.stderr) == (["0", "1"], "")


def test_it_is_the_function_of_rfc_9106() -> None:
    """Judged by the reference implementation, over argon2-cffi."""
    from argon2.low_level import Type, hash_secret_raw

    ours = derived(b"passphrase", b"salt of sixteen!", length=32, passes=2, lanes=4, memory_kib=1024)
    judge = hash_secret_raw(b"passphrase", b"salt of sixteen!", 2, 1024, 4, 32, Type.ID)
    assert ours == judge
