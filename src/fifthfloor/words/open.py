"""Sentences of `open`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "open.nothing": (
        "nothing was found that this passphrase opens",
        "check passphrase and label, and that all carriers are given; a wiped or empty card looks the same",
    ),
    "open.more_carriers": (
        "a floor is here, but {threshold} of its carriers are needed; given: {here}",
        "bring {missing} more, in any order; where the hide that wrote it was stopped, there may be no more",
    ),
    "open.more_carriers_unknown": (
        "a floor is here, and what was given does not open it; of its carriers given: {here}",
        "bring more of its carriers, in any order; how many it needs can be read only once they are enough. Where the hide that wrote it was stopped, there may be no more",
    ),
    "open.too_damaged": (
        "a floor is here, but {lost} of its {groups} groups have lost too many shards",
        "give every carrier that is left; images made earlier of the same cards help too",
    ),
    "open.shards_disagree": (
        "shards of group {group} of {groups} contradict each other, and those that are here do not tell which are wrong",
        "try again on another computer (bad memory does this); give every card, and older images of them too",
    ),
    "open.none_fit": (
        "{count:file is|files are} there, and none has a name that fits {wanted}",
        "names are as fifthfloor list shows them; a pattern such as *0041* fits any part",
    ),
    "open.exists": (
        "{count} of the names are already in {path}; nothing was written",
        "give another --out, or --force to overwrite them",
    ),
    "open.other_kind": (
        "{count} of the names in {path} are folders where files must go, or files where folders must; nothing was written",
        "give another --out",
    ),
    "open.not_a_folder": ("{path} is not a folder", "give a folder, or a name that is not there yet"),
}

SENTENCES: dict[str, str] = {
    "open.renamed": "{count:file in {folder} has another name here, because Windows forbids its own|files in {folder} have other names here, because Windows forbids their own}",
    "open.restored": "{files:file|files}, {size:bytes}, in {folder}; every SHA-256 is right (hidden {hidden})",
    "open.checked": "{files:file|files}, {size:bytes}, would come back; every SHA-256 is right (hidden {hidden}); nothing was written",
    "open.out_or_check": "give --out DIR to bring the files back, or --check to see whether they would come back",
    "open.wrong_shard": "{path}: the shard at byte {offset} is not what was written (group {group}, number {number}); it was left out",
    "open.incomplete": "another floor is here and not complete: {here} of {threshold} carriers, {lost} of {groups} groups lost",
    "open.incomplete_unknown": "another floor is here, and what was given does not open it; of its carriers given: {here}",
}
