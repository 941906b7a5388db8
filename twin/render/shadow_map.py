"""Draws what the sun sees into depth maps, so that the card can tell what lies in shade.

Two maps: one of everything, and a finer one of what one looks at. They are drawn anew when the sun, what
casts, or the near part are others. VTK's own pass for shadows knows one map, too coarse for a city.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from vtkmodules.vtkCommonCore import vtkCommand
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkRenderingCore import (
    vtkActor,
    vtkCamera,
    vtkGlyph3DMapper,
    vtkPolyDataMapper,
    vtkRenderer,
)
from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLFramebufferObject, vtkTextureObject

from twin.render.shading import is_lit, is_round
from twin.render.shadow_shader import AS_THEY_ARE, PARTS, darken, place_shadow, receive_shadow
from twin.render.sun_view import SunView, axes, near, whole
from twin.render.weakly import weakly
from twin.scene.items import SHADE_STRENGTH, Sunlight

SIDE = 4096
"""Cells along a side of a map."""
APART = 0.06
"""A thing less than this before another does not shade it. [m]"""

Shape = tuple[vtkActor, int, int]
"""Something that casts, and when its corners and its faces were made."""


class ShadowMap:
    """The shadows in one renderer: who casts, who receives, and from where the sun shines."""

    def __init__(self, renderer: vtkRenderer, *, side: int = SIDE) -> None:
        self._renderer, self._side = renderer, side
        self._maps = {part: _Map(side) for part in PARTS}
        self._eye = vtkRenderer()
        self._eye.SetAutomaticLightCreation(False)
        self._wanted: Callable[[], Iterable[vtkActor]] = tuple
        self._casters: dict[Shape, vtkActor] = {}
        self._receivers: weakref.WeakSet[vtkActor] = weakref.WeakSet()
        self._sun: Sunlight | None = None
        self._everything: SunView | None = None
        self._said: tuple[object, ...] | None = None
        # the renderer would keep what it calls, and so this one itself, for ever
        for event, act in ((vtkCommand.StartEvent, self._begin), (vtkCommand.EndEvent, self._end)):
            renderer.AddObserver(event, weakly(act))

    def receive(self, actor: vtkActor) -> None:
        """Lets shadows fall on an actor, from before it is drawn first."""
        if actor not in self._receivers:
            receive_shadow(actor)
            self._receivers.add(actor)
            self._said = None

    def show(self, casters: Callable[[], Iterable[vtkActor]], sun: Sunlight | None) -> None:
        """Says in which light things cast shadows; None: nothing does.

        casters: asked before each frame; of them all that is lit casts.
        """
        self._wanted = casters
        if sun is not None and (sun.altitude <= 0.0 or not sun.shadows):
            sun = None
        if sun != self._sun:
            self._sun, self._everything = sun, None

    def clear(self) -> None:
        """Gives back what the card holds."""
        self.show(tuple, None)
        self._stand_for({})
        for each in self._maps.values():
            each.release(self._renderer.GetRenderWindow())

    def _stand_for(self, wanted: dict[Shape, vtkActor]) -> None:
        if wanted.keys() == self._casters.keys():
            return
        self._everything = None
        props, window = self._eye.GetViewProps(), self._renderer.GetRenderWindow()
        for gone in self._casters.keys() - wanted.keys():
            self._casters[gone].ReleaseGraphicsResources(window)
        self._casters = {
            shape: self._casters.get(shape) or _stand_in(actor) for shape, actor in wanted.items()
        }
        props.RemoveAllItems()
        for each in self._casters.values():
            props.AddItem(each)

    def _begin(self) -> None:
        """Before each frame: draws the maps that are not as they must be, and puts both in reach."""
        views: dict[str, SunView | None] = dict.fromkeys(PARTS)
        units = tuple(range(len(PARTS)))
        if self._sun is not None:
            self._stand_for({_shape(actor): actor for actor in self._wanted() if is_lit(actor)})
        if self._sun is not None and self._casters:
            window = self._renderer.GetRenderWindow()
            views = self._aim(self._sun)
            for part, view in views.items():
                if view is not None:
                    self._maps[part].draw(view, self._eye, window)
            units = tuple(each.bind(window) for each in self._maps.values())
        said = (*views.values(), *units)
        if said != self._said:
            self._said = said
            for actor in self._receivers:
                self._tell(actor, views, units)

    def _end(self) -> None:
        for each in self._maps.values():
            each.loose()

    def _aim(self, sun: Sunlight) -> dict[str, SunView | None]:
        """What each map must hold."""
        box = self._eye.ComputeVisiblePropBounds()
        if self._everything is None:
            self._everything = whole(sun.altitude, sun.azimuth, box, side=self._side)
            for each in self._maps.values():
                each.forget()
        camera = self._renderer.GetActiveCamera()
        close = near(self._everything, camera.GetPosition(), camera.GetFocalPoint(), box[5])
        return {"Far": self._everything, "Near": close}

    def _tell(self, actor: vtkActor, views: dict[str, SunView | None], units: tuple[int, ...]) -> None:
        for part, view in views.items():
            place_shadow(actor, part, None if view is None else view.rows)
        everything = views["Far"]
        strength = 0.0 if everything is None else SHADE_STRENGTH
        bias = 0.0 if everything is None else APART / float(everything.size[2])
        darken(actor, strength=strength, bias=bias, units=units)


class _Map:
    """A square of depths that the card holds."""

    def __init__(self, side: int) -> None:
        self._side = side
        self._view: SunView | None = None
        self._depths: vtkTextureObject | None = None
        self._target = vtkOpenGLFramebufferObject()

    def draw(self, view: SunView, eye: vtkRenderer, window: Any) -> None:
        """Draws what stands in `eye` as the sun sees it, unless it is drawn already."""
        if self._depths is None or not self._depths.GetHandle():
            self._make(window)
        elif view == self._view:
            return
        self._view = view
        _look(eye.GetActiveCamera(), view)
        eye.SetRenderWindow(window)
        scale, state = window.GetTileScale(), window.GetState()
        width, height = (size // times for size, times in zip(window.GetSize(), scale, strict=True))
        # VTK draws no more than a window holds, so it is told that this one is a tile of a larger one
        many = -(-self._side // width), -(-self._side // height)
        window.SetTileScale(*many)
        eye.SetViewport(0.0, 0.0, self._side / (many[0] * width), self._side / (many[1] * height))
        state.PushFramebufferBindings()
        self._target.Bind()
        eye.Render()
        state.PopFramebufferBindings()
        window.SetTileScale(*scale)

    def forget(self) -> None:
        """What casts is not what it was."""
        self._view = None

    def bind(self, window: Any) -> int:
        """The texture unit that holds it until `loose`."""
        if self._depths is None:
            self._make(window)
        assert self._depths is not None
        self._depths.Activate()
        return int(self._depths.GetTextureUnit())

    def loose(self) -> None:
        """Gives the texture unit back."""
        if self._depths is not None and self._depths.GetTextureUnit() >= 0:
            self._depths.Deactivate()

    def release(self, window: Any) -> None:
        """Gives the memory back."""
        self._view = None
        if self._depths is not None and window is not None:
            self._depths.ReleaseGraphicsResources(window)
            self._target.ReleaseGraphicsResources(window)
        self._depths = None

    def _make(self, window: Any) -> None:
        self._depths = vtkTextureObject()
        self._depths.SetContext(window)
        self._depths.AllocateDepth(self._side, self._side, vtkTextureObject.Float32)
        self._target = vtkOpenGLFramebufferObject()
        self._target.SetContext(window)
        state = window.GetState()
        state.PushFramebufferBindings()
        self._target.Bind()
        self._target.AddDepthAttachment(self._depths)
        self._target.DeactivateDrawBuffers()
        state.PopFramebufferBindings()


def _look(camera: vtkCamera, view: SunView) -> None:
    """Makes a camera of the sun."""
    across, up, along = axes(view.altitude, view.azimuth)
    middle = (np.array(view.low) + view.high) / 2
    width, height, depth = view.size
    target = middle @ np.stack([across, up, along])
    camera.SetFocalPoint(*target)
    camera.SetPosition(*(target - depth * along))
    camera.SetViewUp(*up)
    camera.SetClippingRange(0.5 * depth, 1.5 * depth)
    camera.SetParallelProjection(True)
    # the shape of the map is not that of the window, from which VTK would take it
    flat = vtkMatrix4x4()
    for place, value in enumerate((2 / width, 2 / height, -2 / depth)):
        flat.SetElement(place, place, value)
    flat.SetElement(2, 3, -2.0)
    camera.SetExplicitProjectionTransformMatrix(flat)
    camera.SetUseExplicitProjectionTransformMatrix(True)


def _shape(actor: vtkActor) -> Shape:
    data = actor.GetMapper().GetInput()
    return actor, data.GetPoints().GetMTime(), data.GetPolys().GetMTime()


def _stand_in(actor: vtkActor) -> vtkActor:
    """An actor without colours: one that draws in two ways is prepared anew at each turn."""
    drawn = actor.GetMapper()
    made = vtkActor()
    if isinstance(drawn, vtkGlyph3DMapper):
        shapes = vtkGlyph3DMapper()
        shapes.SetInputData(drawn.GetInput())
        shapes.SetSourceData(drawn.GetSource())
        shapes.SetScaleArray("size")
        shapes.SetScaleModeToScaleByVectorComponents()
        shapes.OrientOff()
        made.SetMapper(shapes)
    else:
        faces = vtkPolyDataMapper()
        faces.SetInputData(drawn.GetInput())
        # the card holds the corners once for both
        faces.SetVBOShiftScaleMethod(AS_THEY_ARE)
        made.SetMapper(faces)
    if is_round(actor):  # the far sides, which do not shade the near ones
        made.GetProperty().FrontfaceCullingOn()
    made.GetMapper().ScalarVisibilityOff()
    made.GetMapper().StaticOn()
    made.GetProperty().LightingOff()
    return made
