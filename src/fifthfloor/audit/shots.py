"""What a set of photographs says together: who owns the camera, where it was, and which frames are missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, pairwise
from pathlib import PurePosixPath

from fifthfloor.audit.counters import numbered
from fifthfloor.audit.finding import Finding, Place, Severity, Sureness, finding, listed
from fifthfloor.audit.own_names import repeats_itself
from fifthfloor.audit.photo_facts import PhotoFacts
from fifthfloor.audit.written_by_itself import is_a_name, is_no_number, is_written_by_itself
from fifthfloor.audit.written_numbers import is_a_number
from fifthfloor.metadata.editors import names_an_editor
from fifthfloor.metadata.naming import number_of_count

CLOCK_SLACK = timedelta(minutes=2)  # FAT counts in 2 s, and a burst may be written a minute late
ZONE_STEP = timedelta(minutes=15)  # systems disagree about zones by whole quarters of an hour
_KINDS_OF_WORDS = ("keyword", "title", "description", "comment", "said")
MAX_ZONE = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Shot:
    """A photograph that is there.

    Args:
        path: where.
        facts: what it says.
        modified: the file's time by the file system, local, or None.
        size_bytes: of the file.
    """

    path: str
    facts: PhotoFacts
    modified: datetime | None
    size_bytes: int

    @property
    def number_inside(self) -> int | None:
        """The camera's file number, 1 to 9999, from inside the photograph."""
        number = self.facts.numbers.get("file_number")
        return number_of_count(number) if isinstance(number, int) else None

    @property
    def counter(self) -> int | None:
        """The camera's count of releases or pictures."""
        for key in ("shutter_count", "image_count", "image_number"):
            value = self.facts.numbers.get(key)
            if isinstance(value, int) and value > 0:
                return value
        return None


def shot_findings(shots: Sequence[Shot]) -> list[Finding]:
    """Say what photographs tell about their owner, their places and their numbers."""
    return [
        *_identities(shots),
        *_places(shots),
        *_marks(shots),
        *_programs(shots),
        *_numbers(shots),
        *_counters(shots),
        *_clocks(shots),
        *_oddities(shots),
    ]


def _values(shots: Iterable[Shot], key: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for shot in shots:
        value = str(shot.facts.numbers.get(key, "")).strip()
        if not is_no_number(value):
            found[value].append(shot.path)
    return found


def _texts(shots: Iterable[Shot], *kinds: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for shot in shots:
        for kind in kinds:
            for value in shot.facts.texts.get(kind, ()):
                if kind not in _KINDS_OF_WORDS or not repeats_itself(kind, value, shot.facts, shot.path):
                    found[value].append(shot.path)
    return found


def _told(shots: Iterable[Shot], kind: str) -> dict[str, list[str]]:
    """The same of numbers that texts tell; those of zeros alone say nothing."""
    return {value: paths for value, paths in _texts(shots, kind).items() if not is_no_number(value)}


def _joined(*several: dict[str, list[str]]) -> dict[str, list[str]]:
    """All files of each value, wherever in them it stands: a name in one's note may be another's artist."""
    values = dict.fromkeys(chain(*several))
    return {value: [path for told in several for path in told.get(value, ())] for value in values}


def _by_value(kind: str, severity: Severity, values: dict[str, list[str]]) -> list[Finding]:
    """One finding for one kind of value: how many files, which values, every file a place."""
    if not values:
        return []
    places = [Place(path, note=value) for value, paths in sorted(values.items()) for path in dict.fromkeys(paths)]
    files = len({path for paths in values.values() for path in paths})
    return [finding(kind, severity, "certain", places, count=files, values=listed(sorted(values)))]


def _identities(shots: Sequence[Shot]) -> list[Finding]:
    serials = _joined(_values(shots, "serial"), _values(shots, "internal_serial"), _told(shots, "serial"))
    owners = _joined(_values(shots, "owner"), _texts(shots, "artist", "copyright", "owner"))
    lenses = _joined(_told(shots, "lens_serial"), _values(shots, "lens_serial"))
    bodies = {(s.facts.camera, str(s.facts.numbers.get("serial", ""))) for s in shots if s.facts.model}
    found = [
        *_by_value("photo.serial", "medium", serials),
        *_by_value("photo.lens_serial", "low", lenses),
        *_by_value("photo.owner", "high", {one: at for one, at in owners.items() if is_a_name(one)}),
    ]
    if len({camera for camera, _ in bodies}) > 1 or (len(bodies) > 1 and len(serials) > 1):
        names = listed(sorted({camera for camera, _ in bodies}))
        found.append(finding("photo.cameras", "medium", "certain", count=len(bodies), values=names))
    return found


def _places(shots: Sequence[Shot]) -> list[Finding]:
    placed = [(shot, shot.facts.gps) for shot in shots if shot.facts.gps is not None]
    found = []
    if placed:
        latitudes, longitudes = [gps[0] for _, gps in placed if gps], [gps[1] for _, gps in placed if gps]
        places = [Place(shot.path, note=f"{gps[0]:.5f}, {gps[1]:.5f}") for shot, gps in placed if gps]
        found.append(
            finding(
                "photo.gps",
                "high",
                "certain",
                places,
                south=round(min(latitudes), 3),
                north=round(max(latitudes), 3),
                west=round(min(longitudes), 3),
                east=round(max(longitudes), 3),
            )
        )
    return found + _by_value("photo.place", "medium", _texts(shots, "place"))


def _marks(shots: Sequence[Shot]) -> list[Finding]:
    ratings = {v: p for v, p in _texts(shots, "rating").items() if v.strip("0") not in ("", "-1", ".")}
    ratings = _joined(ratings, _texts(shots, "label"))
    words = _joined(
        *(
            {
                one: at
                for one, at in _texts(shots, kind).items()
                if not is_written_by_itself(one) or is_a_number(kind, one)
            }
            for kind in _KINDS_OF_WORDS
        )
    )
    return [
        *_by_value("photo.rating", "medium", ratings),
        *_by_value("photo.words", "high", words),
        *_by_value("photo.person", "critical", _texts(shots, "person")),
    ]


def _programs(shots: Sequence[Shot]) -> list[Finding]:
    edited: dict[str, list[str]] = defaultdict(list)
    for shot in shots:
        for value in (shot.facts.software, *shot.facts.texts.get("software", ()), *shot.facts.texts.get("host", ())):
            if names_an_editor(value) or value in shot.facts.texts.get("host", ()):
                edited[value].append(shot.path)
    return _by_value("photo.edited", "medium", edited)


def _numbers(shots: Sequence[Shot]) -> list[Finding]:
    """Compare the number in the name with the camera's own number inside."""
    odd = []
    for shot in shots:
        file, inside = numbered(shot.path), shot.number_inside
        if file is not None and inside is not None and file.number != inside:
            odd.append(Place(shot.path, note=f"{inside:04d}"))
    if not odd:
        return []
    names = listed(f"{PurePosixPath(place.path).name} ({place.note})" for place in odd)
    return [finding("photo.renamed", "high", "likely", odd, names=names)]


def _counters(shots: Sequence[Shot]) -> list[Finding]:
    """Find neighbours in time whose shutter count rose by more than their file numbers did."""
    cameras: dict[tuple[str, str], list[tuple[datetime, int, int, str]]] = defaultdict(list)
    for shot in shots:
        file, counter, taken = numbered(shot.path), shot.counter, shot.facts.taken
        number = shot.number_inside or (file.number if file else None)
        if counter is not None and taken is not None and number is not None:
            camera = (shot.facts.camera, str(shot.facts.numbers.get("serial", "")))
            cameras[camera].append((taken, counter, number, shot.path))
    places, missing = [], 0
    for series in cameras.values():
        for (_, count, number, before), (_, later, following, after) in pairwise(sorted(series)):
            jump, named = later - count, following - number
            if 0 < named < jump < 5000:
                places.append(Place(after, note=f"{PurePosixPath(before).name} +{named}, +{jump}"))
                missing += jump - named
    found = _clock_back(cameras.values())
    if places:
        names = listed(place.note for place in places)
        found.append(finding("photo.counter", "high", "likely", places, missing=missing, names=names))
    return found


def _clock_back(cameras: Iterable[list[tuple[datetime, int, int, str]]]) -> list[Finding]:
    """Find neighbours by the counter of which the later one says an earlier time: the clock was set back."""
    places = []
    for series in cameras:
        for (first, count, _, before), (then, later, _, after) in pairwise(sorted(series, key=lambda shot: shot[1])):
            if later > count and first - then > CLOCK_SLACK:
                note = f"{PurePosixPath(before).name} {first:%Y-%m-%d %H:%M} -> {then:%Y-%m-%d %H:%M}"
                places.append(Place(after, note=note))
    if not places:
        return []
    names = listed(PurePosixPath(place.path).name for place in places)
    return [finding("photo.clock_back", "medium", "likely", places, names=names)]


def _clocks(shots: Sequence[Shot]) -> list[Finding]:
    """Find files whose time is not their exposure's, zones allowed for."""
    odd = []
    for shot in shots:
        if shot.modified is None or shot.facts.taken is None:
            continue
        apart = abs(shot.modified - shot.facts.taken)
        rest = apart % ZONE_STEP
        if apart > MAX_ZONE or min(rest, ZONE_STEP - rest) > CLOCK_SLACK:
            odd.append(Place(shot.path, note=f"{shot.facts.taken:%Y-%m-%d %H:%M} / {shot.modified:%Y-%m-%d %H:%M}"))
    if not odd:
        return []
    return [finding("photo.clock", "medium", "possible", odd, names=listed(PurePosixPath(p.path).name for p in odd))]


def _oddities(shots: Sequence[Shot]) -> list[Finding]:
    """Find what rides behind or beside the picture: films, second pictures, blocks nobody knows, signatures."""
    found = []
    behind = [s for s in shots if s.facts.trailer.kind in ("photograph", "unknown", "samsung")]
    films = [s for s in shots if s.facts.trailer.kind == "film" or s.facts.texts.get("motion", ["0"])[0] == "1"]
    several = [s for s in shots if s.facts.pictures > 1]
    signed = [s for s in shots if s.facts.signed in ("canon", "camera")]
    credentials = [s for s in shots if s.facts.signed == "c2pa"]
    by_f5 = [s for s in shots if s.facts.hiding == "f5"]
    like_steghide = [s for s in shots if s.facts.hiding == "steghide"]
    groups: tuple[tuple[str, Severity, list[Shot]], ...] = (
        ("photo.trailer", "medium", behind),
        ("photo.motion", "high", films),
        ("photo.several", "medium", several),
        ("photo.signed", "low", signed),
        ("photo.credentials", "low", credentials),
        ("photo.hiding_encoder", "high", by_f5),
        ("photo.hiding_steghide", "medium", like_steghide),
    )
    for kind, severity, group in groups:
        if group:
            places = [Place(s.path, length_bytes=s.facts.trailer.length_bytes or None) for s in group]
            names = listed(PurePosixPath(s.path).name for s in group)
            sure: Sureness = "possible" if group is like_steghide else "likely" if group is by_f5 else "certain"
            found.append(finding(kind, severity, sure, places, names=names))
    return found


def per_day(shots: Iterable[Shot]) -> Counter[str]:
    """Count photographs by the day the camera's clock gave, ISO dates."""
    return Counter(shot.facts.taken.date().isoformat() for shot in shots if shot.facts.taken is not None)
