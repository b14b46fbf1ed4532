"""The pictures that pages show, made here or by any machine: what is sent passed the gate, and no key goes with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fifthfloor.engine.many import Executor, Lost, each
from fifthfloor.errors import BadInput
from fifthfloor.essay import pictures


@dataclass(frozen=True, slots=True)
class ToRender:
    """One photograph (`essay.pictures.derive`); `recipe` names what makes the same bytes of it everywhere."""

    name: str
    picture: bytes
    packet: bytes
    sides_px: tuple[int, ...]
    recipe: str = pictures.RECIPE


def rendered_by(executor: Executor, photographs: Iterable[ToRender]) -> Iterator[pictures.Rendered]:
    """Make the derivatives of each photograph, in order; photographs are taken as they are needed.

    Raises:
        BadInput: as `pictures.derive` does; a photograph that kills whoever makes its pictures; another libvips there.
    """
    for one in each(render, photographs, executor):
        if isinstance(one, Lost):
            raise BadInput("essay.killed", photo=one.task.name, count=one.tries)
        yield one


def render(one: ToRender) -> pictures.Rendered:
    """Make the derivatives of a photograph, by the recipe that was asked for or by none."""
    if one.recipe != pictures.RECIPE:
        raise BadInput("cluster.version", here=one.recipe, there=pictures.RECIPE)
    return pictures.derive(one.picture, name=one.name, xmp=one.packet, sides_px=one.sides_px)
