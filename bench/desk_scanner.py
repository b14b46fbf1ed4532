"""What a scanner of web pages says of the desk: Wapiti, let in with the cookie, on a card that may be lost.

    pip install wapiti3     # GPL: run as a program of its own, never imported
    PYTHONPATH=. python bench/desk_scanner.py WAPITI [SECONDS]

The desk is begun in a new folder. The scanner gets the cookie, says "same-origin" as a browser's own page would, and
finds and sends every form but Panic. SECONDS bound its look around (300); its attacks have no bound, and half an hour
is usual. Printed: what it calls a vulnerability or an anomaly, by kind, how many pages it met, the seconds of each
module that ran to its end, and what it said of requests that were not answered.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import helped
from tests.cards.cards_made import fat_card

from fifthfloor.desk.server import Serving

# All that ask nobody but the desk.
MODULES = (
    "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,ldap,methods,permanentxss,redirect,shellshock,sql,"
    "timesql,upload,xss"
)


def answered(serving: Serving, cookie: str) -> int:
    """Ask for the first page; returns the status."""
    wire = http.client.HTTPConnection(serving.desk.door.host)
    wire.request("GET", "/1", headers={"Cookie": cookie})
    return wire.getresponse().status


def let_in(serving: Serving) -> str:
    """Exchange the launch token; returns the cookie."""
    wire = http.client.HTTPConnection(serving.desk.door.host)
    wire.request("GET", serving.address.removeprefix(serving.desk.door.origin))
    return str(wire.getresponse().getheader("set-cookie")).split(";")[0]


def ran(command: list[str]) -> tuple[dict[str, float], list[str]]:
    """Run the scanner; returns the seconds of each module, and the lines that say what was cut or not answered.

    Raises SystemExit where it did not end by itself.
    """
    seconds, said, name, since = {}, [], "looking around", time.monotonic()
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as scanner:
        assert scanner.stdout
        for line in scanner.stdout:
            if "Launching module" in line or "Generating report" in line:
                seconds[name] = round(time.monotonic() - since, 1)
                print(name, seconds[name], file=sys.stderr, flush=True)
                name, since = line.split()[-1], time.monotonic()
            said += [f"{name}: {line.strip()}"] if re.search("was reached|were skipped|Missing", line) else []
    if scanner.returncode:
        raise SystemExit("\n".join([f"ended with {scanner.returncode} in {name}", *said]))
    return seconds, said


def main() -> None:
    """Scan once, and print the row."""
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    wapiti, seconds = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "300"
    with tempfile.TemporaryDirectory() as made:
        folder, report = Path(made) / "trip", Path(made) / "report.json"
        folder.mkdir()
        fat_card(folder / "card.img")
        serving = Serving(folder, [])
        serving.start()
        origin = serving.desk.door.origin
        command = [wapiti, "-u", f"{origin}/1", "--scope", "domain", "-x", f"{origin}/x", "--flush-session"]
        cookie = let_in(serving)
        command += ["-C", cookie, "-H", "Sec-Fetch-Site: same-origin", "-m", MODULES]
        command += ["--store-session", made, "--store-config", made, "--no-bugreport", "--max-scan-time", seconds]
        try:
            seconds_of, said = ran([*command, "-f", "json", "-o", str(report)])
            status = answered(serving, cookie)
        finally:
            serving.end()
        told = json.loads(report.read_text())
    row = {
        "seconds": seconds_of,
        "said": said,
        "the desk answers afterwards with": status,
        "pages": told["infos"].get("crawled_pages_nbr"),
        "vulnerabilities": {kind: len(found) for kind, found in told["vulnerabilities"].items() if found},
        "anomalies": {kind: len(found) for kind, found in told["anomalies"].items() if found},
        "first": [
            {"kind": kind, "path": one["path"], "info": one["info"], "parameter": one["parameter"]}
            for part in ("vulnerabilities", "anomalies")
            for kind, found in told[part].items()
            for one in found[:2]
        ],
    }
    print(json.dumps(row, indent=1))


if __name__ == "__main__":
    helped(__doc__)
    main()
