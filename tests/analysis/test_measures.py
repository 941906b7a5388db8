import numpy as np
import pytest
import small_station
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPoint, Point, Polygon, box

from twin.analysis import kpi
from twin.analysis.build import Built, build
from twin.analysis.extrude import block
from twin.analysis.measures import STOREY_HEIGHT, measure
from twin.model import city as cities
from twin.model.city import City, CityObject
from twin.model.scenario import ChangeGround, PlantTrees
from twin.model.table import Value

YARD = Polygon([(0, 0), (40, 0), (40, 30), (0, 30)], [[(10, 10), (10, 20), (30, 20), (30, 10)]])


def one(height: float, roof: str = "flat", shape: Polygon = YARD, **attributes: Value) -> City:
    rise = {} if roof == "flat" else {"roof_height": 4.0}
    polygons = block(shape, base=0.0, height=height, roof=roof, **rise)
    thing = CityObject("a", attributes=attributes, polygons=polygons)
    return cities.from_objects(small_station.PLACE, [thing])


def test_a_block_with_a_yard_is_its_area_times_its_height() -> None:
    found = measure(one(12.0))
    assert found.footprint[0] == pytest.approx(1000)
    assert found.volume[0] == pytest.approx(12_000)
    assert found.height[0] == pytest.approx(12)


def test_a_gable_holds_half_of_the_box_around_it() -> None:
    found = measure(one(10.0, "gabled", box(0, 0, 20, 10)))
    assert found.footprint[0] == pytest.approx(200)
    assert found.volume[0] == pytest.approx(200 * 6 + 200 * 4 / 2)


def test_a_missing_ground_surface_changes_nothing() -> None:
    whole = one(12.0)
    open_below = cities.only_surfaces(
        whole, whole.surface_type != cities.SURFACE_TYPES.index("GroundSurface")
    )
    assert len(open_below.surface_object) < len(whole.surface_object)
    assert measure(open_below).volume[0] == pytest.approx(12_000)
    assert measure(open_below).footprint[0] == pytest.approx(1000)


def test_known_storeys_win_over_the_height() -> None:
    for name in ("storeysAboveGround", "levels"):
        found = measure(one(12.0, **{name: "5"}))
        assert (found.storeys[0], found.estimated[0]) == (5, False)
        assert found.floor_area[0] == pytest.approx(5000)


@given(st.integers(3, 200).map(float))
def test_storeys_are_estimated_from_the_height(height: float) -> None:
    found = measure(one(height))
    assert found.estimated[0]
    assert found.storeys[0] == max(round(height / STOREY_HEIGHT), 1)


def test_what_is_no_building_has_no_floor() -> None:
    bridge = CityObject("b", "Bridge", polygons=block(YARD, base=0, height=12))
    found = measure(cities.from_objects(small_station.PLACE, [bridge]))
    assert np.isnan(found.storeys[0])
    assert found.floor_area[0] == 0


def rows(built: Built) -> dict[str, float]:
    return {row.id: row.value for row in kpi.rows(built)}


def test_parts_count_for_the_use_of_their_whole() -> None:
    wing = CityObject("w", "BuildingPart", 0, {"levels": 2}, block(box(0, 0, 10, 10), base=0, height=6))
    city = cities.from_objects(small_station.PLACE, [CityObject("h", attributes={"use": "office"}), wing])
    found = rows(Built(city, ()))
    assert found["floor_area.office"] == found["floor_area"] == pytest.approx(200)
    assert found["buildings"] == 1
    assert found["storeys"] == pytest.approx(2)


def test_trees_have_crowns_and_the_ground_its_surfaces() -> None:
    edits = (
        PlantTrees("row", "Row", MultiPoint([Point(0, 0), Point(20, 0)]), crown=4.0),
        ChangeGround("lawn", "Lawn", box(0, 0, 20, 10), "grass"),
        ChangeGround("path", "Path", box(0, 0, 20, 2), "gravel"),
    )
    found = rows(build(cities.empty(small_station.PLACE), (), edits))
    assert found["trees"] == 2
    assert found["crowns"] == pytest.approx(2 * np.pi * 4)
    assert (found["ground.grass"], found["ground.gravel"]) == pytest.approx((160, 40))


def test_every_indicator_says_what_it_is() -> None:
    for indicator in kpi.INDICATORS:
        assert indicator.title and indicator.formula and indicator.inputs and indicator.source
    assert len({indicator.id for indicator in kpi.INDICATORS}) == len(kpi.INDICATORS)
