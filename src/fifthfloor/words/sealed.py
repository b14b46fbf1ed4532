"""Sentences about floors that are sealed to recipients."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "sealed.twice": (
        "of the {count} recipients that were given, two are the same",
        "give each once; any one of them opens it",
    ),
    "sealed.no_room": (
        "card {number} has room for {room} sealed copies of the key, and {recipients:recipient needs|recipients need} {needed}",
        "use a smaller --overwrite, fewer recipients, or a larger card",
    ),
    "sealed.not_whole": (
        "of {due:piece|pieces} that were written, {have} open: the card does not keep what it is given",
        "do not count on what was hidden; its key is gone now, so hide again, on another card",
    ),
    "sealed.keys_alone": (
        "{count:key|keys} for this identity {count:lies|lie} here, and of what {count:it opens|they open} nothing",
        "give all cards; if `open` said that there are more keys, go on with --after as it said",
    ),
    "sealed.nothing": (
        "nothing was found that is sealed to this identity",
        "check that all cards are given, and the label if one was agreed; a wiped or empty card looks the same",
    ),
}

SENTENCES: dict[str, str] = {
    "sealed.left": "these cards hold {keys} different keys for this identity, and those up to number {tried} are tried, in one reading; whoever has "
    "your line may have planted them. The next: fifthfloor open --after {tried}",
    "sealed.after_identity": "--after counts keys for an identity: it goes with --identity",
    "sealed.one_identity": "give one identity of this program; any number of age's may stand beside it",
    "sealed.age_alone": "an identity of age opens sealed shots, no cards: give one of this program as well",
    "sealed.ask": "passphrase of the identity, to see what is sealed to it",
    "sealed.not_beside": "{option} does not go with --to: the key is drawn anew, and a full sweep must stand around it",
    "sealed.to": "sealed to {fingerprints}: nobody else opens it, you neither, and no later hide or wipe keeps it",
    "sealed.done": "hidden and sealed: {what}, on {count:card|cards}; every write was read back, all {slots:piece|pieces} "
    "were opened and compared, and the key is gone",
    "sealed.stopped": "stopped; every visible file is as it was. Whatever was hidden there before and not kept may be damaged or gone, and "
    "what was being hidden does not count: its key is gone. The same command begins anew",
    "sealed.stopped_proving": "stopped; every visible file is as it was, and nothing was removed. It is all hidden and was compared once; "
    "its key is gone, so the originals can be removed by hand alone",
}
