"""A ray through a city in tiles finds what it meets first."""

from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray

from twin.model.city import City, triangle_object
from twin.render import tiles
from twin.render.trees import Trees, passed


def first_met(city: City, eye: NDArray[np.float64], along: NDArray[np.float64]) -> tuple[float, int] | None:
    """By looking at every triangle (Möller & Trumbore 1997)."""
    a, b, c = (city.vertices[city.triangles[:, i]] for i in range(3))
    p = np.cross(along, c - a)
    det = ((b - a) * p).sum(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        u = ((eye - a) * p).sum(1) / det
        q = np.cross(eye - a, b - a)
        v, t = (q @ along) / det, ((c - a) * q).sum(1) / det
    hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0) & (np.abs(det) > 1e-9)
    if not hit.any():
        return None
    nearest = int(np.argmin(np.where(hit, t, np.inf)))
    return float(t[nearest]), int(triangle_object(city)[nearest])


@pytest.fixture
def tiled(made_city: ModuleType, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(tiles, "TRIANGLES", 600)
    monkeypatch.setattr(tiles, "MANY_OBJECTS", 100)
    city: City = made_city.city(400)
    return city


def test_tiles_find_what_every_triangle_finds(tiled: City) -> None:
    chance, trees, met = np.random.default_rng(5), Trees(tiled), 0
    for _ in range(200):
        eye = np.array([*chance.uniform(-300, 300, 2), chance.uniform(5, 60)])
        along = chance.normal(size=3) * (1, 1, 0.1)
        along /= np.linalg.norm(along)
        found, expected = trees.hit((eye[0], eye[1], eye[2]), along), first_met(tiled, eye, along)
        assert (found is None) == (expected is None)
        if found is not None and expected is not None:
            assert np.linalg.norm(np.array(found[1]) - eye) == pytest.approx(expected[0], abs=0.02)
            met += 1
    assert met > 40, "most go to the sky"


def test_a_ray_goes_through_what_is_hidden(tiled: City) -> None:
    middle = float(tiled.vertices[:4, 0].mean())
    eye, along = (middle, -900.0, 2.0), np.array([0.0, 1.0, 0.0])
    trees = Trees(tiled)
    hidden, seen = np.zeros(len(tiled.object_id), dtype=bool), []
    while (found := trees.hit(eye, along, hidden)) is not None:
        hidden[found[0]] = True
        seen.append((found[1][1], found[0]))
    assert len(seen) > 5
    assert [row for _, row in sorted(seen)] == [row for _, row in seen], "nearest first"


def test_a_ray_along_a_side_of_a_box_is_no_accident() -> None:
    low, high = np.array([[0.0, 0, 0], [0.0, 5, 0]]), np.array([[1.0, 1, 1], [1.0, 6, 1]])
    enters, passes = passed(low, high, np.array([0.5, -2.0, 0.5]), np.array([0.0, 1.0, 0.0]))
    assert passes.tolist() == [True, True]
    assert enters == pytest.approx([2.0, 7.0])
    _, behind = passed(low, high, np.array([0.5, 8.0, 0.5]), np.array([0.0, 1.0, 0.0]))
    assert behind.tolist() == [False, False]
