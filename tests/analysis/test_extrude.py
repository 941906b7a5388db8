"""Blocks are watertight, face outwards, and enclose what their formula says."""

from collections import Counter

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box
from shapely.affinity import rotate, translate

from twin.analysis.extrude import block
from twin.model.city import Polygon3D
from twin.model.scenario import ROOFS
from twin.model.triangulate import normals, triangulate

COURTYARD = Polygon(box(0, 0, 40, 30).exterior.coords, [list(box(12, 10, 28, 20).exterior.coords)])
L_SHAPE = Polygon([(0, 0), (30, 0), (30, 12), (12, 12), (12, 40), (0, 40)])
U_SHAPE = Polygon([(0, 0), (30, 0), (30, 30), (20, 30), (20, 8), (10, 8), (10, 30), (0, 30)])
OCTAGON = shapely.Point(5, 5).buffer(8, quad_segs=2)


def triangles(shell: tuple[Polygon3D, ...]) -> np.ndarray:
    return np.concatenate([np.concatenate(p.rings)[triangulate(list(p.rings))] for p in shell])


def volume(shell: tuple[Polygon3D, ...]) -> float:
    a, b, c = triangles(shell).transpose(1, 0, 2)
    origin = a.mean(axis=0)
    return float(np.einsum("ij,ij->", a - origin, np.cross(b - origin, c - origin)) / 6)


def under_the_roof(shell: tuple[Polygon3D, ...], base: float) -> float:
    a, b, c = triangles(tuple(p for p in shell if p.type == "RoofSurface")).transpose(1, 0, 2)
    area = np.cross(b - a, c - a)[:, 2] / 2
    assert (area > 0).all()
    return float((area * ((a + b + c)[:, 2] / 3 - base)).sum())


def open_edges(shell: tuple[Polygon3D, ...]) -> int:
    balance: Counter[tuple[tuple[int, ...], ...]] = Counter()
    for polygon in shell:
        for ring in polygon.rings:
            corners = [tuple(p) for p in np.rint(ring * 1e6).astype(np.int64).tolist()]
            for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
                assert start != end
                balance[min(start, end), max(start, end)] += 1 if start < end else -1
    return sum(1 for count in balance.values() if count)


def check(shell: tuple[Polygon3D, ...], footprint: Polygon, base: float, height: float) -> None:
    assert open_edges(shell) == 0
    found = volume(shell)
    assert found > 0
    # half a millimetre of rounding wherever the roof bends over a wall
    rounding = 0.0005 * footprint.length * (height - base)
    assert found == pytest.approx(under_the_roof(shell, base), rel=0, abs=rounding)
    z = np.concatenate([r for p in shell for r in p.rings])[:, 2]
    assert z.min() == base
    assert z.max() == pytest.approx(height)
    for polygon in shell:
        ring = polygon.rings[0]
        normal = normals(ring, np.array([0, len(ring)]))[0]
        normal /= np.linalg.norm(normal)
        for part in polygon.rings:
            assert np.abs((part - ring[0]) @ normal).max() < 0.01
        up = {"RoofSurface": 1, "WallSurface": 0}.get(polygon.type, -1)
        assert np.sign(np.round(normal[2], 3)) == up
    flat = sum(
        Polygon(p.rings[0][:, :2], [r[:, :2] for r in p.rings[1:]]).area
        for p in shell
        if p.type == "RoofSurface"
    )
    assert flat == pytest.approx(footprint.area, rel=1e-3, abs=0.05)


@pytest.mark.parametrize("roof", ROOFS)
@pytest.mark.parametrize("shape", [COURTYARD, L_SHAPE, U_SHAPE, OCTAGON, box(0, 0, 20, 10)])
@pytest.mark.parametrize("turn", [0.0, 17.3, 45.0])
def test_every_roof_closes_over_every_footprint(roof: str, shape: Polygon, turn: float) -> None:
    footprint = translate(rotate(shape, turn), 1234.5678, -987.6543)
    for direction in (None, 200.0):
        shell = block(footprint, base=0, height=20, roof=roof, direction=direction)
        check(shell, footprint, 0, 20)


angles = st.lists(st.integers(0, 359), min_size=3, max_size=12, unique=True).map(sorted)


@given(
    angles=angles,
    radii=st.lists(st.floats(4, 30), min_size=12, max_size=12),
    roof=st.sampled_from(ROOFS),
    base=st.sampled_from([0.0, 3.0]),
    rise=st.sampled_from([None, 0.5, 4.0, 100.0]),
    direction=st.sampled_from([None, 0.0, 77.0, 135.0]),
)
@settings(max_examples=50, deadline=None)
def test_any_footprint_gives_a_watertight_shell(
    *,
    angles: list[int],
    radii: list[float],
    roof: str,
    base: float,
    rise: float | None,
    direction: float | None,
) -> None:
    turn = np.radians(angles)
    r = np.array(radii[: len(angles)])
    footprint = Polygon(np.column_stack([r * np.cos(turn), r * np.sin(turn)]))
    if not footprint.is_valid or footprint.buffer(-0.05).area < 1:
        return
    shell = block(footprint, base=base, height=base + 12, roof=roof, roof_height=rise, direction=direction)
    assert open_edges(shell) == 0
    assert volume(shell) == pytest.approx(under_the_roof(shell, base), rel=0, abs=0.006 * footprint.length)
    roofs = [p for p in shell if p.type == "RoofSurface"]
    z = np.concatenate([p.rings[0] for p in roofs])[:, 2]
    assert z.max() == pytest.approx(base + 12)
    assert z.min() >= base + 1 - 1e-9


@pytest.mark.parametrize(
    ("roof", "filled"),
    # of a 20 × 10 m roof; the hipped one: a prism over the 10 m ridge and two half pyramids
    [("flat", 1), ("gabled", 1 / 2), ("skillion", 1 / 2), ("pyramidal", 1 / 3), ("hipped", 5 / 12)],
)
def test_roof_volumes_are_those_of_the_textbook(roof: str, filled: float) -> None:
    shell = block(box(0, 0, 20, 10), base=2, height=12, roof=roof, roof_height=4)
    expected = 200 * (6 + 4 * filled) if roof != "flat" else 200 * 10
    assert volume(shell) == pytest.approx(expected, rel=1e-6)


def test_a_skillion_falls_to_where_it_faces() -> None:
    shell = block(box(0, 0, 20, 10), base=0, height=10, roof="skillion", roof_height=3, direction=90)
    (roof,) = (p for p in shell if p.type == "RoofSurface")
    assert set(roof.rings[0][roof.rings[0][:, 0] == 20][:, 2]) == {7.0}
    assert set(roof.rings[0][roof.rings[0][:, 0] == 0][:, 2]) == {10.0}


def test_a_gable_runs_along_the_long_side_unless_told() -> None:
    def ridge(direction: float | None) -> np.ndarray:
        shell = block(box(0, 0, 20, 10), base=0, height=10, roof="gabled", direction=direction)
        corners = np.concatenate([p.rings[0] for p in shell if p.type == "RoofSurface"])
        return np.ptp(corners[corners[:, 2] > 9.999], axis=0)[:2]

    assert ridge(None).tolist() == [20, 0]
    assert ridge(90).tolist() == [0, 10]


def test_a_gabled_wall_is_one_surface_of_five_corners() -> None:
    shell = block(box(0, 0, 20, 10), base=0, height=10, roof="gabled")
    assert sorted(len(p.rings[0]) for p in shell if p.type == "WallSurface") == [4, 4, 5, 5]


def test_a_floor_over_open_ground_is_an_outer_ceiling() -> None:
    assert block(box(0, 0, 9, 9), base=3, height=9)[0].type == "OuterCeilingSurface"
    assert block(box(0, 0, 9, 9), base=0, height=9)[0].type == "GroundSurface"


def test_impossible_blocks_are_refused() -> None:
    with pytest.raises(ValueError, match="above the base"):
        block(box(0, 0, 9, 9), base=3, height=3)
    with pytest.raises(ValueError, match="one of flat"):
        block(box(0, 0, 9, 9), base=0, height=3, roof="onion")
    with pytest.raises(ValueError, match="no area"):
        block(Polygon([(0, 0), (1, 0), (2, 0)]), base=0, height=3)
