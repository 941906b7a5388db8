"""Works out how a layer is drawn as the user wants it: what of it, in which colours, with which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.analysis.build import Built
from twin.model.layer import Layer
from twin.model.state import AttributeStyle, LayerStyle, State
from twin.model.table import Table, take
from twin.scene.attributes import UNITS, Styled, present, styled_columns
from twin.scene.colours import Classes, label
from twin.scene.items import Colouring, Look, Texts
from twin.scene.row_filter import passing
from twin.scene.scene import Legend

ABOVE = {0: 3.0, 1: 1.0, 2: 1.0}
"""Labels stand so far above points without a height, lines and areas. [m]"""
LONGEST = 40
"""Letters of a label."""


def style_of(state: State, layer: str) -> LayerStyle:
    """The style of a layer, as chosen or as it is at first."""
    return dict(state.layer_styles).get(layer, LayerStyle())


def drawn(layer: Layer, style: LayerStyle) -> Layer:
    """What is drawn of a layer, with the colour, width and shape of a style; else itself."""
    return layer if style == LayerStyle() else _drawn(layer, replace(style, values=AttributeStyle()))


def look(layer: Layer, style: LayerStyle, among: Sequence[Built] = ()) -> Look:
    """The colours and limits of a style. layer: all of it, so that a filter changes no colours.

    among: other scenarios whose values share one range of colours.
    """
    found = styled(layer, style, among)
    colouring = Colouring(style.attribute, found.scale) if found is not None else None
    return Look(colouring, style.filled, style.outline, style.outline_width, style.near, style.far)


def styled(layer: Layer, style: LayerStyle, among: Sequence[Built] = ()) -> Styled | None:
    """How the values of the chosen attribute become colours; None where it is not there.

    among: as of `look`.
    """
    if not style.attribute:
        return None
    others = (other for built in among for other in built.layers if other.id == layer.id)
    return _styled(tuple(dict.fromkeys((layer, *others))), style.attribute, style.values)


def legends(state: State, built: Built, among: Sequence[Built] = ()) -> tuple[Legend, ...]:
    """The colours of each layer that is coloured by an attribute, the uppermost first.

    among: as of `look`.
    """
    made = []
    for layer in sorted(built.layers, key=lambda layer: -layer.style.order):
        style = style_of(state, layer.id)
        found = styled(layer, style, among) if layer.id not in state.hidden else None
        if found is not None:
            title = f"{layer.title or layer.id}: {style.attribute}"
            source = layer.source or "Source not stated"
            made.append(
                Legend(title, UNITS.get(style.attribute, ""), found.legend, source, found.note, found.limits)
            )
    return tuple(made)


def labels(layer: Layer, style: LayerStyle) -> Texts | None:
    """The words beside what is drawn of a layer; None where there are none."""
    texts = _texts(layer, style.labels, style.priority) if style.labels else None
    return texts if texts is not None and texts.words else None


def listed(layer: Layer, style: LayerStyle) -> tuple[tuple[str, str], ...]:
    """The classes of a layer, name and colour; empty where it has none."""
    found = styled(layer, style)
    scale = found.legend if found is not None else None
    return scale.colours if isinstance(scale, Classes) else ()


@lru_cache(maxsize=64)
def dimension(layer: Layer) -> int:
    """Of what is in a layer: 0 points, 1 lines, 2 areas."""
    return int(shapely.get_dimensions(layer.geometry).max(initial=0))


def names(layer: Layer) -> tuple[str, ...]:
    """The attributes that have any value."""
    return tuple(name for name, column in layer.table.columns.items() if len(present(column)))


@lru_cache(maxsize=64)
def _styled(layers: tuple[Layer, ...], name: str, values: AttributeStyle) -> Styled | None:
    """Of a layer and of the same in other scenarios."""
    column = layers[0].table.columns.get(name)
    if column is None or not len(present(column)):
        return None
    columns = (layer.table.columns.get(name) for layer in layers)
    return styled_columns([column for column in columns if column is not None], name, values)


@lru_cache(maxsize=64)
def _drawn(layer: Layer, style: LayerStyle) -> Layer:
    kept = passing(layer.table, style.shown)
    geometry, table = layer.geometry, layer.table
    if not kept.all():
        geometry, table = geometry[kept], take(table, kept)
    if style.width:
        table = Table(table.length, {n: c for n, c in table.columns.items() if n != "width"})
    changed = replace(
        layer.style,
        colour=style.colour or layer.style.colour,
        width=style.width or layer.style.width,
        glyph=style.glyph or layer.style.glyph,
    )
    return replace(layer, geometry=geometry, table=table, style=changed)


@lru_cache(maxsize=16)
def _texts(layer: Layer, name: str, priority: str) -> Texts | None:
    column = layer.table.columns.get(name)
    if column is None or not len(layer.geometry):
        return None
    words = [_word(value) for value in column.tolist()]
    rows = np.flatnonzero([bool(word) for word in words])
    order = rows[np.argsort(-_importance(layer, priority)[rows], kind="stable")]
    places = _places(layer.geometry[order])
    heights = _heights(layer)[order]
    return Texts(tuple(words[i] for i in order.tolist()), np.column_stack([places, heights]))


def _word(value: object) -> str:
    if value is None or value != value:
        return ""
    text = label(round(value, 2) if isinstance(value, float) else value).strip()
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _importance(layer: Layer, priority: str) -> NDArray[np.float64]:
    """Higher first: by an attribute, else by how large each is."""
    column = layer.table.columns.get(priority)
    if column is not None and column.dtype != object:
        return np.nan_to_num(column.astype(np.float64), nan=-np.inf)
    return np.asarray(shapely.area(layer.geometry) + shapely.length(layer.geometry))


def _places(geometry: NDArray[np.object_]) -> NDArray[np.float64]:
    """Within areas, half along lines, at points: (n, 2)."""
    dimension = shapely.get_dimensions(geometry)
    found = np.array(shapely.point_on_surface(geometry), dtype=object)
    for row in np.flatnonzero(dimension == 1).tolist():
        longest = max(shapely.get_parts(geometry[row]), key=shapely.length)
        found[row] = shapely.line_interpolate_point(longest, 0.5, normalized=True)
    return shapely.get_coordinates(found)


def _heights(layer: Layer) -> NDArray[np.float64]:
    """Of the labels above the ground. [m]"""
    column = layer.table.columns.get("height")
    plain = np.array([ABOVE[max(int(d), 0)] for d in shapely.get_dimensions(layer.geometry)])
    if column is None or column.dtype == object or not layer.style.glyph:
        return plain
    return np.where(np.isfinite(column.astype(np.float64)), column.astype(np.float64) + 1.0, plain)
