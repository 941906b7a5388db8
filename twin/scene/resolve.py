"""Works out from project, state and results what should be on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from twin.analysis.build import Built, build, is_quick
from twin.analysis.cut import Cut, cut
from twin.analysis.growth import doubts, seen_in
from twin.analysis.seat import RELIEF, build_on
from twin.analysis.sun import sun
from twin.model import lod as lods
from twin.model.atlas import Atlas
from twin.model.box import box
from twin.model.city import City, named, with_parts
from twin.model.points import PointCloud
from twin.model.project import Project
from twin.model.state import Camera, State
from twin.model.terrain import Relief
from twin.scene import clouds, layer_style, sensors, terrain
from twin.scene.camera import distance, seen
from twin.scene.chosen import broken, chosen, in_order
from twin.scene.framing import opening
from twin.scene.items import (
    Areas,
    Buildings,
    Colouring,
    CutFaces,
    Glyphs,
    Gone,
    Ground,
    Item,
    Labels,
    Lines,
    Mask,
    Shade,
    Sunlight,
)
from twin.scene.legends import legends_of
from twin.scene.overlay import Bounds, Setting
from twin.scene.overlays import OVERLAYS, Lit, overlay_of, want_lit, with_opacity
from twin.scene.scene import Failed, Request, Results, Scene
from twin.scene.terrain import ground_of

GROUND = "#e9e6df"
MARKS = {"trees": "tree", "ground": "ground"}
"""Layer role to what its changes are called."""
AHEAD, LEVEL = 20.0, 1e-3
"""The earth is seen so far before the eye [m], where the view falls by less than this on a metre."""
LINES = 110
"""So many lines of the hatching of a section find room in the height of the view."""
MARGIN = 30.0
"""Of ground around the outermost building. [m]"""


def resolve(
    project: Project,
    state: State,
    results: Results,
    *,
    card_shadows: bool = False,
    among: tuple[str, ...] = (),
) -> Scene:
    """What should be on the screen; pure, and quick because everything slow is a result.

    card_shadows: the graphics card draws the shadows, so no raster of them is wanted.
    among: ids of the scenarios whose values share one range of colours; that of the state when empty.
    """
    told = doubts(project.scenario(state.scenario).edits, state.year)
    project = seen_in(project, state.year)
    light = sun(project.place, state.time)
    size = Request(("extent",), extent, (project,), "Extent", True)
    detail = _wanted_lod(project, state)
    city = results.get(detail.key) if detail is not None else None
    if isinstance(city, City):
        project = replace(project, city=city)
    else:  # the usual one, as long as the chosen one is being worked out, and where it fails
        state = replace(state, lod=None)
    project, relief, missing, failures = ground_of(project, state, results)
    high = state.exaggeration
    first, *others = (want_built(project, state.lod, each, high) for each in (state.scenario, *among))
    built, bounds = results.get(first.key) if not missing else None, results.get(size.key)
    if not isinstance(built, Built) or not isinstance(bounds, tuple):
        failed = tuple(found.message for found in (built, bounds) if isinstance(found, Failed))
        camera = state.camera or home(project, (-100.0, -100.0, 100.0, 100.0))
        return Scene({}, camera, light, None, wanted=(size, *(missing or (first,))), notices=failed)

    alike = [found for other in others if isinstance(found := results.get(other.key), Built)]
    setting = Setting(
        project, state, built, bounds, light, results, tuple(dict.fromkeys(each.city for each in alike))
    )
    overlay = overlay_of(project, state.overlay) or OVERLAYS["none"]
    view = with_opacity(overlay.view(setting), state.opacity_of("overlay"))
    items: dict[str, Item] = terrain.land(relief, state, Ground(bounds, GROUND, built.pits))
    items.update(_layers(state, built, relief, alike))
    points = [cloud for cloud in project.clouds if cloud.id not in state.hidden]
    items.update({f"points:{cloud.id}": clouds.item(cloud, state.opacity_of(cloud.id)) for cloud in points})
    wanted = [*view.wanted, *(other for other in others if other.key not in results)]
    notices = [*failures, *told, *view.notices]
    if isinstance(city, Failed):
        notices.append(city.message)
    elif detail is not None and city is None:
        wanted.append(detail)
    shadows = state.shadows
    if view.drape is not None and "overlay" not in state.hidden:
        items["overlay"] = replace(view.drape, level=len(built.layers) + 1, relief=relief, pits=built.pits)
        shadows = False
    elif shadows and not card_shadows:
        _add_shade(setting, items, wanted, notices, relief)
    if "buildings" not in state.hidden:
        _add_buildings(setting, view.colouring, items, wanted, notices)
        _add_cut(setting, items, wanted, notices, relief)
    marks, how_to_read = sensors.marks(state, results, relief, wanted, notices)
    if marks is not None:
        items["sensors"] = marks
    legend, further = legends_of(view, how_to_read, state, built, points, relief, alike)
    items.update({**chosen(state, built, relief), **broken(state, built, relief)})
    items["sun"] = Sunlight(light.altitude, light.azimuth, shadows and light.altitude > 0)
    return Scene(
        items,
        state.camera or home(project, bounds),
        light,
        built,
        legend,
        tuple(dict.fromkeys(wanted)),
        (*built.problems, *notices),
        view.later,
        relief,
        further,
    )


def want_built(project: Project, level: float | None, scenario_id: str, exaggeration: float = 1.0) -> Request:
    """The request for the city and layers of a scenario. level: the LoD that `project.city` is in."""
    scenario = project.scenario(scenario_id)
    inputs = (project.city, project.layers, scenario.edits)
    quick = is_quick(project.city, scenario.edits, on_terrain=project.terrain is not None)
    if project.terrain is None:
        return Request(("built", level, scenario.edits), build, inputs, scenario.title, quick)
    key = ("built", level, scenario.edits, project.terrain, exaggeration)
    return Request(key, build_on, (*inputs, project.terrain, exaggeration), scenario.title, quick)


def home(project: Project, bounds: Bounds) -> Camera:
    """The view a project opens with: its bookmark `home`, or all of it that stands close together."""
    for bookmark in project.bookmarks:
        if bookmark.id == "home":
            return bookmark.camera
    if project.clouds and not len(project.city.vertices):  # which may float high above the ground
        return _opening_on(project.clouds, bounds)
    return terrain.view_of(_opening(project.city, bounds), project.terrain)


@lru_cache(maxsize=4)
def _opening(city: City, bounds: Bounds) -> Camera:
    """Looked for once: it takes long in a large city."""
    return opening(city.vertices, bounds)


@lru_cache(maxsize=4)
def _opening_on(clouds: tuple[PointCloud, ...], bounds: Bounds) -> Camera:
    return opening(np.concatenate([cloud.xyz for cloud in clouds]), bounds)


def extent(project: Project) -> Bounds:
    """West, south, east, north of the city, or of the layers where there is none, with a margin. [m]"""
    vertices = project.city.vertices
    if len(vertices):
        (west, south), (east, north) = box(vertices[:, :2])
    else:
        boxes = [shape.bounds for layer in project.layers for shape in layer.geometry if not shape.is_empty]
        boxes += [raster.bounds for raster in project.rasters]
        if project.terrain is not None:
            boxes.append(project.terrain.heights.bounds)
        for cloud in project.clouds:
            (west, south), (east, north) = box(cloud.xyz[:, :2])
            boxes.append((float(west), float(south), float(east), float(north)))
        if not boxes:
            return (-100.0, -100.0, 100.0, 100.0)
        west, south = min(b[0] for b in boxes), min(b[1] for b in boxes)
        east, north = max(b[2] for b in boxes), max(b[3] for b in boxes)
    return float(west) - MARGIN, float(south) - MARGIN, float(east) + MARGIN, float(north) + MARGIN


def _layers(state: State, built: Built, relief: Relief | None, among: Sequence[Built]) -> dict[str, Item]:
    """among: as of `layer_style.look`."""
    items: dict[str, Item] = {}
    # hidden layers keep their level, so that showing one does not make the others anew
    for level, whole in enumerate(sorted(built.layers, key=lambda layer: layer.style.order), 1):
        if whole.id in state.hidden:
            continue
        opacity = state.opacity_of(whole.id)
        style = layer_style.style_of(state, whole.id)
        look, layer = layer_style.look(whole, style, among), layer_style.drawn(whole, style)
        if not len(layer.geometry):
            continue
        dimension = layer_style.dimension(layer)
        texts = layer_style.labels(layer, style)
        if texts is not None:
            far = {"near": style.near, "far": style.far}
            items[f"labels:{layer.id}"] = Labels(texts, style.most, relief=relief, **far)
        marked = _ids(built, "added", MARKS[layer.role]) if state.highlight and layer.role in MARKS else ()
        if dimension == 0:
            items[f"layer:{layer.id}"] = Glyphs(layer, level, opacity, marked, relief, look)
        elif dimension == 1:
            items[f"layer:{layer.id}"] = Lines(layer, level, opacity, relief, look, built.pits)
        else:
            items[f"layer:{layer.id}"] = Areas(layer, level, opacity, marked, relief, look, built.pits)
    return items


def _add_buildings(
    setting: Setting,
    colouring: Colouring | None,
    items: dict[str, Item],
    wanted: list[Request],
    notices: list[str],
) -> None:
    """The city as it is built, and where changes are marked, what is gone of it."""
    state, built = setting.state, setting.built
    items["buildings"] = Buildings(
        built.drawn,
        colouring,
        state.opacity_of("buildings"),
        _ids(built, "added", "building") if state.highlight else (),
        in_order(state.selected),
        _hidden(setting, wanted),
        state.textures,
        _atlas(setting, colouring, wanted, notices),
    )
    if state.highlight and (gone := _ids(built, "removed", "building")):
        items["gone"] = Gone(setting.project.city, gone)


def _add_shade(
    setting: Setting,
    items: dict[str, Item],
    wanted: list[Request],
    notices: list[str],
    relief: Relief | None,
) -> None:
    request = want_lit(setting, _hidden(setting, wanted))
    if request is None:
        return
    found = setting.results.get(request.key)
    if isinstance(found, Lit):
        level = len(setting.built.layers) + 2
        city = setting.built.drawn
        items["shade"] = Shade(
            found.ground, city, level, roofs=found.roofs, relief=relief, pits=setting.built.pits
        )
    elif isinstance(found, Failed):
        notices.append(found.message)
    else:
        wanted.append(request)


def _add_cut(
    setting: Setting,
    items: dict[str, Item],
    wanted: list[Request],
    notices: list[str],
    relief: Relief | None,
) -> None:
    """The faces of what a section cuts away; under a level view without perspective, the earth."""
    camera = setting.state.camera
    if camera is None or not camera.height:
        return
    away = distance(camera)
    east, north, up = ((b - a) / away for a, b in zip(camera.position, camera.target, strict=True))
    if not camera.section:
        if relief is None and abs(up) < LEVEL:
            eye = camera.position
            before = (eye[0] + AHEAD * east, eye[1] + AHEAD * north, eye[2])
            items["cut"] = CutFaces(None, before, (east, north, up))
        return
    spacing = seen(camera, away) / LINES
    city = setting.built.city
    request = Request(
        ("cut", city, camera.target, (east, north, up), spacing),
        cut,
        (city, camera.target, (east, north, up), spacing),
        "Section",
    )
    found = setting.results.get(request.key)
    if isinstance(found, Cut):
        items["cut"] = CutFaces(found, camera.target, (east, north, up), relief)
    elif isinstance(found, Failed):
        notices.append(found.message)
    else:
        wanted.append(request)


def _atlas(
    setting: Setting, colouring: Colouring | None, wanted: list[Request], notices: list[str]
) -> Atlas | None:
    """The pictures of the city, once they are read; they are read when they are first shown."""
    looks, read = setting.built.city.appearance, setting.project.read_images
    if looks is None or read is None or not looks.images:
        return None
    if not setting.state.textures or colouring is not None:
        return None
    request = Request(("atlas", looks.images), read, (looks.images,), "Pictures of the city")
    found = setting.results.get(request.key)
    if isinstance(found, Atlas):
        notices.extend(found.problems)
        return found
    if isinstance(found, Failed):
        notices.append(found.message)
    else:
        wanted.append(request)
    return None


def _ids(built: Built, kind: str, what: str) -> tuple[str, ...]:
    return tuple(change.id for change in built.changes if change.kind == kind and change.what == what)


def _wanted_lod(project: Project, state: State) -> Request | None:
    """The request for the city in the chosen level of detail; None where it is shown in the usual one."""
    if state.lod is None or project.whole is None:
        return None
    inputs = (project.whole, state.lod)
    return Request(("lod", state.lod), at_lod, inputs, f"Level of detail {state.lod:g}")


def at_lod(whole: City, lod: float, *, progress: Callable[[float], None]) -> City:
    """The city up to a level of detail."""
    progress(0.0)
    return lods.shown(whole, lod)


def _hidden(setting: Setting, wanted: list[Request]) -> Mask | None:
    hidden, isolated = setting.state.hidden_objects, setting.state.isolated
    if setting.project.terrain is not None:  # the ground is drawn once
        hidden |= _reliefs(setting.built.city)
    if not (hidden or isolated):
        return None
    inputs = (setting.built.city, hidden, isolated)
    request = Request(("hidden", *inputs), out_of_sight, inputs, "Hidden objects", True)
    found = setting.results.get(request.key)
    if not isinstance(found, Mask):
        wanted.append(request)
        return None
    return found


@lru_cache(maxsize=4)
def _reliefs(city: City) -> frozenset[str]:
    """gml:ids of the terrain that a city brings."""
    return frozenset(city.object_id[city.object_type == RELIEF].tolist())


def out_of_sight(city: City, hidden: frozenset[str], isolated: frozenset[str]) -> Mask:
    """The hidden objects, and all but the isolated ones when there are such, each with its parts."""
    gone = with_parts(city, named(city, hidden))
    return Mask(gone | ~with_parts(city, named(city, isolated)) if isolated else gone)
