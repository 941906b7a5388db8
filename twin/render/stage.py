"""Keeps a VTK renderer equal to a scene."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import vtkmodules.vtkRenderingOpenGL2  # noqa: F401  # without it VTK has nothing to draw with
from vtkmodules.vtkCommonCore import vtkCommand
from vtkmodules.vtkRenderingCore import vtkActor, vtkProp, vtkProperty, vtkRenderer

from twin.model.state import Camera
from twin.render.buildings import (
    aim_buildings,
    make_buildings,
    make_chosen,
    make_gone,
    update_buildings,
)
from twin.render.camera import place_camera
from twin.render.cut_faces import make_cut_faces
from twin.render.drape import make_drape, make_shade, update_shade
from twin.render.glyphs import make_glyphs
from twin.render.glyphs_far import aim_glyphs, face_glyphs
from twin.render.ground import make_areas, make_ground, make_lines, show_from_afar
from twin.render.hatched import make_hatched
from twin.render.labels import face_labels, make_labels
from twin.render.light import Light
from twin.render.marks import make_pin
from twin.render.points import make_points
from twin.render.quads import aim_quads
from twin.render.sensors import face_sensors, make_sensors, update_sensors
from twin.render.shading import EVEN, Lighting, is_lit, shine
from twin.render.shadow_map import ShadowMap
from twin.render.sketch import make_sketch
from twin.render.terrain import make_land
from twin.render.tiled import TiledActors
from twin.render.weakly import weakly
from twin.scene.items import (
    Areas,
    Buildings,
    Chosen,
    CutFaces,
    Drape,
    Glyphs,
    Gone,
    Ground,
    Hatched,
    Item,
    Labels,
    Land,
    Lines,
    Pin,
    Points,
    Shade,
    Sketch,
    Sunlight,
)
from twin.scene.scene import Scene
from twin.scene.sensor_marks import SensorMarks

Actors = tuple[vtkProp, ...]

MAKE: dict[type[Any], Callable[[Any], Actors]] = {
    Ground: make_ground,
    Land: make_land,
    Areas: make_areas,
    Lines: make_lines,
    Glyphs: make_glyphs,
    Buildings: make_buildings,
    Gone: make_gone,
    Hatched: make_hatched,
    CutFaces: make_cut_faces,
    Chosen: make_chosen,
    Drape: make_drape,
    Shade: make_shade,
    Pin: make_pin,
    Points: make_points,
    Sketch: make_sketch,
    Labels: make_labels,
    SensorMarks: make_sensors,
}
UPDATE: dict[type[Any], Callable[[Actors, Any, Any], bool]] = {
    Buildings: update_buildings,
    Shade: update_shade,
    SensorMarks: update_sensors,
}
"""Those that can often change in place; False: make it anew."""
AIM: dict[type[Any], Callable[..., tuple[vtkActor, ...] | None]] = {
    Buildings: aim_buildings,
    Glyphs: aim_glyphs,
    Labels: aim_quads,
    SensorMarks: aim_quads,
}
"""Those that are drawn more or less finely, as where one looks from asks for; they return actors to add."""
FACE: dict[type[Any], Callable[..., None]] = {
    SensorMarks: face_sensors,
    Labels: face_labels,
    Areas: show_from_afar,
    Lines: show_from_afar,
    Glyphs: face_glyphs,
}
"""Those that turn to where one looks from."""
KEEP: dict[type[Any], int] = {Buildings: 8, Areas: 8, Glyphs: 8}
"""So many of a kind that went out of sight stay with the card, for when their scenario is chosen again."""
FLAT = (Ground, Land, Areas, Lines, Points)
"""Drawn in their own colours by day, dimmed by night."""
SOLID = (Buildings, Glyphs)
"""Lit by sun and sky."""


class Stage:
    """Adds, replaces and removes what differs between the last scene and the next."""

    def __init__(self, renderer: vtkRenderer, *, casts: bool = False) -> None:
        """casts: the card draws the shadows, so that `Shade` is left out."""
        self.renderer = renderer
        self.casts = casts
        self._shadows = ShadowMap(renderer) if casts else None
        self._light = Light(renderer)
        self._moving = False
        # before the shadows, which are of what is drawn
        renderer.AddObserver(vtkCommand.StartEvent, weakly(self._aim), 1.0)
        self._items: dict[str, Item] = {}
        self._actors: dict[str, Actors] = {}
        self._kept: dict[Item, Actors] = {}
        self._lighting = Lighting((1.0, 1.0, 1.0), ())
        self._bold = 0.0
        self._widths: dict[vtkProperty, tuple[float, float]] = {}
        """Of lines and points that are bolder now, as they were."""

    def show(self, scene: Scene, camera: Camera | None = None) -> tuple[str, ...]:
        """Makes the renderer equal to the scene; returns the names of what was made anew.

        camera: where to look from instead of the scene's own, as while the mouse moves.
        """
        made = []
        items = {
            name: item
            for name, item in scene.items.items()
            if self._shadows is None or not isinstance(item, Shade)
        }
        for name in [name for name in self._items if name not in items]:
            self._remove(name)
        for name, item in items.items():
            old = self._items.get(name)
            if old is not None and old == item:
                continue
            if isinstance(item, Sunlight):
                self._lighting = self._light.show(item)
                self._items[name] = item
                self._shine(self._actors)
                continue
            if old is None or not self._updated(name, old, item):
                kept = self._found(item)  # before what goes takes the place that is kept
                self._remove(name)
                self._add(name, item, kept)
                made.append(name)
            self._items[name] = item
        if made:
            self._sort()
            self._shine(made)
        self._cast()
        self.look(camera or scene.camera)
        return tuple(made)

    def look(self, camera: Camera) -> None:
        """From another place on the same things."""
        self._light.reach(math.dist(camera.position, camera.target))
        place_camera(self.renderer, camera)
        for name, actors in self._actors.items():
            face = FACE.get(type(self._items[name]))
            if face is not None:
                face(actors, self._items[name], self.renderer, camera)

    def fine(self, wanted: bool) -> None:
        """Smooths edges, shows far things in full; too slow for moving pictures without a graphics card."""
        self.renderer.SetUseFXAA(wanted)
        self._moving = not wanted

    @contextmanager
    def evenly_lit(self) -> Iterator[None]:
        """Meanwhile everything has its own colours, whatever the hour."""
        was, self._lighting = self._lighting, EVEN
        self._shine(self._actors)
        try:
            yield
        finally:
            self._lighting = was
            self._shine(self._actors)

    @contextmanager
    def bolder(self, factor: float) -> Iterator[None]:
        """Meanwhile lines and points are so many times as wide, also of what comes into sight."""
        self._bold = factor
        self._embolden(self.actors)
        try:
            yield
        finally:
            self._bold = 0.0
            for shown, (line, point) in self._widths.items():
                shown.SetLineWidth(line)
                shown.SetPointSize(point)
            self._widths.clear()

    def _embolden(self, actors: Iterable[vtkProp]) -> None:
        if not self._bold:
            return
        for actor in actors:
            if isinstance(actor, vtkActor) and (shown := actor.GetProperty()) not in self._widths:
                self._widths[shown] = line, point = shown.GetLineWidth(), shown.GetPointSize()
                shown.SetLineWidth(line * self._bold)
                shown.SetPointSize(point * self._bold)

    @contextmanager
    def before(self, shade: float) -> Iterator[None]:
        """In front of one grey instead of the sky, 0 (black) to 1."""
        with self._light.off(shade):
            yield

    @property
    def actors(self) -> tuple[vtkActor, ...]:
        """Everything that is drawn of the scene."""
        return tuple(
            actor for actors in self._actors.values() for actor in actors if isinstance(actor, vtkActor)
        )

    def clear(self) -> None:
        """Takes everything away."""
        if self._shadows is not None:
            self._shadows.clear()
        for name in list(self._items):
            self._remove(name)
        for actors in self._kept.values():
            for actor in actors:
                self.renderer.RemoveViewProp(actor)
        self._kept.clear()

    def _aim(self) -> None:
        for name, actors in tuple(self._actors.items()):
            aim = AIM.get(type(self._items[name]))
            more = aim(actors, self.renderer, moving=self._moving) if aim is not None else None
            if more:
                self._join(name, more)

    def _join(self, name: str, more: tuple[vtkActor, ...]) -> None:
        """Draws more of a thing that is there."""
        actors = self._actors[name]
        assert isinstance(actors, TiledActors)
        for actor in more:
            self.renderer.AddViewProp(actor)
        self._actors[name] = actors.joined(more)
        self._sort()
        self._light_up(self._items[name], more)
        self._embolden(more)

    def _updated(self, name: str, old: Item, new: Item) -> bool:
        update = UPDATE.get(type(new))
        return update is not None and type(old) is type(new) and update(self._actors[name], old, new)

    def _add(self, name: str, item: Item, kept: Actors) -> None:
        if kept:
            self._actors[name] = kept
            for actor in kept:
                actor.VisibilityOn()
            if isinstance(kept, TiledActors):
                kept.city.shown_again()
            return
        self._actors[name] = MAKE[type(item)](item)
        for actor in self._actors[name]:
            self.renderer.AddViewProp(actor)

    def _found(self, item: Item) -> Actors:
        """What was kept of this very thing, perhaps in other colours."""
        update = UPDATE.get(type(item))
        for old, actors in self._kept.items():
            if type(old) is type(item) and (old == item or (update and update(actors, old, item))):
                return self._kept.pop(old)
        return ()

    def _remove(self, name: str) -> None:
        actors, item = self._actors.pop(name, ()), self._items.pop(name, None)
        if item is not None and type(item) in KEEP:
            self._keep(item, actors)
            return
        for actor in actors:
            self.renderer.RemoveViewProp(actor)

    def _keep(self, item: Item, actors: Actors) -> None:
        self._kept[item] = actors
        for actor in actors:
            actor.VisibilityOff()
        alike = [old for old in self._kept if type(old) is type(item)]
        most = 1 if isinstance(actors, TiledActors) else KEEP[type(item)]
        for old in alike[:-most]:
            for actor in self._kept.pop(old):
                self.renderer.RemoveViewProp(actor)

    def _sort(self) -> None:
        """Draws what is in front first, so that no pixel is painted in vain; see-through things follow."""
        names = sorted(self._actors, key=lambda name: _depth(self._items[name]))
        props = self.renderer.GetViewProps()
        own = {prop for actors in self._actors.values() for prop in actors}
        every = (props.GetItemAsObject(i) for i in range(props.GetNumberOfItems()))
        others = [prop for prop in every if isinstance(prop, vtkProp) and prop not in own]
        # not by way of the renderer, which would give up what the card already holds
        props.RemoveAllItems()
        for prop in (*(prop for name in names for prop in self._actors[name]), *others):
            props.AddItem(prop)

    def _shine(self, names: Iterable[str]) -> None:
        for name in names:
            if name in self._actors:
                self._light_up(self._items[name], self._actors[name])

    def _light_up(self, item: Item, actors: Actors) -> None:
        for actor in actors:
            assert isinstance(actor, vtkActor)
            if self._shadows is not None and receives(item, actor):
                self._shadows.receive(actor)
            if isinstance(item, FLAT):
                actor.GetProperty().SetAmbient(self._lighting.brightness)
            elif isinstance(item, SOLID):
                shine(actor, self._lighting)

    def _cast(self) -> None:
        if self._shadows is not None:
            suns = (item for item in self._items.values() if isinstance(item, Sunlight))
            self._shadows.show(self._casters, next(suns, None))

    def _casters(self) -> Iterator[vtkActor]:
        for name, actors in self._actors.items():
            if isinstance(self._items[name], SOLID):
                for actor in actors.casters if isinstance(actors, TiledActors) else actors:
                    assert isinstance(actor, vtkActor)
                    yield actor


def receives(item: Item, actor: vtkActor) -> bool:
    """Whether shadows fall on an actor of an item: on all that is flat, and on the bodies of what stands."""
    return isinstance(item, FLAT) or (isinstance(item, SOLID) and is_lit(actor))


def _depth(item: Item) -> tuple[int, int]:
    """Small numbers are drawn first."""
    if isinstance(item, Areas | Lines):
        return 2, -item.level
    # labels come after all that lets something through, as shade, which would darken them
    return {Buildings: 0, Glyphs: 1, Ground: 3, Land: 3, SensorMarks: 5, Labels: 5}.get(type(item), 4), 0
