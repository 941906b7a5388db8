"""The values of an overlay come out as a GeoTIFF that a GIS knows place, unit, time and sources of."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import rasterio
import small_station
from shapely import box

from twin.analysis.extrude import block
from twin.analysis.seat import RELIEF
from twin.analysis.surface_model import building_mask
from twin.app.overlay_save import save_overlay
from twin.cli.main import main
from twin.errors import DataError, TwinError
from twin.model.city import CityObject, Polygon3D, from_objects
from twin.model.raster import Raster
from twin.scene.items import Drape
from twin.scene.overlay_values import has_values
from twin.session.session import Session


def test_what_is_written_is_what_is_in_view(tmp_path: Path) -> None:
    scene = small_station.scene(scenario="tower", overlay="sun_hours")
    state = small_station.TODAY.__class__("tower", small_station.NOON, overlay="sun_hours")

    save_overlay(small_station.project(), state, scene, tmp_path / "sun.tif")

    (drape,) = (item for item in scene.items.values() if isinstance(item, Drape))
    with rasterio.open(tmp_path / "sun.tif") as found:
        values = found.read(1, masked=True)
        shape = {"bounds": drape.raster.bounds, "cell": drape.raster.cell}
        stands = building_mask(scene.built.city, **shape).values > 0
        assert 0 < stands.sum() < stands.size / 2
        known = np.isfinite(drape.raster.values) & ~stands
        assert (known == ~np.ma.getmaskarray(values)).all()
        assert np.array_equal(values.data[known], drape.raster.values[known])
        assert found.crs.to_epsg() == 3879
        west, south, east, north = drape.raster.bounds
        x, y, _ = small_station.PLACE.origin
        assert found.bounds == pytest.approx((west + x, south + y, east + x, north + y))
        assert found.nodata == -9999.0
        tags = found.tags()
        assert (tags["UNIT"], found.units[0]) == ("h", "h")
        assert tags["TITLE"] == "Sun hours, 15 July 2026"
        assert tags["SCENARIO"] == "A tower on the square"
        assert datetime.fromisoformat(tags["TIME"]) == small_station.NOON
        assert small_station.ATTRIBUTION in tags["SOURCE"]
        assert "Ratti" in tags["SOURCE"]


def test_a_city_with_hills_of_its_own_has_values_on_them(tmp_path: Path) -> None:
    tin = [[(-200, -200), (200, -200), (200, 200)], [(-200, -200), (200, 200), (-200, 200)]]
    slope = tuple(
        Polygon3D((np.array([(x, y, 10.0 + 0.02 * x) for x, y in ring]),), "Surface", 2) for ring in tin
    )
    house = block(box(20, 20, 60, 60), base=9.0, height=30.0)
    things = [
        CityObject("hills", "ReliefFeature"),
        CityObject("tin", RELIEF, 0, polygons=slope),
        CityObject("house", "Building", polygons=house),
    ]
    project = small_station.project(city=from_objects(small_station.PLACE, things), layers=())
    state = replace(small_station.TODAY, overlay="sun_hours")
    session = Session(project, state)
    session.close()

    save_overlay(project, state, session.scene, tmp_path / "sun.tif")

    with rasterio.open(tmp_path / "sun.tif") as found:
        values = found.read(1, masked=True)
        below = values.mask.sum() * found.res[0] ** 2
        assert below == pytest.approx(40 * 40, rel=0.1)
        assert values.max() > 15


def test_overlays_without_a_grid_are_refused(tmp_path: Path) -> None:
    scene = small_station.scene(overlay="use")

    assert not has_values(scene)
    with pytest.raises(TwinError, match="no grid of values"):
        save_overlay(small_station.project(), small_station.TODAY, scene, tmp_path / "a.tif")
    with pytest.raises(DataError, match=r"end in \.tif"):
        save_overlay(small_station.project(), small_station.TODAY, scene, tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


def test_a_raster_of_the_project_keeps_its_values_and_its_licence(tmp_path: Path) -> None:
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    values[0, 0] = np.nan
    noise = Raster(values, -20.0, 30.0, 10.0, "noise", "Noise", "dB", "© Somebody, CC BY 4.0")
    project = small_station.project(rasters=(noise,))
    state = small_station.TODAY.__class__("today", datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")), "noise")
    session = Session(project, state)
    session.close()

    save_overlay(project, state, session.scene, tmp_path / "noise.tif")

    with rasterio.open(tmp_path / "noise.tif") as found:
        assert found.read(1)[0].tolist() == [-9999.0, 1.0, 2.0, 3.0]
        assert found.tags()["UNIT"] == "dB"
        assert "© Somebody, CC BY 4.0" in found.tags()["SOURCE"]


def test_the_command_writes_a_scenario_and_what_it_differs_by(
    helsinki: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    time, out = "2026-07-15T15:00", tmp_path / "shade.tif"
    given = ["overlay", str(helsinki), "--overlay", "shadow", "--scenario", "towers", "--time", time]

    assert main([*given, "--against", "today", "--out", str(out)]) == 0
    assert "cells of 2 m, -1 to 1" in capsys.readouterr().out
    with rasterio.open(out) as found:
        darker = found.read(1, masked=True)
        assert (darker < -0.5).sum() > 100
    assert main([*given, "--out", str(tmp_path / "none" / "a.tif")]) == 2
    assert "no folder" in capsys.readouterr().err
