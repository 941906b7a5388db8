"""A city becomes one mesh, its edges and the darkness at its feet."""

from dataclasses import replace

import numpy as np
import pytest
import small_station
from shapely import box
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkProp

from twin.analysis.extrude import block
from twin.model.city import SURFACE_TYPES, City, CityObject, Polygon3D, from_objects
from twin.model.parts import part
from twin.model.table import Value
from twin.render import buildings, outline, paint
from twin.render.camera import place_camera
from twin.render.snapshot import Darkroom
from twin.scene.camera import looking
from twin.scene.colours import REMOVED, USE_COLOURS, Classes, Ramp, ramp_colours, rgb
from twin.scene.items import HEIGHT, Buildings, Colouring, Gone

WIDEST = outline.SKIRT[-1][0]
USES = Colouring("use", Classes(tuple(USE_COLOURS.items())))


def city_of(*houses: tuple[str, int, tuple[Polygon3D, ...]], **attributes: Value) -> City:
    things = [CityObject(name, "Building", parent, attributes, shell) for name, parent, shell in houses]
    return from_objects(small_station.PLACE, things)


def cube(west: float = 0.0, *, height: float = 10.0) -> tuple[Polygon3D, ...]:
    return block(box(west, 0, west + 10, 10), base=0.0, height=height)


def of_type(city: City, name: str) -> np.ndarray:
    surface = np.repeat(city.ring_surface, np.diff(city.ring_starts))
    return np.asarray(city.surface_type[surface] == SURFACE_TYPES.index(name))


def test_the_edges_of_a_cube_are_12_lines() -> None:
    city = city_of(("cube", -1, cube()))
    ends = city.vertices[outline.edges(city)].reshape(-1, 2, 3)
    assert len(ends) == 12
    assert np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1) == pytest.approx(np.full(12, 10.0))


def test_no_edge_is_drawn_where_two_faces_lie_in_one_plane() -> None:
    apart = city_of(("a", -1, cube()), ("b", -1, cube(10)))
    joined = city_of(("a", -1, cube()), ("b", 0, cube(10)))
    assert len(outline.edges(apart)) == 2 * 24
    assert len(outline.edges(joined)) < 2 * 24, "parts of one building share walls and a roof"


def test_only_the_edges_of_chosen_objects() -> None:
    office = part(small_station.city(), np.array([small_station.city().rows["office"]]))
    ends = office.vertices[outline.edges(office)]
    assert ends[:, 0].min() == 90
    assert ends[:, 0].max() == 150


def test_an_empty_city_is_drawn_as_nothing() -> None:
    nothing = from_objects(small_station.PLACE, [])
    assert len(outline.edges(nothing)) == 0
    assert len(buildings.make_buildings(Buildings(nothing))) == 3


def test_closed_shells_are_known_and_one_turned_face_is_noticed() -> None:
    faces = cube()
    turned = (replace(faces[0], rings=tuple(ring[::-1] for ring in faces[0].rings)), *faces[1:])
    assert outline.closed(city_of(("cube", -1, faces)))
    assert not outline.closed(city_of(("cube", -1, turned)))
    assert not outline.closed(city_of(("cube", -1, faces[1:])))


def test_surfaces_without_a_type_are_told_apart_by_their_slope() -> None:
    named = city_of(("hut", -1, block(box(0, 0, 12, 8), base=0.0, height=9.0, roof="gabled")))
    plain = replace(named, surface_type=np.zeros_like(named.surface_type))
    assert (outline.surface_kinds(plain) == named.surface_type).all()
    assert outline.surface_kinds(named) is not named.surface_type


def test_walls_darken_towards_the_street() -> None:
    city = city_of(("tower", -1, cube(height=50.0)))
    colours = paint.vertex_colours(Buildings(city)).astype(int).sum(axis=1)
    wall, high = of_type(city, "WallSurface"), city.vertices[:, 2] > 1
    assert colours[wall & ~high].max() < colours[wall & high].min()


def test_a_part_takes_the_colour_of_its_building() -> None:
    things = [
        CityObject("whole", "Building", -1, {"use": "hotel"}, cube()),
        CityObject("part", "BuildingPart", 0, {}, cube(10)),
    ]
    colours = paint.object_colours(from_objects(small_station.PLACE, things), USES)
    assert (colours[0] == colours[1]).all()
    assert tuple(colours[0]) == tuple(round(255 * c) for c in rgb(USE_COLOURS["hotel"]))


def test_what_is_not_known_has_a_colour_of_its_own() -> None:
    city = city_of(("cube", -1, cube()))
    assert (paint.object_colours(city, Colouring("storeys", Ramp("batlow", 0, 9))) == paint.UNKNOWN).all()


def test_new_buildings_are_greener() -> None:
    city = small_station.city()
    plain, marked = (paint.vertex_colours(Buildings(city, marked=m)) for m in ((), ("office",)))
    office = (
        city.object_id[city.surface_object[np.repeat(city.ring_surface, np.diff(city.ring_starts))]]
        == "office"
    )
    assert (plain[~office] == marked[~office]).all()
    assert (marked[office][:, 0] < plain[office][:, 0]).all()
    assert (marked[office][:, 1] > marked[office][:, 0]).all()


def mesh_of(actor: vtkProp) -> vtkPolyData:
    assert isinstance(actor, vtkActor)
    found = actor.GetMapper().GetInput()
    assert isinstance(found, vtkPolyData)
    return found


def test_colours_change_in_place_and_another_city_does_not() -> None:
    city = small_station.city()
    plain, coloured = Buildings(city), Buildings(city, USES)
    actors = buildings.make_buildings(plain)
    meshes = [mesh_of(actor) for actor in actors]
    assert buildings.update_buildings(actors, plain, coloured)
    assert [mesh_of(actor) for actor in actors] == meshes
    scalars = meshes[0].GetPointData().GetScalars()
    first = [scalars.GetComponent(0, i) for i in range(3)]
    assert first == paint.vertex_colours(coloured)[0].tolist()
    assert not buildings.update_buildings(actors, coloured, Buildings(small_station.city(), USES))


@pytest.mark.parametrize(
    ("away", "moving", "drawn"), [(900, True, False), (900, False, True), (90, True, True)]
)
def test_feet_are_left_out_only_from_afar_and_while_the_view_moves(
    away: float, moving: bool, drawn: bool
) -> None:
    room = Darkroom((400, 300), fine=False)
    stage = room.stage
    actors = buildings.make_buildings(Buildings(small_station.project().city))
    place_camera(stage.renderer, looking((0.0, 0.0, 0.0), heading=0.0, tilt=45.0, distance=away))
    buildings.aim_buildings(actors, stage.renderer, moving=moving)
    room.close()
    assert bool(actors[-1].GetVisibility()) == drawn
    assert all(actor.GetVisibility() for actor in actors[:-1])


def test_ghosts_are_only_what_is_gone() -> None:
    ghost, _ = buildings.make_gone(Gone(small_station.city(), ("shop",)))
    assert mesh_of(ghost).GetNumberOfCells() == 12
    assert isinstance(ghost, vtkActor)
    assert ghost.GetProperty().GetColor() == pytest.approx(rgb(REMOVED))


def test_the_ground_darkens_along_the_walls_and_no_further_than_a_few_metres() -> None:
    points, triangles, dark, _ = outline.foot_shade(city_of(("cube", -1, cube())))
    away = np.linalg.norm(np.maximum(np.maximum(-points[:, :2], points[:, :2] - 10), 0), axis=1)
    assert len(triangles) == 4 * 2 * (len(outline.SKIRT) - 1)
    assert dark[away == 0].min() > 0.2
    assert dark[away > 0.9 * WIDEST].max() == 0
    assert np.abs(points[:, :2] - 5).max() == pytest.approx(5 + WIDEST)


def test_what_hangs_in_the_air_darkens_no_ground() -> None:
    bridge = block(box(0, 0, 10, 10), base=6.0, height=9.0)
    assert len(outline.foot_shade(city_of(("bridge", -1, bridge)))[0]) == 0


def test_posts_darken_no_ground() -> None:
    posts = block(box(0, 0, 1, 1.5), base=0.0, height=3.0)
    assert len(outline.foot_shade(city_of(("post", -1, posts)))[0]) == 0


def test_a_courtyard_is_darkened_on_its_inside() -> None:
    ring = box(0, 0, 60, 60).difference(box(20, 20, 40, 40))
    points, _, dark, _ = outline.foot_shade(city_of(("ring", -1, block(ring, base=0.0, height=20.0))))
    faded = points[dark == 0][:, :2]
    inside = ((faded > 20) & (faded < 40)).all(axis=1)
    near, far = 20 + WIDEST, 40 - WIDEST
    assert {tuple(p) for p in faded[inside].tolist()} == {(x, y) for x in (near, far) for y in (near, far)}


def test_water_and_green_keep_their_colours_under_an_overlay() -> None:
    pond = CityObject(
        "pond",
        "WaterBody",
        polygons=(Polygon3D((np.array([(0.0, 0, 0), (9, 0, 0), (9, 9, 0)]),), "WaterSurface"),),
    )
    house = CityObject("house", polygons=block(box(20, 0, 30, 10), base=0.0, height=30.0))
    both = from_objects(small_station.PLACE, [pond, house])
    scale = Ramp("batlow", 0.0, 60.0)
    plain = paint.object_colours(both, None)
    tall = paint.object_colours(both, Colouring(HEIGHT, scale))
    assert (plain[0] == tall[0]).all(), "a pond has no height"
    assert (tall[1] == ramp_colours(scale, np.array([30.0]))[0]).all(), (
        "that of its shape, where none is given"
    )


@pytest.mark.parametrize(
    ("known", "kind"), [({"green_roof": "sedum"}, "RoofSurface"), ({"green_wall": "wall"}, "WallSurface")]
)
def test_what_grows_on_a_building_is_seen_on_its_roof_or_walls_alone(known: dict, kind: str) -> None:
    plain, grown = city_of(("a", -1, cube())), city_of(("a", -1, cube()), **known)
    before, after = (paint.vertex_colours(Buildings(city)).astype(int) for city in (plain, grown))
    differs = (before != after).any(axis=1)
    assert (differs == of_type(grown, kind)).all()
    red, green, blue = after[differs].T
    assert ((green > red) & (green > blue)).all()
    by_use = paint.vertex_colours(Buildings(grown, USES))
    assert (by_use == paint.vertex_colours(Buildings(plain, USES))).all(), "an overlay shows its own values"
