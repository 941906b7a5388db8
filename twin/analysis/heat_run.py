"""Works out heat over an area and a day: the hour on screen first, and after an edit only what it reaches."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from twin.analysis.heat_maps import HeatInput, HeatMaps
from twin.analysis.heat_moment import Climate, Moment
from twin.analysis.heat_scene import LENGTH, HeatScene, Options
from twin.analysis.mean_radiant import GROUND_RADIUS
from twin.analysis.sky_patches import LOWEST_BAND, Window, prepared, whole
from twin.analysis.sunlit import REACH
from twin.analysis.utci import utci_map

Floats = NDArray[np.float32]
Progress = Callable[[float], None]

TILE = 512
"""Rows and columns worked on at once; what a tile keeps meanwhile takes some 100 MB."""


def heat_run(
    given: HeatInput,
    climate: Climate,
    times: Sequence[float],
    *,
    options: Options | None = None,
    first: int = 0,
    previous: HeatMaps | None = None,
    so_far: HeatMaps | None = None,
    progress: Progress = lambda _fraction: None,
    tile: int = TILE,
    only: Window | None = None,
) -> Iterator[tuple[int, HeatMaps]]:
    """The maps, each time one more of the times is ready: index of that time, and all maps so far.

    times: since 1970 UTC [s], ascending. first: index of the time to begin with.
    previous: maps of the same area, weather, times and options before an edit: what the edit cannot reach is
        taken over. The result is the same as without.
    so_far: what an earlier run with the very same inputs left when it was ended; it is gone on with.
    progress: told the fraction done; what it raises ends the work.
    only: the cells that are wanted where nothing is taken over; None: all. Others stay NaN.
    """
    options = options or Options()
    if so_far is not None and _same(so_far, given, climate, times, options):
        yield from _filled(so_far, so_far.recomputed, first, tile, progress)
        return
    moments = tuple(climate.at(time) for time in times)
    window = only or whole(given.surroundings.surface)
    shape = given.surroundings.surface.shape
    fresh = previous is None or not _alike(previous, given, climate, times, options)
    if previous is not None and not fresh:
        window = reached(previous.given, given, moments, climate, options)
        kept = (
            previous.mean_radiant.copy(),
            previous.utci.copy(),
            previous.sunlit.copy(),
            previous.sky_view.copy(),
        )
    else:
        blank = (len(times), *shape)
        kept = (
            np.full(blank, np.nan, dtype=np.float32),
            np.full(blank, np.nan, dtype=np.float32),
            np.full(blank, np.nan, dtype=np.float32),
            np.full(shape, np.nan, dtype=np.float32),
        )
    maps = HeatMaps(tuple(times), moments, *kept, given, climate, options, window)
    yield from _filled(maps, window, first, tile, progress)


def _filled(
    maps: HeatMaps, window: Window, first: int, tile: int, progress: Progress
) -> Iterator[tuple[int, HeatMaps]]:
    wanted = [first, *(index for index in range(len(maps.times)) if index != first)]
    order = [index for index in wanted if index not in maps.done]
    if not order:
        yield first, maps
        return
    first = order[0]
    parts = list(tiles(window, tile))
    if not parts:
        for index in order:
            maps.done.append(index)
            yield index, maps
        return
    ready = prepared(maps.given.surroundings)
    steps = iter(np.linspace(0, 1, len(parts) * len(order) + 1)[1:])
    margin = math.ceil(GROUND_RADIUS / maps.given.ground.cell) + 1
    reported = [0.0]
    scenes = [
        HeatScene(
            maps.given.surroundings,
            maps.given.ground,
            maps.options,
            lambda: progress(reported[0]),
            _grown(part, margin, maps.sky_view.shape),
            ready,
        )
        for part in parts
    ]

    def fill(index: int, part: Window, scene: HeatScene) -> None:
        _fill(maps, index, part, scene)
        reported[0] = float(next(steps))
        progress(reported[0])

    for part, scene in zip(parts, scenes, strict=True):
        fill(first, part, scene)
        part.of(maps.sky_view)[:] = _core(part, scene, scene.sky[1].total)
        if len(parts) > 1:
            scene.forget(math.inf)
    maps.done.append(first)
    yield first, maps
    if len(parts) == 1:
        for index in order[1:]:
            fill(index, parts[0], scenes[0])
            maps.done.append(index)
            yield index, maps
        return
    # many go tile by tile and not hour by hour, so that sun and shade are kept of one only
    for part, scene in zip(parts, scenes, strict=True):
        for index in order[1:]:
            fill(index, part, scene)
        scene.forget(math.inf)
    for index in order[1:]:
        maps.done.append(index)
        yield index, maps


def _fill(maps: HeatMaps, index: int, part: Window, scene: HeatScene) -> None:
    moment = maps.moments[index]
    scene.forget(moment.seconds - LENGTH - 1)
    found = _core(part, scene, scene.fluxes(moment, maps.climate).mean_radiant)
    part.of(maps.mean_radiant[index])[:] = found
    part.of(maps.utci[index])[:] = utci_map(moment.air, found, moment.wind, moment.humidity)
    time, sun = moment.suns[0]
    lit = scene.lit(time, sun)[1] if sun.altitude > 0 else np.zeros_like(scene.sky[1].total)
    part.of(maps.sunlit[index])[:] = _core(part, scene, lit)


def _core(part: Window, scene: HeatScene, grid: Floats) -> Floats:
    """What of a tile's grid is its own, without the margin it was worked out with."""
    assert scene.window is not None
    top, left = part.top - scene.window.top, part.left - scene.window.left
    return grid[top : top + part.rows, left : left + part.columns]


def _grown(part: Window, margin: int, shape: tuple[int, ...]) -> Window:
    top, left = max(0, part.top - margin), max(0, part.left - margin)
    bottom = min(shape[0], part.top + part.rows + margin)
    right = min(shape[1], part.left + part.columns + margin)
    return Window(top, left, bottom - top, right - left)


def tiles(window: Window, tile: int) -> Iterator[Window]:
    """A window cut into squares of so many cells, row by row."""
    for top in range(window.top, window.top + window.rows, tile):
        for left in range(window.left, window.left + window.columns, tile):
            yield Window(
                top,
                left,
                min(tile, window.top + window.rows - top),
                min(tile, window.left + window.columns - left),
            )


def _same(
    so_far: HeatMaps, given: HeatInput, climate: Climate, times: Sequence[float], options: Options
) -> bool:
    return (
        so_far.given is given
        and so_far.climate is climate
        and so_far.times == tuple(times)
        and so_far.options == options
    )


def _alike(
    previous: HeatMaps, given: HeatInput, climate: Climate, times: Sequence[float], options: Options
) -> bool:
    """Whether only heights, crowns or cover differ, and all of `previous` is ready."""
    return (
        previous.climate is climate
        and previous.times == tuple(times)
        and previous.options == options
        and previous.complete
        and previous.given.surroundings.surface.shape == given.surroundings.surface.shape
        and previous.given.surroundings.cell == given.surroundings.cell
        and previous.given.ground.materials == given.ground.materials
        # heights are counted from the lowest, and the last digit hangs on it
        and np.nanmin(previous.given.surroundings.surface) == np.nanmin(given.surroundings.surface)
    )


def reached(
    before: HeatInput,
    after: HeatInput,
    moments: Sequence[Moment],
    climate: Climate,
    options: Options,
) -> Window:
    """The cells whose heat an edit can change, as one window; of no rows where nothing differs."""
    old, new = before.surroundings, after.surroundings
    crowns = _differs(old.tops, new.tops) | _differs(old.trunks, new.trunks)
    surface = _differs(old.surface, new.surface)
    cover = (before.ground.cover != after.ground.cover) | (before.ground.open != after.ground.open)
    floor = float(np.nanmin(new.surface)) + options.body.height
    low_sun = min(
        (
            sun.altitude
            for moment in moments
            for _, sun in (*moment.suns, *climate.history(moment.seconds, step=options.step, length=LENGTH))
            if sun.altitude > 0
        ),
        default=90.0,
    )
    reach = {"cover": GROUND_RADIUS}
    for name, where, tops in (
        ("crowns", crowns, [grid for grid in (old.tops, new.tops) if grid is not None]),
        ("surface", surface, [old.surface, new.surface]),
    ):
        if where.any():
            high = (
                max(float(np.nanmax(grid[where], initial=floor)) for grid in tops)
                - floor
                + options.body.height
            )
            shade = min(high / math.tan(math.radians(low_sun)), REACH)
            seen = options.reach if name == "surface" else high / math.tan(math.radians(LOWEST_BAND))
            reach[name] = max(min(seen, options.reach), shade) + GROUND_RADIUS + 3 * new.cell
    rows, columns = new.surface.shape
    box = [rows, columns, 0, 0]
    for name, where in (("cover", cover), ("crowns", crowns), ("surface", surface)):
        if not where.any():
            continue
        down, across = np.flatnonzero(where.any(axis=1)), np.flatnonzero(where.any(axis=0))
        far = math.ceil(reach[name] / new.cell) + 1
        box = [
            min(box[0], int(down[0]) - far),
            min(box[1], int(across[0]) - far),
            max(box[2], int(down[-1]) + 1 + far),
            max(box[3], int(across[-1]) + 1 + far),
        ]
    top, left, bottom, right = max(box[0], 0), max(box[1], 0), min(box[2], rows), min(box[3], columns)
    return Window(top, left, max(bottom - top, 0), max(right - left, 0))


def _differs(old: Floats | None, new: Floats | None) -> NDArray[np.bool_]:
    if old is None and new is None:
        return np.zeros((1, 1), dtype=bool)
    if old is None or new is None:
        return np.isfinite(new if old is None else old)  # type: ignore[arg-type]  # one of them is there
    return np.asarray(~((old == new) | (np.isnan(old) & np.isnan(new))))
