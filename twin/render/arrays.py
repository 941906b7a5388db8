"""Turns arrays into VTK data without copying where it can."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from shapely import get_coordinates, get_parts, get_rings, get_type_id, is_empty
from vtkmodules.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkDataObject, vtkImageData, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper, vtkTexture

from twin.model.triangulate import normals, triangulate_all

POLYGON = 3
"""Of shapely."""
ON_POINTS = vtkDataObject.FIELD_ASSOCIATION_POINTS
FLAT, ROUND = "normal", "round"
"""Names of normals."""
LINE_OFFSET = -0.6 / 65000
"""Of all depth, see `lift_lines`; much more would show the far side of a house through its roof."""


def mesh(points: NDArray[np.float64], triangles: NDArray[np.integer]) -> vtkPolyData:
    """Triangles as VTK data. points: (n, 3) [m]; triangles: (m, 3)."""
    data = cloud(points)
    data.SetPolys(_cells(triangles))
    return data


def segments(points: NDArray[np.float64]) -> vtkPolyData:
    """Every two points as a line. points: (2 n, 3) [m]."""
    data = cloud(points)
    data.SetLines(_cells(np.arange(len(points)).reshape(-1, 2)))
    return data


def cloud(points: NDArray[np.float64]) -> vtkPolyData:
    """Points without any cells: (n, 3). [m]"""
    corners = vtkPoints()
    corners.SetData(numpy_to_vtk(np.ascontiguousarray(points, dtype=np.float64), deep=True))
    data = vtkPolyData()
    data.SetPoints(corners)
    return data


def parts_of(
    data: vtkPolyData,
) -> tuple[NDArray[np.float64], NDArray[np.float32], NDArray[np.int64]]:
    """Points (n, 3) [m], their normals (n, 3) and the triangles (m, 3) of data that `mesh` made."""
    corners = vtk_to_numpy(data.GetPoints().GetData())
    facing = vtk_to_numpy(data.GetPointData().GetNormals())
    return corners, facing, vtk_to_numpy(data.GetPolys().GetConnectivityArray()).reshape(-1, 3)


def empty(*, lit: bool = False) -> vtkPolyData:
    """Data that `fill` will bring; lit: with normals."""
    data = cloud(np.zeros((0, 3)))
    if lit:
        set_normals(data, np.zeros((0, 3)))
    return data


def fill(data: vtkPolyData, points: NDArray[np.float32], normals: NDArray[np.float32] | None = None) -> None:
    """Puts other points into data, in the memory they are in, which must not be changed after."""
    corners = vtkPoints()
    corners.SetData(numpy_to_vtk(np.ascontiguousarray(points, dtype=np.float32)))
    data.SetPoints(corners)
    if normals is not None:
        array = numpy_to_vtk(np.ascontiguousarray(normals, dtype=np.float32))
        array.SetName(FLAT)
        data.GetPointData().SetNormals(array)


def set_vertices(data: vtkPolyData) -> None:
    """Draws every point as a dot."""
    count = data.GetNumberOfPoints()
    # one cell for all of them, which takes less room and time than one for each
    cells = vtkCellArray()
    cells.SetData(
        numpy_to_vtkIdTypeArray(np.array([0, count], dtype=np.int64), deep=True),
        numpy_to_vtkIdTypeArray(np.arange(count, dtype=np.int64), deep=True),
    )
    data.SetVerts(cells)


def set_triangles(data: vtkPolyData, triangles: NDArray[np.int32]) -> None:
    """Draws these corners: (m, 3), in the memory they are in."""
    data.SetPolys(_shared_cells(triangles))
    data.Modified()


def set_segments(data: vtkPolyData, ends: NDArray[np.int32]) -> None:
    """Draws these lines: (m, 2), in the memory they are in."""
    data.SetLines(_shared_cells(ends))
    data.Modified()


def _shared_cells(corners: NDArray[np.int32]) -> vtkCellArray:
    count, size = corners.shape
    cells = vtkCellArray()
    offsets = np.arange(0, count * size + 1, size, dtype=np.int32)
    cells.SetData(numpy_to_vtk(offsets), numpy_to_vtk(np.ascontiguousarray(corners, dtype=np.int32).ravel()))
    return cells


def _cells(corners: NDArray[np.integer]) -> vtkCellArray:
    count, size = corners.shape
    cells = vtkCellArray()
    cells.SetData(
        numpy_to_vtkIdTypeArray(np.arange(0, count * size + 1, size, dtype=np.int64), deep=True),
        numpy_to_vtkIdTypeArray(np.ascontiguousarray(corners, dtype=np.int64).ravel(), deep=True),
    )
    return cells


def set_point_colours(data: vtkPolyData, colours: NDArray[np.uint8]) -> None:
    """Colours each point: (n, 3) or (n, 4), in the memory they are in."""
    array = numpy_to_vtk(np.ascontiguousarray(colours))
    array.SetName("colour")
    data.GetPointData().SetScalars(array)
    data.Modified()


def set_normals(data: vtkPolyData, normals: NDArray[np.floating], *, name: str = FLAT) -> None:
    """Gives each point its normal: (n, 3); name: FLAT where faces lie as their normals say, else ROUND."""
    array = numpy_to_vtk(np.ascontiguousarray(normals, dtype=np.float32), deep=True)
    array.SetName(name)
    data.GetPointData().SetNormals(array)


def set_texture_places(data: vtkPolyData, places: NDArray[np.floating]) -> None:
    """Gives each point its place in the texture: (n, 2), 0-1."""
    array = numpy_to_vtk(np.ascontiguousarray(places, dtype=np.float32), deep=True)
    array.SetName("texture")
    data.GetPointData().SetTCoords(array)


def set_values(data: vtkPolyData, name: str, values: NDArray[np.float32]) -> None:
    """Gives each point some numbers by name: (n, any)."""
    array = numpy_to_vtk(np.ascontiguousarray(values, dtype=np.float32), deep=True)
    array.SetName(name)
    data.GetPointData().AddArray(array)


def alike(data: vtkPolyData) -> vtkPolyData:
    """Other data with the same points and all that is known of them, but without cells."""
    made = vtkPolyData()
    made.SetPoints(data.GetPoints())
    made.GetPointData().ShallowCopy(data.GetPointData())
    return made


def remember(data: vtkPolyData, name: str, rows: NDArray[np.integer]) -> None:
    """Keeps with each point which row it was made from: (n,)."""
    array = numpy_to_vtk(np.ascontiguousarray(rows, dtype=np.int64), deep=True)
    array.SetName(name)
    data.GetPointData().AddArray(array)


def remembered(data: vtkPolyData, name: str) -> NDArray[np.int64]:
    """What `remember` kept: (n,)."""
    return np.asarray(vtk_to_numpy(data.GetPointData().GetArray(name)), dtype=np.int64)


def actor(data: vtkPolyData, *, opacity: float = 1.0, flat: bool = False) -> vtkActor:
    """Something to draw; flat: shown in its own colours, whatever the light."""
    mapper = vtkPolyDataMapper()
    mapper.SetInputData(data)
    mapper.StaticOn()
    made = vtkActor()
    made.SetMapper(mapper)
    shown = made.GetProperty()
    shown.SetOpacity(opacity)
    if flat:
        shown.LightingOff()
        shown.SetAmbient(1.0)
        shown.SetDiffuse(0.0)
    shown.SetSpecular(0.0)
    return made


def nowhere_clear(actor: vtkActor) -> vtkActor:
    """Prepares an actor whose quite clear pixels need not be left out; to ask that of each takes long."""
    actor.GetShaderProperty().AddFragmentShaderReplacement("discard;", False, "", True)
    return actor


def refresh(actor: vtkActor) -> None:
    """Draws data anew that were changed in place, which a static mapper would not notice."""
    mapper = actor.GetMapper()
    mapper.StaticOff()
    mapper.Update()
    mapper.StaticOn()


def lift_lines(lines: vtkActor) -> None:
    """Draws lines before the faces whose edges they are, by a third of a metre at the distance of a city.

    At their ends, not at each pixel as VTK would, which is slow where the processor draws.
    """
    tag = "//VTK::CustomEnd::Impl"
    lifted = f"  gl_Position.z += {2 * LINE_OFFSET:.3e} * gl_Position.w;\n{tag}"
    lines.GetShaderProperty().AddVertexShaderReplacement(tag, True, lifted, False)


def texture(image: NDArray[np.uint8], *, smooth: bool) -> vtkTexture:
    """An image as a texture: (rows, columns, 4), first row in the north."""
    rows, columns, _ = image.shape
    data = vtkImageData()
    data.SetDimensions(columns, rows, 1)
    data.GetPointData().SetScalars(
        numpy_to_vtk(np.ascontiguousarray(image[::-1]).reshape(rows * columns, 4), deep=True)
    )
    made = vtkTexture()
    made.SetInputData(data)
    made.SetInterpolate(smooth)
    made.RepeatOff()
    made.EdgeClampOn()
    return made


def flat_triangles(
    shapes: NDArray[np.object_],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Triangles of polygons on the ground: points (n, 2) [m], triangles (m, 3), shape of each point (n,)."""
    parts, owner = get_parts(shapes, return_index=True)
    whole = (get_type_id(parts) == POLYGON) & ~is_empty(parts)
    parts, owner = parts[whole], owner[whole]
    rings, polygon = get_rings(parts, return_index=True)
    corners, ring = get_coordinates(rings, return_index=True)
    again = np.append(ring[1:] != ring[:-1], True)[: len(ring)]  # the last corner of a ring is its first
    corners, ring = corners[~again], ring[~again]
    count = np.bincount(polygon, minlength=len(parts))
    starts = np.concatenate([[0], np.cumsum(np.bincount(ring, minlength=len(rings)))])
    points = np.column_stack([corners, np.zeros(len(corners))])
    first = np.cumsum(count) - count
    found = triangulate_all(points, starts, first, count, normals(points, starts)[first])
    return corners, found.astype(np.int64), owner[polygon[ring]]
