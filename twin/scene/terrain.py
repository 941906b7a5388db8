"""Knows what the ground of a scene is: the terrain of the project, the relief of its city, or a plane."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.analysis import city_relief
from twin.model.city import City
from twin.model.project import Project
from twin.model.state import Camera, State
from twin.model.terrain import Relief, Terrain, exaggerated, height_at
from twin.scene.camera import move
from twin.scene.items import Ground, Item, Land
from twin.scene.scene import Failed, Request, Results

if TYPE_CHECKING:
    from twin.analysis.drape import Draped

KEPT = 64
"""So many layers stay laid on the ground."""
MANY = 50_000
"""Of more triangles it takes longer to lay them on the ground than to share that out."""
COLOUR = "#d9d5c9"
TERRAIN = "terrain"
"""Id of the ground among the layers."""

Progress = Callable[[float], None]


def want_terrain(project: Project) -> Request | None:
    """The request for the relief of the city; None where it has none, or the project has a terrain."""
    if project.terrain is not None or not city_relief.has_relief(project.city):
        return None
    return Request(("city relief", project.city), of_city, (project.city,), "Relief of the city model")


def want_relief(terrain: Terrain) -> Request:
    """The request for the mesh of the ground."""
    return Request(("relief", terrain), mesh, (terrain,), "Terrain")


def of_city(city: City, *, progress: Progress) -> Terrain | None:
    """The terrain that a city brings."""
    progress(0.0)
    return city_relief.terrain_of(city)


def mesh(terrain: Terrain, *, progress: Progress) -> Relief:
    """The mesh of the ground, ready for what is laid on it."""
    # here, because machine code is slow to load, and a window without terrain needs none
    from twin.analysis.drape import drape
    from twin.analysis.terrain_mesh import relief

    progress(0.0)
    made = relief(terrain)
    progress(0.8)
    # machine code and index are made here, so that drawing need not wait for them
    drape(made, np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), np.array([[0, 1, 2]]))
    heights_on(made, np.zeros((1, 2)))
    return made


def ground_of(
    project: Project, state: State, results: Results
) -> tuple[Project, Relief | None, tuple[Request, ...], tuple[str, ...]]:
    """The project with its ground, the mesh of it, what is still missing, and what failed."""
    wanted = want_terrain(project)
    if wanted is not None:
        found = results.get(wanted.key)
        if wanted.key not in results:
            return project, None, (wanted,), ()
        if isinstance(found, Failed):
            return project, None, (), (found.message,)
        project = replace(project, terrain=found if isinstance(found, Terrain) else None)
    if project.terrain is None:
        return project, None, (), ()
    request = want_relief(project.terrain)
    made = results.get(request.key)
    if isinstance(made, Relief):
        return project, exaggerated(made, state.exaggeration), (), ()
    if isinstance(made, Failed):
        return replace(project, terrain=None), None, (), (made.message,)
    return project, None, (request,), ()


def land(relief: Relief | None, state: State, flat: Ground) -> dict[str, Item]:
    """The ground to be drawn."""
    if relief is None:
        return {"ground": flat}
    if TERRAIN in state.hidden:
        return {}
    return {"ground": Land(relief, flat.colour, state.opacity_of(TERRAIN), flat.pits)}


def view_of(camera: Camera, terrain: Terrain | None) -> Camera:
    """A view of the flat ground, as far above the terrain."""
    if terrain is None:
        return camera
    east, north = (np.array([middle]) for middle in camera.target[:2])
    return move(camera, 0.0, 0.0, float(height_at(terrain, east, north)[0]))


def laid(relief: Relief, flat: NDArray[np.float64], triangles: NDArray[np.int64]) -> Draped:
    """Triangles of a map on the ground: see `twin.analysis.drape`; very many on all processors."""
    from twin.analysis.drape import drape

    if len(triangles) <= MANY:
        return drape(relief, flat, triangles)
    from twin.analysis.drape_tiles import drape_tiles

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return drape_tiles(relief, flat, triangles, pool)


@lru_cache(maxsize=KEPT)
def laid_rectangle(relief: Relief, bounds: tuple[float, float, float, float]) -> Draped:
    """A rectangle of the map on the ground."""
    from twin.analysis.drape import drape

    west, south, east, north = bounds
    corners = np.array([(west, south), (east, south), (east, north), (west, north)])
    return drape(relief, corners, np.array([[0, 1, 2], [0, 2, 3]]))


def heights_on(relief: Relief, flat: NDArray[np.float64]) -> NDArray[np.float64]:
    """How high the ground is drawn at places of the map, (n, 2). [m]"""
    from twin.analysis import drape

    return drape.heights_on(relief, flat)
