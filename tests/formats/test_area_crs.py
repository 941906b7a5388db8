"""Coordinates are chosen by place, and land where the formulas of the grids put them."""

import math

import pytest
from pyproj import Transformer

from twin.errors import TwinError
from twin.formats.area_crs import circle, crs_for, place_for
from twin.formats.crs_area import from_degrees

A, F = 6378137.0, 1 / 298.257222101  # GRS 80


@pytest.mark.parametrize(
    ("latitude", "longitude", "crs"),
    [
        (61.4985, 23.7735, "EPSG:3878"),
        (60.1719, 24.9414, "EPSG:3879"),
        (60.2055, 24.6559, "EPSG:3879"),
        (59.4401, 24.7370, "EPSG:3301"),
        (58.3850, 26.7100, "EPSG:3301"),
        (65.0115, 25.4840, "EPSG:3067"),
        (59.3300, 18.0580, "EPSG:3006"),
        (44.1450, 12.2490, "EPSG:25833"),
        (48.1488, 11.5680, "EPSG:25832"),
        (40.7527, -73.9772, "EPSG:32618"),
        (-33.8830, 151.2060, "EPSG:32756"),
    ],
)
def test_a_place_is_in_the_grid_of_its_city_or_country(latitude: float, longitude: float, crs: str) -> None:
    assert crs_for(latitude, longitude)[0] == crs
    place, why = place_for(latitude, longitude)
    assert place.crs == crs
    assert why
    assert abs(place.latitude - latitude) < 0.001
    assert all(number % 100 == 0 for number in place.origin)


def transverse_mercator(
    lat: float, lon: float, middle: float, scale: float, false_east: float
) -> list[float]:
    """Easting and northing by the series of JHS 197, annex C."""
    n = F / (2 - F)
    radius = A / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    h = (
        n / 2 - 2 / 3 * n**2 + 5 / 16 * n**3 + 41 / 180 * n**4,
        13 / 48 * n**2 - 3 / 5 * n**3 + 557 / 1440 * n**4,
        61 / 240 * n**3 - 103 / 140 * n**4,
        49561 / 161280 * n**4,
    )
    e = math.sqrt(2 * F - F**2)
    phi, lam = math.radians(lat), math.radians(lon - middle)
    q = math.asinh(math.tan(phi)) - e * math.atanh(e * math.sin(phi))
    beta = math.atan(math.sinh(q))
    eta0 = math.atanh(math.cos(beta) * math.sin(lam))
    xi0 = math.asin(math.sin(beta) * math.cosh(eta0))
    xi = xi0 + sum(c * math.sin(2 * k * xi0) * math.cosh(2 * k * eta0) for k, c in enumerate(h, 1))
    eta = eta0 + sum(c * math.cos(2 * k * xi0) * math.sinh(2 * k * eta0) for k, c in enumerate(h, 1))
    return [radius * eta * scale + false_east, radius * xi * scale]


def lambert_estonia(lat: float, lon: float) -> list[float]:
    """Easting and northing of L-EST97: a conformal cone through 58° and 59°20' (Snyder 1987, chapter 15)."""
    e = math.sqrt(2 * F - F**2)

    def m(phi: float) -> float:
        return math.cos(phi) / math.sqrt(1 - e**2 * math.sin(phi) ** 2)

    def t(phi: float) -> float:
        turned = ((1 - e * math.sin(phi)) / (1 + e * math.sin(phi))) ** (e / 2)
        return math.tan(math.pi / 4 - phi / 2) / turned

    first, second = math.radians(58.0), math.radians(59 + 20 / 60)
    origin = math.radians(57.51755393055556)
    n = math.log(m(first) / m(second)) / math.log(t(first) / t(second))
    f = m(first) / (n * t(first) ** n)
    rho, rho0 = (A * f * t(phi) ** n for phi in (math.radians(lat), origin))
    turn = n * math.radians(lon - 24.0)
    return [500000.0 + rho * math.sin(turn), 6375000.0 + rho0 - rho * math.cos(turn)]


FINLAND = [(60.38510687, 19.84813677), (60.1719, 24.9414), (61.4985, 23.7735), (65.0115, 25.484)]
ESTONIA = [(59.4401, 24.737), (58.3806, 26.7251), (58.3859, 24.4971), (59.3772, 28.1903)]


@pytest.mark.parametrize("point", FINLAND)
@pytest.mark.parametrize(
    ("code", "middle", "scale", "false_east"),
    [(3067, 27.0, 0.9996, 5e5), (3878, 24.0, 1.0, 24.5e6), (3879, 25.0, 1.0, 25.5e6)],
)
def test_control_points_of_finland(
    point: tuple[float, float], code: int, middle: float, scale: float, false_east: float
) -> None:
    lat, lon = point
    found = from_degrees(f"EPSG:{code}").transform(lon, lat)
    assert found == pytest.approx(transverse_mercator(lat, lon, middle, scale, false_east), abs=0.1)


def test_the_control_point_that_jhs_197_prints() -> None:
    lat, lon = FINLAND[0]
    east, north = from_degrees("EPSG:3067").transform(lon, lat)
    assert (east, north) == pytest.approx((106256.3596, 6715706.3771), abs=0.1)


@pytest.mark.parametrize("point", ESTONIA)
def test_control_points_of_estonia(point: tuple[float, float]) -> None:
    lat, lon = point
    found = from_degrees("EPSG:3301").transform(lon, lat)
    assert found == pytest.approx(lambert_estonia(lat, lon), abs=0.1)


def test_swapped_degrees_are_named() -> None:
    with pytest.raises(TwinError, match=r"the two are swapped. Write the centre as 60.17,124.94"):
        place_for(124.94, 60.17)
    with pytest.raises(TwinError, match=r"EPSG:3879 .* Latitude comes first: 60.17,24.94"):
        place_for(24.94, 60.17, "EPSG:3879")


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:99999", "3879", "EPSG:abc"])
def test_a_crs_that_cannot_be_is_refused(crs: str) -> None:
    with pytest.raises(TwinError):
        place_for(60.17, 24.94, crs)


def test_the_circle_has_the_radius_on_the_ground() -> None:
    place, _ = place_for(61.4985, 23.7735)
    area = circle(place, 61.4985, 23.7735, 500.0)
    back = Transformer.from_crs(place.crs, 4326, always_xy=True)
    lon, lat = back.transform(*area.centroid.coords[0])
    assert (lat, lon) == pytest.approx((61.4985, 23.7735), abs=1e-6)
    assert area.area == pytest.approx(math.pi * 500**2, rel=0.001)
    with pytest.raises(TwinError, match="radius"):
        circle(place, 61.4985, 23.7735, 5.0)
