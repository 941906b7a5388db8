"""Maps of surface temperature are made beside the window and added to its project."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from landsat_scenes import CLEAR, scene
from real_window import NEEDS_DISPLAY, opened, wait

from twin.app import surface_heat
from twin.app.window import Window
from twin.formats import project_file
from twin.formats.project_file import Content, PlaceEntry, ProjectFile

pytestmark = NEEDS_DISPLAY
KELVIN = np.full((40, 40), 300.0)
KELVIN[20:23, 20:23] = 318.0


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Window]:
    place = PlaceEntry(
        origin=(380_600.0, 6_679_400.0, 0.0),
        longitude=24.9,
        latitude=60.2,
        timezone="Europe/Helsinki",
        height_system="",
    )
    path = tmp_path / "a.twin.json"
    project_file.save(ProjectFile(Content(name="A", crs="EPSG:3067", place=place)), path)
    with opened(path, tmp_path) as made:
        yield made


def test_maps_are_layers_of_the_project_where_one_looks(window: Window, tmp_path: Path) -> None:
    scenes = [scene(tmp_path, day, KELVIN, np.full(KELVIN.shape, CLEAR)) for day in ("20230711", "20230720")]
    surface_heat.add(window, scenes, (0.0, 0.0))
    wait(lambda: window.session is not None and len(window.session.project.rasters) == 4)
    assert window.session is not None
    rasters = {raster.id: raster for raster in window.session.project.rasters}
    assert {"surface_temperature", "anomaly", "hot_spots", "uncertainty"} == rasters.keys()
    assert [name for name, _ in rasters["hot_spots"].classes][-1].startswith("very hot")
    assert window.session.project.terrain is None
    assert window.changed_since_saving
    assert {path.parent for path in (tmp_path / "a").rglob("*.tif")} == {tmp_path / "a" / "surface-heat"}


def test_scenes_that_cannot_be_used_are_told_and_the_window_waits_no_longer(
    window: Window, tmp_path: Path
) -> None:
    far = scene(tmp_path, "20230711", KELVIN, np.full(KELVIN.shape, CLEAR), shift=90_000)
    surface_heat.add(window, [far], (0.0, 0.0))
    assert window.status._stop.isVisible()
    wait(lambda: not window.status._stop.isVisible())
    assert window.message_bar.isVisible()
    assert window.session is not None
    assert window.session.project.rasters == ()
