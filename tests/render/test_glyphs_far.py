import numpy as np
import shapely
from vtkmodules.vtkRenderingCore import vtkActor, vtkRenderer

from twin.model.layer import Layer, Style
from twin.model.state import Camera
from twin.model.table import Table
from twin.render.glyphs import make_glyphs
from twin.render.glyphs_far import FULL, MANY, MOVING, aim_glyphs, face_glyphs
from twin.render.shapes import SHAPES
from twin.scene.items import Glyphs, Look

COUNT = 40_000
ABOVE = Camera((0.0, -700.0, 700.0), (0.0, 0.0, 0.0))


def crowd(count: int, look: Look | None = None) -> Glyphs:
    xy = np.random.default_rng(1).uniform(-500.0, 500.0, (count, 2))
    table = Table(count, {"id": np.arange(count).astype(str).astype(object)})
    layer = Layer("trees", "Trees", np.asarray(shapely.points(xy)), table, Style(glyph="tree"))
    return Glyphs(layer, 1, look=look or Look())


def points_of(actor: object) -> int:
    assert isinstance(actor, vtkActor)
    return int(actor.GetMapper().GetInputDataObject(0, 0).GetNumberOfPoints())


def test_few_shapes_are_all_drawn_in_full() -> None:
    every = sum(part.data.GetNumberOfPoints() for part in SHAPES["tree"][0]())
    assert [points_of(actor) for actor in make_glyphs(crowd(MANY))] == [MANY * every]


def test_of_many_the_nearest_are_drawn_in_full_and_all_are_points() -> None:
    item = crowd(COUNT)
    actors = make_glyphs(item)
    face_glyphs(actors, item, vtkRenderer(), ABOVE)
    trunk, leaves, far, moving = actors
    assert (points_of(trunk), points_of(leaves)) == (FULL, FULL)
    assert (points_of(far), points_of(moving)) == (COUNT, MOVING)
    assert isinstance(leaves, vtkActor)
    drawn = leaves.GetMapper().GetInputDataObject(0, 0)
    south = np.array([drawn.GetPoint(i)[1] for i in range(FULL)])
    assert south.max() < 0  # the eye is in the south


def test_fewer_points_are_drawn_only_while_the_picture_moves() -> None:
    item, renderer = crowd(COUNT), vtkRenderer()
    actors = make_glyphs(item)
    face_glyphs(actors, item, renderer, ABOVE)
    for moving in (True, False):
        aim_glyphs(actors, renderer, moving=moving)
        assert [actor.GetVisibility() for actor in actors[-2:]] == [not moving, moving]


def test_shapes_and_points_go_where_the_layer_is_not_wanted() -> None:
    item, renderer = crowd(COUNT, Look(far=100.0)), vtkRenderer()
    actors = make_glyphs(item)
    face_glyphs(actors, item, renderer, ABOVE)
    aim_glyphs(actors, renderer, moving=True)
    assert not any(actor.GetVisibility() for actor in actors)
