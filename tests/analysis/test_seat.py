"""Buildings on terrain."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely import box

from twin.analysis.build import build
from twin.analysis.city_relief import has_relief, terrain_of
from twin.analysis.heat_input import heat_input
from twin.analysis.seat import SKIRT, as_drawn, build_on, seat
from twin.formats.open_project import open_project
from twin.model.city import City, corners, named, roots, with_parts, without
from twin.model.project import Project
from twin.model.raster import Raster
from twin.model.scenario import AddCanopy, MoveBuilding, RaiseGround
from twin.model.terrain import Terrain, height_at, on_grid

AREA = Path(__file__).parents[2] / "assets" / "helsinki.twin.json"


@pytest.fixture(scope="module")
def project() -> Project:
    return open_project(AREA)


@pytest.fixture(scope="module")
def slope(project: Project) -> Terrain:
    """Rises by a tenth from west to east."""
    west, south = project.city.vertices[:, :2].min(axis=0) - 100
    east, north = project.city.vertices[:, :2].max(axis=0) + 100
    columns, rows = int((east - west) / 5), int((north - south) / 5)
    z = np.tile(0.1 * 5 * np.arange(columns), (rows, 1)).astype(np.float32)
    return Terrain("slope", "Slope", Raster(z, float(west), float(north), 5.0))


def lowest(city: City) -> np.ndarray:
    """Of every root that has corners."""
    corner = city.surface_object[np.repeat(city.ring_surface, np.diff(city.ring_starts))]
    found = np.full(len(city.object_id), np.inf)
    np.minimum.at(found, roots(city)[corner], city.vertices[:, 2])
    return found


def test_buildings_on_one_plane_are_set_on_the_ground(project: Project, slope: Terrain) -> None:
    seated, told = seat(project.city, slope)
    low = lowest(seated)
    there = np.isfinite(low)
    assert told == ()
    assert np.ptp(low[there]) > 50
    # each as a whole
    corner = np.repeat(seated.ring_surface, np.diff(seated.ring_starts))
    of, shift = (
        roots(seated)[seated.surface_object[corner]],
        seated.vertices[:, 2] - project.city.vertices[:, 2],
    )
    assert all(np.ptp(shift[of == row]) < 1e-9 for row in np.unique(of)[:50])


def test_a_model_with_heights_of_its_own_stays_and_the_mismatch_is_said(
    project: Project, slope: Terrain
) -> None:
    own, _ = seat(project.city, slope)
    higher = replace(own, vertices=own.vertices + np.array([0.0, 0.0, 20.0]))
    stayed, told = seat(higher, slope)
    assert stayed is higher
    assert told == (
        "The buildings have heights of their own and were not moved: in the middle they stand 20.0 m "
        "above Slope.",
    )


def test_buildings_are_drawn_with_their_feet_in_the_ground(project: Project, slope: Terrain) -> None:
    seated, _ = seat(project.city, slope)
    drawn = as_drawn(seated, slope, 1.0)
    there = np.isfinite(lowest(seated))
    deeper = lowest(seated)[there] - lowest(drawn)[there]
    assert deeper.max() == pytest.approx(SKIRT)
    assert drawn.vertices[:, 2].max() == seated.vertices[:, 2].max()


def test_a_scenario_stands_on_the_ground_too(project: Project, slope: Terrain) -> None:
    towers = project.scenario("towers")
    flat = build(project.city, project.layers, towers.edits)
    made = build_on(project.city, project.layers, towers.edits, slope)
    new = [change.id for change in made.changes if change.kind == "added" and change.what == "building"]
    assert new
    rows = np.isin(made.city.object_id.astype(str), new)
    assert lowest(flat.city)[rows].max() == pytest.approx(0)
    assert lowest(made.city)[rows].min() > 10


def test_what_is_no_building_stands_on_the_ground_among_buildings_with_their_own_heights(
    project: Project, slope: Terrain
) -> None:
    own, _ = seat(project.city, slope)
    mound = RaiseGround("mound", "", box(100, 100, 120, 120), 2.0)
    canopy = AddCanopy("canopy", "", box(150, 100, 170, 110), 4.0)
    made = build_on(own, (), (mound, canopy), slope)
    for edit, area in ((mound, mound.area), (canopy, canopy.area)):
        points = corners(made.city, named(made.city, (edit.id,)))
        ground = height_at(slope, *shapely.get_coordinates(area).T)
        assert points[:, 2].min() == pytest.approx(ground.min(), abs=0.3)


def test_the_sides_of_a_pit_end_at_the_terrain_around_it(project: Project, slope: Terrain) -> None:
    own, _ = seat(project.city, slope)
    pit = RaiseGround("pit", "", box(100, 100, 120, 120), -3.0)
    made = build_on(own, (), (pit,), slope)
    assert made.shown is not None
    points = corners(made.shown, named(made.shown, ("pit",)))
    ground = height_at(slope, *points[:, :2].T)
    floor = points[:, 2] < ground.min() - 1.0
    assert points[floor, 2] == pytest.approx(ground.min() - 3.0, abs=0.1), "level, below the lowest ground"
    assert points[~floor, 2] == pytest.approx(ground[~floor], abs=1e-6)
    (found,) = made.pits
    assert shapely.get_coordinates(found.floor, include_z=True)[:, 2] == pytest.approx(points[floor, 2].min())


def test_a_building_with_its_own_height_that_is_moved_goes_uphill(project: Project, slope: Terrain) -> None:
    own, _ = seat(project.city, slope)
    row = int(np.flatnonzero((own.object_parent < 0) & np.isfinite(lowest(own)))[0])
    name = str(own.object_id[row])
    made = build_on(own, (), (MoveBuilding("m", "", (name,), 50.0, 0.0),), slope)
    there = corners(made.city, named(made.city, (name,)))
    assert there[:, 2].min() - lowest(own)[row] == pytest.approx(5.0, abs=0.05)
    assert not any("heights of their own" in told for told in made.problems), "they fit as well as before"


def test_what_was_raised_above_the_ground_stays_above_it(project: Project, slope: Terrain) -> None:
    row = int(np.flatnonzero((project.city.object_parent < 0) & np.isfinite(lowest(project.city)))[0])
    name = str(project.city.object_id[row])
    on_ground, raised = (
        lowest(build_on(project.city, (), (MoveBuilding("m", "", (name,), up=up),), slope).city)[row]
        for up in (0.0, 6.0)
    )
    assert raised - on_ground == pytest.approx(6.0)


def test_bridges_do_not_keep_a_plain_city_off_its_ground(project: Project, slope: Terrain) -> None:
    low = lowest(project.city)
    few = np.isfinite(low) & ((low > 1.0) | (np.arange(len(low)) % 10 == 0))
    names = frozenset(project.city.object_id[few].astype(str).tolist())
    some = without(project.city, ~with_parts(project.city, named(project.city, names)))
    share = (lowest(some)[np.isfinite(lowest(some))] > 1.0).mean()
    assert 0.2 < share < 0.5
    seated, told = seat(some, slope)
    assert told == ()
    assert np.ptp(lowest(seated)[np.isfinite(lowest(seated))]) > 20


def test_what_hangs_over_the_ground_on_purpose_is_not_drawn_down_to_it(
    project: Project, slope: Terrain
) -> None:
    off = np.isfinite(lowest(project.city)) & (lowest(project.city) > 1.0)
    assert off.any(), "houses with a passage below"
    drawn = build_on(project.city, (), (), slope).drawn
    above = lowest(seat(project.city, slope)[0])[off]
    assert lowest(drawn)[off] == pytest.approx(above)


def test_heat_is_worked_out_on_the_ground(project: Project, slope: Terrain) -> None:
    bounds = (-100.0, -100.0, 100.0, 100.0)
    made = build_on(project.city, project.layers, (), slope)
    bare = on_grid(slope, bounds, 4.0)
    given = heat_input(made.city, made.layers, bounds=bounds, cell=4.0, terrain=bare)
    flat = heat_input(project.city, project.layers, bounds=bounds, cell=4.0)
    surface = given.surroundings.surface
    assert (surface >= bare.values - 1e-3).all()
    # street is as high as the ground, roofs as much above it as before but for the seat
    street = flat.surroundings.surface == 0
    assert surface[street & (given.surroundings.surface < bare.values + 0.5)].size > 0.9 * street.sum()


def test_the_relief_of_a_city_model_is_its_terrain(shared_data: Path) -> None:
    city = open_project(shared_data / "citygml" / "denhaag" / "DenHaag_01.xml").city
    assert has_relief(city)
    ground = terrain_of(city)
    assert ground is not None
    assert np.isfinite(ground.heights.values).all()
    assert 0.4 < ground.known <= 1  # houses are cut out of it
    assert -10 < ground.heights.values.min() < ground.heights.values.max() < 30
