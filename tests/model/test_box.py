import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.model.box import box


@settings(max_examples=30)
@given(st.lists(st.tuples(*[st.floats(-1e9, 1e9)] * 3), min_size=1, max_size=9))
def test_a_box_is_the_least_around_its_points(listed: list[tuple[float, float, float]]) -> None:
    points = np.array(listed)
    low, high = box(points)
    assert low.tolist() == points.min(axis=0).tolist()
    assert high.tolist() == points.max(axis=0).tolist()
    assert [corner.tolist() for corner in box(points[:, :2])] == [low[:2].tolist(), high[:2].tolist()]


def test_there_is_no_box_around_nothing() -> None:
    with pytest.raises(ValueError, match="zero-size"):
        box(np.zeros((0, 3)))
