"""Ways between coordinate systems are found once, easting first."""

import pytest
from pyproj import CRS
from pyproj.exceptions import CRSError

from twin.model.transformation import transformation


def test_a_way_is_searched_once_however_its_ends_are_named_again() -> None:
    assert transformation("EPSG:3067", "EPSG:3879") is transformation("EPSG:3067", "EPSG:3879")
    assert transformation(CRS.from_epsg(3067), 4326) is transformation(CRS.from_epsg(3067), 4326)


def test_eastings_and_longitudes_come_first() -> None:
    east, north = transformation(4326, "EPSG:3067").transform(27.0, 60.0)
    assert (east, north) == pytest.approx((500_000.0, 6_651_411.0), abs=1.0)


def test_what_is_no_crs_is_refused() -> None:
    with pytest.raises(CRSError):
        transformation("EPSG:999999", 4326)
