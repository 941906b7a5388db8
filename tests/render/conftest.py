"""The small station, resolved once for all tests of what is drawn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import small_station

from twin.render.snapshot import Darkroom
from twin.scene.scene import Scene


@pytest.fixture(scope="session")
def today() -> Scene:
    return small_station.scene()


@pytest.fixture(scope="session")
def _room() -> Iterator[Darkroom]:
    room = Darkroom((320, 180), fine=False)
    yield room
    room.close()


@pytest.fixture
def room(_room: Darkroom) -> Darkroom:
    """An empty darkroom; making a window takes longer than all its pictures."""
    _room.stage.clear()
    return _room
