from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from twin.formats import tessellate_fast
from twin.formats.tessellate import tessellate

Made = tuple[NDArray[np.int32], NDArray[np.int32]]
Cut = Callable[[NDArray[np.float64], NDArray[np.int32], NDArray[np.int32]], Made]
WAYS = pytest.mark.parametrize("cut", [tessellate, tessellate_fast.tessellate], ids=["NumPy", "machine code"])


def placed(flat: NDArray[np.float64], tilt: NDArray[np.float64]) -> NDArray[np.float64]:
    """Corners on a plane in space, far from zero."""
    return np.column_stack([flat, flat @ tilt]) + np.array([690_000.0, 5_330_000.0, 500.0])


def star(rng: np.random.Generator, count: int, radius: float = 10.0) -> NDArray[np.float64]:
    angles = np.sort(rng.uniform(0, 2 * np.pi, count))
    if np.diff(angles, append=angles[0] + 2 * np.pi).max() > 3:
        angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.column_stack([np.cos(angles), np.sin(angles)]) * rng.uniform(radius / 2, radius, (count, 1))


def polygons(
    seed: int, count: int
) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.int32], list[float]]:
    """Corners, ring starts, surface of each ring, and the area of each surface."""
    rng = np.random.default_rng(seed)
    corners, lengths, surface, areas = [], [], [], []
    for k in range(count):
        tilt = rng.uniform(-1, 1, 2)
        outline = star(rng, int(rng.integers(3, 12)))
        rings = [outline]
        if rng.random() < 0.3:
            hole = star(rng, int(rng.integers(3, 6)), 2.0)[::-1]
            if shapely.Polygon(outline).buffer(-0.01).contains(shapely.Polygon(hole)):
                rings.append(hole)
        for ring in rings:
            corners.append(placed(ring, tilt))
            lengths.append(len(ring))
            surface.append(k)
        steep = np.sqrt(1 + tilt @ tilt)
        areas.append(shapely.Polygon(outline, rings[1:]).area * steep)
    starts = np.cumsum([0, *lengths]).astype(np.int32)
    return np.concatenate(corners), starts, np.array(surface, dtype=np.int32), areas


def area_of(corners: NDArray[np.float64], made: Made, count: int) -> NDArray[np.float64]:
    triangles, surface = made
    a, b, c = (corners[triangles[:, k]] for k in range(3))
    sizes = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
    return np.bincount(surface, sizes, minlength=count)


@WAYS
@given(seed=st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_triangles_have_the_area_of_their_polygon(cut: Cut, seed: int) -> None:
    corners, starts, surface, areas = polygons(seed, 12)
    made = cut(corners, starts, surface)
    assert (np.diff(made[1]) >= 0).all()
    np.testing.assert_allclose(area_of(corners, made, 12), areas, rtol=1e-6)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=30, deadline=None)
def test_both_ways_make_the_same_triangles(seed: int) -> None:
    corners, starts, surface, _ = polygons(seed, 12)
    for first, second in zip(
        tessellate(corners, starts, surface),
        tessellate_fast.tessellate(corners, starts, surface),
        strict=True,
    ):
        assert first.tolist() == second.tolist()


@WAYS
def test_polygons_without_area_give_no_triangles(cut: Cut) -> None:
    line = np.array([[0.0, 0, 0], [1, 0, 0], [2, 0, 0]])
    square = np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]])
    starts = np.array([0, 3, 7, 10], dtype=np.int32)
    corners = np.concatenate([line, square, line])
    triangles, surface = cut(corners, starts, np.array([0, 1, 2], dtype=np.int32))
    assert triangles.tolist() == [[3, 4, 5], [3, 5, 6]]
    assert surface.tolist() == [1, 1]


@WAYS
def test_no_polygons_give_no_triangles(cut: Cut) -> None:
    triangles, surface = cut(np.zeros((0, 3)), np.zeros(1, np.int32), np.zeros(0, np.int32))
    assert triangles.shape == (0, 3)
    assert surface.shape == (0,)


@WAYS
def test_a_polygon_keeps_its_sense(cut: Cut) -> None:
    notched = np.array([[0.0, 0], [4, 0], [4, 4], [2, 1], [0, 4]])
    for corners in (notched, notched[::-1]):
        points = placed(corners, np.array([0.5, 0.25]))
        triangles, _ = cut(points, np.array([0, 5], np.int32), np.array([0], np.int32))
        a, b, c = (points[triangles[:, k]] for k in range(3))
        up = np.cross(b - a, c - a)[:, 2]
        assert (up > 0).all() == (corners is notched)
        assert (up > 0).all() or (up < 0).all()
