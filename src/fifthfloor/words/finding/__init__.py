"""What the audit says of each kind of finding: what it is, why it matters, what to do, what doing it leaves behind.

Rule: a finding of the kind "SUBJECT.what" has its four sentences in `SUBJECT.py`, and nowhere else.
"""

from __future__ import annotations

from importlib import import_module

SUBJECTS = ("card", "file", "numbers", "photo", "laptop", "rule")
FINDINGS: dict[str, tuple[str, str, str, str]] = {
    key: said for subject in SUBJECTS for key, said in import_module(f"{__name__}.{subject}").SAID.items()
}

SENTENCES: dict[str, str] = {
    f"finding.{kind}.{('title', 'why', 'do', 'leaves')[at]}": texts[at] for kind, texts in FINDINGS.items() for at in range(4)
}  # fmt: skip

ERRORS: dict[str, tuple[str, str]] = {}
