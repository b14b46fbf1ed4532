"""Sentences of `open`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "open.can_hold_nothing": (
        "{path} is too small to hold anything: no card, no image of one, no folder of photographs",
        "give the card's device, an image of it, or the folder of photographs that were written",
    ),
    "open.nothing": (
        "nothing was found that this passphrase opens",
        "check passphrase and label, and that all cards are given; a wiped or empty card looks the same",
    ),
    "open.passed_over": (
        "{size:bytes} of the cards could not be read, and was passed over",
        "clean their contacts, try another reader, and give images made earlier of the same cards too",
    ),
    "open.more_carriers": (
        "something is here, but {threshold} of its cards are needed to open it; given: {here}",
        "where it is on other cards too, give {missing:more card|more cards} of those, in any order; what a stopped hide left was never complete, and there are no others",
    ),
    "open.more_carriers_unknown": (
        "something is here, and these cards do not open it; of its cards given: {here}",
        "where it is on other cards too, give those, in any order: how many it needs can be read only then; what a stopped hide left was never complete, and there are no others",
    ),
    "open.too_damaged": (
        "something is here, but too much of it is gone: {lost} of its {groups:part|parts}",
        "give every card that is left; images made earlier of the same cards help too",
    ),
    "open.shards_disagree": (
        "part {group} of {groups} contradicts itself, and what is left of it does not tell which of it is wrong",
        "try again on another computer (bad memory does this); give every card, and older images of them too",
    ),
    "open.collection_there": (
        "{path} is there already",
        "give --collect a name that is not there; an earlier collection is given like a card, and goes into the new one",
    ),
    "open.none_fit": (
        "{count:file is|files are} there, and none has a name that fits {wanted}",
        "names are as fifthfloor list shows them; a pattern such as *0041* fits any part",
    ),
    "open.exists": (
        "{count} of the names are already in {path}; nothing was written",
        "give another --out; only --force would overwrite them",
    ),
    "open.other_kind": (
        "{count} of the names in {path} are folders where files must go, or files where folders must; nothing was written",
        "give another --out",
    ),
    "open.not_a_folder": ("{path} is not a folder", "give a folder, or a name that is not there yet"),
}

SENTENCES: dict[str, str] = {
    "open.collect_with_out": "--collect goes with --out: it keeps what does not come back yet",
    "open.collected": "what these cards hold of it is kept in {path} ({size:bytes}), sealed as it was; give it in their place "
    "when the others are there",
    "open.renamed": "{count:file in {folder} has another name here, because Windows forbids its own|files in {folder} have other names here, because Windows forbids their own}",
    "open.restored": "{files:file|files}, {size:bytes}, in {folder}; every SHA-256 is right (hidden {hidden})",
    "open.checked": "{files:file|files}, {size:bytes}, would come back; every SHA-256 is right (hidden {hidden}); nothing was written",
    "open.unreadable": "{size:bytes} of the cards could not be read, and was passed over: copy what you need, and use another card from now on",
    "open.stopped": "stopped; the cards are as they were, and no file was left half brought back",
    "open.out_or_check": "give --out DIR to bring the files back, or --check to see whether they would come back",
    "open.several": "{count} evenings came back: {files:file|files}, {size:bytes}, in {folder}; every SHA-256 is right",
    "open.several_checked": "{count} evenings would come back: {files:file|files}, {size:bytes}; every SHA-256 is right; nothing was written",
    "open.one_of_several": "{files:file|files}, {size:bytes}, hidden {hidden}",
    "open.one_of_several_in": "{files:file|files}, {size:bytes}, hidden {hidden}, in {folder}",
    "open.wrong_shard": "{path:colon} 16 KiB at byte {offset} are not what was written there (part {group}, number {number}); they were left out, and not needed",
    "open.incomplete": "not everything: something more is here, and too much of it is gone ({lost} of its {groups:part|parts}; {here:card|cards} given, {threshold} needed)",
    "open.incomplete_cards": "not everything: something more is here, and {threshold} of its cards are needed to open it; given: {here}",
    "open.incomplete_broken": "not everything: something more is here and contradicts itself, so nothing of it was brought back",
    "open.incomplete_unknown": "not everything: something more is here, and these cards do not open it; of its cards given: {here}",
}
