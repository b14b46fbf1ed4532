"""The addresses of the pages: numbers, because a browser writes addresses down and somebody else may read them."""

from __future__ import annotations

from importlib import resources

ADDRESS: dict[str, str] = {
    "cards": "/1",
    "hide": "/2",
    "check": "/3",
    "open": "/4",
    "audit": "/5",
    "recover": "/6",
    "tidy": "/7",
    "wipe": "/8",
    "protect": "/20",
    "essay": "/30",
    "trace": "/40",
}
JOB = "/j"
# Browsers write down the addresses of scripts, too: those have no names there either.
_STATIC = sorted(file.name for file in resources.files("fifthfloor.desk").joinpath("static").iterdir())
STATIC_AT: dict[str, str] = {name: f"/s/{number}" for number, name in enumerate(_STATIC)}
IMAGES = "/1/i"
HELPER = "/1/h"
# What stands beside every page, in the order of the journey; a name has its words under "desk.nav".
MENU: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("road", ("cards", "hide", "check", "open", "audit", "recover", "tidy", "wipe")),
    ("home", ("protect", "essay", "trace")),
)
