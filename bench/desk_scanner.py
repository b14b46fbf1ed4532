"""What a scanner of web pages says of the desk: Wapiti, let in with the cookie, on a card that may be lost.

    pip install wapiti3     # GPL: run as a program of its own, never imported
    PYTHONPATH=. python bench/desk_scanner.py WAPITI [SECONDS]

The desk is begun in a new folder. The scanner gets the cookie, says "same-origin" as a browser's own page would, and
finds and sends every form but Panic. Printed: what it calls a vulnerability or an anomaly, by kind, and how many pages
it met.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import helped
from tests.cards.cards_made import fat_card

from fifthfloor.desk.server import Serving

# All that ask nobody but the desk.
MODULES = (
    "backup,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,ldap,methods,permanentxss,redirect,shellshock,sql,"
    "timesql,upload,xss"
)


def let_in(serving: Serving) -> str:
    """Exchange the launch token; returns the cookie."""
    wire = http.client.HTTPConnection(serving.desk.door.host)
    wire.request("GET", serving.address.removeprefix(serving.desk.door.origin))
    return str(wire.getresponse().getheader("set-cookie")).split(";")[0]


def main() -> None:
    """Scan once, and print the row."""
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    wapiti, seconds = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "600"
    with tempfile.TemporaryDirectory() as made:
        folder, report = Path(made) / "trip", Path(made) / "report.json"
        folder.mkdir()
        fat_card(folder / "card.img")
        serving = Serving(folder, [])
        serving.start()
        origin = serving.desk.door.origin
        command = [wapiti, "-u", f"{origin}/1", "--scope", "domain", "-x", f"{origin}/x", "--flush-session"]
        command += ["-C", let_in(serving), "-H", "Sec-Fetch-Site: same-origin", "-m", MODULES]
        command += ["--store-session", made, "--store-config", made, "--no-bugreport", "--max-scan-time", seconds]
        done = subprocess.run([*command, "-f", "json", "-o", str(report)], capture_output=True, text=True, check=False)
        serving.end()
        if not report.exists():
            raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
        told = json.loads(report.read_text())
    row = {
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
