"""How the surfaces of a city look: pictures and materials, as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WRAPS = ("none", "wrap", "mirror", "clamp", "border")
"""What is seen outside of a picture, as CityGML's wrapMode says."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in a file; it is opened when it is drawn."""

    path: Path
    """Absolute."""
    wrap: str = "wrap"
    """One of WRAPS."""
    border: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    """Red, green, blue, opacity 0-1, for `border`."""


@dataclass(frozen=True, slots=True)
class Material:
    """A plain colour, as X3D has them."""

    name: str = ""
    diffuse: tuple[float, float, float] = (0.8, 0.8, 0.8)
    """Red, green, blue 0-1."""
    transparency: float = 0.0
    """0 solid, 1 clear."""


@dataclass(frozen=True, eq=False, slots=True)
class Appearance:
    """Pictures and materials of the surfaces of one City."""

    images: tuple[Image, ...]
    materials: tuple[Material, ...]
    surface_image: NDArray[np.int32]
    """(s,), an index into `images`, or -1."""
    surface_material: NDArray[np.int32]
    """(s,), an index into `materials`, or -1."""
    coordinates: NDArray[np.float32]
    """(n, 2), where in its picture each vertex lies, from 0 to 1 rightwards and up; NaN: nowhere."""


def blank(surfaces: int, vertices: int) -> Appearance:
    """An appearance that says nothing."""
    nothing = np.full(surfaces, -1, dtype=np.int32)
    return Appearance((), (), nothing, nothing, np.full((vertices, 2), np.nan, dtype=np.float32))


def take(
    appearance: Appearance | None,
    surfaces: NDArray[np.bool_] | NDArray[np.integer],
    vertices: NDArray[np.bool_] | NDArray[np.integer],
) -> Appearance | None:
    """That of the chosen surfaces and vertices, by masks (s,) and (n,) or by rows, in that order."""
    if appearance is None:
        return None
    return replace(
        appearance,
        surface_image=appearance.surface_image[surfaces],
        surface_material=appearance.surface_material[surfaces],
        coordinates=appearance.coordinates[vertices],
    )


def concatenate(halves: Sequence[Appearance | None], sizes: Sequence[tuple[int, int]]) -> Appearance | None:
    """Those of cities laid end to end. sizes: the surfaces and vertices of each city."""
    if all(half is None for half in halves):
        return None
    whole = [half or blank(*size) for half, size in zip(halves, sizes, strict=True)]
    images = tuple(dict.fromkeys(image for half in whole for image in half.images))
    materials = tuple(dict.fromkeys(material for half in whole for material in half.materials))
    return Appearance(
        images,
        materials,
        np.concatenate([_renumbered(half.surface_image, half.images, images) for half in whole]),
        np.concatenate([_renumbered(half.surface_material, half.materials, materials) for half in whole]),
        np.concatenate([half.coordinates for half in whole]),
    )


def _renumbered(
    column: NDArray[np.int32], old: Sequence[Image | Material], new: Sequence[Image | Material]
) -> NDArray[np.int32]:
    places = {thing: row for row, thing in enumerate(new)}
    table = np.array([*(places[thing] for thing in old), -1], dtype=np.int32)
    return np.asarray(table[column])
