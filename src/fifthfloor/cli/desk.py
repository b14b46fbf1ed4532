"""`desk`."""

from __future__ import annotations

import os
import signal
import sys
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fifthfloor.cli.asking import ANY_PATH
from fifthfloor.cli.console import Console, voiced
from fifthfloor.errors import BadInput, DeviceRefused
from fifthfloor.words import sentence

if TYPE_CHECKING:
    from fifthfloor.desk.server import Serving


@click.command(help=sentence("help.desk"))
@voiced
@click.argument("places", type=ANY_PATH, nargs=-1, metavar="[DIR] [CARD...]")
@click.option("--no-browser", is_flag=True, help=sentence("help.desk.no_browser"))
@click.option("--helper", is_flag=True, help=sentence("help.desk.helper"))
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help=sentence("help.desk.port"))
def desk(console: Console, places: tuple[Path, ...], no_browser: bool, helper: bool, port: int) -> int:
    if helper:
        return _help(console)
    from fifthfloor.desk.helped import attached
    from fifthfloor.desk.server import Serving

    folders = [path for path in places if path.is_dir()]
    for path in places:
        if not path.exists():
            raise BadInput("desk.not_there", path=str(path))
    folder = folders[0] if folders else Path()
    with attached():
        return _serve(
            console, Serving(folder, [path for path in places if path != folder], port), no_browser=no_browser
        )


def _serve(console: Console, serving: Serving, *, no_browser: bool) -> int:
    serving.start()
    try:
        # The address goes out at once: whoever reads it from a program waits for it.
        lines = [sentence("desk.address"), serving.address]
        console.result({"address": serving.address, "folder": str(serving.desk.places.folder)}, lines)
        if not no_browser:
            _open_browser(console, serving.address)
        console.note(sentence("desk.private"))
        if sys.stdin is not None and sys.stdin.isatty():
            # In the background of a shell (`desk &`) a read would stop all of the desk; ignored, it is an error.
            if hasattr(signal, "SIGTTIN"):
                signal.signal(signal.SIGTTIN, signal.SIG_IGN)
            console.note(sentence("desk.again"))
            threading.Thread(target=_again, args=(console, serving, no_browser), daemon=True).start()
        serving.wait()
    finally:
        if not serving.end():
            console.note(sentence("desk.still_running"), "bad")
    return 0


def _again(console: Console, serving: Serving, no_browser: bool) -> None:
    """Give another address for each Enter: a browser that was closed has forgotten that it was let in."""
    # Not through `sys.stdin`: a thread that waits there holds its lock, on which the program would end with a trace.
    while _is_entered():
        serving.desk.door.renew()
        if serving.desk.ended.is_set():
            return
        console.result({"address": serving.address, "folder": str(serving.desk.places.folder)}, [serving.address])
        if not no_browser:
            _open_browser(console, serving.address)


def _is_entered() -> bool:
    try:
        return bool(os.read(sys.stdin.fileno(), 1024))
    except OSError:
        return False  # in the background, or the terminal is gone


def _help(console: Console) -> int:
    """Open cards in readers for the desk of whoever began this with rights, until that desk ends."""
    if sys.platform == "darwin":
        raise DeviceRefused("desk.helper_system", system=sys.platform)
    if sys.platform == "win32":
        from fifthfloor.desk.helper_windows import PipeHelper

        helper = PipeHelper()
    else:
        from fifthfloor.desk.helper import Helper, person_helped

        helper = Helper(person_helped())
    try:
        console.result({"helper": "ready"}, [sentence("desk.helper_ready")])
        helper.serve()
    finally:
        helper.close()
    return 0


def _open_browser(console: Console, address: str) -> None:
    """Open the person's browser; never as root, whose browser would have every right over this machine."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        console.note(sentence("desk.root"))
    elif not webbrowser.open(address):
        console.note(sentence("desk.no_browser"))
