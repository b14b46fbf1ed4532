"""Looks at files one by one, wherever they are, and keeps what the report needs.

The caller walks folders and cards and opens files; what is done with each is here, so that a file on a card and the
same file on a disk get the same answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath

from fifthfloor.audit import previews
from fifthfloor.audit.card_sets import is_card_set
from fifthfloor.audit.catalogues import MAX_NAMES as MAX_CATALOGUED
from fifthfloor.audit.documents import MAX_DOCUMENT_BYTES, Text, texts
from fifthfloor.audit.finding import Finding, Place, finding, listed
from fifthfloor.audit.laptop import OURS_ALONE, Trace, TraceKind, own_findings, trace_findings, trace_of
from fifthfloor.audit.numbering import index_findings, numbering_findings
from fifthfloor.audit.of_programs import is_source
from fifthfloor.audit.opaque import MIN_OPAQUE_BYTES, is_noise, is_text, is_unknown, looks_like_card
from fifthfloor.audit.page import is_report
from fifthfloor.audit.photo import read_photo, read_sidecar, tells_of_a_film
from fifthfloor.audit.photo_facts import PhotoFacts
from fifthfloor.audit.qr_line import draws_line
from fifthfloor.audit.report import Unchecked
from fifthfloor.audit.rules import Matcher, Rulebook
from fifthfloor.audit.sealed_lines import holds_line, is_identity, is_sealed_shot
from fifthfloor.audit.shots import Shot, shot_findings
from fifthfloor.audit.told_places import tells_a_place
from fifthfloor.audit.traces import MAX_TRACE_BYTES, names_in
from fifthfloor.audit.trailers import exact_trailer
from fifthfloor.audit.unread_forms import unread_form
from fifthfloor.errors import BadInput
from fifthfloor.jpeg import coefficients
from fifthfloor.jpeg.history import is_compressed_twice
from fifthfloor.metadata.naming import recording_of
from fifthfloor.metadata.source import Source
from fifthfloor.metadata.text import narrowed

MAX_COMPARED = 400  # pictures of a gathering decoded for the comparison with their thumbnails: 40 ms each
MAX_DECODED = 40  # photographs of a gathering whose coefficients are looked at: some 0.15 s each
_MAX_GATHERED_BYTES = 64 << 20
# Sony's index of clips.
_CLIP = re.compile(rb'uri="(?:[^"]{0,200}/)?([^"/]{1,100})"')
NAMES_AT_ONCE = 1000  # of a catalogue, for the rulebook


class Gathering:
    """What was seen so far of one card, of one folder, or of all that is audited.

    Args:
        book: the rulebook.
    """

    def __init__(self, book: Rulebook) -> None:
        self.matcher = Matcher(book)
        self.shots: list[Shot] = []
        self.traces: list[Trace] = []
        self.unread: Counter[str] = Counter()
        self.paths: list[str] = []
        self._parts: dict[str, list[Place]] = {}
        self._odd_previews: list[Place] = []
        self._compared = 0
        self._twice: list[Place] = []
        self._decoded = 0
        self._images: list[Place] = []
        self._noise: list[Place] = []
        self._indexed: dict[str, list[str]] = {}
        self._lines: dict[str, Place] = {}

    def file(self, path: str, below: str, source: Source, modified: datetime | None) -> bool:
        """Look at one file.

        Args:
            path: as it is reported.
            below: its path below what is audited, by which traces are told.
            source: its bytes.
            modified: its time by the file system, local.

        Returns:
            Whether it is a photograph or film.
        """
        self.paths.append(path)
        self.matcher.name(path)
        trace = trace_of(below)
        if trace is not None:
            self._trace(path, trace.kind, source if trace.how == "names" else None)
            trace = None if trace.kind in OURS_ALONE else trace  # whatever else it is, it is that as well
        if trace is not None and trace.kind in ("swap", "own"):
            return False
        if draws_line(source):
            self._lines[path] = Place(path)
        facts = read_photo(source)
        if facts is not None:
            self._unread_in(path, facts)
            if trace is None:
                if facts.form == "jpeg":
                    facts = replace(facts, trailer=exact_trailer(source))
                self.shots.append(Shot(path, facts, modified, source.size_bytes))
                if facts.form == "jpeg":
                    self._compare(path, source, facts.thumbnail)
                    self._look_into(path, source)
            return trace is None
        self._document(path, source)
        return False

    def _unread_in(self, path: str, facts: PhotoFacts) -> None:
        self.unread.update(facts.unread)
        for part in facts.parts:
            place = Place(path, length_bytes=part.length_bytes, note=part.name)
            self._parts.setdefault(part.what, []).append(place)

    def take(self, other: Gathering) -> None:
        """Add what another gathering of the same rulebook has seen, behind what this one has."""
        self.matcher.take(other.matcher)
        self.shots += other.shots
        self.traces += other.traces
        self.unread.update(other.unread)
        self.paths += other.paths
        for what, places in other._parts.items():
            self._parts.setdefault(what, []).extend(places)
        self._odd_previews += other._odd_previews
        self._twice += other._twice
        self._images += other._images
        self._noise += other._noise
        self._indexed |= other._indexed
        self._lines |= other._lines

    def tables(self, path: str, kind: TraceKind, names: Sequence[str] | None) -> None:
        """Take what a program's catalogue or history lists; None where it is of an unknown version."""
        self.paths.append(path)
        if names is None:
            self.unread["catalogue"] += 1
        self.unread["traces"] += len(names or ()) >= MAX_CATALOGUED
        for at in range(0, len(names or ()), NAMES_AT_ONCE):
            self.matcher.text("\n".join((names or ())[at : at + NAMES_AT_ONCE]), path)
        self.traces.append(Trace(kind, path, tuple(names or ())))

    def link(self, path: str) -> None:
        """Take a link that leads to this program."""
        self.paths.append(path)
        self.traces.append(Trace("own", path, ()))

    def _trace(self, path: str, kind: TraceKind, source: Source | None) -> None:
        data = source.read(0, min(source.size_bytes, MAX_TRACE_BYTES)) if source is not None else b""
        cut = set[str]()
        names = names_in(path, data, lambda: cut.add(path)) if data else []
        self.unread["traces"] += bool(cut) or (source is not None and source.size_bytes > MAX_TRACE_BYTES)
        for name in names:
            self.matcher.text(name, path)
        self.traces.append(Trace(kind, path, tuple(names)))

    def _document(self, path: str, source: Source) -> None:
        head = source.read(0, 4096)
        if is_sealed_shot(head):
            self.traces.append(Trace("own", path, ()))
            return
        if self._opaque(path, source) or not head:
            return
        form = unread_form(path, head)
        if form is not None:
            self.unread[form] += 1
        if is_report(head) or is_card_set(head) or is_identity(head):
            self.traces.append(Trace("own", path, ()))
            return
        data = narrowed(source.read(0, source.size_bytes))
        tells = self._beside(path, data, source.size_bytes)
        reasons, tells_here, placed = set(), tells, False
        for item in texts(PurePosixPath(path).name, data):
            tells = True
            if isinstance(item, Text):
                where = f"{path} > {item.inside}" if item.inside else path
                self.matcher.text(item.text, where)
                if holds_line(item.text):
                    self._lines[where] = Place(where)
                placed = placed or (not tells_here and tells_a_place(item.text.encode("utf-8", "replace")))
            else:
                reasons.add("pdf" if item.why == "extra" else item.why)
        self.unread.update(reasons)
        self.unread["sidecars"] += placed
        if not tells and form is None:
            if is_unknown(PurePosixPath(path).name, source):
                self.unread["small_unknown"] += 1
            elif source.size_bytes >= MIN_OPAQUE_BYTES and not is_text(data):
                self.unread["headless"] += 1

    def _beside(self, path: str, data: bytes, size_bytes: int) -> bool:
        """Take an index of clips, and what sidecars say; count those that tell of a film and give nothing away.

        Returns:
            Whether it is any of these.
        """
        names = [match[1].decode("utf-8", "replace") for match in _CLIP.finditer(data)]
        # A packet or index within a program's source is a template or a test's, in its archive an icon's.
        within = is_source(path) and data.lstrip()[:1] != b"<"
        if names and not within and b"<MediaProfile" in data[:4096]:
            self._indexed[path] = list(dict.fromkeys(names))
        facts = None if within else read_sidecar(data)
        if facts is not None:
            # Its time is the file's own matter: a sidecar is written whenever somebody edits.
            self._unread_in(path, facts)
            self.shots.append(Shot(path, facts, None, size_bytes))
            return True
        self.unread["sidecars"] += (tells := tells_of_a_film(path, data) or tells_a_place(data))
        return tells or bool(names)

    def _opaque(self, path: str, source: Source) -> bool:
        """Take what nothing is known of: an image, a container, or only a number under "not checked"."""
        if looks_like_card(source):
            self._images.append(Place(path, length_bytes=source.size_bytes))
        elif source.size_bytes >= MIN_OPAQUE_BYTES and is_unknown(PurePosixPath(path).name, source):
            if is_noise(source):
                self._noise.append(Place(path, length_bytes=source.size_bytes))
            else:
                self.unread["opaque"] += 1
        elif source.size_bytes > MAX_DOCUMENT_BYTES:
            self.unread["large"] += 1
        else:
            return False
        return True

    def _compare(self, path: str, source: Source, thumbnail: tuple[int, int] | None) -> None:
        if thumbnail is None or source.size_bytes > _MAX_GATHERED_BYTES or not previews.available():
            return
        if self._compared >= MAX_COMPARED:
            self.unread["compared"] += 1
            return
        self._compared += 1
        like = previews.likeness(source.read(0, source.size_bytes), source.read(*thumbnail))
        if like is not None and like < previews.LIKE:
            self._odd_previews.append(Place(path, *thumbnail, note=f"{like:.2f}"))

    def _look_into(self, path: str, source: Source) -> None:
        """Take a photograph that was compressed before; only where coefficients can be read (extra `home`)."""
        if source.size_bytes > _MAX_GATHERED_BYTES or not previews.available():
            return
        if self._decoded >= MAX_DECODED:
            self.unread["twice"] += 1
            return
        self._decoded += 1
        try:
            picture = coefficients.read(source.read(0, source.size_bytes))
        except BadInput:
            return
        luma = picture.frame.components[0]
        if is_compressed_twice(picture.plane(0)[: luma.blocks_high, : luma.blocks_wide].reshape(-1, 64)):
            self._twice.append(Place(path))

    @property
    def photographs(self) -> int:
        """How many photographs and films were read, without the texts beside them."""
        return sum(shot.facts.form != "beside" for shot in self.shots)

    def findings(self, *, card: bool) -> list[Finding]:
        """Everything the files say together.

        Args:
            card: they are a card's, whose numbers are the camera's.
        """
        inside = any(shot.number_inside is not None for shot in self.shots)
        self.matcher.shots(self.shots)
        found = [*shot_findings(self.shots), *self.matcher.findings()]
        if card or self.photographs:
            found += numbering_findings(self.paths, inside)
            found += index_findings(self._indexed, self.paths)
        found += trace_findings(self.traces, (shot.path for shot in self.shots))
        found += own_findings(self.traces)
        if self._lines:
            names = listed(PurePosixPath(path).name for path in self._lines)
            found.append(finding("laptop.recipient", "critical", "certain", [*self._lines.values()], names=names))
        for kind, places in (("file.image", self._images), ("file.noise", self._noise)):
            if places:
                names = listed(PurePosixPath(place.path).name for place in places)
                size = sum(place.length_bytes or 0 for place in places)
                found.append(finding(kind, "high", "likely", places, names=names, size=size))
        if self._twice:
            names = listed(PurePosixPath(place.path).name for place in self._twice)
            found.append(finding("photo.twice", "low", "possible", self._twice, names=names))
        if self._odd_previews:
            names = listed(PurePosixPath(place.path).name for place in self._odd_previews)
            found.append(finding("photo.preview", "high", "likely", self._odd_previews, names=names))
        return found

    def unchecked(self) -> list[Unchecked]:
        """What was not looked at among these files."""
        found = [
            Unchecked(what, count, tuple(self._parts.get(what, ())))
            for what, count in sorted(self.unread.items())
            if count
        ]
        if self.shots and not previews.available():
            found.append(Unchecked("previews"))
        return found


def always_unchecked(*, card: bool, quick: bool) -> list[Unchecked]:
    """What no audit can look at, so that nobody believes it was."""
    found = [Unchecked("meaning"), Unchecked("counters"), Unchecked("camera"), Unchecked("cloud")]
    if card:
        found.insert(0, Unchecked("flash"))
    if quick:
        found.append(Unchecked("quick"))
    return found


def frames_to_pick(shots: Iterable[Shot], findings: Iterable[Finding], paths: Iterable[str]) -> list[str]:
    """List the files of every frame that a critical or high finding names: what to hide, raw and sidecar together.

    Args:
        shots: the photographs that are there.
        findings: with places.
        paths: every visible file.

    Returns:
        Paths below the card or as given: what stands before ":/" says only which card of several it is.
    """
    named = {place.path for item in findings if item.severity in ("critical", "high") for place in item.places}
    # A companion is named too: a description of a film says where it was.
    frames = {_frame(shot.path) for shot in shots if shot.path in named}
    return sorted({path.rpartition(":/")[2] for path in paths if _frame(path) in frames})


def _frame(path: str) -> object:
    """What all files of one frame have in common: the recording by its maker's naming, else folder and name."""
    pure = PurePosixPath(path)
    recording = recording_of(path.rpartition(":/")[2])
    if recording is not None and (recording.maker == "gopro" or (recording.maker == "dji" and not recording.moment)):
        return str(pure.parent), recording  # its counter may have begun anew in the next folder
    if recording is not None and recording.maker != "dcf":
        return path.rpartition(":/")[0], recording
    return str(pure.parent), pure.stem.upper()
