"""What is told of the one surface of a building that was clicked."""

from dataclasses import replace

import numpy as np
import pytest
from shapely import box

from twin.analysis.extrude import block
from twin.app.facts import facts
from twin.app.surface_facts import pairs_of, said_of, surface_at
from twin.model import city as cities
from twin.model.city import SURFACE_TYPES, City, CityObject
from twin.model.faces import Faces
from twin.model.place import Place
from twin.model.state import Selection
from twin.model.table import from_rows
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


def test_what_the_file_says_of_a_surface_is_told_with_what_is_cut_into_it(town: City) -> None:
    wall, door = town_surfaces(town, "hall", "WallSurface")[:2]
    of = np.full(len(town.surface_object), -1, dtype=np.int32)
    of[[wall, door]] = 0, 1
    kinds = town.surface_type[[wall, door]]
    said = from_rows([{"gml:id": "wall-7", "u": 0.8, "made_of": "brick"}, {"lock": "yes"}])
    known = replace(town, faces=Faces(of, kinds, np.array([-1, 0], dtype=np.int32), said))
    told = dict(said_of(known, wall))
    assert (told["Id"], told["u"], told["made of"]) == ("wall-7", "0.8", "brick")
    assert told["Openings"] == "1 × Wall"
    told = dict(said_of(known, door))
    assert (told["lock"], told["Opening in"]) == ("yes", "Wall wall-7")
    assert "Id" not in told
    roof = town_surfaces(town, "hall", "RoofSurface")[0]
    assert said_of(known, roof) == ()
    assert said_of(town, wall) == ()


def town_surfaces(town: City, gml_id: str, kind: str) -> list[int]:
    mine = (town.object_id == gml_id)[town.surface_object]
    return np.flatnonzero(mine & (town.surface_type == SURFACE_TYPES.index(kind))).tolist()


def test_it_is_listed_with_what_else_is_known(small_session: Session) -> None:
    small_session.do(select, Selection("city", "hall", "buildings", (20.0, 10.0, 15.0)))
    found = facts(small_session)
    assert found is not None
    [section] = [each for each in found.sections if each.title == "Surface at this place"]
    assert dict(section.pairs)["Area"] == "800 m²"
