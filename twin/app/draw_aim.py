"""Knows which place of the ground lies under the mouse, and what that place is pulled to."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from twin.app.viewport import Viewport
from twin.render.camera import ray
from twin.render.pick import met
from twin.scene.camera import metre, pixel_of
from twin.scene.footing import FLAT, Footing
from twin.scene.snapping import NONE, Flat, Snapped, snap
from twin.scene.targets import Targets

if TYPE_CHECKING:
    from twin.app.window import Window

REACH = 12.0
"""A corner is pulled from so far. [px]"""
FARTHEST = 4000.0
"""Towards the horizon a pixel is a mile; nobody means to draw there. [m]"""
GRID = 1.0
"""[m]"""


class Aim:
    """From the view to the ground and back."""

    def __init__(self, window: Window, view: Viewport) -> None:
        self._window, self._view = window, view
        self.snapping: bool = window.settings.text("snap", "on") == "on"
        self.grid: bool = window.settings.text("grid", "off") == "on"
        self._targets = Targets()

    def set_snapping(self, on: bool) -> None:
        """Whether corners are pulled to what stands near."""
        self.snapping = on
        self._window.settings.set_text("snap", "on" if on else "off")

    def set_grid(self, on: bool) -> None:
        """Whether corners are pulled to whole metres."""
        self.grid = on
        self._window.settings.set_text("grid", "on" if on else "off")

    @property
    def land(self) -> Footing:
        """What is drawn on."""
        session = self._window.session
        return FLAT if session is None else Footing(session.scene.relief)

    def ground(self, at: QPointF, *, height: float = 0.0) -> Flat | None:
        """The place on the ground under a place of the view; None towards the sky. [m]

        height: of the ground where it is flat. [m]
        """
        camera, session = self._view.camera, self._window.session
        if camera is None or session is None:
            return None
        area = self._view.picture_at(at)
        looked = ray(camera, at.x() - area.left(), at.y() - area.top(), (area.width(), area.height()))
        found = met(session.scene, *looked, height=height)
        if found is None or math.dist(found, camera.position) > FARTHEST:
            return None
        return found[0], found[1]

    def snapped(self, at: QPointF, corners: tuple[Flat, ...] = ()) -> Snapped | None:
        """Where a corner goes that is set at a place of the view. corners: that are drawn already."""
        place = self.ground(at)
        camera, session = self._view.camera, self._window.session
        if place is None or camera is None or session is None:
            return None
        grid = GRID if self.grid else 0.0
        if not self.snapping:
            return snap(place, NONE, reach=0.0, grid=grid)
        height = max(self._view.picture_at(at).height(), 1)
        away = math.dist((*place, self.land.at(place)), camera.position)
        reach = REACH / metre(camera, away, height)
        scenario = session.project.scenario(session.state.scenario)
        targets = self._targets.near(session.project, scenario, place)
        return snap(place, targets, reach=reach, drawn=corners, grid=grid)

    def pixel(self, place: Flat, beside: QPointF) -> QPointF | None:
        """Where a place on the ground is seen, in the picture that `beside` lies in; None: behind one."""
        camera = self._view.camera
        if camera is None:
            return None
        area = self._view.picture_at(beside)
        found = pixel_of(camera, (*place, self.land.at(place)), (area.width(), area.height()))
        return None if found is None else QPointF(found[0] + area.left(), found[1] + area.top())
