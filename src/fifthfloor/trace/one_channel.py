"""Copies that are grey by red, green or blue alone, as through a filter: an archive's thumbnails have these too.

Rule: grey is what a copy is compared with, unless one of the three explains it far better.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fifthfloor.trace.matching import Placement
from fifthfloor.trace.seen import brightness, seen_tiles

# By so much less must the tiles scatter. With grey, a copy by red or blue has a misfit of 0.2, others 0.05.
_FAR_BETTER = 0.7
WORTH_ASKING = 0.06


def likest(
    grids: list[NDArray[np.uint8]], frame: tuple[int, int], placement: Placement, searched: Image.Image
) -> NDArray[np.uint8]:
    """Return the tiles of which a copy was made: the first ones, unless others do far better.

    Args:
        grids: mean grey of each tile, and mean red, green and blue.
        frame, placement, searched: as `differences` takes them.
    """
    view = seen_tiles(grids[0], frame, placement, searched)
    inside = view.within(view.whole)
    scatter = [brightness(grid.astype(np.float64), view.seen, inside)[1] for grid in grids]
    best = int(np.argmin(scatter))
    return grids[best if scatter[best] < _FAR_BETTER * scatter[0] else 0]
