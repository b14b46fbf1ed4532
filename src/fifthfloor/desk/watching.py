"""A job in a window: how far it is, what it asks, how it ended. Any number of windows may watch, answer and stop it."""

from __future__ import annotations

from fifthfloor.desk.address import JOB
from fifthfloor.desk.asked import Answer, Asked, Go, Page, Way
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.jobs import Job
from fifthfloor.desk.journal import snapshot


def address_of(job: Job) -> str:
    """Return where a job is watched."""
    return f"{JOB}/{job.id}"


def watch(desk: Desk, asked: Asked) -> Answer:
    """Show a job as it stands."""
    job = desk.jobs.of(asked.place["job"])
    facts = {"job": job, "now": snapshot(job)}
    if job.state == "asks":
        return Page(f"{job.kind}_asks.html", facts)
    if job.state == "done":
        return Page(f"{job.kind}_done.html", {**facts, "result": job.result})
    return Page("job.html", facts)


def answer(desk: Desk, asked: Asked) -> Answer:
    """Answer what a job asks: the button that was pressed says which."""
    job = desk.jobs.of(asked.place["job"])
    if asked.one("answer") in ("yes", "no"):
        job.answer(asked.one("answer") == "yes")
    return Go(address_of(job))


def stop(desk: Desk, asked: Asked) -> Answer:
    """Stop a job where it may."""
    job = desk.jobs.of(asked.place["job"])
    job.stop()
    return Go(address_of(job))


WAYS = (
    Way("GET", JOB + "/{job}", watch),
    Way("POST", JOB + "/{job}/answer", answer),
    Way("POST", JOB + "/{job}/stop", stop),
)
