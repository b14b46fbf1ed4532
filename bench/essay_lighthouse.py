"""Lighthouse on a published essay, offline, beside the limits (needs npm's lighthouse and Debian's chromium).

python -m bench.essay_lighthouse SITE --lighthouse node_modules/.bin/lighthouse
"""

from __future__ import annotations

import argparse
import functools
import http.server
import json
import os
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any

FLAGS = "--chrome-flags=--headless=new --no-sandbox"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass


def measure(program: str, url: str, *, preset: str) -> dict[str, Any]:
    """Run Lighthouse once and return its report."""
    with tempfile.TemporaryDirectory() as work:
        target = Path(work) / "report.json"
        options = [FLAGS, "--quiet", "--output=json", f"--output-path={target}", *([preset] if preset else [])]
        environment = os.environ | {"CHROME_PATH": shutil.which("chromium") or ""}
        subprocess.run([program, url, *options], check=True, capture_output=True, env=environment)
        report: dict[str, Any] = json.loads(target.read_text())
        return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    parser.add_argument("--lighthouse", required=True)
    given = parser.parse_args()
    handler = functools.partial(Quiet, directory=str(given.site))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("| | performance | accessibility | best practices | FCP | LCP | CLS | bytes |")
    print("|---|---|---|---|---|---|---|---|")
    for name, preset in (("mobile", ""), ("desktop", "--preset=desktop")):
        report = measure(given.lighthouse, f"http://127.0.0.1:{server.server_address[1]}/index.html", preset=preset)
        scores = [round(100 * report["categories"][one]["score"]) for one in ("performance", "accessibility")]
        scores.append(round(100 * report["categories"]["best-practices"]["score"]))
        audits = report["audits"]
        paint = [audits[f"{one}-contentful-paint"]["numericValue"] / 1000 for one in ("first", "largest")]
        shift = audits["cumulative-layout-shift"]["numericValue"]
        size = audits["total-byte-weight"]["numericValue"] / 1000
        row = [*map(str, scores), *(f"{seconds:.1f} s" for seconds in paint), f"{shift:.3f}", f"{size:.0f} kB"]
        print(f"| {name} | {' | '.join(row)} |", flush=True)
    print("| limit, mobile | 95 | 100 | 100 | | 2.5 s | 0 | 600 kB |")
    server.shutdown()


if __name__ == "__main__":
    main()
