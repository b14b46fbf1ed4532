"""The essay that the journey ends with."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.essay.protected import essay
from tests.jpeg.pictures import jpeg

from fifthfloor.errors import BadInput
from fifthfloor.tasks.site.build import publish_manuscripts
from fifthfloor.tasks.site.essay_folder import read_manuscript
from fifthfloor_theatre import essay_sample

NOW = date(2013, 1, 1)


def test_the_journeys_essay(tmp_path: Path) -> None:
    scenes = essay_sample.sample_scenes()
    assert len(scenes) == 14
    made = {
        scene: read_manuscript(essay(tmp_path / scene, {"a.jpg": jpeg(320, 216, seed=n)}), date(2013, 1, 1)).photos[
            "a.jpg"
        ]
        for n, scene in enumerate(scenes)
    }
    published = publish_manuscripts([essay_sample.sample_manuscript(made)], tmp_path / "site")
    assert (published.photographs, published.tellings, published.cautions) == (14, ("index.html", "wire.html"), ())
    assert [file.relative_to(tmp_path / "site") for file in (tmp_path / "site").rglob("index.html")] == [
        Path("index.html")
    ]
    assert (tmp_path / "site" / "index.html").read_text().count("<img ") == 14
    made.pop(scenes[3])
    with pytest.raises(BadInput) as caught:
        essay_sample.sample_manuscript(made)
    assert caught.value.facts["scene"] == scenes[3]
