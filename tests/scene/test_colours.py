"""How values become colours."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.scene.colours import (
    GROUND_COLOURS,
    USE_COLOURS,
    Classes,
    Ramp,
    class_colours,
    ramp_colours,
    rgb,
    stops,
)


@pytest.mark.parametrize("name", ["batlow", "lajolla", "oslo", "vik"])
def test_ramps_have_256_colours(name: str) -> None:
    assert stops(name).shape == (256, 3)


def test_an_unknown_ramp_is_refused() -> None:
    with pytest.raises(ValueError, match="no colour ramp"):
        stops("rainbow")


@given(st.floats(-1e6, 1e6))
def test_values_beyond_the_ends_take_the_end_colours(value: float) -> None:
    ramp = Ramp("batlow", 0.0, 10.0)
    colour = ramp_colours(ramp, np.array([value]))[0]
    if value <= 0:
        assert (colour == stops("batlow")[0]).all()
    if value >= 10:
        assert (colour == stops("batlow")[255]).all()


def test_a_reversed_ramp_runs_the_other_way() -> None:
    there = ramp_colours(Ramp("oslo", 0, 1), np.array([0.0]))
    back = ramp_colours(Ramp("oslo", 0, 1, reversed=True), np.array([1.0]))
    assert (there == back).all()


def test_unknown_names_take_the_colour_of_other() -> None:
    scale = Classes(tuple(USE_COLOURS.items()))
    names = np.array(["office", None, "observatory"], dtype=object)
    found = class_colours(scale, names)
    assert (found[1] == found[2]).all()
    assert not (found[0] == found[1]).all()


@pytest.mark.parametrize("colours", [USE_COLOURS, GROUND_COLOURS])
def test_class_colours_differ(colours: dict[str, str]) -> None:
    assert len({rgb(c) for c in colours.values()}) == len(colours)
