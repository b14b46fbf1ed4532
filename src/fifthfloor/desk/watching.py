"""A job in a window: how far it is, what it asks, how it ended. Any number of windows may watch, answer and stop it."""

from __future__ import annotations

from fifthfloor.desk.address import JOB
from fifthfloor.desk.asked import Answer, Asked, Data, Go, Page, Way, index_of
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.jobs import Job
from fifthfloor.desk.journal import snapshot

# The words on the buttons of questions: "lost" is "yes" and more (`tidy`).
ANSWERS = ("yes", "no", "lost")

# A kind of job that is a second step of another page.
_PAGE_OF = {"recovered": "recover"}


def address_of(job: Job) -> str:
    """Return where a job is watched."""
    return f"{JOB}/{job.id}"


def watch(desk: Desk, asked: Asked) -> Answer:
    """Show a job as it stands."""
    job = desk.jobs.of(asked.place["job"])
    state = job.state  # once: it goes on while its page is made, and what had ended was shown as declined
    facts = {"job": job, "state": state, "now": snapshot(job), "here": _PAGE_OF.get(job.kind, job.kind)}
    if state == "asks":
        return Page(f"{job.kind}_asks.html", facts)
    if state == "done":
        return Page(f"{job.kind}_done.html", {**facts, "result": job.result})
    return Page("job.html", facts)


def answer(desk: Desk, asked: Asked) -> Answer:
    """Answer what a job asks: the button that was pressed says which."""
    job = desk.jobs.of(asked.place["job"])
    if asked.one("answer") in ANSWERS:
        job.answer(asked.one("answer"))
    return Go(address_of(job))


def stop(desk: Desk, asked: Asked) -> Answer:
    """Stop a job where it may."""
    job = desk.jobs.of(asked.place["job"])
    job.stop()
    return Go(address_of(job))


def picture(desk: Desk, asked: Asked) -> Answer:
    """Give a small picture that a job found; nothing but a JPEG is given."""
    job = desk.jobs.of(asked.place["job"])
    pictures: list[bytes] = (job.result or {}).get("pictures", []) if job.over else []
    number = index_of(asked.place["number"], len(pictures))
    return small(b"" if number is None else pictures[number])


def small(contents: bytes) -> Data:
    """Return a picture as a page shows it; a name and a kind of its own, whatever it says of itself."""
    if contents[:3] != b"\xff\xd8\xff":
        return Data(b"", "text/plain", 404)
    return Data(contents, "image/jpeg")


WAYS = (
    Way("GET", JOB + "/{job}/p/{number}", picture),
    Way("GET", JOB + "/{job}", watch),
    Way("POST", JOB + "/{job}/answer", answer),
    Way("POST", JOB + "/{job}/stop", stop),
)
