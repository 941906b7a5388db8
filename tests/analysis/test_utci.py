import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.analysis.utci import AIR, CLASSES, EXCESS, WIND, saturation, stress, utci, utci_map

GOLDEN = Path(__file__).parents[2].parent / "shared" / "data" / "heat" / "golden_umep_reference.npz"
OTHER = """
import sys
from pathlib import Path
import numba, numpy
# its formulas as they stand: to make machine code of all its models takes half a minute
numba.vectorize = lambda *_, **__: numpy.vectorize
from pythermalcomfort.models import utci
air, radiant, wind, humidity = numpy.load(Path(sys.argv[1]) / "inputs.npy")
given = dict(tdb=air, tr=radiant, v=wind, rh=humidity)
numpy.save(Path(sys.argv[1]) / "outputs.npy", utci(**given, limit_inputs=False, round_output=False).utci)
"""


def test_a_thousand_inputs_agree_with_another_implementation(tmp_path: Path) -> None:
    if not find_spec("pythermalcomfort"):
        pytest.skip("pythermalcomfort is not installed")
    draw = np.random.default_rng(7)
    air = draw.uniform(-40, 45, 1000)
    radiant, wind = air + draw.uniform(-25, 65, 1000), draw.uniform(0.5, 16, 1000)
    humidity = draw.uniform(5, 100, 1000)
    found = utci(air, radiant, wind, humidity)
    np.save(tmp_path / "inputs.npy", (air, radiant, wind, humidity))
    subprocess.run([sys.executable, "-c", OTHER, tmp_path], check=True)
    expected = np.load(tmp_path / "outputs.npy")
    rated = np.isfinite(found)
    assert rated.sum() > 900
    assert np.abs(found - expected)[rated].max() < 0.1


@pytest.mark.skipif(not GOLDEN.exists(), reason="the reference arrays of UMEP are not here")
def test_it_agrees_with_the_reference_arrays_of_umep() -> None:
    with np.load(GOLDEN) as arrays:
        points, expected = arrays["utci_single_point__inputs"], arrays["utci_single_point__outputs"]
        air, humidity, radiant, wind = points.T
        blowing = wind >= WIND[0]
        found = utci(air, radiant, wind, humidity)
        assert found[blowing] == pytest.approx(expected[blowing], abs=0.01)
        grid = utci(25.0, arrays["utci_grid_tmrt"], arrays["utci_grid_va"], 50.0)
        assert np.abs(grid - arrays["utci_grid_output"]).max() < 0.01


def test_reference_conditions_feel_as_they_are() -> None:
    # radiant as air, 0.5 m/s at 10 m, 50 % humidity: by definition the index is the air temperature, and the
    # polynomial is known to keep that within its error of 1.1 K
    for air in (0.0, 10.0, 20.0, 28.0):
        assert float(utci(air, air, 0.5, 50.0)) == pytest.approx(air, abs=1.5)


def test_water_boils_at_a_hundred_degrees() -> None:
    assert float(saturation(100.0)) == pytest.approx(101.4, abs=0.3)
    assert float(saturation(20.0)) == pytest.approx(2.339, abs=0.001)


def test_a_grid_in_one_air_is_the_same() -> None:
    radiant = np.linspace(5, 75, 50, dtype=np.float32).reshape(5, 10)
    assert np.abs(utci_map(27.0, radiant, 1.5, 45.0) - utci(27.0, radiant, 1.5, 45.0)).max() < 1e-3


def test_less_wind_than_half_a_metre_is_taken_for_half_a_metre() -> None:
    assert float(utci(30, 50, 0.0, 40)) == float(utci(30, 50, WIND[0], 40))


@pytest.mark.parametrize(
    ("air", "radiant", "wind", "humidity"),
    [
        (AIR[1] + 1, 60, 1, 20),
        (AIR[0] - 1, -50, 1, 50),
        (20, 20 + EXCESS[1] + 1, 1, 50),
        (20, 20 + EXCESS[0] - 1, 1, 50),
        (20, 30, WIND[1] + 1, 50),
        (20, 30, 1, 101),
        (45, 50, 1, 90),
        (float("nan"), 30, 1, 50),
    ],
)
def test_outside_its_range_nothing_is_rated(air: float, radiant: float, wind: float, humidity: float) -> None:
    assert np.isnan(utci(air, radiant, wind, humidity))
    assert np.isnan(utci_map(air, np.array([radiant], dtype=np.float32), wind, humidity)).all()


@given(st.floats(15, 38), st.floats(0, 40), st.floats(0.5, 10), st.floats(20, 70))
@settings(deadline=None)
def test_more_radiation_never_feels_cooler(air: float, excess: float, wind: float, humidity: float) -> None:
    found = utci(air, [air + excess, air + excess + 5], wind, humidity)
    assert np.isnan(found).any() or found[1] >= found[0]


def test_classes_begin_where_cost_730_says() -> None:
    assert stress(46.1) == "extreme heat stress"
    assert stress(38.0) == "strong heat stress"
    assert stress(26.5) == "moderate heat stress"
    assert stress(20.0) == "no thermal stress"
    assert stress(-41.0) == "extreme cold stress"
    assert stress(float("nan")) == ""
    assert [low for low, _ in CLASSES] == sorted((low for low, _ in CLASSES), reverse=True)
