"""Draws one small shape at each point of a layer, all in one mesh; of very many see `glyphs_far`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from shapely import get_x, get_y
from vtkmodules.vtkRenderingCore import vtkActor, vtkGlyph3DMapper, vtkProp

from twin.model.layer import Layer
from twin.model.terrain import Relief
from twin.render import arrays
from twin.render.glyphs_far import MANY, Crowd, make_far, with_sizes
from twin.render.ground import STEP, feature_colours
from twin.render.shading import receive_light
from twin.render.shapes import SHAPES, Part
from twin.scene.colours import ADDED, rgb
from twin.scene.items import Glyphs
from twin.scene.terrain import heights_on


def make_glyphs(item: Glyphs) -> tuple[vtkProp, ...]:
    """One actor; of very many shapes one for each part of the shape, and those of `make_far`."""
    layer = item.layer
    shape, _, _ = SHAPES.get(layer.style.glyph, SHAPES[""])
    places = places_of(layer, item.relief) + np.array([0.0, 0.0, STEP * item.level])
    sizes = sizes_of(layer)
    new = np.isin(layer.table.columns["id"].astype(str), item.marked) if item.marked else None
    parts = shape()
    colours = tuple(_colours(item, part, places, new) for part in parts)
    crowd = Crowd(places, sizes, colours)
    if len(places) <= MANY:
        return (_all(parts, crowd, item.opacity),)
    made = tuple(_part(part, item.opacity) for part in parts)
    return (*made, *make_far(crowd, made, item.opacity))


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


def _all(parts: Sequence[Part], crowd: Crowd, opacity: float) -> vtkActor:
    """Every shape with all of its parts.

    Without a card one mesh takes half the time of shapes that are set up one by one.
    """
    count = len(crowd.places)
    points, normals, faces, colours = [], [], [], []
    start = 0
    for part, tones in zip(parts, crowd.colours, strict=True):
        corners, facing, triangles = arrays.parts_of(part.data)
        points.append(crowd.places[:, None] + crowd.sizes[:, None] * corners)
        normals.append(np.broadcast_to(facing, (count, *facing.shape)))
        faces.append(start + triangles + len(corners) * np.arange(count)[:, None, None])
        colours.append(np.repeat(tones, len(corners), axis=0))
        start += count * len(corners)
    data = arrays.mesh(
        np.concatenate([each.reshape(-1, 3) for each in points]),
        np.concatenate([each.reshape(-1, 3) for each in faces]),
    )
    facing = np.concatenate([each.reshape(-1, 3) for each in normals])
    arrays.set_normals(data, facing, name=arrays.ROUND)
    arrays.set_point_colours(data, np.concatenate(colours))
    made = arrays.nowhere_clear(arrays.actor(data, opacity=opacity))
    receive_light(made)
    made.GetProperty().BackfaceCullingOn()  # all shapes are closed
    return made


def _part(part: Part, opacity: float) -> vtkActor:
    """One part of shapes that come when it is known from where one looks; the card holds it once."""
    mapper = vtkGlyph3DMapper()
    mapper.SetInputData(with_sizes(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros((0, 3), np.uint8)))
    mapper.SetSourceData(part.data)
    mapper.SetScaleArray("size")
    mapper.SetScaleModeToScaleByVectorComponents()
    mapper.OrientOff()
    mapper.SetStatic(False)
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
