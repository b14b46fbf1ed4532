"""Write every vector anew: `python -m tools.vectors`, or `make vectors`."""

from __future__ import annotations

import importlib
from pathlib import Path

from tools.vectors import roll, statement
from tools.vectors.build import Vector

GENERATORS = Path(__file__).parent / "floor"
VECTORS = Path(__file__).parents[2] / "spec" / "vectors" / "floor"


def made(name: str) -> Vector:
    """Run one generator."""
    vector: Vector = importlib.import_module(f"tools.vectors.floor.{name}").VECTOR
    return vector


def names() -> list[str]:
    """Return the names of all generators, which are those of the vectors."""
    return sorted(file.stem for file in GENERATORS.glob("*.py"))


def write(folder: Path = VECTORS) -> None:
    """Write one file a generator, and remove files that have none."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names():
        (folder / name).write_text(made(name).text(), encoding="ascii", newline="\n")
    for file in folder.iterdir():
        if file.name not in names():
            file.unlink()


if __name__ == "__main__":
    write()
    statement.main()
    roll.main()
