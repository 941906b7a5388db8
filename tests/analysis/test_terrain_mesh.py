"""Meshes of terrain, and what is laid on them."""

import numpy as np
import pytest

from twin.analysis.drape import drape, heights_on
from twin.analysis.drape_tiles import drape_tiles
from twin.analysis.terrain_mesh import MOST, relief
from twin.model.raster import Raster
from twin.model.terrain import Terrain, exaggerated, height_at, on_grid
from twin.session.jobs import Inline


def hills(rows: int = 60, columns: int = 85, cell: float = 2.0) -> Terrain:
    y, x = np.mgrid[:rows, :columns]
    z = 5 * np.sin(x / 9) * np.cos(y / 7) + 0.05 * x
    return Terrain("t", "Hills", Raster(z.astype(np.float32), 10.0, 200.0, cell), "N2000")


def areas(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    a, b, c = (points[triangles[:, k], :2] for k in range(3))
    return ((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2


@pytest.mark.parametrize("error", [0.1, 0.5])
@pytest.mark.parametrize(("rows", "columns"), [(60, 85), (129, 9), (2, 40), (66, 66)])
def test_no_cell_is_further_from_the_mesh_than_the_error(rows: int, columns: int, error: float) -> None:
    ground = hills(rows, columns)
    grid = ground.heights
    grid.values[:] += np.random.default_rng(rows).normal(0, 0.2, grid.values.shape)
    made = relief(ground, error)
    assert made.error == error
    row, column = np.indices(grid.values.shape)
    east = grid.west + (column.ravel() + 0.5) * grid.cell
    north = grid.north - (row.ravel() + 0.5) * grid.cell
    off = np.abs(heights_on(made, np.column_stack([east, north])) - grid.values.ravel())
    assert off.max() <= error + 1e-5


def test_the_mesh_covers_the_data_once_and_faces_up() -> None:
    ground = hills()
    made = relief(ground, 0.3)
    size = areas(made.vertices, made.triangles)
    assert size.min() > 0
    assert size[: made.inner].sum() == pytest.approx(84 * 59 * 4)


def test_even_ground_takes_few_triangles() -> None:
    flat = Terrain("t", "Flat", Raster(np.full((257, 257), 7.0, np.float32), 0.0, 257.0, 1.0))
    assert relief(flat).inner == 2
    assert relief(hills(), 0.05).inner > relief(hills(), 1.0).inner


def test_very_rough_ground_is_drawn_less_finely_than_was_asked() -> None:
    rough = np.random.default_rng(0).normal(0, 1.0, (400, 400)).astype(np.float32)
    made = relief(Terrain("t", "Rough", Raster(rough, 0.0, 400.0, 1.0)), 0.5)
    assert MOST / 3 < made.inner <= MOST
    assert made.error > 0.5


def test_exaggeration_keeps_the_lowest_place() -> None:
    made = relief(hills())
    high = exaggerated(made, 3.0)
    above = made.vertices[:, 2] - made.terrain.lowest
    assert high.vertices[:, 2] - made.terrain.lowest == pytest.approx(3 * above)
    assert exaggerated(high, 1.0).vertices == pytest.approx(made.vertices)


def test_what_is_laid_on_the_ground_keeps_its_area_and_lies_on_the_mesh() -> None:
    made = relief(hills())
    flat = np.array([(20.0, 90.0), (170.0, 95.0), (90.0, 195.0), (-30.0, 150.0)])
    triangles = np.array([[0, 1, 2], [0, 2, 3]])
    laid = drape(made, flat, triangles)
    assert areas(laid.points, laid.triangles).sum() == pytest.approx(areas(flat, triangles).sum())
    inside = laid.points[:, 0] > 15
    assert heights_on(made, laid.points[inside, :2]) == pytest.approx(laid.points[inside, 2], abs=1e-6)
    assert set(laid.of.tolist()) == {0, 1}


def test_tiles_lay_the_same_on_the_ground_as_one_goes() -> None:
    made = relief(hills(), 0.05)
    start = np.random.default_rng(3).uniform((-20, 60), (200, 220), (300, 1, 2))
    flat = (start + np.array([(0.0, 0.0), (9.0, 2.0), (3.0, 8.0)])).reshape(-1, 2)
    triangles = np.arange(len(flat)).reshape(-1, 3)
    whole = drape(made, flat, triangles)
    tiled = drape_tiles(made, flat, triangles, Inline(), tile=25.0)
    owners = tiled.of[tiled.triangles[:, 0]]
    assert np.array_equal(owners, whole.of[whole.triangles[:, 0]]), "in the same order"
    found = [
        np.column_stack([one.of[one.triangles[:, 0]], one.points[one.triangles].reshape(-1, 9)])
        for one in (whole, tiled)
    ]
    found = [rows[np.lexsort(rows.T[::-1])] for rows in found]
    assert np.array_equal(*found)
    nothing = drape_tiles(made, flat, triangles[:0], Inline())
    assert len(nothing.points) == len(nothing.triangles) == 0


def test_ground_goes_on_beyond_its_edge_as_high_as_there() -> None:
    ground = hills()
    east, north = np.array([-5000.0]), np.array([199.0])
    assert height_at(ground, east, north) == pytest.approx([ground.heights.values[0, 0]])


def test_heights_on_the_own_grid_are_the_heights() -> None:
    ground = hills()
    again = on_grid(ground, ground.heights.bounds, 2.0)
    assert again.values == pytest.approx(ground.heights.values, abs=1e-5)
