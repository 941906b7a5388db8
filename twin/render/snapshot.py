"""Draws a scene without a window."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkCamera, vtkRenderWindow
from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLRenderWindow

from twin.errors import TwinError
from twin.render.card import draws_shadows, is_card
from twin.render.panes import Panes
from twin.render.quads import shape_picture
from twin.render.stage import Stage
from twin.scene.scene import Scene

Depth = TypeVar("Depth", np.uint8, np.uint16)

LARGEST = 16_384
"""Most pixels along a side."""
TILE = 3072
"""Most pixels along a side that are drawn at once, so that a large picture fits in small memory."""
GRAINS = 2
"""Pixels drawn for each pixel of a fine picture, along each side."""
BOLD = 1.35
"""Smooth lines look thinner than rough ones of the same width."""
PLAIN_HEIGHT, FINEST = 1080, 0.5
"""Pixels along the short side of a picture whose lines are one pixel wide; in others they are wider or finer,
down to this."""


class Darkroom:
    """An off-screen window that is made once and used for many pictures."""

    def __init__(
        self, size: tuple[int, int], *, fine: bool = True, shadows: str = "", tile: int = TILE
    ) -> None:
        """size: width and height [px]; shadows: `card`, `raster`, or as suits the machine; tile: as TILE."""
        if max(size) > LARGEST or min(size) < 16:
            raise TwinError(
                f"A picture of {size[0]}×{size[1]} cannot be made. Use 16 to {LARGEST} pixels a side."
            )
        if sys.platform.startswith("linux"):
            # EGL needs no X server, and is ready in half the time
            os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
        self._window = vtkRenderWindow()
        self._window.SetOffScreenRendering(1)
        self._window.SetMultiSamples(0)
        self._size, self._fine = size, fine
        self._tile, self._flat = tile, False
        self._window.SetSize(*(min(GRAINS * s, tile) if fine else s for s in size))
        self.panes = Panes(self._window, casts=draws_shadows(self._on_card(), shadows))

    @property
    def stage(self) -> Stage:
        """The one that is there when nothing is compared."""
        return self.panes.first

    def _on_card(self) -> bool:
        self._window.Initialize()
        assert isinstance(self._window, vtkOpenGLRenderWindow)
        return is_card(self._window.GetState().GetRenderer())

    def photograph(self, scene: Scene, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
        """The scene as (height, width, 3), first row on top; in another size if one is given. [px]"""
        self._show(scene, size)
        return self._tiles(np.uint8) if self._fine else self.take()

    def deep(self, scene: Scene, size: tuple[int, int] | None = None) -> NDArray[np.uint16]:
        """As `photograph`, with 65,536 steps of each colour: the mean of what is drawn for each pixel."""
        self._show(scene, size)
        return self._tiles(np.uint16)

    def cut_out(self, scene: Scene, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
        """As `photograph`, without sky: (height, width, 4), clear where nothing is."""
        self._show(scene, size)
        found = []
        for shade in (0.0, 1.0):  # what lets the background through shows how much of it
            with self.stage.before(shade):
                found.append(self._tiles(np.uint8).astype(np.int32))
        dark, light = found
        alpha = np.clip(255 - (light - dark).max(axis=2, keepdims=True), 0, 255)
        colour = np.where(alpha > 0, np.clip(dark * 255 // np.maximum(alpha, 1), 0, 255), 0)
        return np.concatenate([colour, alpha], axis=2).astype(np.uint8)

    def take(self, size: tuple[int, int] | None = None) -> NDArray[np.uint8]:
        """What is on the stage as (height, width, 3), in another size if one is given. [px]"""
        if size is not None and size != self._window.GetSize():
            self._window.SetSize(*size)
        self._window.Render()
        width, height = self._window.GetSize()
        pixels = vtkUnsignedCharArray()
        self._window.GetPixelData(0, 0, width - 1, height - 1, 0, pixels, 0)
        picture = vtk_to_numpy(pixels).reshape(height, width, 3)
        return np.ascontiguousarray(picture[::-1])

    def strip(
        self,
        size: tuple[int, int],
        top: int,
        height: int,
        *,
        stage: Stage | None = None,
        columns: tuple[int, int] | None = None,
    ) -> NDArray[np.uint8]:
        """Some rows of what is on a stage, as (height, width, 3).

        size: of the whole picture [px]; top, height: which rows, less of them at its lower end;
        columns: the first that is needed, and the one after the last; all when None.
        """
        stage = stage or self.stage
        height = min(height, size[1] - top)
        camera = stage.renderer.GetActiveCamera()
        with _part(camera, height / size[1]):
            camera.SetWindowCenter(0.0, (size[1] - 2 * top - height) / height)
            with self.panes.alone(stage, columns or (0, size[0])):
                return self.take((size[0], height))

    def _tiles(self, kind: type[Depth]) -> NDArray[Depth]:
        """The picture, put together of tiles that are drawn with GRAINS times the pixels a side."""
        (width, height), (across, down) = self._size, self._window.GetSize()
        full = np.empty((height, width, 3), kind)
        camera = self.stage.renderer.GetActiveCamera()
        # a line is one pixel wide, which in a large picture would be a hair; so with points
        bold = BOLD * GRAINS * max(FINEST, min(width, height) / PLAIN_HEIGHT)
        with _part(camera, down / (GRAINS * height)), self.stage.bolder(bold), self._light():
            for top in range(0, GRAINS * height, down):
                for left in range(0, GRAINS * width, across):
                    # the middle of the tile from the middle of the picture, counted in half tiles
                    camera.SetWindowCenter(
                        (2 * left + across - GRAINS * width) / across,
                        (GRAINS * height - 2 * top - down) / down,
                    )
                    tile = _coarser(self.take(), kind)
                    place = full[top // GRAINS :, left // GRAINS :][: tile.shape[0], : tile.shape[1]]
                    place[:] = tile[: place.shape[0], : place.shape[1]]
        return full

    @contextmanager
    def flat_light(self) -> Iterator[None]:
        """What is drawn meanwhile has its own colours on all sides, as a legend shows them."""
        self._flat = True
        try:
            yield
        finally:
            self._flat = False

    def _light(self) -> AbstractContextManager[None]:
        return self.stage.evenly_lit() if self._flat else nullcontext()

    def _show(self, scene: Scene, size: tuple[int, int] | None) -> None:
        self._resize(size)
        shape_picture(self.stage.renderer, self._size[0] / self._size[1])
        self.stage.show(scene)

    def _resize(self, size: tuple[int, int] | None) -> None:
        if size is not None and size != self._size:
            self._size = size
            self._window.SetSize(*(min(GRAINS * s, self._tile) if self._fine else s for s in size))

    def close(self) -> None:
        """Gives the window back."""
        self.panes.clear()
        self._window.Finalize()


@contextmanager
def _part(camera: vtkCamera, share: float) -> Iterator[None]:
    """Looks at this share of the height of the picture; where it lies is the window's centre."""
    half, scale = math.radians(camera.GetViewAngle()) / 2, camera.GetParallelScale()
    camera.SetViewAngle(2 * math.degrees(math.atan(math.tan(half) * share)))
    camera.SetParallelScale(scale * share)
    try:
        yield
    finally:
        camera.SetWindowCenter(0.0, 0.0)
        camera.SetViewAngle(2 * math.degrees(half))
        camera.SetParallelScale(scale)


def _coarser(picture: NDArray[np.uint8], kind: type[Depth]) -> NDArray[Depth]:
    """Every GRAINS by GRAINS pixels as their mean, from black to the most that `kind` holds."""
    most = np.iinfo(kind).max // 255
    total = np.zeros(
        (picture.shape[0] // GRAINS, picture.shape[1] // GRAINS, 3), np.uint16 if most == 1 else np.uint32
    )
    for row in range(GRAINS):
        for column in range(GRAINS):
            total += picture[row::GRAINS, column::GRAINS]
    return np.asarray(total * most // GRAINS**2, dtype=kind)
