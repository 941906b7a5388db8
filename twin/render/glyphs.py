"""Draws one small shape at each point of a layer; the card holds each shape once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from shapely import get_x, get_y
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkRenderingCore import vtkActor, vtkGlyph3DMapper, vtkProp

from twin.model.layer import Layer
from twin.model.terrain import Relief
from twin.render.arrays import cloud, set_point_colours
from twin.render.ground import STEP, feature_colours
from twin.render.shading import receive_light
from twin.render.shapes import SHAPES, Part
from twin.scene.colours import ADDED, rgb
from twin.scene.items import Glyphs
from twin.scene.terrain import heights_on


def make_glyphs(item: Glyphs) -> tuple[vtkProp, ...]:
    """An actor for each part of the layer's shape."""
    layer = item.layer
    shape, _, _ = SHAPES.get(layer.style.glyph, SHAPES[""])
    places = places_of(layer, item.relief) + np.array([0.0, 0.0, STEP * item.level])
    sizes = sizes_of(layer)
    new = np.isin(layer.table.columns["id"].astype(str), item.marked) if item.marked else None
    by_value = None if item.look.colouring is None else feature_colours(layer, item.look.colouring)
    return tuple(_part(part, layer, places, sizes, new, item.opacity, by_value) for part in shape())


def places_of(layer: Layer, relief: Relief | None = None) -> NDArray[np.float64]:
    """Where the points of a layer stand: (n, 3). [m]"""
    flat = np.column_stack([get_x(layer.geometry), get_y(layer.geometry)])
    return np.column_stack([flat, np.zeros(len(flat)) if relief is None else heights_on(relief, flat)])


def sizes_of(layer: Layer) -> NDArray[np.float64]:
    """Width, depth and height of each shape, from the columns `crown` and `height`: (n, 3). [m]"""
    _, width, height = SHAPES.get(layer.style.glyph, SHAPES[""])
    wide, tall = _numbers(layer, "crown", width), _numbers(layer, "height", height)
    return np.column_stack([wide, wide, tall])


def _numbers(layer: Layer, name: str, default: float) -> NDArray[np.float64]:
    column = layer.table.columns.get(name)
    if column is None or column.dtype == object:
        return np.full(len(layer.geometry), default)
    numbers = column.astype(np.float64)
    return np.where(np.isfinite(numbers) & (numbers > 0), numbers, default)


def _part(
    part: Part,
    layer: Layer,
    places: NDArray[np.float64],
    sizes: NDArray[np.float64],
    new: NDArray[np.bool_] | None,
    opacity: float,
    by_value: NDArray[np.uint8] | None,
) -> vtkActor:
    points = cloud(places)
    scale = numpy_to_vtk(sizes, deep=True)
    scale.SetName("size")
    points.GetPointData().AddArray(scale)
    colours = np.tile(
        [round(255 * c) for c in rgb(layer.style.colour if part.tinted else part.colour)], (len(places), 1)
    )
    if part.tinted:
        colours = _varied(colours, places) if by_value is None else by_value.astype(np.int64)
    if new is not None and part.tinted:
        colours[new] = [round(255 * c) for c in rgb(ADDED)]
    set_point_colours(points, colours.astype(np.uint8))
    mapper = vtkGlyph3DMapper()
    mapper.SetInputData(points)
    mapper.SetSourceData(part.data)
    mapper.SetScaleArray("size")
    mapper.SetScaleModeToScaleByVectorComponents()
    mapper.OrientOff()
    mapper.StaticOn()
    made = vtkActor()
    made.SetMapper(mapper)
    shown = made.GetProperty()
    shown.SetOpacity(opacity)
    receive_light(made, instanced=True)
    shown.SetSpecular(0.0)
    shown.BackfaceCullingOn()  # all shapes are closed
    return made


def _varied(colours: NDArray[np.int64], places: NDArray[np.float64]) -> NDArray[np.int64]:
    # no two trees are of one green; the place decides, so that a picture can be made again
    shift = (np.sin(places[:, 0] * 12.9898 + places[:, 1] * 78.233) * 43758.5453) % 1.0
    return np.clip(colours * (0.93 + 0.14 * shift[:, None]), 0, 255).astype(np.int64)
