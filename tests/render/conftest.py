"""The small station, resolved once for all tests of what is drawn."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

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


@pytest.fixture(scope="session")
def made_city() -> Iterator[ModuleType]:
    """What makes up cities of any size."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(Path(__file__).parents[2] / "scripts"), *sys.path])
        yield importlib.import_module("made_city")
