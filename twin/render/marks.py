"""Draws a mark where someone clicked."""

from __future__ import annotations

import numpy as np
from vtkmodules.vtkRenderingCore import vtkProp

from twin.render import arrays
from twin.render.shapes import cone
from twin.scene.colours import SELECTED, rgb
from twin.scene.items import Pin


def make_pin(item: Pin) -> tuple[vtkProp, ...]:
    """A pointed pin that stands on each place."""
    points, faces = cone(12)
    upside_down = points * np.array([3.0, 3.0, -7.0]) + np.array([0.0, 0.0, 7.0])
    places = np.array([item.at, *item.more])
    points = (places[:, None] + upside_down).reshape(-1, 3)
    first = len(upside_down) * np.arange(len(places))
    data = arrays.mesh(points, (first[:, None, None] + faces[:, ::-1]).reshape(-1, 3))
    made = arrays.actor(data)
    made.GetProperty().SetColor(*rgb(SELECTED))
    made.GetProperty().LightingOff()
    return (made,)
