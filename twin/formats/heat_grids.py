"""Reads the height and cover grids of a measured site onto one grid of square cells in metres."""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats.place_near import utm
from twin.model.heat_site import SiteGrids
from twin.model.transformation import transformation

Floats = NDArray[np.float32]
DRIVERS = {".tif": "GTiff", ".tiff": "GTiff", ".asc": "AAIGrid"}
CROWN = 40.0
"""Crowns whose middle height is above this are heights above sea level, not above the ground. [m]"""
WINDOW = 61.0
"""Wider than most buildings: the lowest points within it are ground, where no ground model says so. [m]"""


def read_grids(
    folder: Path, names: dict[str, str], crs: str, point: tuple[float, float], *, trunk: float
) -> SiteGrids:
    """The grids named by `dsm`, `dem`, `cdsm`, `tdsm` and `land_cover`; only the first has to be there.

    crs: of the point, and of grids that do not say their own. trunk: clear stem, share of a tree's height.
    Raises DataError: missing, unreadable, no heights, the point outside.
    """
    notices: list[str] = []
    frame = _frame(folder / names["dsm"], crs, notices)
    surface = _read(folder / names["dsm"], frame, crs, exact=False)
    if not np.isfinite(surface).any():
        raise DataError(folder / names["dsm"], "", "holds no heights", "Look at its nodata value.")
    if not np.nanmax(np.abs(surface)) > 0 or np.nanmin(surface) == np.nanmax(surface):
        raise DataError(
            folder / names["dsm"],
            "",
            "is flat: no building, no ground that rises",
            "Choose the surface model.",
        )
    row, column, longitude, latitude = _locate(folder / names["dsm"], frame, crs, point)
    if "dem" in names:
        ground = _read(folder / names["dem"], frame, crs, exact=False)
        ground = np.where(np.isfinite(ground), ground, surface)
        if float(np.nanmedian(surface - ground)) < -1.0:
            notices.append("the surface model holds heights above the ground: the ground was added")
            surface = surface + ground
        surface = np.where(np.isfinite(surface), surface, ground)
    else:
        ground = _opened(surface, frame.cell)
        notices.append("no ground model: the lowest surface around is taken for the ground")
    tops = trunks = None
    if "cdsm" in names:
        tops, trunks = _crowns(folder, names, frame, crs, ground, trunk, notices)
    cover = None
    if "land_cover" in names:
        codes = _read(folder / names["land_cover"], frame, crs, exact=True)
        cover = np.where(np.isfinite(codes), codes, -1).round().astype(np.int32)
    return SiteGrids(
        surface.astype(np.float32),
        ground.astype(np.float32),
        tops,
        trunks,
        cover,
        frame.cell,
        row,
        column,
        longitude,
        latitude,
        tuple(notices),
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """The grid of the surface model, as metres."""

    crs: Any
    transform: Any
    shape: tuple[int, int]
    cell: float
    """[m]"""


def _frame(path: Path, crs: str, notices: list[str]) -> _Frame:
    """The surface model's own grid where it is square, north-up and projected, else one warped from it."""
    from rasterio import Affine
    from rasterio.crs import CRS
    from rasterio.warp import calculate_default_transform

    with _opening(path) as file:
        own = file.crs or CRS.from_user_input(crs)
        t = file.transform
        square = t.b == t.d == 0 and t.a > 0 > t.e and abs(t.a + t.e) < 1e-3 * t.a
        if own.is_projected and square:
            unit = float(own.linear_units_factor[1])
            if abs(unit - 1) > 1e-6:
                notices.append(f"coordinates in units of {unit:g} m")
            return _Frame(own, t, file.shape, float(t.a) * unit)
        goal = CRS.from_user_input(crs) if crs else None
        if goal is None or not goal.is_projected:
            west, south, east, north = file.bounds
            goal = CRS.from_epsg(utm((west + east) / 2, (south + north) / 2))
        transform, width, height = calculate_default_transform(
            own, goal, file.width, file.height, *file.bounds
        )
        notices.append(f"interpolated onto square cells in {goal.to_string()}")
        return _Frame(
            goal,
            Affine(transform.a, 0, transform.c, 0, -transform.a, transform.f),
            (int(height), int(width)),
            float(transform.a),
        )


def _read(path: Path, frame: _Frame, crs: str, *, exact: bool) -> Floats:
    """Band 1 on the frame; NaN where there is none. exact: of codes, which have no values between."""
    from rasterio.crs import CRS
    from rasterio.enums import Resampling
    from rasterio.warp import reproject

    with _opening(path) as file:
        read = np.ma.filled(file.read(1, masked=True).astype(np.float64), np.nan)
        read[~(np.abs(read) < 1e6)] = np.nan
        read[read <= -9990] = np.nan
        own = file.crs or CRS.from_user_input(crs or frame.crs)
        same = file.shape == frame.shape and np.allclose(
            file.transform[:6], frame.transform[:6], atol=frame.cell / 100
        )
        if same:
            return np.asarray(read, dtype=np.float32)
        found = np.full(frame.shape, np.nan, dtype=np.float32)
        reproject(
            read.astype(np.float32),
            found,
            src_transform=file.transform,
            src_crs=own,
            dst_transform=frame.transform,
            dst_crs=frame.crs,
            src_nodata=np.nan,
            dst_nodata=np.nan,
            resampling=Resampling.nearest if exact else Resampling.bilinear,
        )
    if not np.isfinite(found).any():
        raise DataError(path, "", "does not overlap the surface model", "Look at its coordinate system.")
    return found


def _locate(path: Path, frame: _Frame, crs: str, point: tuple[float, float]) -> tuple[int, int, float, float]:
    """Row and column of a point, its longitude and latitude."""
    from pyproj import CRS

    here = CRS.from_user_input(frame.crs.to_wkt())
    tried = [CRS.from_user_input(crs)] if crs else []
    for told in (*tried, here, CRS.from_epsg(4326)):
        east, north = transformation(told, here).transform(*point)
        column, row = ~frame.transform @ (east, north) if np.isfinite([east, north]).all() else (-1, -1)
        if 0 <= row < frame.shape[0] and 0 <= column < frame.shape[1]:
            longitude, latitude = transformation(here, 4326).transform(east, north)
            return int(row), int(column), float(longitude), float(latitude)
    raise DataError(path, "", f"does not cover the point {point}", "Look at `point` and `crs`.")


def _crowns(
    folder: Path,
    names: dict[str, str],
    frame: _Frame,
    crs: str,
    ground: Floats,
    trunk: float,
    notices: list[str],
) -> tuple[Floats, Floats]:
    """Tops and trunks of crowns in the heights of the surface model."""
    canopy = _read(folder / names["cdsm"], frame, crs, exact=False)
    there = np.isfinite(canopy) & (canopy > 0)
    nothing = np.float32(np.nan)
    if there.any() and above_sea(canopy[there], ground[there]):
        notices.append("the canopy model holds heights above sea level: the ground was taken off")
        canopy = canopy - ground
        there &= canopy > 0
    low = np.where(there, canopy * trunk, nothing)
    if "tdsm" in names:
        stems = _read(folder / names["tdsm"], frame, crs, exact=False)
        known = there & np.isfinite(stems) & (stems > 0)
        if known.any() and above_sea(stems[known], ground[known]):
            stems = stems - ground
        low = np.where(known, np.minimum(stems, canopy), low)
    return (
        np.where(there, ground + canopy, nothing).astype(np.float32),
        np.where(there, ground + low, nothing).astype(np.float32),
    )


def above_sea(crowns: Floats, ground: Floats) -> bool:
    """Whether heights of crowns are counted from the sea, and not from the ground below."""
    if float(np.median(crowns)) > CROWN:
        return True
    high = float(np.median(ground)) > 10
    return high and float(np.mean(crowns > ground)) > 0.995


def _opened(surface: Floats, cell: float) -> Floats:
    """The surface without what is narrower than WINDOW: a morphological opening."""
    reach = max(1, round(WINDOW / cell / 2))
    filled = np.where(np.isfinite(surface), surface, np.nanmin(surface))
    low = _slid(_slid(filled, reach, 0, np.min), reach, 1, np.min)
    return np.asarray(_slid(_slid(low, reach, 0, np.max), reach, 1, np.max), dtype=np.float32)


def _slid(values: Floats, reach: int, axis: int, choose: Any) -> Floats:
    """The lowest or highest within a reach along an axis."""
    wide = [(reach, reach) if side == axis else (0, 0) for side in (0, 1)]
    padded = np.pad(values, wide, mode="edge")
    found = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=axis)
    return np.asarray(choose(found, axis=-1))


def _opening(path: Path) -> Any:
    """The file, by one of DRIVERS; what goes wrong with it becomes a DataError."""
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning, RasterioError

    if not path.is_file():
        raise DataError(path, "", "is missing", "Look at the name in site.json.")
    driver = DRIVERS.get(path.suffix.lower())
    if driver is None:
        raise DataError(path, "", f"is none of {', '.join(DRIVERS)}", "Export it as GeoTIFF.")
    logging.getLogger("rasterio._env").setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            return rasterio.open(path, driver=driver, sharing=False)
    except (RasterioError, ValueError) as error:
        raise DataError(path, "", f"cannot be read: {error}", "Export it again as GeoTIFF.") from error
