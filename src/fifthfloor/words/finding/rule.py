"""What the audit says of the rules a person gave it."""

from __future__ import annotations

SAID: dict[str, tuple[str, str, str, str]] = {
    "rule.hit": (
        "{count:place meets|places meet} the rule {rule}: {values}",
        "{why} (source: {source})",
        "`hide` what meets a rule or leave it behind; rename nothing by computer",
        "deleting leaves names and contents behind, until `tidy` and `wipe`",
    ),
    "rule.in_programs": (
        "words of the rule {rule} stand in {count:place|places} of programs' own texts: {values}",
        "programs say such words in their sources, settings and change logs; that a person wrote them there is rare",
        "look at the places once; a note of your own below such a folder belongs elsewhere, or behind `hide`",
        "nothing",
    ),
    "rule.question": (
        "only you can answer: {why}?",
        "no program can; it is asked or looked for (source: {source}; rule {rule})",
        "look through the photographs once with this question",
        "nothing",
    ),
}
