from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from twin.analysis.design_day import design_day
from twin.analysis.heat_moment import Climate
from twin.analysis.radiation import KELVIN, STEFAN_BOLTZMANN
from twin.analysis.roof_heat import CONVECTION, absorbed, roof_temperature
from twin.analysis.surface_temperature import MATERIALS
from twin.model.place import Place

HELSINKI = Place("EPSG:3879", (0.0, 0.0, 0.0), 24.94, 60.17, "Europe/Helsinki")
CLIMATE = Climate(design_day(HELSINKI, date(2026, 7, 15)), HELSINKI)
DAY = [CLIMATE.at(datetime(2026, 7, 14, 21, tzinfo=UTC).timestamp() + hour * 3600) for hour in range(24)]
NOON = DAY[13]


def test_a_roof_settles_where_it_gives_off_what_it_takes_up() -> None:
    found = roof_temperature(NOON, albedo=0.18)
    sky = NOON.emissivity * STEFAN_BOLTZMANN * (NOON.air + KELVIN) ** 4
    taken = 0.82 * NOON.global_radiation + 0.95 * sky
    given = 0.95 * STEFAN_BOLTZMANN * (found + KELVIN) ** 4 + CONVECTION * (found - NOON.air)
    assert taken == pytest.approx(given, rel=1e-9)
    assert 50 < found < 75


def test_a_light_roof_is_far_cooler_at_noon_and_the_same_at_night() -> None:
    assert roof_temperature(NOON, albedo=0.18) - roof_temperature(NOON, albedo=0.7) > 15
    assert roof_temperature(DAY[1], albedo=0.18) == roof_temperature(DAY[1], albedo=0.7) < DAY[1].air


def test_what_a_light_roof_does_not_take_up_is_the_change_of_albedo_times_the_sun() -> None:
    sun = sum(moment.global_radiation for moment in DAY) / 1000
    saved = absorbed(DAY, albedo=0.18) - absorbed(DAY, albedo=0.70)
    assert saved == pytest.approx(0.52 * sun)
    assert 6 < sun < 9


@pytest.mark.parametrize("albedo", [-0.1, 1.2])
def test_an_albedo_that_cannot_be_is_refused(albedo: float) -> None:
    with pytest.raises(ValueError, match="no share of 1"):
        roof_temperature(NOON, albedo=albedo)
    with pytest.raises(ValueError, match="no share of 1"):
        absorbed(DAY, albedo=albedo)
    with pytest.raises(ValueError, match="is no share of 1"):
        replace(MATERIALS["asphalt"], albedo=albedo)
