"""Pictures of services become one raster of the project, whatever size they come in."""

import io
from dataclasses import dataclass
from pathlib import Path

import pytest
import rasterio
from PIL import Image

from twin.errors import DataError
from twin.formats import fetched_files, project_file
from twin.formats.fetched_files import Bounds
from twin.formats.open_project import open_project
from twin.formats.project_file import Content, PlaceEntry, ProjectFile

CRS = "EPSG:3857"


@dataclass(frozen=True)
class Tile:
    content: bytes
    bounds: Bounds


def tile(column: int, size: tuple[int, int], colour: tuple[int, int, int]) -> Tile:
    """One of 100 m, beside the one before."""
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "PNG")
    return Tile(made.getvalue(), (100.0 * column, 0.0, 100.0 * (column + 1), 100.0))


@pytest.fixture
def project(tmp_path: Path) -> ProjectFile:
    place = PlaceEntry(origin=(0.0, 0.0, 0.0), longitude=0.0, latitude=0.0, timezone="UTC", height_system="")
    path = tmp_path / "a.twin.json"
    project_file.save(ProjectFile(Content(name="A", crs=CRS, place=place)), path)
    return project_file.load(path)


def test_tiles_of_twice_as_many_pixels_lie_beside_each_other(project: ProjectFile, tmp_path: Path) -> None:
    tiles = [tile(0, (512, 512), (10, 0, 0)), tile(1, (512, 512), (20, 0, 0))]
    fetched_files.write_map(project, "t", tiles, CRS, title="T", attribution="")
    with rasterio.open(tmp_path / "a" / "t.tif") as file:
        assert file.shape == (512, 1024)
        assert file.bounds[:] == pytest.approx((0, 0, 200, 100))
        assert [int(next(iter(file.sample([(x, 50)])))[0]) for x in (99, 101)] == [10, 20]


def test_a_fetched_picture_is_shown_in_its_own_colours(project: ProjectFile, tmp_path: Path) -> None:
    tiles = [tile(0, (256, 256), (10, 90, 200))]
    fetched_files.write_map(project, "t", tiles, CRS, title="T", attribution="")
    (raster,) = open_project(tmp_path / "a.twin.json").rasters
    assert raster.image is not None
    assert raster.image[128, 128].tolist() == [10, 90, 200, 255]


@pytest.mark.parametrize(
    ("columns", "sizes", "said"),
    [
        ((0, 1), ((256, 256), (512, 512)), "tiles of 256 × 256 and 512 × 512"),
        ((0, 1), ((256, 256), (4000, 4000)), "a picture of 4000 × 4000"),
        ((0,), ((9000, 2),), "a picture of 9000 × 2"),
        ((), (), "a broken picture"),
        ((0, 90), ((256, 256), (256, 256)), "would be 23296 × 256 pixels"),
    ],
)
def test_pictures_that_cannot_be_joined_are_refused_and_nothing_is_written(
    project: ProjectFile,
    tmp_path: Path,
    columns: tuple[int, ...],
    sizes: tuple[tuple[int, int], ...],
    said: str,
) -> None:
    tiles = [tile(column, size, (1, 1, 1)) for column, size in zip(columns, sizes, strict=True)]
    with pytest.raises(DataError, match=said):
        fetched_files.write_map(
            project, "t", tiles or [Tile(b"GIF89a", (0, 0, 1, 1))], CRS, title="T", attribution=""
        )
    assert not (tmp_path / "a" / "t.tif").exists()
    assert project_file.load(tmp_path / "a.twin.json").content.sources == ()
