"""Two machines on one, and the wire between them cut: `PYTHONPATH=. python bench/cut_network.py [ROW...]`.

Network namespaces, with TLS as docs/scale.md says. Root, `ip` and `openssl` are needed; where the kernel refuses
namespaces it says so and ends with 2. The command runs in the first one. While it adds photographs the wire between the
two is taken away for a while and comes back; the scheduler is on one side or the other. In the last row the scheduler
and its workers are killed and started again.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from many import certificates
from measure import helped
from tests.trace.scenes import jpeg, scene

NEAR, FAR = "ff-near", "ff-far"
ADDRESS = {NEAR: "10.77.0.1", FAR: "10.77.0.2"}
PORT = 8786
Trouble = Callable[[list[subprocess.Popen[bytes]]], None]
COUNT = 24
BEGIN_AFTER = 6
TLS = ("--tls-ca-file", "ca.pem", "--tls-cert", "ours.pem", "--tls-key", "ours.key")


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@contextmanager
def two_machines() -> Iterator[None]:
    try:
        for name in (NEAR, FAR):
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        ip("link", "add", "wire0", "netns", NEAR, "type", "veth", "peer", "name", "wire0", "netns", FAR)
        for name in (NEAR, FAR):
            ip("-n", name, "address", "add", f"{ADDRESS[name]}/24", "dev", "wire0")
            ip("-n", name, "link", "set", "wire0", "up")
        yield
    finally:
        for name in (NEAR, FAR):
            subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)


def in_machine(name: str, folder: Path, *words: str) -> subprocess.Popen[bytes]:
    with (folder / "log").open("ab") as log:
        command = ["ip", "netns", "exec", name, *words]
        return subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)


def dask(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "dask", *words, "--no-dashboard", *TLS)


def url_of(name: str) -> str:
    return f"tls://{ADDRESS[name]}:{PORT}"


def started(folder: Path, scheduler: str, workers: str) -> list[subprocess.Popen[bytes]]:
    one_each = ("--nworkers", "2", "--nthreads", "1", "--memory-limit", "1GiB")
    # A worker that has lost its scheduler ends: something has to start it again.
    kept = ("sh", "-c", 'while sleep 1; do "$@"; done', "kept")
    return [
        in_machine(scheduler, folder, *dask("scheduler", "--host", url_of(scheduler))),
        in_machine(workers, folder, *kept, *dask("worker", url_of(scheduler), *one_each)),
    ]


def ended(parts: Iterable[subprocess.Popen[bytes]]) -> None:
    """Kill processes and all that they started."""
    for part in parts:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(part.pid, signal.SIGKILL)
        part.wait()


def added(archive: Path) -> int:
    try:
        with sqlite3.connect(f"file:{archive}/archive.sqlite?mode=ro", uri=True) as database:
            return int(database.execute("SELECT count(*) FROM place").fetchone()[0])
    except sqlite3.Error:
        return 0


def run(
    title: str, folder: Path, scheduler: str, workers: str, trouble: Callable[[list[subprocess.Popen[bytes]]], None]
) -> None:
    """Add all photographs, make trouble after a few, and print what there is at the end."""
    archive = folder / title.replace(" ", "-")
    parts = started(folder, scheduler, workers)
    words = ("archive", "add", str(folder / "pictures"), "--archive", str(archive), "--cluster", url_of(scheduler))
    begun = time.monotonic()
    adding = in_machine(NEAR, folder, sys.executable, "-m", "fifthfloor", *words)
    try:
        while added(archive) < BEGIN_AFTER and adding.poll() is None:
            time.sleep(0.1)
        at = added(archive)
        trouble(parts)
        code = adding.wait(540)
        with sqlite3.connect(archive / "archive.sqlite") as database:
            (photographs,) = database.execute("SELECT count(*) FROM photograph").fetchone()
            (aside,) = database.execute("SELECT count(*) FROM aside").fetchone()
        seconds = time.monotonic() - begun
        there = f"{added(archive)} of {COUNT} places, {photographs} records, {aside} aside"
        print(f"| {title} | at {at} | {there} | exit {code} | {seconds:.0f} s |", flush=True)
    finally:
        ended((adding, *parts))


def cut(seconds: float) -> Trouble:
    def trouble(_parts: list[subprocess.Popen[bytes]]) -> None:
        ip("-n", FAR, "link", "set", "wire0", "down")
        time.sleep(seconds)
        ip("-n", FAR, "link", "set", "wire0", "up")

    return trouble


def main() -> int:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        os.environ.update(certificates(folder))
        (folder / "pictures").mkdir()
        for seed in range(COUNT):
            (folder / "pictures" / f"{seed:02}.jpg").write_bytes(jpeg(scene(seed)))

        def restart(parts: list[subprocess.Popen[bytes]]) -> None:
            ended(parts)
            parts[:] = started(folder, FAR, FAR)

        try:
            with two_machines():
                for title, scheduler, trouble in (
                    ("nothing", NEAR, lambda _parts: None),
                    ("workers cut off for 10 s", NEAR, cut(10)),
                    ("workers cut off for 60 s", NEAR, cut(60)),
                    ("scheduler and workers cut off for 10 s", FAR, cut(10)),
                    ("scheduler and workers cut off for 60 s", FAR, cut(60)),
                    ("scheduler and workers killed and started again", FAR, restart),
                ):
                    if not sys.argv[1:] or title in sys.argv[1:]:
                        run(title, folder, scheduler, FAR, trouble)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"no network namespaces here: {error}", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    helped(__doc__)
    sys.exit(main())
