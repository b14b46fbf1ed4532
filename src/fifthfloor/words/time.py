"""Sentences about time stamps."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "time.too_many": ("{count} statements, one time stamp takes {limit}", "make several batches"),
    "time.batch_malformed": ("this is not the batch that stamp request wrote", "give the folder of stamp request"),
    "time.not_in_batch": (
        "the statement is not in this batch",
        "it was signed again since, or belongs to another batch; request a new time stamp",
    ),
    "time.other_answer": ("the answer is to another request", "give the answer to the request of this batch"),
    "time.none": ("not proved: the statement has no time stamp", "ask the author for one that has"),
    "time.certificate": (
        "the file holds no certificate in PEM",
        "get the authority's root certificate from its own site",
    ),
    "time.not_proved": (
        "not proved: the time stamp does not hold ({reason:phrase})",
        "check that the certificate is that of the authority that stamped it",
    ),
    "time.answer_too_large": (
        "the answer has {size:bytes}, {limit:bytes} are read",
        "give the authority's answer as it came",
    ),
    "time.answer_malformed": ("the answer is not an RFC 3161 time stamp", "give the authority's answer as it came"),
    "time.address": ("{url} is no address of an authority", "give one that begins with http:// or https://"),
    "time.answered": (
        "there is an answer to this batch in {path} already",
        "give it with --answer; to ask another authority, move it away",
    ),
    "time.request_too_large": (
        "the request has {size:bytes}, at most {limit:bytes} are sent",
        "give the folder that stamp request wrote",
    ),
    "time.no_connection": (
        "{host} did not answer: {reason:phrase}",
        "try again, or send the request by another way and give its answer with --answer",
    ),
    "time.no_answer": (
        "{host} answered with status {status} where 200 belongs",
        "check the address; one that leads elsewhere is not followed",
    ),
    "time.answer_refused": ("the authority refused to stamp", "ask another authority with the same request"),
}

SENTENCES: dict[str, str] = {
    "time.no_name": "its name leads to no address from here",
    "time.requested": "one request for {count:statement|statements}: {path} (it shows neither them nor how many they are)",
    "time.one_way": "give --answer FILE or --url URL, one of the two",
    "time.ask_to_send": (
        "send the request (a hash of 32 bytes and nothing of the photographs) to {host} now? "
        "whoever watches your network sees this connection and its moment"
    ),
    "time.answered": "the authority's answer is in {path}",
    "time.would_send": "the request would be sent to {host}, and its answer put into the statements",
    "time.send": "send it by the route you trust, for example through Tor, as application/timestamp-query; keep {path} until the answer is in",
    "time.stamped": "stamped: {name}",
    "time.proved": "  signed not later than {moment}, by the clock of the authority in {certificate}",
}
