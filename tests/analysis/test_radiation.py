import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.analysis import perez, radiation
from twin.analysis.radiation import STEFAN_BOLTZMANN
from twin.analysis.surface_temperature import MATERIALS, exchange, shaded, sunlit_excess

AIR = {"day_of_year": 196, "air": 25.0, "humidity": 45.0}


def test_the_sun_is_nearest_in_january() -> None:
    assert radiation.extraterrestrial(3) == pytest.approx(1361 * 1.035, rel=0.002)
    assert radiation.extraterrestrial(185) == pytest.approx(1361 * 0.967, rel=0.002)


def test_saturated_air_at_twenty_degrees_holds_23_hectopascal() -> None:
    assert radiation.vapour_pressure(20, 100) == pytest.approx(23.4, abs=0.2)
    assert radiation.dew_point(25, 100) == pytest.approx(25, abs=1e-6)
    assert radiation.dew_point(25, 50) == pytest.approx(13.9, abs=0.2)


def test_a_clear_summer_noon_in_helsinki_brings_some_800_watts() -> None:
    found = radiation.clear_sky(51, latitude=60, pressure=1013, **AIR)
    assert 720 < found < 860
    assert radiation.clear_sky(-1, latitude=60, pressure=1013, **AIR) == 0


def test_diffuse_shares_are_those_of_reindl() -> None:
    # worked by hand from eqs 2-4 with sin 45°, 25 °C and 45 %
    height, extra = math.sin(math.radians(45)), radiation.extraterrestrial(196)
    for kt, share in ((0.2, 0.9622), (0.5, 0.6181), (0.8, 0.2801)):
        found = radiation.diffuse(kt * extra * height, 45, **AIR)
        assert found / (kt * extra * height) == pytest.approx(share, abs=0.001)


@given(st.floats(0, 1200), st.floats(-5, 60), st.floats(-20, 35), st.floats(5, 100))
@settings(max_examples=50, deadline=None)
def test_diffuse_is_a_part_of_the_whole(whole: float, altitude: float, air: float, humidity: float) -> None:
    found = radiation.diffuse(whole, altitude, day_of_year=100, air=air, humidity=humidity)
    assert 0 <= found <= whole


def test_moist_and_cloudy_skies_glow_more() -> None:
    dry, moist = radiation.sky_emissivity(25, 20), radiation.sky_emissivity(25, 90)
    assert 0.6 < dry < moist < 1
    assert radiation.sky_emissivity(25, 20, 0.5) == pytest.approx((dry + 1) / 2)
    assert radiation.sky_emissivity(25, 20, 0.0) == 1


def test_a_sky_that_glows_unevenly_sends_as_much() -> None:
    altitude = np.linspace(0.05, 89.95, 1800)
    weight = np.sin(np.radians(altitude)) * np.cos(np.radians(altitude))
    glow = radiation.sky_glow(0.75, altitude)
    assert (glow * weight).sum() / weight.sum() == pytest.approx(0.75, abs=0.003)
    assert glow[0] > glow[900] > glow[-1]


def test_a_clear_sky_is_brightest_by_the_sun_and_an_overcast_one_overhead() -> None:
    altitude, azimuth = np.meshgrid(np.arange(3, 90, 6.0), np.arange(0, 360, 10.0))
    sun = {"sun_altitude": 45.0, "sun_azimuth": 180.0, "day_of_year": 196}
    clear = perez.brightness(altitude, azimuth, diffuse=90, direct=850, **sun)
    best = np.unravel_index(clear.argmax(), clear.shape)
    assert abs(azimuth[best] - 180) <= 10
    assert abs(altitude[best] - 45) <= 9
    overcast = perez.brightness(altitude, azimuth, diffuse=200, direct=0, **sun)
    assert overcast[:, -1].mean() > 1.5 * overcast[:, 0].mean()
    assert (clear >= 0).all()
    assert np.isfinite(overcast).all()


@given(st.floats(0.1, 60), st.floats(0, 600), st.floats(0, 1100), st.integers(1, 365))
@settings(max_examples=50, deadline=None)
def test_every_sky_has_a_finite_brightness(altitude: float, diffuse: float, direct: float, day: int) -> None:
    found = perez.brightness(
        np.arange(1, 90, 8.0),
        np.arange(0, 360, 30.0)[:, None],
        sun_altitude=altitude,
        sun_azimuth=200,
        diffuse=diffuse,
        direct=direct,
        day_of_year=day,
    )
    assert np.isfinite(found).all()
    assert (found >= 0).all()


def test_asphalt_in_full_sun_warms_as_the_published_curve() -> None:
    day = {"sunrise": 5.0, "highest_sun": 55.0, "clearness": 1.0}
    asphalt = MATERIALS["asphalt"]
    assert sunlit_excess(asphalt, hour=15.0, **day) == pytest.approx(0.58 * 55 - 9.78)
    assert sunlit_excess(asphalt, hour=10.0, **day) == pytest.approx(
        (0.58 * 55 - 9.78) * math.sin(math.pi / 4)
    )
    assert sunlit_excess(asphalt, hour=4.0, **day) == 0
    assert sunlit_excess(MATERIALS["water"], hour=12.0, **day) == 0


def hours() -> np.ndarray:
    return (np.arange(24) + 0.5) * 3600


def test_shade_keeps_the_cool_of_the_night_and_the_warmth_of_the_day() -> None:
    seconds = hours()
    air = 20 - 6 * np.cos(2 * np.pi * (seconds / 3600 - 3) / 24)  # warmest at 15
    stone = MATERIALS["cobblestone"]
    answer = {"gain": np.zeros(24), "coefficient": exchange(2.0)}
    noon, _ = shaded(stone, seconds, air, at=14 * 3600.0, **answer)
    night, _ = shaded(stone, seconds, air, at=4 * 3600.0, **answer)
    assert noon < 25.8
    assert night > 14.2
    mean = np.mean([shaded(stone, seconds, air, at=t, **answer)[0] for t in seconds])
    assert mean == pytest.approx(20, abs=0.01)


def test_a_thin_skin_follows_at_once_and_water_hardly_at_all() -> None:
    seconds = hours()
    air = 20 + 6 * np.sin(2 * np.pi * seconds / 86400)
    answer = {"gain": np.zeros(24), "at": 6 * 3600.0, "coefficient": 12.0}
    paper = MATERIALS["asphalt"].__class__(0.2, 0.95, 0.4, -3, 15, 1.0)
    assert shaded(paper, seconds, air, **answer)[0] == pytest.approx(26, abs=0.1)
    assert shaded(MATERIALS["water"], seconds, air, **answer)[0] == pytest.approx(20, abs=0.1)


def test_of_a_part_of_a_day_shade_is_as_warm_as_the_air() -> None:
    seconds = hours()[8:18]
    air = np.linspace(15, 24, 10)
    found = shaded(MATERIALS["asphalt"], seconds, air, np.zeros(10), at=float(seconds[4]), coefficient=12.0)
    assert found == (pytest.approx(air[4]), 0)


def test_a_gain_of_a_watt_by_degree_warms_by_a_degree() -> None:
    _, by_sky = shaded(
        MATERIALS["asphalt"], hours(), np.full(24, 20.0), np.full(24, -50.0), at=0.0, coefficient=10.0
    )
    assert by_sky == pytest.approx(-5)
    assert pytest.approx(5.67e-8, rel=1e-3) == STEFAN_BOLTZMANN


def test_no_beam_is_stronger_than_through_the_clearest_air() -> None:
    assert radiation.clearest_beam(90, day_of_year=196) == pytest.approx(1030, abs=40)
    assert radiation.clearest_beam(10, day_of_year=196) == pytest.approx(640, abs=60)
    assert radiation.clearest_beam(0, day_of_year=196) < 250
    found = [radiation.clearest_beam(height, day_of_year=100) for height in np.arange(0, 90, 2.0)]
    assert found == sorted(found)
