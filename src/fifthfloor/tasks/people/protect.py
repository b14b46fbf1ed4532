"""`protect`: find faces, hide them, tell nothing else, sign; one photograph a task, in as many processes as cores.

A cluster's workers find what is to be hidden (`tasks/people/finding_faces.py`); keys stay in processes of this machine.

Rule 1: one photograph's failure never stops the others; each is said by name.
Rule 2: what is written is first judged by the publish gate, and takes its name only when it is whole.
Rule 3: no earlier redaction that may have been published is replaced by one that shows more.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from fifthfloor import engine
from fifthfloor.engine import many
from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor.files import make_folder, place_together, read_whole, rename_all
from fifthfloor.jpeg.segments import MAX_PICTURE_BYTES
from fifthfloor.redact.admission import statement_path_of, web_path_of
from fifthfloor.redact.decisions import Decision, read_decisions
from fifthfloor.redact.gate import pass_gate
from fifthfloor.redact.hidden_parts import Part, Signing, hidden_runs, redact
from fifthfloor.redact.prepare import Prepared, prepare
from fifthfloor.redact.profiles import ProfileVerdict
from fifthfloor.redact.review import Reviewed, ReviewPictures, render
from fifthfloor.redact.sealed_originals import Run
from fifthfloor.redact.union import shows_more
from fifthfloor.statement.c2pa import Origin, embed
from fifthfloor.statement.claims import NOBODY, NOT_YET
from fifthfloor.statement.hidden_runs import HiddenRuns
from fifthfloor.statement.sign import RedactedBytes
from fifthfloor.tasks import secret
from fifthfloor.tasks.called import by_name, names_in, write_list
from fifthfloor.tasks.one_writer import writing_in
from fifthfloor.tasks.people.beside import LeftAlone
from fifthfloor.tasks.people.earlier_redactions import (
    ApprovedEarlier,
    earlier_in,
    refuse_another,
    refuse_foreign,
    refuse_union,
)
from fifthfloor.tasks.people.finding_faces import FoundFaces, Search, find, parts_in, read
from fifthfloor.tasks.people.moment import this_day
from fifthfloor.tasks.people.photographs import GivenPhoto, Meant, Refused, claim_of, frames, said_last
from fifthfloor.tasks.people.prove import Newsroom, Signer
from fifthfloor.tasks.people.reviewing import (
    drop_unused_keys,
    new_run,
    remove_pictures,
    show_run,
    write_page,
    write_pictures,
)
from fifthfloor.trace.likeness import likeness_of, soft_binding_of


@dataclass(frozen=True, slots=True)
class ProtectIntent:
    """What a person wants done with all photographs of one run.

    Args:
        out: the folder that is written.
        find_faces: False for `--faces none`.
        decisions: boxes a person gave, by name of the photograph.
        nobody_looks: `--approve-all`.
        suggest_writing: look for plates, badges and signs, for the person who looks; not with `nobody_looks`.
        show: names of facts the statement shows; the others are withheld.
        newsroom: also embed a C2PA manifest, signed with this.
        dry_run: do all of it but the writing.
        numbered: call the photographs by numbers; otherwise after their sources.
    """

    out: Path
    find_faces: bool = True
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    nobody_looks: bool = False
    show: frozenset[str] = frozenset()
    newsroom: Newsroom | None = None
    dry_run: bool = False
    suggest_writing: bool = False
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Protected:
    """A photograph that was done.

    Args:
        name: "DSC_0001.jpg", in the folder that was written.
        parts: hidden and doubtful ones.
        hidden_share: of the full-size picture, 0 to 1.
        profile: what became of its colour profile.
        hidden: the runs of intervals that are hidden.
        digest: SHA-256 of the photograph with nothing hidden; equal photographs have equal ones.
        as_before: True where it was there, approved, with the same hidden parts; then nothing was written.
        remarks: keys of sentences about it.
    """

    path: Path
    name: str
    parts: tuple[Part, ...]
    hidden_share: float
    profile: ProfileVerdict
    hidden: HiddenRuns
    digest: bytes
    as_before: bool = False
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _ProtectTask:
    frame: GivenPhoto
    intent: ProtectIntent
    signer: Signer
    earlier: tuple[ApprovedEarlier, ...]
    run: Run
    found: FoundFaces | many.Lost[Search] | None = None

    @property
    def search(self) -> Search:
        """What may be done elsewhere, by whoever stands in another folder: nothing in it is a secret."""
        intent = self.intent
        decision = intent.decisions.get(self.frame.name, Decision())
        suggest = intent.suggest_writing and not intent.nobody_looks
        path, raw = self.frame.path.absolute(), self.frame.raw and self.frame.raw.absolute()
        return Search(path, raw, decision, intent.find_faces, suggest, intent.nobody_looks)


def boxes_of(path: Path) -> dict[str, Decision]:
    """Read the file that `--boxes` names. Raises BadInput if it is not one."""
    return read_decisions(read_whole(path, MAX_PICTURE_BYTES))


def protect(
    files: Sequence[Path],
    intent: ProtectIntent,
    signer: Signer,
    executor: many.Executor | None = None,
    *,
    said: Mapping[str, str] | None = None,
) -> Generator[Protected | Refused | LeftAlone, None, None]:
    """Protect photographs into a folder, and write its review page at the end.

    Args:
        files: JPEGs, raw files, or folders of them.
        intent: what to do.
        signer: whose key signs.
        executor: what finds faces; None: the processes of this machine, which do the rest in any case.
        said: what the review page says (`reviewing.write_page`).

    Yields:
        One result a photograph, refusals first, then in order; last what folders hold beside photographs, if anything.

    Raises:
        BadInput: nothing was given, another run writes there, or boxes name a photograph that was not.
    """
    found = frames(files, intent.out, numbered=intent.numbered)
    if not found.frames and not found.refused:
        if found.left:
            yield found.left
        raise BadInput("protect.no_files", count=len(files))
    with writing_in(intent.out, dry_run=intent.dry_run):
        yield from _protect_found(found, intent, signer, executor, said)


def _protect_found(
    found: Meant,
    intent: ProtectIntent,
    signer: Signer,
    executor: many.Executor | None,
    said: Mapping[str, str] | None,
) -> Iterator[Protected | Refused | LeftAlone]:
    sources = [frame.name for frame in found.frames]
    called = names_in(intent.out, sources) if intent.numbered else {source: source for source in sources}
    meant = by_name(intent.decisions, called)
    intent = replace(intent, decisions={meant[key]: decision for key, decision in intent.decisions.items()})
    yield from found.refused
    refused = set[Path]()
    if found.frames:
        for one in _protect_all(found.frames, called, intent, signer, executor, said):
            if isinstance(one, Refused):
                refused.add(one.path)
            yield one
    yield from said_last(found, refused)


def _protect_all(
    found: Sequence[GivenPhoto],
    called: Mapping[str, str],
    intent: ProtectIntent,
    signer: Signer,
    executor: many.Executor | None,
    said: Mapping[str, str] | None,
) -> Iterator[Protected | Refused]:
    out = intent.out
    given, refused = _apart([replace(frame, name=called[frame.name]) for frame in found], out)
    yield from refused
    if not given:
        return
    if not intent.dry_run:
        make_folder(out)
        # First of all: a run that is killed leaves no picture of which nobody can tell what it is.
        write_list(out, called)
        # Under an earlier run's key, which is there, what a run that is killed left would show the faces.
        _forget(out, given)
    earlier = earlier_in(out)
    run = new_run()
    tasks = [_ProtectTask(frame, intent, signer, earlier, run) for frame in given]
    done = _each(tasks, executor)
    if intent.dry_run:
        yield from _no_union(done, None)
        return
    try:
        yield from _no_union(done, out)
        show_run(out, run)
    except BaseException:
        # Stopped half-way: what shows the faces goes; `approve` refuses pictures without their page.
        _forget(out, given)
        raise
    finally:
        write_page(out, said)


def _apart(given: Sequence[GivenPhoto], out: Path) -> tuple[list[GivenPhoto], list[Refused]]:
    """Refuse what would be written over a name that differs in case or accents alone: cards and macOS fold both."""
    there = {path.name for path in out.iterdir()} if out.is_dir() else set()
    spelt = {claim_of(name): name for name in there}
    kept, refused = [], []
    for frame in given:
        names = (frame.name, web_path_of(Path(frame.name)).name)
        other = next((spelt[claim_of(name)] for name in names if name not in there and claim_of(name) in spelt), None)
        if other is None:
            kept.append(frame)
        else:
            refused.append(Refused.because(frame.path, BadInput("protect.other_owner", name=other)))
    return kept, refused


def _forget(out: Path, given: Sequence[GivenPhoto]) -> None:
    for frame in given:
        remove_pictures(out, frame.name)
    drop_unused_keys(out)


def _no_union(done: Iterator[Protected | Refused], out: Path | None) -> Iterator[Protected | Refused]:
    """Take back a copy of a photograph of the same run that shows what the first one hides."""
    first: dict[bytes, Protected] = {}
    for one in done:
        if isinstance(one, Protected):
            before = first.setdefault(one.digest, one)
            if shows_more(before.hidden, one.hidden) and not one.as_before:
                for path in (out / one.name, web_path_of(out / one.name)) if out else ():
                    path.unlink(missing_ok=True)
                    statement_path_of(path).unlink(missing_ok=True)
                if out:
                    remove_pictures(out, one.name)
                yield Refused.because(one.path, BadInput("protect.union", name=before.name))
                continue
        yield one


def _each(tasks: Sequence[_ProtectTask], executor: many.Executor | None) -> Iterator[Protected | Refused]:
    """Do every photograph, several at once where there are cores for it."""
    workers = min(engine.cores(), len(tasks))
    ready = tasks if executor is None else _found_by(executor, tasks)
    if workers <= 1:
        yield from map(_protect, ready)
        return
    with many.Processes(workers) as processes:
        for one in many.each(_protect, ready, processes):
            yield _lost(one.task) if isinstance(one, many.Lost) else one


def _found_by(executor: many.Executor, tasks: Sequence[_ProtectTask]) -> Iterator[_ProtectTask]:
    for task, found in zip(tasks, many.each(find, (task.search for task in tasks), executor), strict=True):
        yield replace(task, found=found)


def _lost(task: _ProtectTask) -> Refused:
    """What is left of a photograph whose process was killed: what it had written for the review goes."""
    if not task.intent.dry_run:
        remove_pictures(task.intent.out, task.frame.name)
    return Refused.because(task.frame.path, BadInput("protect.killed"))


def _protect(task: _ProtectTask) -> Protected | Refused:
    path = task.frame.path
    try:
        return _protect_frame(task)
    except FifthFloorError as error:
        return Refused.because(path, error)
    except OSError as error:
        return Refused.by_system(path, error)


def _protect_frame(task: _ProtectTask) -> Protected:
    frame, intent = task.frame, task.intent
    refuse_foreign(intent.out / frame.name)
    if isinstance(task.found, many.Lost):
        raise BadInput("protect.killed")
    given = read(frame.path, frame.raw)
    prepared = prepare(given.data, given.raw)
    search = task.search
    earlier = None if task.found is None else task.found.of(given)
    # A hundred megabytes, of the largest: nothing asks for them from here on.
    del given
    parts = parts_in(prepared.picture, search) if earlier is None else earlier
    hidden = hidden_runs(prepared.picture, parts)
    share = sum(count for _, count in hidden) / prepared.picture.header.intervals
    as_before = refuse_union(intent.out / frame.name, prepared.picture, hidden, task.earlier)
    refuse_another(intent.out / frame.name, prepared.picture)
    digest = hashlib.sha256(prepared.picture.to_bytes()).digest()
    told = (as_before, prepared.remarks)
    result = Protected(frame.path, frame.name, parts, share, prepared.profile, hidden, digest, *told)
    if not as_before:
        written = _signed(task, prepared, parts)
        if intent.dry_run:
            return result
        digest_written = hashlib.sha256(written[0].picture).hexdigest()
        reviewed = Reviewed(frame.name, parts, digest_written, search.decision.looked == digest_written)
        pictures = None if intent.nobody_looks else render(reviewed, prepared)
        _write(intent.out, _contents(intent.out / frame.name, written), pictures, task.run)
    return result


def _signed(task: _ProtectTask, prepared: Prepared, parts: Sequence[Part]) -> tuple[RedactedBytes, ...]:
    approval = NOBODY if task.intent.nobody_looks else NOT_YET
    signing = Signing(task.signer.key, task.signer.life, approval, secret.fresh_bytes, task.intent.show, likeness_of)
    written = with_manifests(redact(prepared, parts, signing), task.intent.newsroom, prepared.origin)
    for one in written:
        pass_gate(one.picture, one.statement)
    return written


def with_manifests(
    files: Sequence[RedactedBytes], newsroom: Newsroom | None, origin: Origin | None
) -> tuple[RedactedBytes, ...]:
    """Embed a C2PA manifest in each picture, if there is a newsroom to sign it, and what it says of the original."""
    if newsroom is None:
        return tuple(files)
    pem = newsroom.certificate_pem, newsroom.key_pem
    return tuple(embed(one, *pem, origin, looks=soft_binding_of) for one in files)


def _contents(picture: Path, written: Sequence[RedactedBytes]) -> dict[Path, bytes]:
    contents: dict[Path, bytes] = {}
    for path, one in zip((picture, web_path_of(picture)), written, strict=False):
        contents[path] = one.picture
        contents[statement_path_of(path)] = one.statement
    return contents


def _write(out: Path, contents: Mapping[Path, bytes], pictures: ReviewPictures | None, run: Run) -> None:
    """Write what a person will look at, then the photograph: none is ever there that the page does not show."""
    if pictures is None:
        _replace(out, contents)
        return
    try:
        write_pictures(out, pictures, run)
        _replace(out, contents)
    except OSError:
        remove_pictures(out, pictures.name)
        raise


def _replace(out: Path, contents: Mapping[Path, bytes]) -> None:
    """Write all files of a photograph beside their places, then give them their names; old ones go only then."""
    picture = next(iter(contents))
    waiting = out / f".{secret.fresh_bytes(8).hex()}.part"
    waiting.mkdir()
    try:
        place_together({waiting / path.name: data for path, data in contents.items()}, modified=this_day())
        if web_path_of(picture) not in contents:
            for stale in (web_path_of(picture), statement_path_of(web_path_of(picture))):
                stale.unlink(missing_ok=True)
        rename_all([(waiting / path.name, path) for path in contents])
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
