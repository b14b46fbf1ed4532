"""Law 5 of docs/architecture.md: the one door by which a photograph enters an essay, and it takes a `RedactedPhoto`.

What goes in is the verifiable rendition (2,048 px where there is one: the full-size picture carries more of the
camera's own noise), byte for byte, with its statement, and the derivatives made from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fifthfloor.essay import pictures
from fifthfloor.essay.asset import Asset
from fifthfloor.redact.admission import RedactedPhoto

STEM_HEX_DIGITS = 20  # 80 bits: two photographs of one name are out of reach, and addresses stay short


@dataclass(frozen=True, slots=True)
class PictureSource:
    """A derivative as a page names it."""

    path: str
    width_px: int
    height_px: int
    format: pictures.Format


@dataclass(frozen=True, slots=True)
class EssayPicture:
    """A photograph that has entered: everything pages say about it.

    Args:
        width_px: of the verifiable rendition, upright.
        height_px: of the verifiable rendition, upright.
        colour: its average, "#rrggbb".
        sources: derivatives, the largest first.
        proof: the verifiable rendition.
        statement: beside it.
        hidden_parts: connected hidden areas.
        signer: SHA-256 of the signing key, hex.
        looked_by: who looked before publishing, or None where the statement says nobody did.
        is_key_gone: the key was made for one run and thrown away: it names nobody.
    """

    width_px: int
    height_px: int
    colour: str
    sources: tuple[PictureSource, ...]
    proof: Asset
    statement: Asset
    hidden_parts: int
    signer: str
    looked_by: str | None
    is_key_gone: bool = False


@dataclass(frozen=True, slots=True)
class EssayEntry:
    """A photograph at the door: what has to be written, under which names, before it is encoded.

    Args:
        stem: of its derivatives' names; a function of the picture, its XMP packet and the recipe.
        proof: the verifiable rendition.
        statement: beside it.
    """

    stem: str
    proof: Asset
    statement: Asset


def rendition(photo: RedactedPhoto) -> tuple[bytes, bytes]:
    """Return picture and statement of the rendition that is published, as they passed the gate."""
    picture, statement = photo.web_picture_bytes(), photo.web_statement_bytes()
    if picture is None or statement is None:
        return photo.picture_bytes(), photo.statement_bytes()
    return picture, statement


def enter(
    photo: RedactedPhoto, xmp: bytes, sides_px: Sequence[int] = pictures.SIDES_PX, *, signed_by: bytes = b""
) -> EssayEntry:
    """Name what a photograph will be in the site.

    Args:
        photo: what the gate handed out; nothing else type-checks.
        xmp: what `xmp.packet` returned for it.
        sides_px: the longest sides of its derivatives.
        signed_by: the certificate that signs a manifest in each of them; empty where none has one.
    """
    picture, statement = rendition(photo)
    digest, stated = (hashlib.sha256(data).hexdigest() for data in (picture, statement))
    # Of both: approved again, or protected twice under two names, a picture has another statement, and so another name.
    path = f"proof/{hashlib.sha256(f'{digest} {stated}'.encode()).hexdigest()[:STEM_HEX_DIGITS]}.jpg"
    recipe = f"{pictures.RECIPE} {tuple(sides_px)} {digest} {hashlib.sha256(xmp).hexdigest()}"
    if signed_by:
        recipe += f" c2pa {hashlib.sha256(signed_by).hexdigest()}"
    return EssayEntry(
        stem=hashlib.sha256(recipe.encode()).hexdigest()[:STEM_HEX_DIGITS],
        proof=Asset(path, len(picture), digest),
        # `fifthfloor verify` looks for it under this name.
        statement=Asset(f"{path}.statement.json", len(statement), stated),
    )


def sources(stem: str, derivatives: Iterable[pictures.Derivative]) -> tuple[tuple[PictureSource, bytes], ...]:
    """Give each derivative its path in the site."""
    return tuple(
        (
            PictureSource(f"pictures/{stem}-{made.width_px}.{made.format}", made.width_px, made.height_px, made.format),
            made.data,
        )
        for made in derivatives
    )


def picture_of(
    photo: RedactedPhoto, entry: EssayEntry, size_px: tuple[int, int], colour: str, made: tuple[PictureSource, ...]
) -> EssayPicture:
    """Put together what pages say about a photograph that has entered."""
    return EssayPicture(
        width_px=size_px[0],
        height_px=size_px[1],
        colour=colour,
        sources=made,
        proof=entry.proof,
        statement=entry.statement,
        hidden_parts=photo.hidden_boxes,
        signer=photo.signer,
        looked_by=photo.approval.by,
        is_key_gone=photo.key_life == "once",
    )
