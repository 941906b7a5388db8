"""The colours that are looked up are those that would be worked out."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twin.render.paint import ELSEWHERE, FOOT_SHADE, ON_ROOF
from twin.render.shell import DARKEST, STEP, STEPS, Shell, index, join, palette

CHANNEL = st.integers(0, 255)


@given(
    st.lists(st.tuples(CHANNEL, CHANNEL, CHANNEL), min_size=1, max_size=9),
    st.floats(FOOT_SHADE * ELSEWHERE, ON_ROOF),
)
def test_a_looked_up_colour_is_the_shaded_one(colours: list[tuple[int, int, int]], light: float) -> None:
    owner = np.arange(len(colours))
    table = palette(np.array(colours, float))
    found = table[index(owner, np.full(len(colours), light))].view(np.uint8).reshape(-1, 4)
    expected = np.clip(np.array(colours) * light, 0, 255)
    assert np.abs(found[:, :3] - expected).max() <= 1 + 255 * STEP / 2
    assert (found[:, 3] == 255).all()


def test_all_that_is_bright_has_a_step() -> None:
    assert DARKEST <= FOOT_SHADE * ELSEWHERE
    assert DARKEST + STEP * (STEPS - 1) >= ON_ROOF - 1e-9


def test_joined_shells_count_their_points_through() -> None:
    points = np.array([(0, 0, 0), (1, 0, 0), (0, 1, 0)], np.float32)
    one = Shell(
        points,
        points,
        np.array([(0, 1, 2)], np.int32),
        np.array([0], np.int32),
        np.zeros(3, np.int32),
    )
    both = join(one, one)
    assert both.triangles.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert len(both.points) == len(both.index) == 6
