"""What the audit says of the rules a person gave it."""

from __future__ import annotations

SAID: dict[str, tuple[str, str, str, str]] = {
    "rule.hit": (
        "{count:place meets|places meet} the rule {rule}: {values}",
        "{why} (source: {source})",
        "`hide` what meets a rule or leave it behind; rename nothing by computer",
        "deleting leaves names and contents behind, until `tidy` and `wipe`",
    ),
    "rule.question": (
        "only you can answer: {why}?",
        "no program can; it is asked or looked for (source: {source}; rule {rule})",
        "look through the photographs once with this question",
        "nothing",
    ),
}
