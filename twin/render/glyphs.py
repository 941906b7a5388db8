"""Draws one small shape at each point of a layer; the card holds each shape once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from shapely import get_x, get_y
from vtkmodules.vtkRenderingCore import vtkActor, vtkGlyph3DMapper, vtkProp

from twin.model.layer import Layer
from twin.model.terrain import Relief
from twin.render.glyphs_far import MANY, Crowd, make_far, with_sizes
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
    parts = shape()
    colours = tuple(_colours(item, part, places, new) for part in parts)
    crowd = Crowd(places, sizes, colours)
    many = len(places) > MANY
    made = tuple(_part(part, crowd, i, item.opacity, empty=many) for i, part in enumerate(parts))
    return (*made, *make_far(crowd, made, item.opacity)) if many else made


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


def _colours(
    item: Glyphs, part: Part, places: NDArray[np.float64], new: NDArray[np.bool_] | None
) -> NDArray[np.uint8]:
    layer, colouring = item.layer, item.look.colouring
    if not part.tinted:
        return np.tile(np.array([round(255 * c) for c in rgb(part.colour)], np.uint8), (len(places), 1))
    plain = np.tile([round(255 * c) for c in rgb(layer.style.colour)], (len(places), 1))
    found = _varied(plain, places) if colouring is None else feature_colours(layer, colouring)
    if new is not None:
        found = found.copy()
        found[new] = [round(255 * c) for c in rgb(ADDED)]
    return found.astype(np.uint8)


def _part(part: Part, crowd: Crowd, number: int, opacity: float, *, empty: bool) -> vtkActor:
    """empty: the shapes come when it is known from where one looks."""
    rows = slice(0, 0) if empty else slice(None)
    mapper = vtkGlyph3DMapper()
    mapper.SetInputData(with_sizes(crowd.places[rows], crowd.sizes[rows], crowd.colours[number][rows]))
    mapper.SetSourceData(part.data)
    mapper.SetScaleArray("size")
    mapper.SetScaleModeToScaleByVectorComponents()
    mapper.OrientOff()
    mapper.SetStatic(not empty)
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
