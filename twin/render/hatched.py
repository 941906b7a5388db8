"""Draws stripes on what a scenario changes, which every eye tells from a colour."""

from __future__ import annotations

import numpy as np
from vtkmodules.vtkRenderingCore import vtkProp

from twin.model.parts import marked, part
from twin.render import arrays
from twin.render.outline import edges
from twin.scene.colours import CHANGED, rgb
from twin.scene.items import Hatched

ACROSS, STRIPE = (0.62, 0.48, 0.62), 5.0
"""Direction across the stripes (east, north, up), and from one to the next. [m]"""
OPAQUE = 215
"""Of 255; the colour below shows through a little."""


def make_hatched(item: Hatched) -> tuple[vtkProp, ...]:
    """Stripes on all faces of what is changed, and its outline."""
    city = part(item.city, np.flatnonzero(marked(item.city, item.ids)))
    data = arrays.mesh(city.vertices, city.triangles)
    # across all three axes, so that roofs and walls of every direction are striped
    along = city.vertices @ np.array(ACROSS) / STRIPE
    arrays.set_texture_places(data, np.column_stack([along, np.zeros(len(along))]))
    colour = [round(255 * part) for part in rgb(CHANGED)]
    pattern = arrays.texture(
        np.array([[[*colour, OPAQUE]] * 2 + [[*colour, 0]] * 2], dtype=np.uint8), smooth=False
    )
    pattern.EdgeClampOff()
    pattern.RepeatOn()
    stripes = arrays.actor(data, flat=True)
    stripes.SetTexture(pattern)
    mapper = stripes.GetMapper()
    mapper.SetResolveCoincidentTopologyToPolygonOffset()
    mapper.SetRelativeCoincidentTopologyPolygonOffsetParameters(-1.0, -1.0)  # before the faces below
    lines = arrays.actor(arrays.segments(city.vertices[edges(city)]), flat=True)
    arrays.lift_lines(lines)
    lines.GetProperty().SetColor(*rgb(CHANGED))
    return stripes, lines
