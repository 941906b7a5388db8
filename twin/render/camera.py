"""Puts a VTK camera where the state says, and asks it what lies under a pixel."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkRenderer

from twin.model.state import Camera, Point


def place_camera(renderer: vtkRenderer, camera: Camera) -> None:
    """Looks from `camera`, horizon level, with the whole scene between near and far plane."""
    native = renderer.GetActiveCamera()
    native.SetPosition(*camera.position)
    native.SetFocalPoint(*camera.target)
    native.SetViewUp(0.0, 0.0, 1.0)
    native.SetViewAngle(camera.angle)
    native.SetParallelProjection(camera.height > 0)
    native.SetParallelScale(camera.height / 2 if camera.height else 1.0)
    far = 9000.0 + 2.0 * math.dist(camera.position, camera.target)
    # the nearest thing is at least as far as the ground, or a few steps; the ratio keeps depth exact
    above = min(abs(camera.position[2]), abs(camera.position[2] - camera.target[2]))
    near = max(0.5, 0.03 * above)
    if camera.section:
        near = math.dist(camera.position, camera.target)
    native.SetClippingRange(near, far)


def ray(camera: Camera, x: float, y: float, size: tuple[int, int]) -> tuple[Point, NDArray[np.float64]]:
    """The eye and the unit direction through a pixel.

    x, y: from the upper left corner [px]; size: width and height of the picture [px].
    """
    width, height = size
    forward = np.subtract(camera.target, camera.position)
    forward = forward / np.linalg.norm(forward)
    right = np.cross(forward, (0.0, 0.0, 1.0))
    right = right / np.linalg.norm(right)
    up = np.cross(right, forward)
    half = camera.height / 2 or math.tan(math.radians(camera.angle) / 2)
    across, over = (2 * x / width - 1) * half * width / height, (1 - 2 * y / height) * half
    if camera.height:
        east, north, above = (camera.position + across * right + over * up).tolist()
        return (east, north, above), forward
    direction = forward + across * right + over * up
    return camera.position, direction / np.linalg.norm(direction)


def on_ground(eye: Point, direction: NDArray[np.float64], height: float = 0.0) -> Point | None:
    """Where a ray meets the flat ground, or None when it looks at the sky. [m]"""
    if direction[2] >= -1e-9:
        return None
    along = (height - eye[2]) / direction[2]
    if along <= 0:
        return None
    return (eye[0] + along * float(direction[0]), eye[1] + along * float(direction[1]), height)
