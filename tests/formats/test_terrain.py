"""Ground from grids of heights and from contour lines."""

from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import rasterio
import shapely
from rasterio import Affine

from twin.errors import DataError
from twin.formats import project_file
from twin.formats.open_project import add_source, open_project
from twin.formats.save_project import to_file
from twin.formats.terrain import looks_like_terrain, read_terrain
from twin.model.place import Place

PLACE = Place("EPSG:3879", (25_496_900.0, 6_673_200.0, 0.0), 24.94, 60.17, "Europe/Helsinki", "N2000")


def dem(
    path: Path, z: np.ndarray, *, crs: str = "EPSG:3879", unit: str = "", nodata: float | None = None
) -> Path:
    options = {"width": z.shape[1], "height": z.shape[0], "count": 1, "dtype": "float32", "crs": crs}
    there = Affine(10.0, 0, PLACE.origin[0], 0, -10.0, PLACE.origin[1] + 10 * z.shape[0])
    with rasterio.open(path, "w", driver="GTiff", transform=there, nodata=nodata, **options) as file:
        file.write(z.astype(np.float32), 1)
        if unit:
            file.units = [unit]
    return path


def slope() -> np.ndarray:
    return np.tile(np.arange(20.0), (15, 1)) + 30


def test_heights_come_in_local_metres_with_their_datum(tmp_path: Path) -> None:
    found, _ = read_terrain(
        dem(tmp_path / "a.tif", slope(), crs="EPSG:3879+3900"), id="a", title="", place=PLACE
    )
    assert found.heights.values[0].tolist() == slope()[0].tolist()
    assert found.datum == "N2000"
    assert found.known == 1


def test_feet_become_metres(tmp_path: Path) -> None:
    found, told = read_terrain(dem(tmp_path / "a.tif", slope(), unit="ft"), id="a", title="", place=PLACE)
    assert found.heights.values[0, 0] == pytest.approx(30 * 0.3048)
    assert any("feet" in notice for notice in told)


def test_holes_are_filled_and_counted(tmp_path: Path) -> None:
    z = slope()
    z[5:8, 5:9] = -9999
    z[:, 15:] = -9999
    found, _ = read_terrain(dem(tmp_path / "a.tif", z, nodata=-9999), id="a", title="", place=PLACE)
    assert found.known == pytest.approx(1 - (12 + 75) / 300)
    assert found.heights.values.min() >= 30
    assert found.heights.values.max() <= 45


def test_ground_without_a_height_is_refused(tmp_path: Path) -> None:
    path = dem(tmp_path / "a.tif", np.full((5, 5), np.nan))
    with pytest.raises(DataError, match="no height in the area"):
        read_terrain(path, id="a", title="", place=PLACE)


def test_what_cannot_be_heights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="which no ground has"):
        read_terrain(dem(tmp_path / "a.tif", slope() + 40_000), id="a", title="", place=PLACE)


@pytest.mark.parametrize("column", ["corners", "korkeus"])
def test_contour_lines_become_ground(tmp_path: Path, column: str) -> None:
    steps = np.arange(0.0, 101.0, 10.0)
    flat = column != "corners"
    lines = [
        shapely.LineString([(e, 0.0), (e, 80.0)] if flat else [(e, 0.0, e / 10), (e, 80.0, e / 10)])
        for e in steps
    ]
    moved = shapely.transform(
        np.array(lines), lambda p: p + np.array([*PLACE.origin[:2], 0.0])[: p.shape[1]], include_z=not flat
    )
    path = tmp_path / "contours.gpkg"
    pyogrio.raw.write(
        path,
        shapely.to_wkb(moved, output_dimension=2 if flat else 3),
        [steps / 10],
        ["korkeus" if flat else "number"],
        geometry_type="LineString" if flat else "LineString Z",
        crs="EPSG:3879",
    )
    found, told = read_terrain(path, id="a", title="", place=PLACE)
    grid = found.heights
    middle = grid.values[grid.values.shape[0] // 2]
    east = grid.west + (np.arange(len(middle)) + 0.5) * grid.cell
    assert np.abs(middle - east / 10)[2:-2].max() < 0.5
    assert "11 lines and points" in told[0]


def test_names_tell_terrain_from_other_grids() -> None:
    assert looks_like_terrain(Path("/a/L4133_dem.tif"))
    assert not looks_like_terrain(Path("/a/Urban_Heat_Exposure_Index.tif"))
    assert not looks_like_terrain(Path("/a/academy.tif"))


def test_the_ground_stays_with_the_project(tmp_path: Path) -> None:
    project = open_project(dem(tmp_path / "my_dem.tif", slope()))
    assert project.terrain is not None
    assert project.place.origin[2] == 30
    path = tmp_path / "a.twin.json"
    project_file.save(to_file(project, path=path), path)
    again = open_project(path)
    assert again.terrain is not None
    assert again.terrain.heights.values.tolist() == project.terrain.heights.values.tolist()
    with pytest.raises(DataError, match="is the ground already"):
        add_source(again, dem(tmp_path / "other.tif", slope()), as_terrain=True)


def test_a_raster_becomes_the_ground_where_that_is_said(tmp_path: Path) -> None:
    project = open_project(dem(tmp_path / "plain.tif", slope()))
    assert project.terrain is None
    assert len(project.rasters) == 1
    more = add_source(project, tmp_path / "plain.tif", as_terrain=True)
    assert more.terrain is not None
    assert len(more.rasters) == 1
