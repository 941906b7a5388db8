"""A darkroom for a single picture."""

import numpy as np
from numpy.typing import NDArray

from twin.render.snapshot import Darkroom
from twin.scene.scene import Scene


def snapshot(scene: Scene, size: tuple[int, int], *, shadows: str = "") -> NDArray[np.uint8]:
    """One picture of a scene, with smooth edges: (height, width, 3). size, shadows: as of a `Darkroom`."""
    room = Darkroom(size, shadows=shadows)
    try:
        return room.photograph(scene)
    finally:
        room.close()
