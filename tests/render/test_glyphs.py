"""Small shapes stand where their points are, as tall and wide as their attributes say."""

import numpy as np
import pytest
import small_station
from shapely import Point
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkRenderingCore import vtkActor

from twin.model.layer import Layer, Style
from twin.model.table import Value
from twin.render.glyphs import make_glyphs, places_of, sizes_of
from twin.render.shapes import SHAPES, cone, crown
from twin.scene.colours import ADDED, rgb
from twin.scene.items import Glyphs


def trees(**columns: list[Value]) -> Layer:
    count = len(next(iter(columns.values()))) if columns else 1
    points = [Point(10.0 * i, 5.0) for i in range(count)]
    return small_station.layer("trees", points, Style("#93b27c", glyph="tree"), **columns)


def test_sizes_come_from_crown_and_height() -> None:
    layer = trees(crown=[4.0, 6.5], height=[9.0, 12.0])
    assert sizes_of(layer).tolist() == [[4.0, 4.0, 9.0], [6.5, 6.5, 12.0]]
    assert places_of(layer).tolist() == [[0.0, 5.0, 0.0], [10.0, 5.0, 0.0]]


def test_an_unknown_size_is_that_of_the_shape() -> None:
    _, width, height = SHAPES["tree"]
    assert sizes_of(trees(crown=[None, 4.0], height=[0.0, 9.0]))[0].tolist() == [width, width, height]
    assert sizes_of(trees())[0].tolist() == [width, width, height]


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_is_one_unit_tall_and_stands_on_the_ground(name: str) -> None:
    bounds = np.array([part.data.GetBounds() for part in SHAPES[name][0]()])
    assert bounds[:, 4].min() >= -1e-9
    assert bounds[:, 5].max() <= 1 + 1e-9
    assert bounds[:, 0].min() >= -0.56
    assert bounds[:, 1].max() <= 0.56


@pytest.mark.parametrize("shape", [crown(), cone()])
def test_crowns_are_closed_and_look_outwards(shape: tuple[np.ndarray, np.ndarray]) -> None:
    points, faces = shape
    sides = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    assert {tuple(side) for side in sides.tolist()} == {tuple(side) for side in sides[:, ::-1].tolist()}
    a, b, c = (points[faces[:, i]] for i in range(3))
    assert np.einsum("ij,ij->", a, np.cross(b, c)) > 0, "a positive volume"


def test_new_trees_are_green_and_no_two_trees_are_alike() -> None:
    layer = trees(crown=[5.0] * 4, height=[8.0] * 4)
    (drawn,) = make_glyphs(Glyphs(layer, 0, marked=("trees.2",)))
    assert isinstance(drawn, vtkActor)
    data = drawn.GetMapper().GetInput()
    colours, where = (
        vtk_to_numpy(array) for array in (data.GetPointData().GetScalars(), data.GetPoints().GetData())
    )
    trunk, crown = (part.data.GetNumberOfPoints() for part in SHAPES["tree"][0]())
    leaves = colours[4 * trunk :].reshape(4, crown, 3)
    assert np.ptp(leaves, axis=1).max() == 0  # a tree is of one green
    assert leaves[2, 0].tolist() == [round(255 * c) for c in rgb(ADDED)]
    assert len({tuple(green) for green in leaves[:, 0].tolist()}) == 4
    # each stands at its place, as wide and tall as it is
    for number, tree in enumerate(where[4 * trunk :].reshape(4, crown, 3)):
        assert tree[:, 0].mean() == pytest.approx(10.0 * number, abs=0.05)
        assert np.ptp(tree[:, 0]) == pytest.approx(5.0, rel=0.15)
        assert tree[:, 2].max() == pytest.approx(8.0, abs=0.1)
