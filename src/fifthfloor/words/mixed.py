"""Sentences about one floor on cards and in folders of photographs."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "mixed.no_room": (
        "the {cards:card|cards} and the {covers:photograph|photographs} that may hold something hold {room:bytes} at the "
        "promised loss; {needed:bytes} are needed",
        "bear the loss of fewer (--lose), add photographs that nobody has seen, or hide less",
    ),
}

SENTENCES: dict[str, str] = {
    "mixed.ask": "write {photographs:photograph|photographs} anew and sweep {cards:card|cards} now?",
    "mixed.done": "hidden: {what}, on {cards:card|cards} and in {photographs:photograph|photographs}; all of it was opened again and compared",
    "mixed.stopped_done": "stopped; by then it was all hidden, on the cards and in photographs that are written anew; fifthfloor open "
    "--check says whether it comes back",
    "mixed.stopped": "stopped; every visible file and every photograph is as it was, but for photographs that had their place already: do "
    "not use those again. Do not count on what was being hidden. Whatever was hidden on the cards before and not kept may be damaged or gone",
}
