"""Sentences of `tidy`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "tidy.card": "{path:colon} {what}, {size:bytes}, label {label}, {photographs:photograph|photographs} and {others:other file|other files}",
    "tidy.found": "the card still names {names:deleted file|deleted files}, {photographs:photograph|photographs} among them",
    "tidy.lost": "{size:bytes} on this card are taken and belong to no file: a deletion was stopped, or a camera lost power while it wrote; {count:photograph or film begins|photographs and films begin} there ({forms})",
    "tidy.ask_lost": "sweep and free these {size:bytes}? what is in them is then gone",
    "tidy.lost_stays": "{size:bytes} that belong to no file stay as they are; bring back what is in them with `recover`, and then: fifthfloor tidy --lost {path}",
    "tidy.unfinished_count": "the card's own tables do not agree, as some cameras and stopped deletions leave them; they will be put right",
    "tidy.finished_count": "the card's tables are right again",
    "tidy.finished": "{size:bytes} that belonged to no file were swept and freed",
    "tidy.recover_first": "{count} of them may still be brought back by name (`recover`); after this only by their contents",
    "tidy.ask": "remove these names for good now?",
    "tidy.clean": "no deleted name is left on the card; nothing was written",
    "tidy.emptied": "{count:emptied entry stays|emptied entries stay} between names that cannot be moved, and a search can see that somebody scrubbed; cameras that take the first free place fill them with the next photographs",
    "tidy.done": "{names:deleted name is|deleted names are} gone ({sectors:sector|sectors} written); visible files are as they were",
}
