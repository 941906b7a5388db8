"""What is told of the one surface of a building that was clicked."""

import pytest
from shapely import box

from twin.analysis.extrude import block
from twin.app.facts import facts
from twin.app.surface_facts import pairs_of, surface_at
from twin.model import city as cities
from twin.model.city import City, CityObject
from twin.model.place import Place
from twin.model.state import Selection
from twin.session.commands import select
from twin.session.session import Session

PLACE = Place("EPSG:3879", (25496500.0, 6673000.0, 0.0), 24.94, 60.17, "Europe/Helsinki", "ground")


@pytest.fixture(scope="module")
def town() -> City:
    """A hall of 40 by 20 by 15 metres with a tower as its part, and an office right beside it."""
    return cities.from_objects(
        PLACE,
        [
            CityObject("hall", "Building", -1, {}, block(box(0, 0, 40, 20), base=0.0, height=15.0)),
            CityObject("tower", "BuildingPart", 0, {}, block(box(40, 0, 48, 8), base=0.0, height=21.0)),
            CityObject("office", "Building", -1, {}, block(box(0, 20, 10, 30), base=0.0, height=15.0)),
        ],
    )


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ((30.0, 5.0, 15.0), {"Type": "Roof", "Area": "800 m²", "Slope": "flat"}),
        ((10.0, 0.0, 7.0), {"Type": "Wall", "Area": "600 m²", "Slope": "upright", "Faces": "south (180°)"}),
        ((0.0, 5.0, 7.0), {"Type": "Wall", "Area": "300 m²", "Faces": "west (270°)"}),
        ((44.0, 4.0, 21.0), {"Type": "Roof", "Area": "64 m²"}),
    ],
)
def test_the_surface_under_the_click_is_told(
    town: City, at: tuple[float, float, float], expected: dict[str, str]
) -> None:
    surface = surface_at(town, "hall", at)
    assert surface is not None
    found = dict(pairs_of(town, surface))
    assert {name: found[name] for name in expected} == expected


def test_a_place_beside_the_object_is_on_none_of_its_surfaces(town: City) -> None:
    assert surface_at(town, "hall", (5.0, 25.0, 15.0)) is None, "that is the roof of the office"
    assert surface_at(town, "hall", (30.0, 5.0, 16.0)) is None
    assert surface_at(town, "nobody", (30.0, 5.0, 15.0)) is None


def test_it_is_listed_with_what_else_is_known(small_session: Session) -> None:
    small_session.do(select, Selection("city", "hall", "buildings", (20.0, 10.0, 15.0)))
    found = facts(small_session)
    assert found is not None
    [section] = [each for each in found.sections if each.title == "Surface at this place"]
    assert dict(section.pairs)["Area"] == "800 m²"
