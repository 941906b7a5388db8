"""Outlines that a GIS copied are areas in local metres."""

import json

import numpy as np
import pytest
from shapely import box

from twin.formats.lonlat import LonLat
from twin.formats.outlines import outlines
from twin.model.place import Place

PLACE = Place("EPSG:3879", (25496500.0, 6673000.0, 0.0), 24.94, 60.17, "Europe/Helsinki")
YARD = box(10, 20, 40, 50)


def polygon() -> dict[str, object]:
    rings = [LonLat(PLACE).lonlat(np.array(YARD.exterior.coords)).tolist()]
    return {"type": "Polygon", "coordinates": rings}


@pytest.mark.parametrize("how", ["geometry", "feature", "collection", "several parts"])
def test_geojson_is_in_degrees(how: str) -> None:
    feature = {"type": "Feature", "properties": {"name": "Plot"}, "geometry": polygon()}
    text = {
        "geometry": polygon(),
        "feature": feature,
        "collection": {"type": "FeatureCollection", "features": [feature]},
        "several parts": {"type": "MultiPolygon", "coordinates": [polygon()["coordinates"]]},
    }[how]
    (found,) = outlines(json.dumps(text), PLACE)
    assert found.symmetric_difference(YARD).area < 0.1


@pytest.mark.parametrize("east", [25496500, 0])
def test_lines_of_a_table_have_their_shape_in_some_column(east: int) -> None:
    wkt = "PolygonZ ((25496510 6673020 3, 25496540 6673020 3, 25496540 6673050 3, 25496510 6673020 3))"
    if not east:
        degrees = LonLat(PLACE).lonlat(np.array([(10, 20), (40, 20), (40, 50.0)])).tolist()
        ring = ", ".join(f"{x:.9f} {y:.9f}" for x, y in (*degrees, degrees[0]))
        wkt = f"POLYGON (({ring}))"
    (found,) = outlines(f"wkt_geom\tid\tname\n{wkt}\t7\tPlot\n", PLACE)
    assert found.area == pytest.approx(450, rel=1e-3)
    assert found.bounds == pytest.approx((10, 20, 40, 50), abs=0.01)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Polygons are areas.",
        "[1, 2]",
        '{"type": "Point", "coordinates": [24.9, 60.1]}',
        '{"type": "Feature", "geometry": null}',
        '{"type": "FeatureCollection", "features": 3}',
        "POLYGON ((500 600, 540 650, 540 600, 500 650, 500 600))",
        "POLYGON ((1 2, 3",
    ],
)
def test_what_is_no_area_is_nothing(text: str) -> None:
    assert outlines(text, PLACE) == ()
