"""An area in tiles: as in one piece, gone on with after an end, and the same on a cluster."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from twin.analysis.design_day import design_day
from twin.analysis.heat_maps import HeatInput, HeatMaps
from twin.analysis.heat_moment import Climate
from twin.analysis.heat_run import heat_run
from twin.analysis.heat_scene import Options
from twin.analysis.heat_tiles import GRIDS, heat_tiles
from twin.analysis.land_cover import COVERS
from twin.analysis.mean_radiant import Ground
from twin.analysis.sky_patches import Surroundings
from twin.errors import TwinError
from twin.formats.heat_shelf import shelf_in
from twin.model.place import Place
from twin.session.cluster import executor_at

HELSINKI = Place("EPSG:3879", (0.0, 0.0, 0.0), 24.94, 60.17, "Europe/Helsinki")
CLIMATE = Climate(design_day(HELSINKI, date(2026, 7, 15)), HELSINKI)
TIMES = [datetime(2026, 7, 15, hour - 3, tzinfo=UTC).timestamp() for hour in (17,)]
OPTIONS = Options(reach=60.0)
TILE = 52
"""Nine of them are the area, and those in its corners do not see all of it. [cells]"""


def hills(rows: int = 132, columns: int = 120, cell: float = 10.0) -> HeatInput:
    """Larger than what a tile can see, so that tiles do not know all of it."""
    draw = np.random.default_rng(8)
    y, x = np.mgrid[:rows, :columns]
    heights = (12 * np.sin(x / 16) + 0.025 * y).astype(np.float32)
    built = ((y // 4) % 3 == 0) & ((x // 5) % 2 == 0)
    heights[built] += (8 + 20 * draw.random((rows // 4 + 1, columns // 5 + 1)))[y // 4, x // 5][built]
    crowns = (draw.random((rows, columns)) < 0.03) & ~built
    nothing = np.float32(np.nan)
    tops, trunks = (np.where(crowns, heights + part, nothing).astype(np.float32) for part in (9, 2))
    cover = draw.integers(0, len(COVERS), (rows, columns)).astype(np.uint8)
    return HeatInput(Surroundings(heights, cell, tops, trunks), Ground(cover, COVERS, ~built, cell))


def assert_same(one: HeatMaps, other: HeatMaps, within: float) -> None:
    for name in GRIDS:
        first, second = getattr(one, name), getattr(other, name)
        assert np.array_equal(np.isnan(first), np.isnan(second)), name
        assert np.nanmax(np.abs(first - second)) <= within, name


@pytest.fixture(scope="module")
def area() -> HeatInput:
    return hills()


@pytest.fixture(scope="module")
def here(area: HeatInput) -> HeatMaps:
    with executor_at(None) as executor:
        return heat_tiles(area, CLIMATE, TIMES, executor, options=OPTIONS, tile=TILE, ahead=1)


def test_in_tiles_is_as_in_one_piece(area: HeatInput, here: HeatMaps) -> None:
    *_, (_, piece) = heat_run(area, CLIMATE, TIMES, options=OPTIONS)
    assert here.complete
    for name, within in (("mean_radiant", 0.5), ("utci", 0.2), ("sunlit", 0.05), ("sky_view", 0.01)):
        first, second = getattr(piece, name), getattr(here, name)
        assert np.array_equal(np.isnan(first), np.isnan(second)), name
        apart = np.abs(first - second)
        # the heights are counted from another lowest point: a cell at the very edge of a shadow may turn over
        assert np.nanquantile(apart, 0.999) <= within / 100, name


def test_an_ended_run_is_gone_on_with(area: HeatInput, here: HeatMaps, tmp_path: Path) -> None:
    shelf, told = shelf_in(tmp_path), []

    class Ended(Exception):
        pass

    def end_at_half(fraction: float) -> None:
        told.append(fraction)
        if fraction >= 0.5:
            raise Ended

    with executor_at(None) as executor:
        with pytest.raises(Ended):
            heat_tiles(
                area, CLIMATE, TIMES, executor, options=OPTIONS, shelf=shelf, key="a", tile=TILE, ahead=1,
                progress=end_at_half,
            )  # fmt: skip
        assert told[-1] < 0.7
        damaged = next(tmp_path.glob("a-0-0-*/utci.npy"))
        damaged.write_bytes(damaged.read_bytes()[:100])
        told.clear()
        again = heat_tiles(
            area, CLIMATE, TIMES, executor, options=OPTIONS, shelf=shelf, key="a", tile=TILE, ahead=1,
            progress=told.append,
        )  # fmt: skip
    assert 0.3 < told[0] < 0.5
    assert_same(here, again, 0.0)


def test_several_threads_make_the_same(area: HeatInput, here: HeatMaps) -> None:
    with ThreadPoolExecutor(2) as executor:
        assert_same(here, heat_tiles(area, CLIMATE, TIMES, executor, options=OPTIONS, tile=TILE), 0.0)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_cluster_of_two_workers_makes_the_same(area: HeatInput, here: HeatMaps) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        executor_at(cluster.scheduler_address) as executor,
    ):
        assert_same(here, heat_tiles(area, CLIMATE, TIMES, executor, options=OPTIONS, tile=TILE), 0.0)


def test_nobody_at_the_address_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    monkeypatch.setattr("twin.session.cluster.PATIENCE", 0.5)
    with (
        pytest.raises(TwinError, match=r"No cluster answers at tcp://127\.0\.0\.1:9"),
        executor_at("tcp://127.0.0.1:9"),
    ):
        pass
