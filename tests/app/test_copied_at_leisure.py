"""What the first picture of a scenario does not need is copied together a little later."""

from collections.abc import Iterator

import pytest
import small_station
from real_window import wait

from twin.analysis.build import build
from twin.app import loading
from twin.model.city import is_whole
from twin.model.scenario import Remove
from twin.render import tiles
from twin.render.prepare import forget, prepare


@pytest.fixture(autouse=True)
def in_tiles(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tiles, "MANY_OBJECTS", 1)
    yield
    forget()


def test_all_of_a_scenario_is_there_soon_after_its_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    project = small_station.project()
    built = build(project.city, project.layers, (Remove("r", "", ("shop",)),))
    prepare(built.drawn, built.layers)
    assert not is_whole(built.city), "the picture comes first"
    monkeypatch.setattr(loading, "LEISURE", 0.0)
    loading.ready_to_draw(built)
    wait(lambda: is_whole(built.city))
