"""Works heat out tile by tile, here or on other machines; an ended run can be gone on with."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import replace

import numpy as np

from twin.analysis.heat_maps import HeatInput, HeatMaps
from twin.analysis.heat_moment import Climate
from twin.analysis.heat_run import TILE, heat_run, tiles
from twin.analysis.heat_scene import Options
from twin.analysis.mean_radiant import GROUND_RADIUS
from twin.analysis.sky_patches import Window, whole
from twin.analysis.sunlit import REACH
from twin.model.shelf import Grids, Shelf

AHEAD = 8
"""Tiles handed out at a time: each carries its surroundings."""
GRIDS = ("mean_radiant", "utci", "sunlit", "sky_view")


def heat_tiles(
    given: HeatInput,
    climate: Climate,
    times: Sequence[float],
    executor: Executor,
    *,
    options: Options | None = None,
    shelf: Shelf | None = None,
    key: str = "",
    tile: int = TILE,
    ahead: int = AHEAD,
    progress: Callable[[float], None] = lambda _fraction: None,
) -> HeatMaps:
    """The maps of all times. Differs from `heat_run` by no more than the last digits of heights.

    times: since 1970 UTC [s], ascending. executor: where tiles are worked out; any of concurrent.futures.
    shelf: where ready tiles are kept and found again, under `key`, which names all they hang on.
    ahead: tiles handed out at a time.
    progress: told the fraction done; what it raises ends the work, and no more tiles are begun.
    """
    options = options or Options()
    maps = _blank(given, climate, times, options)
    parts = list(tiles(whole(given.surroundings.surface), tile))
    ready = 0
    missing = []
    for part in parts:
        kept = None if shelf is None else shelf.load(name_of(key, part))
        if kept is not None and _fits(kept, part, len(times)):
            _put(maps, part, kept)
            ready += 1
        else:
            missing.append(part)
    progress(ready / len(parts))
    running: dict[Future[Grids], Window] = {}
    waiting = iter(missing)
    try:
        while True:
            for part in _next(waiting, ahead - len(running)):
                inputs = (*cut_out(given, part, options), climate, tuple(times), options)
                running[executor.submit(heat_tile, *inputs)] = part
            if not running:
                break
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                part, grids = running.pop(done), done.result()
                _put(maps, part, grids)
                if shelf is not None:
                    shelf.save(name_of(key, part), grids, {"key": key})
                ready += 1
                progress(ready / len(parts))
    finally:
        for future in running:
            future.cancel()
    maps.done.extend(range(len(times)))
    return maps


def heat_tile(
    given: HeatInput, core: Window, climate: Climate, times: tuple[float, ...], options: Options
) -> Grids:
    """The grids of one tile. given: it and its surroundings; core: where it lies in them."""
    *_, (_, maps) = heat_run(given, climate, times, options=options, only=core)
    return {
        name: np.ascontiguousarray(
            getattr(maps, name)[..., core.top : core.top + core.rows, core.left : core.left + core.columns]
        )
        for name in GRIDS
    }


def cut_out(given: HeatInput, part: Window, options: Options) -> tuple[HeatInput, Window]:
    """All that a tile can see, shade or be shaded by, and where the tile lies in it."""
    cell = given.ground.cell
    halo = math.ceil((max(options.reach, REACH) + GROUND_RADIUS) / cell) + 3
    rows, columns = given.surroundings.surface.shape
    top, left = max(0, part.top - halo), max(0, part.left - halo)
    bottom, right = min(rows, part.top + part.rows + halo), min(columns, part.left + part.columns + halo)
    around = Window(top, left, bottom - top, right - left)
    scene, ground = given.surroundings, given.ground
    cut = replace(
        scene,
        surface=around.of(scene.surface).copy(),
        tops=None if scene.tops is None else around.of(scene.tops).copy(),
        trunks=None if scene.trunks is None else around.of(scene.trunks).copy(),
    )
    floor = replace(ground, cover=around.of(ground.cover).copy(), open=around.of(ground.open).copy())
    inner = Window(part.top - top, part.left - left, part.rows, part.columns)
    return HeatInput(cut, floor, given.crowns), inner


def name_of(key: str, part: Window) -> str:
    """What a tile is kept under."""
    return f"{key[:40]}-{part.top}-{part.left}-{part.rows}-{part.columns}"


def _blank(given: HeatInput, climate: Climate, times: Sequence[float], options: Options) -> HeatMaps:
    shape = given.surroundings.surface.shape
    radiant, felt, sunlit = (np.full((len(times), *shape), np.nan, dtype=np.float32) for _ in range(3))
    sky = np.full(shape, np.nan, dtype=np.float32)
    moments = tuple(climate.at(time) for time in times)
    area = whole(given.surroundings.surface)
    return HeatMaps(tuple(times), moments, radiant, felt, sunlit, sky, given, climate, options, area)


def _put(maps: HeatMaps, part: Window, grids: Grids) -> None:
    for name in GRIDS:
        grid = getattr(maps, name)
        grid[..., part.top : part.top + part.rows, part.left : part.left + part.columns] = grids[name]


def _fits(grids: Grids, part: Window, times: int) -> bool:
    shape = (part.rows, part.columns)
    return all(
        name in grids and grids[name].shape == (shape if name == "sky_view" else (times, *shape))
        for name in GRIDS
    )


def _next(parts: Iterator[Window], count: int) -> Iterator[Window]:
    for _, part in zip(range(count), parts, strict=False):
        yield part
