"""A project lies in a CRS whose metres are metres, around a round origin."""

import json
from pathlib import Path

import pytest
from pyproj import CRS

from twin.formats import vector_info
from twin.formats.place_near import in_true_metres, place_near, utm

HELSINKI = 24.94, 60.17


def test_the_origin_is_round_and_the_place_near() -> None:
    place = place_near("EPSG:3879", *HELSINKI, height=3.0, heights="N2000")
    assert all(value % 100 == 0 for value in place.origin[:2])
    assert (place.longitude, place.latitude) == pytest.approx(HELSINKI, abs=2e-3)
    assert (place.crs, place.origin[2], place.height_system) == ("EPSG:3879", 3.0, "N2000")
    assert place.timezone == "Europe/Helsinki"


@pytest.mark.parametrize(
    ("code", "goal"),
    [
        (3879, "EPSG:3879"),
        (4326, "EPSG:32635"),  # degrees
        (2263, "EPSG:32635"),  # feet
        (3857, "EPSG:32635"),  # half metres
        (3785, "EPSG:32635"),
    ],
)
def test_what_has_no_true_metres_goes_to_utm(code: int, goal: str) -> None:
    assert in_true_metres(CRS.from_epsg(code), code, *HELSINKI) == goal


def test_zones_go_around_the_earth() -> None:
    assert [utm(longitude, 10.0) for longitude in (-180.0, 0.0, 179.9, 180.0)] == [32601, 32631, 32660, 32601]
    assert utm(24.94, -10.0) == 32735


def test_a_vector_file_in_web_mercator_is_measured_in_true_metres(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"

    ring = [[[2_776_000 + x, 8_438_000 + y] for x, y in ((0, 0), (200, 0), (200, 200), (0, 0))]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": ring}}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": [feature]}))
    assert vector_info.place_of(path).crs == "EPSG:32635"
