"""Footprints, roads and lamps of cities become features, and what is wrong with them is named."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from shapely import Point, Polygon, box

from twin.errors import DataError
from twin.formats import area_sources
from twin.formats.area_crs import place_for
from twin.model.osm import HEIGHT

PLACE, _ = place_for(60.1719, 24.9414)
EAST, NORTH = PLACE.origin[:2]


def write(
    path: Path, shapes: list[shapely.Geometry], crs: str = "EPSG:3879", **columns: list[object]
) -> Path:
    pyogrio.raw.write(
        str(path),
        geometry=shapely.to_wkb(np.array(shapes, dtype=object)),
        field_data=[np.array(column, dtype=object) for column in columns.values()],
        fields=np.array(list(columns), dtype=object),
        geometry_type=shapes[0].geom_type,
        crs=crs,
    )
    return path


def square(east: float = 0.0, north: float = 0.0, side: float = 10.0) -> Polygon:
    return box(EAST + east, NORTH + north, EAST + east + side, NORTH + north + side)


def test_the_columns_of_footprints_say_height_storeys_and_roof(tmp_path: Path) -> None:
    path = write(
        tmp_path / "talot.gpkg",
        [square(), square(20), square(40)],
        kerrosluku=["4", None, "zero"],
        korkeus=[None, "12,5", None],
        roof_shape=["Gabled", None, None],
    )
    notes: Counter[str] = Counter()
    first, second, third = area_sources.features(path, PLACE, notes, footprints=True)
    assert first.tags["building:levels"] == "4"
    assert first.tags["roof:shape"] == "gabled"
    assert (second.tags["height"], second.tags[HEIGHT]) == ("12.5", "attribute korkeus")
    assert third.tags == {"building": "yes"}
    assert notes["footprints whose kerrosluku is no levels"] == 1


def test_swapped_axes_are_caught_and_named(tmp_path: Path) -> None:
    swapped = [Polygon([(y, x) for x, y in square().exterior.coords])]
    path = write(tmp_path / "swapped.gpkg", swapped, name=["a"])
    with pytest.raises(DataError, match="its axes are swapped: northing stands before easting"):
        area_sources.features(path, PLACE, Counter())
    degrees = write(tmp_path / "degrees.gpkg", [Point(60.17, 24.94)], "EPSG:3067", name=["a"])
    with pytest.raises(DataError, match="says EPSG:3067, but is in degrees"):
        area_sources.features(degrees, PLACE, Counter())


def test_degrees_among_metres_are_counted(tmp_path: Path) -> None:
    path = write(
        tmp_path / "mixed.gpkg",
        [Point(EAST, NORTH), Point(EAST, NORTH + 5), Point(24.94, 60.17)],
        n=["a"] * 3,
    )
    notes: Counter[str] = Counter()
    area_sources.features(path, PLACE, notes)
    assert notes["mixed.gpkg: features left out: in degrees among metres"] == 1


def test_a_bow_tie_is_mended_and_counted(tmp_path: Path) -> None:
    tie = Polygon([(EAST, NORTH), (EAST + 10, NORTH + 10), (EAST + 10, NORTH), (EAST, NORTH + 10)])
    path = write(tmp_path / "tie.gpkg", [tie], n=["a"])
    notes: Counter[str] = Counter()
    (found,) = area_sources.features(path, PLACE, notes, footprints=True)
    assert found.geometry.area == pytest.approx(50)
    assert sum(count for note, count in notes.items() if "crossed" in note) == 1


def test_a_shapefile_without_prj_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "bare.shp", [square()], n=["a"])
    path.with_suffix(".prj").unlink()
    with pytest.raises(DataError, match=r"does not say its coordinate system. .*\.prj"):
        area_sources.features(path, PLACE, Counter())


def test_lamps_stand_once_where_they_are_listed_twice(tmp_path: Path) -> None:
    path = tmp_path / "lights.json"
    place = {"lat": 60.1719, "lng": 24.9414, "count": 1}
    path.write_text(json.dumps({"max": 1, "data": [place, place, {**place, "lat": 60.172}, {"lat": "x"}]}))
    notes: Counter[str] = Counter()
    found = area_sources.lamps(path, PLACE, notes)
    assert len(found) == 2
    assert notes["lights.json: lamps at the same place as another"] == 1
    assert notes["lamps left out: without a position"] == 1
    with pytest.raises(DataError, match="has no positions"):
        path.write_text('{"data": []}')
        area_sources.lamps(path, PLACE, Counter())


def test_roads_with_osm_keys_speak_its_language(tmp_path: Path) -> None:
    line = shapely.LineString([(EAST, NORTH), (EAST + 50, NORTH)])
    path = write(tmp_path / "roads.gpkg", [line], highway=["tertiary"], name=["Road"])
    found = area_sources.features(path, PLACE, Counter())
    assert area_sources.speaks_osm(found)
    assert found[0].tags["highway"] == "tertiary"
