"""A mesh whose colours are looked up: one colour an object, in steps of brightness."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

DARKEST, STEP, STEPS = 0.82, 0.005, 41
"""The brightness of the first step, from one to the next, and how many there are; see `paint.brightness`."""


@dataclass(frozen=True, eq=False, slots=True)
class Shell:
    """Triangles with the object of each; objects are counted within the shell."""

    points: NDArray[np.float32]
    """(n, 3) [m]"""
    normals: NDArray[np.float32]
    """(n, 3)"""
    triangles: NDArray[np.int32]
    """(m, 3)"""
    owner: NDArray[np.int32]
    """(m,), the object of each triangle."""
    index: NDArray[np.int32]
    """(n,), where the colour of each point is in the `palette`."""

    def colours(self, palette: NDArray[np.uint32]) -> NDArray[np.uint8]:
        """The colour of each point: (n, 4)."""
        return palette[self.index].view(np.uint8).reshape(-1, 4)


def join(first: Shell, second: Shell) -> Shell:
    """Both in one; they count the same objects."""
    return Shell(
        np.concatenate([first.points, second.points]),
        np.concatenate([first.normals, second.normals]),
        np.concatenate([first.triangles, second.triangles + np.int32(len(first.points))]),
        np.concatenate([first.owner, second.owner]),
        np.concatenate([first.index, second.index]),
    )


def index(owner: NDArray[np.integer], brightness: NDArray[np.float64]) -> NDArray[np.int32]:
    """Where the colour of each point is in the palette: (n,). owner, brightness: (n,)."""
    step = np.clip(np.round((brightness - DARKEST) / STEP), 0, STEPS - 1)
    return np.asarray(owner * STEPS + step, dtype=np.int32)


def palette(colours: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Each colour (k, 3) in all steps of brightness, four bytes in one number: (k * STEPS,)."""
    red, green, blue = np.clip(np.rint(colours), 0, 255).astype(np.uint8).T
    of_red, of_green, of_blue = _channels()
    return np.asarray(of_red[red] | of_green[green] | of_blue[blue]).ravel()


@cache
def _channels() -> tuple[NDArray[np.uint32], ...]:
    """What each value of red, green and blue is in all steps: (256, STEPS) each, solid."""
    steps = DARKEST + STEP * np.arange(STEPS)
    shaded = np.minimum(np.arange(256)[:, None] * steps, 255.0).astype(np.uint8)
    table = np.zeros((3, 256, STEPS, 4), dtype=np.uint8)
    for channel in range(3):
        table[channel, ..., channel] = shaded
    table[..., 3] = 255
    return tuple(each.view(np.uint32)[..., 0] for each in table)
