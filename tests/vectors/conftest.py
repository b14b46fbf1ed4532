"""Every vector is read by both readers."""

from __future__ import annotations

import pytest
from tests.vectors.readers import Package, Reader, Rescue


@pytest.fixture(params=["package", "rescue"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Reader:
    return Package() if request.param == "package" else Rescue(monkeypatch)
