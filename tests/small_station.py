"""A station area of a dozen houses that is made in a moment, for tests that need a whole project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from shapely import LineString, MultiPoint, Point, box
from shapely.geometry.base import BaseGeometry

from twin.analysis.extrude import block
from twin.model import table
from twin.model.city import City, CityObject, from_objects
from twin.model.heard import Heard
from twin.model.layer import Layer, Style
from twin.model.place import Place
from twin.model.project import Project, Source
from twin.model.scenario import AddBuilding, ChangeGround, PlantTrees, Remove, Scenario
from twin.model.sensor import Datastream, Latest, Station
from twin.model.state import State
from twin.scene.camera import looking
from twin.scene.scene import Scene
from twin.session.session import Session

PLACE = Place("EPSG:3879", (25_496_000.0, 6_673_000.0, 0.0), 24.94, 60.17, "Europe/Helsinki", "ground")
NOON = datetime(2026, 7, 15, 13, 0, tzinfo=ZoneInfo("Europe/Helsinki"))
TODAY = State("today", NOON)
VIEW = looking((0.0, -20.0, 0.0), heading=25.0, tilt=35.0, distance=420.0)
ATTRIBUTION = "© Contributors of the map, Open Database License"

HOUSES = (
    ("hall", box(-60, 20, 60, 55), 18.0, "transport", "gabled"),
    ("hotel", box(-150, 20, -100, 60), 32.0, "hotel", "flat"),
    ("shop", box(-150, -40, -90, -10), 14.0, "commercial", "flat"),
    ("office", box(90, 20, 150, 50), 42.0, "office", "flat"),
    ("school", box(90, -60, 120, -20), 12.0, "education", "hipped"),
    ("homes", box(130, -60, 150, -20), 21.0, "residential", "gabled"),
    ("church", box(-20, -150, 0, -110), 24.0, "religious", "pyramidal"),
)


def city() -> City:
    """Seven houses around a square."""
    return from_objects(
        PLACE,
        [
            CityObject(
                name,
                "Building",
                -1,
                {"name": name.title(), "use": use, "measuredHeight": height},
                block(footprint, base=0.0, height=height, roof=roof),
            )
            for name, footprint, height, use, roof in HOUSES
        ],
    )


def layer(
    name: str, shapes: list[BaseGeometry], style: Style, *, role: str = "", **columns: list[table.Value]
) -> Layer:
    """A layer whose ids are its name and a number."""
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    rows = [{"id": f"{name}.{i}", **{key: c[i] for key, c in columns.items()}} for i in range(len(shapes))]
    return Layer(name, name.title(), geometry, table.from_rows(rows), style, role, ATTRIBUTION)


def layers() -> tuple[Layer, ...]:
    """Ground, street, rails, trees and lamps."""
    return (
        layer(
            "ground",
            [box(-80, -100, 80, 10), box(-180, -180, -60, -110)],
            Style("#dddddd", order=1),
            role="ground",
            surface=["paving_stones", "grass"],
        ),
        layer("water", [box(60, -180, 180, -110)], Style("#b5d3e2", order=2)),
        layer("street", [LineString([(-190, -5), (190, -5)])], Style("#d3d0cb", width=8.0, order=3)),
        layer(
            "rails",
            [LineString([(x, 60), (x, 190)]) for x in range(-40, 50, 10)],
            Style("#8a8178", width=1.6, order=4),
        ),
        layer(
            "trees",
            [Point(x, -85) for x in range(-70, 80, 20)],
            Style("#93b27c", glyph="tree", order=10),
            role="trees",
            height=[8.0 + i for i in range(8)],
            crown=[5.0] * 8,
        ),
        layer("lamps", [Point(x, 2) for x in (-60, -20, 20, 60)], Style("#777777", glyph="lamp", order=11)),
    )


SCENARIOS = (
    Scenario("today", "Today"),
    Scenario(
        "tower",
        "A tower on the square",
        illustrative=True,
        edits=(
            Remove("no shop", "The shop goes", ("shop",)),
            AddBuilding("tower", "The tower", box(-30, -60, 0, -30), 90.0, 24, "office"),
        ),
    ),
    Scenario(
        "green",
        "A green square",
        illustrative=True,
        edits=(
            ChangeGround("lawn", "A lawn", box(-70, -90, 70, 0), "grass"),
            PlantTrees(
                "grove",
                "A grove",
                MultiPoint([(x, y) for x in range(-60, 61, 15) for y in (-70, -55, -40)]),
                "Tilia",
                10.0,
                8.0,
            ),
        ),
    ),
)


def project(**changes: Any) -> Project:
    """The station, its layers and three scenarios."""
    made = Project(
        "Little Station",
        PLACE,
        city(),
        layers(),
        scenarios=SCENARIOS,
        sources=(Source("city", Path("city.gml"), -1, "", ATTRIBUTION),),
    )
    return replace(made, **changes)


def scene(**changes: Any) -> Scene:
    """The station in some state, with all results."""
    state = replace(TODAY, **{"camera": VIEW, **changes})
    session = Session(project(), state)
    session.close()
    return session.scene


def heard(observed: str = "air_temperature", values: Sequence[float] = (17.0, 24.5, 31.0, 36.0)) -> Heard:
    """Thermometers around the square, one a value; the first fell silent."""
    count = len(values)
    streams = tuple(
        Datastream(f"made/{i}", Station(f"made/{i}", str(i), 24.94, 60.17), observed, "°C")
        for i in range(count)
    )
    times = np.full(count, NOON.timestamp() - 60.0)
    shown = Latest(
        tuple(stream.id for stream in streams),
        times,
        times,
        np.array(values),
        np.zeros(count, dtype=np.uint8),
        np.arange(count) == 0,
    )
    places = np.column_stack([np.linspace(-120.0, 120.0, count), np.full(count, -5.0), np.full(count, 3.0)])
    none: Any = None  # what nobody asks for here
    return Heard(streams, places, lambda _ids, _at: shown, none, none, sources={"made": "Somebody, CC0"})
