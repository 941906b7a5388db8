import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from rasterio import Affine
from rasterio.enums import Resampling

from twin.errors import DataError
from twin.formats.geotiff import read_raster
from twin.model.place import Place
from twin.model.raster import Raster, value_at

PLACE = Place("EPSG:3879", (25496700.0, 6673000.0, 0.0), 24.94050, 60.17280, "Europe/Helsinki")
NORTH_WEST = Affine(2.0, 0, 25496700.0, 0, -2.0, 6673100.0)


def written(
    path: Path, values: Any, transform: Affine = NORTH_WEST, crs: str | None = "EPSG:3879", **profile: Any
) -> Path:
    scale, offset = profile.pop("scale", 1.0), profile.pop("offset", 0.0)
    values = np.asarray(values)
    profile = {"dtype": values.dtype, "transform": transform, "crs": crs, **profile}
    rows, columns = values.shape
    with rasterio.open(path, "w", driver="GTiff", width=columns, height=rows, count=1, **profile) as file:
        file.write(values, 1)
        if (scale, offset) != (1.0, 0.0):
            file.scales, file.offsets = (scale,), (offset,)
    return path


def raster_of(path: Path, **wanted: Any) -> tuple[Raster, tuple[str, ...]]:
    return read_raster(path, id="r", title="R", unit="K", attribution="us", place=PLACE, **wanted)


def ramp(rows: int, columns: int) -> Any:
    return np.arange(rows * columns, dtype=np.float32).reshape(rows, columns)


def test_pixels_in_the_places_crs_are_taken_over_as_they_are(tmp_path: Path) -> None:
    raster, notices = raster_of(written(tmp_path / "a.tif", ramp(3, 4)))
    np.testing.assert_array_equal(raster.values, ramp(3, 4))
    assert (raster.west, raster.north, raster.cell) == (0.0, 100.0, 2.0)
    assert (raster.id, raster.title, raster.unit, raster.source) == ("r", "R", "K", "us")
    assert raster.values.dtype == np.float32
    assert notices == ()


@pytest.mark.parametrize("dtype", ["uint8", "int16", "float32", "float64"])
def test_nodata_and_nan_are_both_absent(tmp_path: Path, dtype: str) -> None:
    values = np.array([[1, 2], [7, 4]], dtype=dtype)
    if dtype.startswith("float"):
        values[0, 1] = np.nan
    raster, _ = raster_of(written(tmp_path / "a.tif", values, nodata=7))
    assert np.isnan(raster.values).tolist() == [[False, dtype.startswith("float")], [True, False]]


def test_the_lowest_double_as_nodata_is_absent(tmp_path: Path) -> None:
    lowest = float(np.finfo(np.float64).min)
    raster, _ = raster_of(written(tmp_path / "a.tif", np.array([[lowest, 5.0]]), nodata=lowest))
    assert np.isnan(raster.values[0, 0])
    assert raster.values[0, 1] == 5


def test_scale_and_offset_are_applied(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tif", np.array([[100, -1]], np.int16), nodata=-1, scale=0.1, offset=-5.0)
    raster, _ = raster_of(path)
    assert raster.values[0, 0] == pytest.approx(5.0)
    assert np.isnan(raster.values[0, 1])


@given(
    west=st.floats(-20, 60), south=st.floats(20, 120), width=st.floats(3, 50), height=st.floats(3, 50)
)  # fmt: skip
def test_cutting_to_bounds_moves_no_pixel(
    tmp_path_factory: pytest.TempPathFactory, west: float, south: float, width: float, height: float
) -> None:
    path = tmp_path_factory.getbasetemp() / "grid.tif"
    if not path.exists():
        written(path, ramp(30, 40))
    whole, _ = raster_of(path)
    bounds = (west, south, west + width, south + height)
    if bounds[0] >= 80 or bounds[2] <= 0.1 or bounds[1] >= 99.9 or bounds[3] <= 40.1:
        return
    part, _ = raster_of(path, bounds=bounds)
    for east in np.linspace(bounds[0], bounds[2], 5)[1:-1]:
        for north in np.linspace(bounds[1], bounds[3], 5)[1:-1]:
            one, other = value_at(part, east, north), value_at(whole, east, north)
            assert one == other or (np.isnan(one) and np.isnan(other))
    assert part.values.size <= (width / 2 + 2) * (height / 2 + 2)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3067", "EPSG:3857"])
def test_any_crs_comes_to_the_same_place(tmp_path: Path, crs: str) -> None:
    from pyproj import Transformer

    there = Transformer.from_crs("EPSG:3879", crs, always_xy=True)
    west, south, east, north = there.transform_bounds(25496700, 6672900, 25496900, 6673100)
    side_east, side_north = (east - west) / 200, (north - south) / 200
    transform = Affine(side_east, 0, west, 0, -side_north, north)
    # the value is the local easting, so that every cell tells whether it lies right
    columns, rows = np.meshgrid(np.arange(200) + 0.5, np.arange(200) + 0.5)
    e, _ = there.transform(*(transform @ (columns.ravel(), rows.ravel())), direction="INVERSE")
    path = written(tmp_path / "a.tif", (np.asarray(e) - 25496700).reshape(200, 200), transform, crs)
    raster, notices = raster_of(path, bounds=(20, -80, 180, 80), cell=2.0)
    assert raster.cell == 2.0
    for east_ in (30.0, 100.0, 160.0):
        assert value_at(raster, east_, 0.0) == pytest.approx(east_, abs=1.2)
    assert "interpolated" in notices[0]


def test_a_turned_raster_lies_where_it_should(tmp_path: Path) -> None:
    transform = Affine.translation(25496800, 6673000) @ Affine.rotation(30) @ Affine.scale(1, -1)
    columns, rows = np.meshgrid(np.arange(100) + 0.5, np.arange(80) + 0.5)
    east, _ = transform @ (columns, rows)
    raster, _ = raster_of(written(tmp_path / "a.tif", east - 25496700, transform))
    for column, row in ((20, 20), (50, 40), (80, 60)):
        e, n = transform @ (column, row)
        e, n = e - 25496700, n - 6673000
        assert value_at(raster, e, n) == pytest.approx(e, abs=1.0)
    assert np.isnan(raster.values[0, 0])


def test_nan_does_not_spread_when_cells_are_made_square(tmp_path: Path) -> None:
    values = np.ones((50, 50), np.float32)
    values[20:30, 20:30] = np.nan
    transform = Affine(2.0, 0, 25496700.0, 0, -2.5, 6673100.0)
    raster, _ = raster_of(written(tmp_path / "a.tif", values, transform))
    assert set(np.unique(raster.values[np.isfinite(raster.values)]).tolist()) == {1.0}
    share = np.isnan(raster.values).mean()
    assert 0.02 < share < 0.06


def test_without_crs_or_position_it_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not say its coordinate system"):
        raster_of(written(tmp_path / "a.tif", ramp(2, 2), crs=None))
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        written(tmp_path / "b.tif", ramp(2, 2), Affine.identity())
    with pytest.raises(DataError, match="does not say where it lies"):
        raster_of(tmp_path / "b.tif")


def test_outside_the_bounds_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tif", ramp(3, 3))
    for bounds in ((500, 0, 600, 100), (0, 500, 100, 600)):
        with pytest.raises(DataError, match="does not overlap the area"):
            raster_of(path, bounds=bounds)


def test_all_absent_is_told(tmp_path: Path) -> None:
    _, notices = raster_of(written(tmp_path / "a.tif", np.full((3, 3), np.nan, np.float32)))
    assert notices == ("R: has no value in the area",)


def test_one_pixel_is_a_raster(tmp_path: Path) -> None:
    assert raster_of(written(tmp_path / "a.tif", ramp(1, 1)))[0].values.shape == (1, 1)


def test_large_rasters_are_thinned_out(tmp_path: Path) -> None:
    profile = {"tiled": True, "blockxsize": 512, "blockysize": 512, "compress": "deflate"}
    values = np.tile(np.arange(9000, dtype=np.uint16), (4100, 1))
    path = written(tmp_path / "a.tif", values, **profile)
    raster, notices = raster_of(path)
    assert max(raster.values.shape) <= 4000
    assert "one pixel in 3" in notices[0]
    assert value_at(raster, 9000.0, -3000.0) == pytest.approx(4500, abs=4)


def test_a_bomb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bomb.tif"
    side = 200_000
    profile = {"tiled": True, "blockxsize": 512, "blockysize": 512, "compress": "deflate"}
    with rasterio.open(
        path, "w", driver="GTiff", width=side, height=side, count=1, dtype="float64", crs="EPSG:3879",
        transform=NORTH_WEST, SPARSE_OK=True, BIGTIFF="YES", **profile,
    ):  # fmt: skip
        pass
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(DataError, match="200000 × 200000 pixels and no overviews"):
        raster_of(path)
    if sys.platform == "linux":
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
    assert raster_of(path, bounds=(0, 0, 50, 50))[0].values.shape == (25, 25)


def test_a_block_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "strip.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=30_000, height=30_000, count=1, dtype="uint8", crs="EPSG:3879",
        transform=NORTH_WEST, tiled=True, blockxsize=32768, blockysize=32768, SPARSE_OK=True,
    ):  # fmt: skip
        pass
    with pytest.raises(DataError, match="Export it again in tiles"):
        raster_of(path)


def test_a_cloud_optimized_file_is_read_through_its_overviews(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tif", np.ones((5000, 5000), np.uint8), tiled=True, compress="deflate")
    with rasterio.open(path, "r+") as file:
        file.build_overviews([2, 4], Resampling.nearest)
    raster, _ = raster_of(path)
    assert raster.values.shape == (2500, 2500)
    assert (raster.values == 1).all()


def test_a_damaged_block_leaves_a_hole(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tif", np.sqrt(ramp(256, 64)), blockysize=16, compress="deflate")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 64] = b"\xff" * 64
    path.write_bytes(data)
    raster, notices = raster_of(path)
    assert 0 < np.isnan(raster.values).all(axis=1).sum() <= 48
    assert "the file is damaged there" in notices[0]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"II*\x00\x08\x00\x00\x00",
        b'<VRTDataset rasterXSize="1" rasterYSize="1"><SRS>EPSG:3879</SRS></VRTDataset>',
        b"<GDAL_WMS><Service name='TMS'><ServerUrl>http://127.0.0.1:9/</ServerUrl></Service></GDAL_WMS>",
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_what_is_no_tiff_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"^a\.tif: cannot be read"):
        raster_of(path)


def test_only_tiff_files_that_are_there_are_opened(tmp_path: Path) -> None:
    (tmp_path / "a.vrt").touch()
    for path in (
        tmp_path / "gone.tif",
        tmp_path / "a.vrt",
        Path("/vsicurl/http://127.0.0.1:9/a.tif"),
        tmp_path,
    ):
        with pytest.raises(DataError, match="is no raster file that is read"):
            raster_of(path)


def test_the_heat_exposure_index_of_helsinki(shared_data: Path) -> None:
    path = shared_data / "heat" / "helsinki" / "Urban_Heat_Exposure_Index.tif"
    raster, notices = read_raster(path, id="heat", title="", unit="index", attribution="HSY", place=PLACE)
    with rasterio.open(path) as file:
        source = file.read(1).astype(np.float64)
        valid = np.isfinite(source) & (source > -1e300)
        lowest, highest = source[valid].min(), source[valid].max()
        middle = file.transform @ (file.width / 2, file.height / 2)
    present = raster.values[np.isfinite(raster.values)]
    assert 0.40 < np.isfinite(raster.values).mean() < 0.50
    assert lowest <= present.min() <= present.max() <= highest
    assert raster.title == "Urban_Heat_Exposure_Index"
    assert any("square cells" in notice for notice in notices)
    west, south, east, north = raster.bounds
    assert ((west + east) / 2, (south + north) / 2) == pytest.approx(
        (middle[0] - PLACE.origin[0], middle[1] - PLACE.origin[1]), abs=40
    )
    station, _ = read_raster(
        path, id="heat", title="", unit="", attribution="", place=PLACE, bounds=(-500, -500, 500, 500)
    )
    assert max(station.values.shape) < 45


def test_a_terrain_in_degrees(shared_data: Path) -> None:
    path = shared_data / "terrain" / "helsinki_elevation_2021_lapinlahti.tif"
    raster, _ = raster_of(path)
    assert 0.5 < raster.cell < 3
    assert np.nanmax(raster.values) == pytest.approx(10.99, abs=0.2)


def test_reading_a_raster_prints_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tif", ramp(2, 2))
    place = "Place('EPSG:3879', (0, 0, 0), 0, 0)"
    code = (
        "from pathlib import Path; from twin.formats.geotiff import read_raster;"
        "from twin.model.place import Place;"
        f"read_raster(Path({str(path)!r}), id='', title='', place={place})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
