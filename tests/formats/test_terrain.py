"""Ground from grids of heights and from contour lines."""

from dataclasses import replace
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
from twin.formats.terrain_join import joined
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
    found, told = read_terrain(
        dem(tmp_path / "a.tif", slope(), crs="EPSG:3879+3900"), id="a", title="", place=PLACE
    )
    assert found.heights.values[0].tolist() == slope()[0].tolist()
    assert found.datum == "N2000"
    assert found.known == 1
    assert told == (), "nothing was interpolated"


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


@pytest.mark.parametrize(
    ("name", "crs", "kind", "called", "expected"),
    [
        ("sheet_7", "EPSG:3067+3900", "float32", "", True),  # N2000 heights
        ("sheet_7", "EPSG:3067", "float32", "Ground elevation", True),
        ("sheet_7", "EPSG:3067", "float32", "", False),
        ("sheet_7", "EPSG:3067+3900", "uint8", "", False),
        ("sheet_7_dsm", "EPSG:3067+3900", "float32", "", False),
    ],
)
def test_a_plain_named_grid_is_the_ground_where_it_says_so_itself(
    tmp_path: Path, name: str, crs: str, kind: str, called: str, expected: bool
) -> None:
    path = tmp_path / f"{name}.tif"
    there = Affine(2, 0, 385_000, 0, -2, 6_672_000)
    size = {"width": 4, "height": 4, "count": 1}
    with rasterio.open(path, "w", driver="GTiff", crs=crs, dtype=kind, transform=there, **size) as file:
        file.write(np.full((1, 4, 4), 12, dtype=kind))
        if called:
            file.set_band_description(1, called)
    assert looks_like_terrain(path) is expected


def test_the_ground_stays_with_the_project(tmp_path: Path) -> None:
    project = open_project(dem(tmp_path / "my_dem.tif", slope()))
    assert project.terrain is not None
    assert project.place.origin[2] == 30
    path = tmp_path / "a.twin.json"
    project_file.save(to_file(project, path=path), path)
    again = open_project(path)
    assert again.terrain is not None
    assert again.terrain.heights.values.tolist() == project.terrain.heights.values.tolist()


def tiles(folder: Path) -> tuple[np.ndarray, list[Path]]:
    """A hill and a hole in it, whole and in four tiles that overlap by two cells."""
    y, x = np.mgrid[:40, :60]
    whole = 30 + 5 * np.sin(x / 9) * np.cos(y / 7)
    holed = whole.copy()
    holed[4:8, 4:8] = np.nan
    corners = ((0, 0), (0, 28), (18, 0), (18, 28))
    paths = []
    for number, (top, left) in enumerate(corners):
        part = holed[top : top + 22, left : left + 32]
        path = folder / f"tile{number}.tif"
        there = Affine(5.0, 0, PLACE.origin[0] + 5 * left, 0, -5.0, PLACE.origin[1] - 5 * top)
        options = {"width": 32, "height": 22, "count": 1, "dtype": "float32", "crs": PLACE.crs}
        with rasterio.open(path, "w", driver="GTiff", transform=there, **options) as file:
            file.write(part.astype(np.float32), 1)
        paths.append(path)
    return whole, paths


def test_several_files_become_one_ground_that_stays_with_the_project(tmp_path: Path) -> None:
    whole, paths = tiles(tmp_path)
    project = open_project(paths[0], as_terrain=True)
    for path in paths[1:]:
        project = add_source(project, path, as_terrain=True)
    ground = project.terrain
    assert ground is not None
    assert ground.sources == ("tile0", "tile1", "tile2", "tile3")
    assert ground.known == pytest.approx(1 - 16 / whole.size)
    heights = ground.heights.values + project.place.origin[2]
    outside = np.ones(whole.shape, dtype=bool)
    outside[4:8, 4:8] = False
    assert heights.shape == whole.shape
    assert heights[outside] == pytest.approx(whole[outside], abs=1e-4)
    assert heights[4:8, 4:8] == pytest.approx(whole[4:8, 4:8], abs=1.0), "filled from around"
    path = tmp_path / "a.twin.json"
    project_file.save(to_file(project, path=path), path)
    again = open_project(path).terrain
    assert again is not None
    assert again.sources == ground.sources
    assert again.heights.values == pytest.approx(ground.heights.values)


def test_where_two_files_have_a_height_the_first_counts_and_fills_no_gap_of_its_own(tmp_path: Path) -> None:
    z = slope()
    z[5:8, 5:9] = np.nan
    project = open_project(dem(tmp_path / "a.tif", z), as_terrain=True)
    project = add_source(project, dem(tmp_path / "b.tif", slope() + 10), as_terrain=True)
    assert project.terrain is not None
    assert project.terrain.known == 1.0
    heights = project.terrain.heights.values + project.place.origin[2]
    assert heights[6].tolist() == [*range(30, 35), *range(45, 49), *range(39, 50)]


def test_heights_of_another_grid_and_datum_are_laid_beside_and_it_is_told(tmp_path: Path) -> None:
    low = dem(tmp_path / "low.tif", np.full((15, 20), 10.0), crs="EPSG:3879+3900")
    high = tmp_path / "high.tif"
    there = Affine(4.0, 0, PLACE.origin[0] + 201.0, 0, -4.0, PLACE.origin[1] + 150.0)
    options = {"width": 25, "height": 37, "count": 1, "dtype": "float32", "crs": "EPSG:3879+5717"}
    with rasterio.open(high, "w", driver="GTiff", transform=there, **options) as file:
        file.write(np.full((37, 25), 20.0, np.float32), 1)
    project = open_project(low, as_terrain=True)
    project = add_source(project, high, as_terrain=True)
    assert project.terrain is not None
    assert project.terrain.heights.cell == 10.0
    heights = project.terrain.heights.values + project.place.origin[2]
    assert heights[7].tolist() == [10.0] * 20 + [20.0] * len(heights[7][20:])
    assert any("those beside it in N2000" in notice for notice in project.notices)


def test_files_far_from_one_another_are_no_one_ground(tmp_path: Path) -> None:
    project = open_project(dem(tmp_path / "a.tif", slope()), as_terrain=True)
    assert project.terrain is not None
    far = replace(project.terrain, heights=replace(project.terrain.heights, west=400_000.0, north=400_000.0))
    with pytest.raises(DataError, match=r"b\.tif: lies so far from a that"):
        joined(project.terrain, far, tmp_path / "b.tif")


def test_a_raster_becomes_the_ground_where_that_is_said(tmp_path: Path) -> None:
    project = open_project(dem(tmp_path / "plain.tif", slope()))
    assert project.terrain is None
    assert len(project.rasters) == 1
    more = add_source(project, tmp_path / "plain.tif", as_terrain=True)
    assert more.terrain is not None
    assert len(more.rasters) == 1
