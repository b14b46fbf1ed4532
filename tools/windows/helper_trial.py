r"""Run under wine by `trials.helper`: a desk without rights, and the helper that Windows' question begins.

Wine asks nobody and has one account, so two things are made up: that this process may not open devices, and that E: is
listed (wine tells no geometry of it). With the argument "helper" this is the helper's side, which has no console.
"""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from pathlib import Path

HELPED = b"written by a handle of the helper" * 31
_E = r"\\.\E:"


def offered_here() -> None:
    """List E: as a card in a reader."""
    from fifthfloor.cards.descriptor import DeviceFacts, Offered
    from fifthfloor.tasks.floors import rights

    listed = [Offered(_E, DeviceFacts("maker", "E", "1", True, True), 0, ("E:",), ("",))]
    vars(rights)["cards_in_readers"] = lambda: listed


def help_desk() -> None:
    """Be the helper, by the command line that a desk has Windows begin."""
    from fifthfloor.cli import main

    offered_here()
    sys.stdout = sys.stderr = (Path(__file__).parent / "helper.txt").open("w", encoding="utf-8")
    sys.argv = ["fifthfloor", "desk", "--helper"]
    main()


def ask_helper() -> None:
    """Be the desk."""
    from fifthfloor.cards import windows_calls
    from fifthfloor.cards.image import open_card
    from fifthfloor.desk.helped_windows import HelpedByPipe
    from fifthfloor.desk.helper_windows import name_of
    from fifthfloor.desk.pipes import windows_pipes
    from fifthfloor.tasks.floors.rights import asking

    opened = windows_calls.Kernel32.open

    def open_as_person(self: windows_calls.Kernel32, name: str, access: int, flags: int) -> int:
        if access:
            raise windows_calls.Win32Error(5)
        return opened(self, name, access, flags)

    windows_calls.Kernel32.open = open_as_person  # type: ignore[method-assign]
    windows_calls.Kernel32.is_administrator = lambda *_: False  # type: ignore[method-assign]
    pipes = windows_pipes()
    name, asks, card = name_of(pipes.account()), HelpedByPipe(pipes), Path(_E)
    refused("cards.not_administrator", card)

    made = pipes.make(name, pipes.account(), first=True)
    assert pipes.is_of_administrators(made), "wine's account is one"
    pipes.close(made)

    asks.begin([sys.executable, "-P", __file__, "helper"])
    with asking(asks.open, print):
        with open_card(card, writable=True) as writing:
            offset = int(writing.free[0][0])
            writing.device.write(offset, HELPED)
            writing.device.flush()
            assert writing.device.read(offset, len(HELPED)) == HELPED
        refused("cards.not_administrator", Path(r"\\.\F:"))
        refused("cards.system_disk", Path(r"\\.\C:"))
    stranger = pipes.join(name)
    for message in (b"write 1", b"format 0", b"read \\\\.\\C:"):
        pipes.write(stranger, message)
        assert b'"key"' in pipes.read(stranger, 9999), message
    pipes.write(stranger, b"list" * 30)
    with suppress(ConnectionError):
        raise AssertionError(pipes.read(stranger, 9999))
    asks.close()
    for _ in range(100):
        with suppress(FileNotFoundError):
            pipes.close(pipes.join(name))
            time.sleep(0.1)
            continue
        return
    raise AssertionError("the helper is still there")


def refused(key: str, path: Path) -> None:
    """Raises AssertionError where a card that is opened is not refused so."""
    from fifthfloor.cards.image import open_card
    from fifthfloor.errors import FifthFloorError

    said = ""
    try:
        open_card(path).close()
    except FifthFloorError as error:
        said = error.key
    assert said == key, said


if __name__ == "__main__":
    help_desk() if sys.argv[1:] == ["helper"] else ask_helper()
