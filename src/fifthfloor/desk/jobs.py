"""Work that takes time: in a thread each, watched by any number of windows, asked and stopped from any of them.

Rule 1: at most one job writes; across processes the lock of each card says the same.
Rule 2: a stop is met where a step reports what it has done, which is between two flushed writes, as Ctrl-C is.
Rule 3: a question waits for a person, but not for ever: what holds a card must not hold it overnight.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from fifthfloor.errors import BadInput
from fifthfloor.tasks.floors.course import Course, Whereabouts
from fifthfloor.tasks.floors.pace import Pace, Step
from fifthfloor.tasks.secret import fresh_bytes
from fifthfloor.words.lines.failure import Failure, failure_of

JobState = Literal["runs", "asks", "done", "failed", "stopped", "declined"]
ANSWER_SECONDS = 15 * 60
_WRITING_JOBS = ("work.write", "work.tidy", "work.remove", "work.open")
_KEPT_JOBS = 30
_MOST_READERS = 4


class Halt(KeyboardInterrupt):
    """Somebody stopped the job; tasks clean up after it as after Ctrl-C."""


@dataclass(eq=False)
class Job:
    """One piece of work.

    Args:
        id: in addresses; says nothing.
        kind: of the page that shows it: "hide", "check" ...
        writes: whether it may write, to a card or into a folder.
    """

    id: str
    kind: str
    writes: bool
    course: Course = field(default_factory=Course)
    state: JobState = "runs"
    question: dict[str, Any] = field(default_factory=dict)
    result: Any = None
    failure: Failure | None = None
    notes: list[str] = field(default_factory=list)
    # What is true where the job is stopped once it has begun to write; the task that runs sets it before.
    if_stopped: str = ""
    wrote: bool = False
    _answer: str | None = None
    _stopping: bool = False
    _turn: threading.Condition = field(default_factory=threading.Condition)
    _thread: threading.Thread | None = None

    @contextmanager
    def progress(self, key: str, total_bytes: int) -> Iterator[Callable[[int], None]]:
        """Follow a step; is a `tasks.floors.sweep.Progress`. Raises Halt at the next report after `stop`."""
        self._check()
        # Before the step begins: a stop may fall between the two.
        self.wrote = self.wrote or key in _WRITING_JOBS
        with self.course.step(key, total_bytes):

            def advance(done_bytes: int) -> None:
                self.course.advance(done_bytes)
                self._check()

            yield advance

    def expect(self, pace: Pace, steps: Sequence[Step]) -> None:
        """Say what is still to come."""
        self.course.expect(pace, steps)

    def ask(self, question: dict[str, Any]) -> str:
        """Show a question and wait for its answer; a time without one is "no". Raises Halt."""
        with self._turn:
            self.question, self._answer, self.state = question, None, "asks"
            self._turn.notify_all()
            self._turn.wait_for(lambda: self._answer is not None or self._stopping, ANSWER_SECONDS)
            answer = self._answer or "no"
            self.state = "runs"
        self._check()
        return answer

    def answer(self, word: str) -> None:
        """Answer the question, once; a second answer, from another window, changes nothing."""
        with self._turn:
            if self.state == "asks" and self._answer is None:
                self._answer = word
                self.state = "runs"
                self._turn.notify_all()

    def stop(self) -> None:
        """Ask the job to stop where it may."""
        with self._turn:
            self._stopping = True
            self._turn.notify_all()

    @property
    def stopping(self) -> bool:
        return self._stopping

    @property
    def over(self) -> bool:
        return self.state not in ("runs", "asks")

    def where(self) -> Whereabouts | None:
        return self.course.where()

    def wait(self, seconds: float) -> None:
        """Wait for the end, at most so long."""
        if self._thread is not None:
            self._thread.join(seconds)

    def start(self, work: Callable[[Job], Any]) -> None:
        """Begin the work in its thread."""
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[Job], Any]) -> None:
        try:
            result = work(self)
            self._end("declined" if result is None else "done", result)
        except KeyboardInterrupt:
            self._end("stopped")
        except Exception as error:
            self.failure = failure_of(error)
            self._end("failed")

    def _end(self, state: JobState, result: Any = None) -> None:
        with self._turn:
            self.result, self.state = result, state
            self._turn.notify_all()

    def _check(self) -> None:
        if self._stopping:
            raise Halt


class Jobs:
    """All jobs of a desk."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def begin(self, kind: str, work: Callable[[Job], Any], *, writes: bool = False) -> Job:
        """Begin a job.

        Args:
            kind: of the page that shows it.
            work: called in its thread; returns what the page shows, None where a person said no.
            writes: whether it may write, to a card or into a folder.

        Raises:
            BadInput: another one writes, or too many read.
        """
        with self._lock:
            running = [job for job in self._jobs.values() if not job.over]
            if writes and any(job.writes for job in running):
                raise BadInput("desk.busy")
            if len(running) > _MOST_READERS:
                raise BadInput("desk.too_many", count=len(running))
            for old in [job for job in self._jobs.values() if job.over][: max(0, len(self._jobs) - _KEPT_JOBS)]:
                del self._jobs[old.id]
            job = Job(fresh_bytes(9).hex(), kind, writes)
            self._jobs[job.id] = job
        job.start(work)
        return job

    def of(self, job_id: str) -> Job:
        """Return a job. Raises BadInput where there is none of this name."""
        found = self._jobs.get(job_id)
        if found is None:
            raise BadInput("desk.no_job")
        return found

    def running(self) -> list[Job]:
        """Return what is not over."""
        return [job for job in list(self._jobs.values()) if not job.over]

    def end(self, seconds: float) -> bool:
        """Stop everything, and wait until it has stopped, so long at most; says whether it has."""
        running = self.running()
        for job in running:
            job.stop()
        for job in running:
            job.wait(seconds)
        return not self.running()
