"""Draws a scene without a window."""

from __future__ import annotations

import os
import sys

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow

from twin.errors import TwinError
from twin.render.stage import Stage
from twin.scene.scene import Scene

LARGEST = 16_384
"""Most pixels along a side."""


class Darkroom:
    """An off-screen window that is made once and used for many pictures."""

    def __init__(self, size: tuple[int, int], *, fine: bool = True) -> None:
        if max(size) > LARGEST or min(size) < 16:
            raise TwinError(
                f"A picture of {size[0]}×{size[1]} cannot be made. Use 16 to {LARGEST} pixels a side."
            )
        if sys.platform.startswith("linux"):
            # EGL needs no X server, and is ready in half the time
            os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
        self._window = vtkRenderWindow()
        self._window.SetOffScreenRendering(1)
        self._window.SetMultiSamples(4 if fine else 0)
        self._window.SetSize(*size)
        renderer = vtkRenderer()
        self._window.AddRenderer(renderer)
        self.stage = Stage(renderer)
        self.stage.fine(fine)

    def photograph(self, scene: Scene) -> NDArray[np.uint8]:
        """The scene as (height, width, 3), first row on top."""
        self.stage.show(scene)
        self._window.Render()
        width, height = self._window.GetSize()
        pixels = vtkUnsignedCharArray()
        self._window.GetPixelData(0, 0, width - 1, height - 1, 0, pixels, 0)
        picture = vtk_to_numpy(pixels).reshape(height, width, 3)
        return np.ascontiguousarray(picture[::-1])

    def close(self) -> None:
        """Gives the window back."""
        self.stage.clear()
        self._window.Finalize()


def snapshot(scene: Scene, size: tuple[int, int]) -> NDArray[np.uint8]:
    """One picture of a scene: (height, width, 3). size: width and height [px]."""
    room = Darkroom(size)
    try:
        return room.photograph(scene)
    finally:
        room.close()
