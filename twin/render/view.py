"""Knows what is seen through a camera, and how large."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkCamera, vtkRenderer


@dataclass(frozen=True, slots=True)
class View:
    """What one looks through: the camera, and how many pixels a metre is at a distance of one metre."""

    position: NDArray[np.float64]
    planes: NDArray[np.float64]
    """(6, 4), the sides of what is seen, facing inwards."""
    pixels: float
    flat: bool = False
    """Without perspective, so that a metre is as many pixels at every distance."""

    @staticmethod
    def of(renderer: vtkRenderer) -> View:
        """The view of a renderer at this moment."""
        camera: vtkCamera = renderer.GetActiveCamera()
        width, height = renderer.GetSize()
        planes = [0.0] * 24
        camera.GetFrustumPlanes(width / max(height, 1), planes)
        flat = bool(camera.GetParallelProjection())
        half = camera.GetParallelScale() if flat else math.tan(math.radians(camera.GetViewAngle()) / 2)
        return View(np.array(camera.GetPosition()), np.array(planes).reshape(6, 4), height / (2 * half), flat)

    def at(self, distance: float) -> float:
        """How many pixels a metre is so far away. [px/m]"""
        return self.pixels if self.flat else self.pixels / max(distance, 1.0)

    def sees(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which boxes may be in the picture: (n,). low, high: (n, 3) [m]."""
        normal = self.planes[:, None, :3]
        furthest = np.where(normal > 0, high, low)
        return np.asarray(((normal * furthest).sum(axis=2) + self.planes[:, 3:] >= 0).all(axis=0))

    def scale(self, low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
        """How many pixels a metre is where a box is nearest, and where it is furthest: (2, n). [px/m]"""
        if self.flat:
            return np.full((2, len(low)), self.pixels)
        below, above = low - self.position, self.position - high
        near = np.maximum(np.maximum(below, above), 0.0)
        far = np.maximum(np.abs(below), np.abs(above))
        away = np.linalg.norm(np.stack([near, far]), axis=2)
        return np.asarray(self.pixels / np.maximum(away, 1.0))
