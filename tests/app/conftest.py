"""A small station area for the panels: three blocks, trees, a street, ground, two plans."""

from __future__ import annotations

import faulthandler
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from held_work import Later
from shapely import LineString, MultiPoint, Point, box

from twin.analysis.extrude import block
from twin.model import city as cities
from twin.model import table
from twin.model.city import City, CityObject
from twin.model.layer import Layer, Style
from twin.model.place import Place
from twin.model.project import Project, Source
from twin.model.raster import Raster
from twin.model.scenario import AddBuilding, ChangeGround, PlantTrees, Remove, Scenario
from twin.model.state import State
from twin.session.session import Session

if TYPE_CHECKING:
    from desk import Desk

faulthandler.enable()

PLACE = Place("EPSG:3879", (25496500.0, 6673000.0, 0.0), 24.94, 60.17, "Europe/Helsinki", "ground")
NOON = datetime(2026, 6, 21, 12, 0, tzinfo=ZoneInfo("Europe/Helsinki"))


def objects(values: list[object]) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def small_city() -> City:
    hall = {
        "name": "Station hall",
        "use": "transport",
        "measuredHeight": 21.5,
        "height_source": "height tag",
        "storeysAboveGround": 4,
        "yearOfConstruction": 1919,
    }
    office = {"name": "Office", "use": "office", "measuredHeight": 18.0, "height_source": "default"}
    return cities.from_objects(
        PLACE,
        [
            CityObject("hall", "Building", -1, hall, block(box(0, 0, 40, 20), base=0.0, height=15.0)),
            CityObject(
                "hall-tower",
                "BuildingPart",
                0,
                {"measuredHeight": 21.5},
                block(box(40, 0, 48, 8), base=0.0, height=21.5),
            ),
            CityObject("office", "Building", -1, office, block(box(-40, 30, -10, 60), base=0.0, height=18.0)),
            CityObject(
                "kiosk",
                "Building",
                -1,
                {"measuredHeight": 4.0},
                block(box(60, 40, 66, 46), base=0.0, height=4.0),
            ),
        ],
    )


def small_layers() -> tuple[Layer, ...]:
    trees = [{"id": f"t{i}", "species": "linden", "height": 8.0 + i, "crown": 5.0} for i in range(4)]
    return (
        Layer(
            "ground",
            "Squares and lawns",
            objects([box(-60, -40, 60, -5), box(-60, -80, 0, -40)]),
            table.from_rows(
                [{"id": "g1", "surface": "paving_stones"}, {"id": "g2", "surface": "grass", "name": "Park"}]
            ),
            Style("#d9d2c5", order=1),
            "ground",
            "Drawn for the tests",
        ),
        Layer(
            "streets",
            "Streets",
            objects([LineString([(-80, -90), (80, -90)])]),
            table.from_rows([{"id": "s1", "name": "Main Street", "width": 6.5}]),
            Style("#c9c5bd", order=3),
        ),
        Layer(
            "trees",
            "Trees",
            objects([Point(-50 + 20 * i, -20) for i in range(4)]),
            table.from_rows(trees),
            Style("#4f7a3a", glyph="tree", order=9),
            "trees",
        ),
    )


def small_scenarios() -> tuple[Scenario, ...]:
    grid = MultiPoint([(-55 + 3.0 * i, -60) for i in range(34)])
    return (
        Scenario("today", "Today", "The station area as it stands."),
        Scenario(
            "towers",
            "Towers",
            "Two towers where the office and the kiosk stand, and what that does to the light in between.",
            True,
            (
                Remove("r1", "Office goes", ("office",)),
                AddBuilding("tower-1", "North tower", box(-40, 30, -20, 50), 62.0, 18, "office"),
                AddBuilding("tower-2", "South tower", box(55, 35, 70, 50), 48.0, 14, "hotel"),
            ),
        ),
        Scenario(
            "green",
            "Green square",
            "Lindens and grass instead of paving.",
            True,
            (
                PlantTrees("p1", "Lindens along the park", grid, "linden", 8.0, 5.0),
                ChangeGround("c1", "Square", box(-40, -38, 0, -8), "grass"),
            ),
        ),
    )


def small_project() -> Project:
    heat = Raster(
        np.linspace(18.0, 31.0, 600, dtype=np.float32).reshape(20, 30),
        -60.0,
        40.0,
        4.0,
        "heat",
        "Surface temperature",
        "°C",
        "Made for the tests",
    )
    sources = (
        Source("city", Path("/data/city.gml"), 12_000, "0" * 64, "© The tests, CC BY 4.0"),
        Source("noise", Path("/data/noise.gpkg"), 900, "1" * 64, "© A city", "noise.gpkg is missing."),
    )
    return Project(
        "Small station",
        PLACE,
        small_city(),
        small_layers(),
        (heat,),
        small_scenarios(),
        sources=sources,
    )


@pytest.fixture
def small_session() -> Session:
    return Session(small_project(), State("today", NOON))


@pytest.fixture
def later() -> Later:
    return Later()


@pytest.fixture
def slow_session(later: Later) -> Session:
    return Session(small_project(), State("today", NOON), executor=later)


@pytest.fixture
def project() -> Project:
    return small_project()


@pytest.fixture
def desk(helsinki: Path, tmp_path: Path) -> Iterator[Desk]:
    """Somebody at a window on a copy of the station area of Helsinki."""
    from desk import Desk  # here, because few tests have a window
    from real_window import opened

    shutil.copytree(helsinki.parent, tmp_path / "assets")
    shutil.copytree(helsinki.parent.parent / "scenarios", tmp_path / "scenarios")
    path = tmp_path / "assets" / helsinki.name
    with opened(path, tmp_path) as window:
        # what is drawn has to be where it was meant to be, and not at the corner of a kiosk near by
        assert window.pencil is not None
        window.pencil.set_snapping(False)
        yield Desk(window, path)
