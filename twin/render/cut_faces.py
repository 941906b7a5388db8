"""Draws where a city is cut: faces with slanting lines, as in a drawing of a section."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor, vtkProp

from twin.render import arrays
from twin.scene.colours import rgb
from twin.scene.items import CutFaces
from twin.scene.terrain import heights_on

PAPER, INK, EARTH = "#f6f1e7", "#33383f", "#d9d0c0"
WIDE, DEEP = 6000.0, 2000.0
"""Of the ground that is cut. [m]"""
STEP = 2.0
"""Between two heights of the relief that is cut. [m]"""
BEHIND = 0.05
"""The plane itself would be cut away too. [m]"""


def make_cut_faces(item: CutFaces) -> tuple[vtkProp, ...]:
    """The faces, the lines over them, and their outlines."""
    if item.cut is None:
        return (_earth(item),)
    away = BEHIND * np.asarray(item.forward)
    cut = item.cut
    faces = arrays.actor(arrays.mesh(cut.points + 2 * away, cut.triangles), flat=True)
    faces.GetProperty().SetColor(*rgb(PAPER))
    return _earth(item), faces, _lines(cut.hatching + away, 1.0), _lines(cut.outline + away, 2.0)


def _earth(item: CutFaces) -> vtkActor:
    """The ground below the plane, as far as one sees; its upper edge is the relief, where there is one."""
    forward = np.asarray(item.forward)
    level = np.cross(forward, (0.0, 0.0, 1.0))
    level = level / max(float(np.linalg.norm(level)), 1e-9)
    middle = np.array([item.at[0], item.at[1], 0.0]) + 3 * BEHIND * forward
    reach = np.array([-WIDE, WIDE]) if item.relief is None else np.arange(-WIDE, WIDE + STEP, STEP)
    above = middle + reach[:, None] * level
    if item.relief is not None:
        above[:, 2] = np.nan_to_num(heights_on(item.relief, above[:, :2]))
    below = above.copy()
    below[:, 2] = -DEEP
    left = np.arange(len(reach) - 1)
    down = left + len(reach)
    faces = np.concatenate(
        [np.column_stack([left, left + 1, down + 1]), np.column_stack([left, down + 1, down])]
    )
    made = arrays.actor(arrays.mesh(np.concatenate([above, below]), faces), flat=True)
    made.GetProperty().SetColor(*rgb(EARTH))
    return made


def _lines(points: NDArray[np.float64], width: float) -> vtkActor:
    made = arrays.actor(arrays.segments(points), flat=True)
    made.GetProperty().SetColor(*rgb(INK))
    made.GetProperty().SetLineWidth(width)
    return made
