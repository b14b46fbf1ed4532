"""How far a job is, in words: for the page, and for the script that keeps it fresh."""

from __future__ import annotations

from typing import Any

from fifthfloor.desk.jobs import Job
from fifthfloor.words import SENTENCES, sentence
from fifthfloor.words.form import size, span


def snapshot(job: Job) -> dict[str, Any]:
    """Return what is to be shown of a job at this moment.

    Returns:
        state; title, percent (None while nobody can say), left and rate as people read them.
    """
    where = job.where()
    if where is None:
        return {"state": job.state, "title": sentence("desk.job.waiting"), "percent": None, "left": "", "rate": ""}
    title = sentence(where.key) if where.key in SENTENCES else where.key
    if where.count:
        title = sentence("work.card", number=where.number, count=where.count, title=title)
    return {
        "state": job.state,
        "title": sentence("desk.job.stopping", title=title) if job.stopping else title,
        "percent": round(100 * where.share) if where.counted else None,
        "left": sentence("work.left", time=span(*where.seconds)) if where.counted else "",
        "rate": sentence("desk.job.rate", rate=size(round(where.rate))) if where.rate else "",
    }
