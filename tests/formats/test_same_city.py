"""The same city in many formats is one city."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from twin.formats import citygml_tree, cityjson
from twin.formats.report import Report
from twin.model.city import SURFACE_TYPES, City
from twin.model.table import Value

HUNDRED = (
    "citygml/citygml4j/LOD2_Buildings_v100.gml",
    "citygml/citygml4j/lod2_buildings_v3.gml",
    "cityjson/citygml4j_LOD2_Buildings_old.json",
    "cityjson/citygml4j_lod2_buildings_v1_1.json",
    "cityjson/citygml4j_lod2_buildings_v2.json",
    "cityjson/citygml4j_lod2_buildings.city.jsonl",
)


def read(path: Path, crs: str) -> tuple[City, Report]:
    if not path.exists():
        pytest.skip(f"the real city model {path.name} is not there")
    reader = citygml_tree.read if "json" not in path.suffix else cityjson.read
    return reader(path, crs=crs)


def areas(city: City) -> dict[tuple[str, str], float]:
    """By object and type of surface. [m²]"""
    a, b, c = (city.vertices[city.triangles[:, k]] for k in range(3))
    found: dict[tuple[str, str], float] = {}
    size = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
    for surface, area in zip(city.triangle_surface.tolist(), size.tolist(), strict=True):
        key = city.object_id[city.surface_object[surface]], SURFACE_TYPES[city.surface_type[surface]]
        found[key] = found.get(key, 0.0) + area
    return found


def facing(city: City) -> dict[str, float]:
    """Which way the surfaces of each type face, summed: upwards. [m²]"""
    a, b, c = (city.vertices[city.triangles[:, k]] for k in range(3))
    up = np.cross(b - a, c - a)[:, 2] / 2
    sums = np.bincount(city.surface_type[city.triangle_surface], up, len(SURFACE_TYPES))
    return dict(zip(SURFACE_TYPES, sums.round(3).tolist(), strict=True))


def common(row: dict[str, Value]) -> dict[str, Any]:
    """What every one of the formats can say; old ones have years where new ones have dates."""
    names = ("class", "roofType", "measuredHeight", "storeysAboveGround", "storeysBelowGround")
    lists = ("storeyHeightsAboveGround", "storeyHeightsBelowGround")
    found: dict[str, Any] = {name: row[name] for name in (*names, *lists)}
    for event in ("Construction", "Demolition"):
        found[event] = str(row.get(f"yearOf{event}") or row[f"dateOf{event}"])[:4]
    return found


@pytest.mark.parametrize("name", HUNDRED[1:])
def test_a_hundred_buildings_are_the_same_in_every_format(name: str, shared_data: Path) -> None:
    first, _ = read(shared_data / HUNDRED[0], "EPSG:3068")
    city, report = read(shared_data / name, "EPSG:3068")
    assert report.objects == {"Building": 100}
    assert report.surfaces == {"GroundSurface": 100, "WallSurface": 400, "RoofSurface": 200}
    assert set(city.object_id) == set(first.object_id)
    assert facing(city) == pytest.approx(facing(first))
    mine, theirs = areas(city), areas(first)
    assert mine.keys() == theirs.keys()
    assert all(mine[key] == pytest.approx(theirs[key], abs=1e-6) for key in theirs)
    there = first.rows
    for row, own in enumerate(city.object_id):
        assert common(city.attributes.row(row)) == common(first.attributes.row(there[own]))


def test_a_hundred_buildings_are_not_mirrored(shared_data: Path) -> None:
    city, report = read(shared_data / "citygml/citygml4j/lod2_buildings_v3.gml", "")
    assert "easting, northing; both orders fit, but only so roofs face up" in report.crs_source
    assert facing(city)["RoofSurface"] > 0 > facing(city)["GroundSurface"]


def test_the_hague_is_the_same_in_citygml_and_cityjson(shared_data: Path) -> None:
    gml, said = read(shared_data / "citygml/denhaag/DenHaag_01.xml", "")
    json, told = read(shared_data / "cityjson/DenHaag_01.json", "EPSG:28992")
    assert set(gml.object_id) - set(json.object_id) == {gml.object_id[gml.object_type == "ReliefFeature"][0]}
    assert said.surfaces == told.surfaces
    assert (said.polygons, said.triangles) == (told.polygons, told.triangles)
    mine, theirs = areas(gml), areas(json)
    # CityJSON rounds to millimetres
    assert mine.keys() == theirs.keys()
    assert all(mine[key] == pytest.approx(theirs[key], rel=1e-3, abs=0.1) for key in theirs)
    there = json.rows
    for own, row in gml.rows.items():
        if gml.object_type[row] == "BuildingPart":
            assert gml.object_id[gml.object_parent[row]] == json.object_id[json.object_parent[there[own]]]
            said_of = gml.attributes.row(row)
            told_of = json.attributes.row(there[own])
            said_of.pop("name")
            assert said_of == told_of
