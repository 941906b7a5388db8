"""What the user can do to the view: where one looks from, and what is shown of the city."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from twin.model import lod
from twin.model.box import box
from twin.model.city import corners, named, with_parts
from twin.model.project import Project
from twin.model.state import Bookmark, Camera, Point, Selection
from twin.scene import camera as cameras
from twin.scene.comparison import others
from twin.scene.resolve import extent, home
from twin.scene.scene import Scene
from twin.session import commands
from twin.session.session import Session

if TYPE_CHECKING:
    from twin.app.window import Window

SMALLEST, CLOSEST = 140.0, 60.0
"""A single lamp is shown with this much of the town around it; an object of the city model with less. [m]"""
AROUND = 100.0
"""A large object is shown with so much more of the town than it takes itself. [m]"""


def go_home(window: Window) -> None:
    """The view the project opens with."""
    if (session := window.session) is not None:
        session.do(commands.look, home(session.project, extent(session.project)))


def move(window: Window, change: Callable[[Camera], Camera]) -> None:
    """Changes the camera of this moment."""
    if window.session is not None and window.viewport is not None and window.viewport.camera is not None:
        window.session.do(commands.look, change(window.viewport.camera))


def zoom(window: Window, factor: float) -> None:
    """Comes closer (factor < 1) or goes away."""
    move(window, lambda camera: cameras.zoom(camera, factor))


def zoom_to_all(window: Window) -> None:
    """The whole area, seen from where one looks now."""
    if (session := window.session) is not None:
        zoom_to(window, extent(session.project))


def zoom_to(window: Window, bounds: tuple[float, float, float, float]) -> None:
    """A part of the area: west, south, east, north. [m]"""
    west, south, east, north = bounds
    low, high = (west, south, 0.0), (east, north, 0.0)
    move(window, lambda camera: cameras.close_to(camera, low, high, least=SMALLEST))


def zoom_to_box(window: Window, corners: tuple[Point, Point]) -> None:
    """A part of the city, however high it stands, and the town around it: lowest and highest corner. [m]"""
    (west, south, _), (east, north, _) = corners
    wide = max(east - west, north - south)
    least = max(CLOSEST, wide + min(wide, AROUND))
    move(window, lambda camera: cameras.close_to(camera, *corners, least=least))


def zoom_to_selection(window: Window) -> None:
    """What is selected."""
    session = window.session
    if session is None or session.state.selection is None:
        return
    chosen = session.state.selection
    found = box_of(session.scene, session.state.selected) if chosen.kind == "city" else None
    if found is not None:
        zoom_to_box(window, found)
    else:
        zoom_to(window, (chosen.at[0], chosen.at[1], chosen.at[0], chosen.at[1]))


def zoom_to_layer(window: Window, layer_id: str) -> None:
    """All of a layer."""
    session = window.session
    if session is None or session.scene.built is None:
        return
    for layer in session.scene.built.layers:
        if layer.id == layer_id and len(layer.geometry):
            boxes = np.array([shape.bounds for shape in layer.geometry if not shape.is_empty])
            west, south = boxes[:, :2].min(0)
            east, north = boxes[:, 2:].max(0)
            zoom_to(window, (float(west), float(south), float(east), float(north)))
            return
    for cloud in session.project.clouds:
        if cloud.id == layer_id:
            (west, south), (east, north) = box(cloud.xyz[:, :2])
            zoom_to(window, (float(west), float(south), float(east), float(north)))
            return
    zoom_to_all(window)


def zoom_to_object(window: Window, what: str, object_id: str) -> None:
    """A building, tree or area by its id, and selects it."""
    session = window.session
    if session is None or session.scene.built is None:
        return
    found = box_of(session.scene, {object_id}) or _in_city(session, object_id)
    if found is not None:
        (west, south, _), (east, north, _) = found
        place = _middle((west, south, east, north))
        session.do(commands.select, Selection("city", object_id, "buildings", place))
        zoom_to_box(window, found)
        return
    for layer in session.scene.built.layers:
        ids = layer.table.columns.get("id")
        rows = np.flatnonzero(ids == object_id) if ids is not None else np.zeros(0, np.intp)
        if len(rows):
            box = tuple(float(value) for value in layer.geometry[int(rows[0])].bounds)
            bounds = (box[0], box[1], box[2], box[3])
            session.do(commands.select, Selection("layer", object_id, layer.id, _middle(bounds)))
            zoom_to(window, bounds)
            return
    window.say(window.tr("There is no {0} {1} in this scenario.").format(what, object_id))


def bounds_of(scene: Scene, ids: Collection[str]) -> tuple[float, float, float, float] | None:
    """West, south, east, north of objects with their parts; None when none is there. [m]"""
    found = box_of(scene, ids)
    return None if found is None else (*found[0][:2], *found[1][:2])


def box_of(scene: Scene, ids: Collection[str]) -> tuple[Point, Point] | None:
    """The lowest and the highest corner of objects with their parts; None when none is there. [m]"""
    if scene.built is None:
        return None
    city = scene.built.city
    points = corners(city, with_parts(city, named(city, ids)))
    if not len(points):
        return None
    (west, south, low), (east, north, high) = points.min(0).tolist(), points.max(0).tolist()
    return (west, south, low), (east, north, high)


def _in_city(session: Session, gml_id: str) -> tuple[Point, Point] | None:
    """Where a removed object stood."""
    if session.scene.built is None:
        return None
    before = replace(session.scene.built, city=session.project.city)
    return box_of(replace(session.scene, built=before), {gml_id})


def _middle(box: tuple[float, float, float, float]) -> tuple[float, float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, 0.0


def look_from_above(window: Window) -> None:
    """Straight down, north up."""
    move(window, cameras.from_above)


def turn_north(window: Window) -> None:
    """North up."""
    move(window, cameras.north_up)


def show_all_layers(window: Window) -> None:
    """Every layer."""
    if window.session is not None:
        window.session.do(commands.show_layers, window.session.state.hidden)


def hide_all_layers(window: Window) -> None:
    """Every layer but the buildings."""
    if window.session is not None:
        project = window.session.project
        layers, clouds = (layer.id for layer in project.layers), (cloud.id for cloud in project.clouds)
        window.session.do(commands.hide_layers, [*layers, *clouds])


def compare_by(window: Window, way: Literal["swipe", "split", "difference"]) -> None:
    """Compares so, or no longer when it is so already."""
    if (session := window.session) is not None:
        session.do(commands.compare_by, "none" if session.state.compare == way else way)


def swap(window: Window) -> None:
    """The scenario in view and the one beside it change places."""
    session = window.session
    if session is not None and (beside := others(session.project, session.state)):
        session.do(commands.swap, beside[0])


def glance(window: Window, on: bool, key: int = 0) -> None:
    """Shows the baseline for as long as it is asked for."""
    if window.session is None or window.glance is None:
        return
    if on:
        window.glance.begin(window.session, key)
    else:
        window.glance.end()


def glance_by_key(window: Window) -> None:
    """Shows the baseline until the key of this action is let go."""
    shortcut = window.actions_by_id["glance"].shortcut()
    key = 0 if shortcut.isEmpty() else shortcut[0].key()  # type: ignore[index]  # the stubs lack it
    glance(window, True, int(key))


def step_lod(window: Window, steps: int) -> None:
    """The next higher (1) or lower (-1) level of detail; at the upper end each object's highest."""
    session = window.session
    if session is None or session.project.whole is None:
        return
    levels = lod.present(session.project.whole)
    now = session.state.lod
    at = len(levels) - 1 if now is None else max(bisect_right(levels, now) - 1, 0)
    at = min(max(at + steps, 0), len(levels) - 1)
    session.do(commands.choose_lod, None if at == len(levels) - 1 else levels[at])
    chosen = lod.name(levels[at])
    window.say(window.tr("Level of detail: {0}").format(chosen))


def draw_again(window: Window) -> None:
    """Tries once more what has failed."""
    if window.session is not None:
        window.session.try_again()


def add_bookmark(window: Window) -> None:
    """Keeps this view under a name that can be changed in the project file."""
    session, viewport = window.session, window.viewport
    if session is None or viewport is None or viewport.camera is None:
        return
    number = len(session.project.bookmarks) + 1
    mark = Bookmark(f"view-{number}", window.tr("View {0}").format(number), viewport.camera)
    kept: Project = replace(session.project, bookmarks=(*session.project.bookmarks, mark))
    session.adopt(kept, title=window.tr("Keep this view"))
    window.say(
        window.tr("Kept as “{0}” in the View menu. Save the project to keep it for good.").format(mark.title)
    )
