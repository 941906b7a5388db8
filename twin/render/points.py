"""Draws measured points, each a small square of one size on the screen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkProp

from twin.model.points import class_name
from twin.render import arrays
from twin.scene.colours import Ramp, ramp_colours, rgb
from twin.scene.items import Points

SIZE = 2.5
"""Side of a point. [px]"""


def make_points(item: Points) -> tuple[vtkProp, ...]:
    """The one actor of a cloud."""
    data = arrays.cloud(item.cloud.xyz)
    arrays.set_vertices(data)
    arrays.set_point_colours(data, point_colours(item))
    made = arrays.actor(data, opacity=item.opacity, flat=True)
    made.GetProperty().SetPointSize(SIZE)
    made.PickableOff()
    return (made,)


def point_colours(item: Points) -> NDArray[np.uint8]:
    """The colour of every point: (n, 3)."""
    cloud = item.cloud
    if item.scale is None:
        plain = np.full((len(cloud.xyz), 3), 160, dtype=np.uint8)
        return plain if cloud.rgb is None else cloud.rgb
    if isinstance(item.scale, Ramp):
        return ramp_colours(item.scale, cloud.xyz[:, 2])
    table = np.full((256, 3), 160, dtype=np.uint8)
    colours = dict(item.scale.colours)
    for number in np.unique(cloud.classes).tolist():
        table[number] = [round(255 * part) for part in rgb(colours[class_name(number)])]
    return np.asarray(table[cloud.classes])
