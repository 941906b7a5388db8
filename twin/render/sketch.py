"""Draws what is being drawn: a see-through body, lines before everything, and dots to take hold of."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from shapely import get_coordinates, get_rings
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkProp

from twin.model.state import Point
from twin.render import arrays
from twin.scene import terrain
from twin.scene.colours import REMOVED, SELECTED, rgb
from twin.scene.items import Sketch

LIFT = 0.35
"""Above all layers, so that nothing of the ground shows through. [m]"""
FRONT = -65_000.0
"""All the depth there is, in VTK's units: before everything."""
HANDLE, SMALL = 11.0, 6.0
"""Size of dots. [px]"""


def make_sketch(item: Sketch) -> tuple[vtkProp, ...]:
    """The actors of a sketch."""
    colour = rgb(REMOVED if item.wrong else SELECTED)
    made: list[vtkActor] = []
    if item.areas:
        points, faces = body(item)
        made.append(arrays.actor(arrays.mesh(points, faces), opacity=0.28, flat=True))
    if item.lines:
        ends = [pair for line in item.lines for pair in _pairs(line)]
        lines = arrays.actor(arrays.segments(np.array(ends).reshape(-1, 3)), flat=True)
        lines.GetProperty().SetLineWidth(2.0)
        made.append(_in_front(lines))
    for places, size in ((item.small, SMALL), (item.handles, HANDLE)):
        if places:
            dots = arrays.actor(_dots(places), flat=True)
            dots.GetProperty().SetPointSize(size)
            dots.GetProperty().RenderPointsAsSpheresOn()
            made.append(_in_front(dots))
    for actor in made:
        actor.GetProperty().SetColor(*colour)
    return tuple(made)


def body(item: Sketch) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The areas with walls and a lid, if they have a height: points (n, 3) [m], triangles (m, 3)."""
    shapes = np.empty(len(item.areas), dtype=object)
    shapes[:] = item.areas
    flat, faces, owner = arrays.flat_triangles(shapes)
    if not item.height:
        if item.relief is not None:
            laid = terrain.laid(item.relief, flat, faces)
            return laid.points + np.array([0.0, 0.0, LIFT]), laid.triangles.astype(np.int64)
        return np.column_stack([flat, np.full(len(flat), LIFT)]), faces
    bases = LIFT + (np.array(item.bases) if item.bases else np.zeros(len(shapes)))
    floor = np.column_stack([flat, bases[owner]])
    rings, of = get_rings(shapes, return_index=True)
    corners, ring = get_coordinates(rings, return_index=True)
    here = np.flatnonzero(ring[1:] == ring[:-1])
    count = len(corners)
    walls = np.concatenate(
        [
            np.column_stack([here, here + 1, here + 1 + count]),
            np.column_stack([here, here + 1 + count, here + count]),
        ]
    )
    up = np.array([0.0, 0.0, item.height])
    low = np.column_stack([corners, bases[of[ring]]])
    points = np.concatenate([floor + up, low, low + up])
    return points, np.concatenate([faces, walls + len(floor)])


def _pairs(line: Sequence[Point]) -> list[tuple[Point, Point]]:
    return list(itertools.pairwise(line))


def _dots(places: Sequence[Point]) -> vtkPolyData:
    data = arrays.cloud(np.asarray(places, dtype=np.float64).reshape(-1, 3))
    cells = vtkCellArray()
    for number in range(len(places)):
        cells.InsertNextCell(1, [number])
    data.SetVerts(cells)
    return data


def _in_front(actor: vtkActor) -> vtkActor:
    mapper = actor.GetMapper()
    mapper.SetResolveCoincidentTopologyToPolygonOffset()
    # the relative ones, as the others are those of all mappers
    mapper.SetRelativeCoincidentTopologyLineOffsetParameters(0.0, FRONT)
    mapper.SetRelativeCoincidentTopologyPointOffsetParameter(FRONT)
    return actor
