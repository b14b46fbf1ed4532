"""Many photographs by many workers that are killed: `python -m bench.many PHOTOGRAPHS [SECONDS...]`.

PHOTOGRAPHS is a folder, of which ten take a minute or two; every SECONDS (2) the one of two workers that lives longest
dies of SIGKILL. First processes alone, then a dask scheduler and two workers with TLS on loopback, started as
docs/scale.md says, then the same with everything killed and started again.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.tasks.test_cluster import workers_of

from fifthfloor.engine.many import Processes, Workers
from fifthfloor.errors import FifthFloorError
from fifthfloor.tasks.trace.ingest import Added, add, waiting

PORT = 18_786
URL = f"tls://127.0.0.1:{PORT}"
_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def certificates(folder: Path) -> dict[str, str]:
    """Make what docs/scale.md makes, and return dask's configuration of it."""

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", *_KEY, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=ours-ca")
    openssl("req", *_KEY, "-keyout", "ours.key", "-out", "ours.csr", "-subj", "/CN=ours")
    signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "ours.pem", "-days", "2")
    openssl("x509", "-req", "-in", "ours.csr", *signed)
    begin = "DASK_DISTRIBUTED__COMM__"
    return {
        begin + "TLS__CA_FILE": str(folder / "ca.pem"),
        begin + "TLS__CLIENT__CERT": str(folder / "ours.pem"),
        begin + "TLS__CLIENT__KEY": str(folder / "ours.key"),
        begin + "REQUIRE_ENCRYPTION": "True",
    }


def dask(folder: Path, *words: str, before: Sequence[str] = ()) -> subprocess.Popen[bytes]:
    tls = ("--tls-ca-file", "ca.pem", "--tls-cert", "ours.pem", "--tls-key", "ours.key")
    line = [*before, sys.executable, "-m", "dask", *words, "--no-dashboard", *tls]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(line, cwd=folder, stderr=log, start_new_session=True)


def started(folder: Path) -> tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]:
    """Start a scheduler, and a keeper of workers in the loop of docs/scale.md."""
    scheduler = dask(folder, "scheduler", "--host", URL)
    of_workers: tuple[str, ...] = ("--nworkers", "2", "--nthreads", "1", "--memory-limit", "1GiB")
    of_workers += ("--preload-nanny", "fifthfloor.engine.keeper")
    loop = ("sh", "-c", 'while sleep 1; do "$@"; done', "sh")
    return scheduler, dask(folder, "worker", URL, *of_workers, before=loop)


def end(part: subprocess.Popen[bytes]) -> None:
    os.killpg(part.pid, signal.SIGKILL)
    part.wait()


def run(name: str, photographs: Path, workers: Callable[[], Workers], kill: Callable[[], int], every_s: float) -> None:
    """Add all photographs while something is killed; print one row."""
    over, kills = threading.Event(), 0

    def killing() -> None:
        nonlocal kills
        while not over.wait(every_s):
            kills += kill()

    with tempfile.TemporaryDirectory() as folder:
        archive, new, ended = Path(folder) / "archive", 0, "ended"
        begun, thread = time.monotonic(), threading.Thread(target=killing)
        thread.start()
        try:
            with workers() as executor:
                new = sum(
                    isinstance(one, Added) and one.is_new
                    for one in add(waiting([photographs], archive).files, archive, executor)
                )
        except FifthFloorError as error:
            ended = error.key
        over.set()
        thread.join()
        left = waiting([photographs], archive)
        seconds = time.monotonic() - begun
        there = f"{left.done} there, {len(left.aside)} aside, {len(left.files)} left"
        print(f"| {name} | {kills} | {new} new, {there} | {seconds:.0f} s | {ended} |", flush=True)


def kill_first(keeper: int) -> int:
    """Kill the worker that lives longest, and return how many died."""
    first = workers_of(keeper)[:1]
    for worker in first:
        os.kill(worker, signal.SIGKILL)
    return len(first)


def kept_by(loop: int) -> int:
    """Return the keeper of workers that a loop started, or the loop itself while there is none."""
    children = Path(f"/proc/{loop}/task/{loop}/children").read_text().split()
    return int(children[0]) if children else loop


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs", type=Path, metavar="PHOTOGRAPHS")
    parser.add_argument("seconds", type=float, nargs="*", default=[2.0], metavar="SECONDS")
    given = parser.parse_args()
    photographs = given.photographs
    run("processes", photographs, lambda: Processes(2), lambda: 0, 1)
    for every_s in given.seconds:
        name = f"processes, killed every {every_s:g} s"
        run(name, photographs, lambda: Processes(2), lambda: kill_first(os.getpid()), every_s)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        os.environ.update(certificates(folder))
        from fifthfloor.engine.cluster import Cluster

        parts = list(started(folder))

        def restart() -> int:
            for part in parts:
                end(part)
            parts[:] = started(folder)
            return 1

        try:
            run("cluster, TLS", photographs, lambda: Cluster(URL), lambda: 0, 1)
            for every_s in given.seconds:
                name = f"cluster, killed every {every_s:g} s"
                run(name, photographs, lambda: Cluster(URL), lambda: kill_first(kept_by(parts[1].pid)), every_s)
            run("cluster, all of it started again every 12 s", photographs, lambda: Cluster(URL), restart, 12)
        finally:
            for part in parts:
                end(part)
    return 0


if __name__ == "__main__":
    sys.exit(main())
