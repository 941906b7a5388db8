"""Makes pictures that say what they show: legend, north, scale, scenario, time and sources."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from twin.model.project import Project
from twin.model.state import State
from twin.scene.scene import Scene


def compose(
    picture: NDArray[np.uint8], project: Project, state: State, scene: Scene, *, furniture: bool = True
) -> QImage:
    """The picture (h, w, 3) with its furniture."""
    raise NotImplementedError


def render(
    project: Project, state: State, *, size: tuple[int, int], path: Path, furniture: bool = True
) -> None:
    """Writes a PNG of a project in a state. Raises DataError or TwinError."""
    raise NotImplementedError
