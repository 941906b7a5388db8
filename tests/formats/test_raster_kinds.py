"""Rasters of all kinds: pictures, moments, other formats, and all real ones."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from PIL import Image
from rasterio import Affine
from rasterio.enums import ColorInterp

from twin.errors import DataError
from twin.formats import project_file
from twin.formats.geotiff import DRIVERS, read_raster
from twin.formats.open_project import add_source, open_project
from twin.formats.raster_bands import moment
from twin.formats.save_project import to_file
from twin.model.place import Place
from twin.model.raster import value_at

PLACE = Place("EPSG:3879", (25496700.0, 6673000.0, 0.0), 24.94050, 60.17280, "Europe/Helsinki")
THERE = Affine(2.0, 0, 25496700.0, 0, -2.0, 6673100.0)


def several(path: Path, bands: np.ndarray, names: tuple[str, ...] = (), **profile: object) -> Path:
    count, rows, columns = bands.shape
    options = {"width": columns, "height": rows, "count": count, "dtype": bands.dtype, "crs": "EPSG:3879"}
    with rasterio.open(path, "w", driver="GTiff", transform=THERE, **options, **profile) as file:
        file.write(bands)
        if names:
            file.descriptions = names
    return path


def test_a_picture_keeps_its_colours(tmp_path: Path) -> None:
    bands = np.stack([np.full((3, 4), colour, np.uint8) for colour in (200, 100, 50)])
    path = several(tmp_path / "a.tif", bands, photometric="RGB")
    raster, _ = read_raster(path, id="r", title="", place=PLACE)
    assert raster.image is not None
    assert raster.image[1, 2].tolist() == [200, 100, 50, 255]
    assert raster.frames == ()


def test_alpha_lets_the_ground_show_through(tmp_path: Path) -> None:
    bands = np.full((4, 3, 4), 90, np.uint8)
    bands[3, :, :2] = 0
    path = several(tmp_path / "a.tif", bands, photometric="RGB")
    with rasterio.open(path, "r+") as file:
        file.colorinterp = (ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha)
    raster, _ = read_raster(path, id="r", title="", place=PLACE)
    assert raster.image is not None
    assert raster.image[0, :, 3].tolist() == [0, 0, 90, 90]


def test_bands_are_frames_with_their_names(tmp_path: Path) -> None:
    bands = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    names = ("2026-07-15T12:00+03:00", "2026-07-15T15:00+03:00")
    raster, _ = read_raster(several(tmp_path / "a.tif", bands, names), id="r", title="", place=PLACE)
    assert raster.labels == names
    assert [frame[0, 0] for frame in raster.frames] == [0, 12]
    assert moment(raster.labels[1]) is not None


def test_a_text_grid_lies_where_its_head_says(tmp_path: Path) -> None:
    path = tmp_path / "a.asc"
    path.write_text(
        "ncols 3\nnrows 2\nxllcorner 25496700\nyllcorner 6673000\ncellsize 2\nNODATA_value -9999\n"
        "1 2 3\n4 -9999 6\n"
    )
    raster, told = read_raster(path, id="r", title="", place=PLACE)
    assert value_at(raster, 1, 3) == 1
    assert np.isnan(value_at(raster, 3, 1))
    assert "does not say its coordinate system; it was read in EPSG:3879" in told[0]


def test_a_picture_with_a_world_file_lies_where_that_says(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (4, 3), (77, 77, 77)).save(path)
    (tmp_path / "a.pgw").write_text("2.0\n0\n0\n-2.0\n25496701.0\n6673099.0\n")
    raster, _ = read_raster(path, id="r", title="", place=PLACE)
    assert raster.image is not None
    assert (raster.west, raster.north, raster.cell) == (0.0, 100.0, 2.0)


def test_a_picture_without_a_place_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("L", (4, 3), 77).save(path)
    with pytest.raises(DataError, match="does not say where it lies"):
        read_raster(path, id="r", title="", place=PLACE)


def netcdf(path: Path, **variables: np.ndarray) -> Path:
    h5netcdf = pytest.importorskip("h5netcdf")
    with h5netcdf.File(path, "w") as file:
        file.dimensions = {"time": 2, "y": 3, "x": 4}
        time = file.create_variable("time", ("time",), dtype="f8", data=np.array([0.0, 3.0]))
        time.attrs["units"] = "hours since 2026-07-15 09:00:00"
        for name, start, step, size in (("y", 6673099.0, -2.0, 3), ("x", 25496701.0, 2.0, 4)):
            axis = file.create_variable(name, (name,), dtype="f8", data=start + step * np.arange(size))
            axis.attrs["units"] = "m"
            axis.attrs["standard_name"] = f"projection_{name}_coordinate"
        for name, data in variables.items():
            file.create_variable(name, ("time", "y", "x")[-data.ndim :], dtype="f4", data=data)
    return path


def test_moments_of_netcdf_are_frames(tmp_path: Path) -> None:
    path = netcdf(tmp_path / "a.nc", t=np.arange(24, dtype=np.float32).reshape(2, 3, 4))
    raster, _ = read_raster(path, id="r", title="", place=PLACE)
    assert raster.labels == ("2026-07-15T09:00:00+00:00", "2026-07-15T12:00:00+00:00")
    assert raster.frames[1][0, 0] == 12


def test_each_variable_of_netcdf_is_a_layer_of_its_own(tmp_path: Path) -> None:
    warm = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    path = netcdf(tmp_path / "a.nc", warm=warm, noise=np.full((3, 4), 55, np.float32))
    first = several(tmp_path / "first.tif", np.ones((1, 3, 4), np.float32))
    project = add_source(open_project(first), path)
    rasters = {raster.id: raster for raster in project.rasters}
    assert set(rasters) == {"first", "a:warm", "a:noise"}
    assert (rasters["a:noise"].title, rasters["a:noise"].values[0, 0]) == ("noise", 55)
    assert len(rasters["a:warm"].frames) == 2
    out = tmp_path / "kept.twin.json"
    project_file.save(to_file(project, path=out), out)
    kept = {raster.id: raster.values[0, 0] for raster in open_project(out).rasters}
    assert kept == {"first": 1, "a:warm": 0, "a:noise": 55}


def test_a_variable_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    path = netcdf(tmp_path / "a.nc", u=np.zeros((3, 4), np.float32), v=np.zeros((3, 4), np.float32))
    with pytest.raises(DataError, match=r"no variable 'w'\. Choose one of u, v"):
        read_raster(path, id="r", title="", place=PLACE, layer="w")


def palette(path: Path, numbers: np.ndarray, crs: str = "EPSG:3879", there: Affine = THERE) -> Path:
    rows, columns = numbers.shape
    options = {"height": rows, "width": columns, "dtype": "uint8", "nodata": 9}
    with rasterio.open(
        path, "w", driver="GTiff", count=1, photometric="palette", transform=there, crs=crs, **options
    ) as file:
        file.write(numbers, 1)
        file.write_colormap(1, {1: (200, 30, 0, 255), 7: (0, 90, 180, 255)})
    return path


def test_a_palette_gives_its_colours_and_keeps_its_numbers(tmp_path: Path) -> None:
    numbers = np.array([[1, 7], [9, 1]], np.uint8)
    raster, _ = read_raster(palette(tmp_path / "a.tif", numbers), id="r", title="", place=PLACE)
    assert raster.image is not None
    assert raster.image.tolist() == [
        [[200, 30, 0, 255], [0, 90, 180, 255]],
        [[0, 0, 0, 0], [200, 30, 0, 255]],
    ]
    assert raster.values[0].tolist() == [1, 7]


def test_colours_of_a_palette_are_not_mixed_when_it_is_moved(tmp_path: Path) -> None:
    numbers = np.tile(np.array([1, 7], np.uint8), (20, 10))
    there = Affine(0.00004, 0, 24.9400, 0, -0.00002, 60.1730)
    raster, told = read_raster(
        palette(tmp_path / "a.tif", numbers, "EPSG:4326", there), id="r", title="", place=PLACE
    )
    assert set(np.unique(raster.values[np.isfinite(raster.values)]).tolist()) == {1.0, 7.0}
    assert "moved onto square cells" in told[0]


def test_every_real_raster_opens_or_says_why_not(shared_data: Path) -> None:
    textures = ("textures", "appearance", "meshes", "cityjson", "tiles3d")
    paths = [
        path
        for path in sorted(shared_data.rglob("*"))
        if path.suffix.lower() in DRIVERS and not any(word in str(path) for word in textures)
    ]
    assert len(paths) > 10
    opened = {}
    for path in paths:
        try:
            project = open_project(path)
        except DataError as error:
            assert str(error).startswith(path.name)
            opened[path.name] = str(error)
        else:
            assert project.terrain is not None or project.rasters
            opened[path.name] = ""
    assert opened["Urban_Heat_Exposure_Index.tif"] == ""
    assert opened["munich_690_5336.tif"] == ""
    assert "does not say its coordinate system" in opened["CDSM_KR.asc"]
    assert sum(not why for why in opened.values()) > 8
