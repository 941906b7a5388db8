"""What lies on the ground ends at the rim of a pit."""

import numpy as np
import pytest
from shapely import Polygon, box

from twin.model.pit import Pit
from twin.render.opened import floors, opened

SQUARE = np.array([(0.0, 0.0, 0.0), (10.0, 0.0, 10.0), (10.0, 10.0, 10.0), (0.0, 10.0, 0.0)])
FACES = np.array([[0, 1, 2], [0, 2, 3]])
PIT = Pit("p", box(3, 3, 5, 7), Polygon([(3, 3, -2), (5, 3, -2), (5, 7, -3), (3, 7, -3)]))


def areas(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    a, b, c = (points[triangles[:, corner], :2] for corner in range(3))
    return np.abs((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2


def test_just_the_pit_is_missing_and_all_else_stays_on_its_plane() -> None:
    points, triangles, of = opened(SQUARE, FACES, (PIT,))
    assert areas(points, triangles).sum() == pytest.approx(100 - 8)
    assert points[:, 2] == pytest.approx(points[:, 0])
    middle = points[triangles].mean(axis=1)
    assert not ((middle[:, 0] > 3) & (middle[:, 0] < 5) & (middle[:, 1] > 3) & (middle[:, 1] < 7)).any()
    assert set(of) == {0, 1}
    assert ((middle[:, 1] < middle[:, 0]) == (of == 0)).all(), "each piece knows what it was a part of"


@pytest.mark.parametrize("pits", [(), (Pit("far", box(50, 50, 60, 60), box(50, 50, 60, 60)),)])
def test_what_no_pit_touches_is_as_it_was(pits: tuple[Pit, ...]) -> None:
    points, triangles, of = opened(SQUARE, FACES, pits)
    assert points is SQUARE
    assert (triangles.tolist(), of.tolist()) == (FACES.tolist(), [0, 1])


def test_floors_are_as_deep_as_their_corners() -> None:
    points, triangles = floors((PIT,))
    assert areas(points, triangles).sum() == pytest.approx(8)
    assert points[:, 2] == pytest.approx(np.where(points[:, 1] > 5, -3, -2))
