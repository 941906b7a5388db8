"""Lets what is chosen be taken hold of: corners of an edit, and a building to move, turn and raise."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent

from twin.app import planning, texts
from twin.app.draw_remove import maker_of
from twin.app.viewport import Viewport
from twin.model.scenario import (
    STOREY_HEIGHT,
    AddBuilding,
    AddModel,
    Edit,
    ExtendBuilding,
    MoveBuilding,
    shape_of,
)
from twin.model.state import Point
from twin.render.camera import ray
from twin.scene import drawing as drawings
from twin.scene import sketches
from twin.scene.camera import pixel_of
from twin.scene.drawing import Geometry
from twin.scene.items import Sketch
from twin.scene.sketches import Gizmo, ghost, held, shaped
from twin.scene.snapping import Flat
from twin.session.edit_values import with_value

if TYPE_CHECKING:
    from twin.app.draw_pencil import Pencil
    from twin.app.window import Window

NEAR = 15.0
"""A dot is hit this far beside it. [px]"""
STEP = 15.0
"""Of turning while Shift is held. [deg]"""


@dataclass(frozen=True, slots=True)
class Drag:
    """What is being dragged, and how far by now."""

    kind: str
    """`corner`, `hold`, `knob` or `arrow`."""
    number: int = 0
    """Of the corner."""
    start: Flat = (0.0, 0.0)
    """On the ground. [m]"""
    shape: Geometry | None = None
    """As it would be; of a corner."""
    by: Flat = (0.0, 0.0)
    """[m]"""
    turn: float = 0.0
    """Clockwise. [deg]"""
    storeys: int = 0
    wrong: bool = False


class Grips:
    """The dots that are shown on what is chosen, and what dragging them does."""

    def __init__(self, window: Window, view: Viewport, pencil: Pencil) -> None:
        self._window, self._view, self._pencil = window, view, pencil
        self.chosen: tuple[str, ...] = ()
        """Ids of edits."""
        self.drag: Drag | None = None

    @property
    def edit(self) -> Edit | None:
        """The one edit whose corners can be dragged."""
        scenario = planning.chosen(self._window)
        if scenario is None or scenario.locked or len(self.chosen) != 1:
            return None
        return next((edit for edit in scenario.own if edit.id == self.chosen[0]), None)

    @property
    def moving(self) -> bool:
        """Whether the tool that moves things is in hand."""
        return self._pencil.tool is not None and self._pencil.tool.id == "move"

    @property
    def sketch(self) -> Sketch | None:
        """What is shown of the chosen edits, and of what can be moved."""
        if self.moving:
            return self._moving_sketch()
        edit = self.edit
        if edit is not None and self._pencil.tool is None:
            return self._held_sketch(edit)
        scenario = planning.chosen(self._window)
        edits = scenario.edits if scenario is not None else ()
        land = self._pencil.aim.land
        lines = tuple(line for edit in edits if edit.id in self.chosen for line in held(edit, land).lines)
        return Sketch(lines=lines) if lines else None

    def _moving_sketch(self) -> Sketch | None:
        found, drag = self._gizmo(), self.drag or Drag("")
        if found is None:
            return None
        return sketches.gizmo(
            found, by=drag.by, turn=drag.turn, storeys=drag.storeys, land=self._pencil.aim.land
        )

    def _held_sketch(self, edit: Edit) -> Sketch:
        drag, land = self.drag, self._pencil.aim.land
        if drag is None or drag.shape is None:
            return held(edit, land)
        changed = shaped(edit, drag.shape)
        return replace(ghost(changed, held(changed, land), land), wrong=drag.wrong)

    @property
    def sentence(self) -> str:
        """What can be done with what is chosen."""
        edit = self.edit
        if edit is None or shape_of(edit) is None:
            return ""
        return texts.tr(
            "Drag a dot to move a corner, a small one to add one. Alt and click takes one away; Esc lets go."
        )

    def choose(self, ids: tuple[str, ...]) -> None:
        """Shows the dots of these edits."""
        self.chosen, self.drag = ids, None

    def on_mouse(self, kind: QEvent.Type, event: QMouseEvent) -> bool:
        """Whether the mouse is for a dot."""
        at = event.position()
        if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            return self._press(at, event.modifiers())
        if self.drag is None:
            return False
        if kind == QEvent.Type.MouseMove:
            self.drag = self._dragged(self.drag, at, event.modifiers())
            self.show()
            self._say(at)
        elif kind == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
            drag, self.drag = self.drag, None
            self._pencil.note.hide()
            self._apply(drag)
            self._pencil.refresh()
        return True

    def show(self) -> None:
        """Draws the dots over the scenario they belong to, and over none that it is compared with."""
        scenario = planning.chosen(self._window)
        self._view.show_extra("sketch", self.sketch, scenario=scenario.id if scenario is not None else "")

    def _press(self, at: QPointF, keys: Qt.KeyboardModifier) -> bool:
        scenario = planning.chosen(self._window)
        if scenario is None or not self._view.shows_at(at, scenario.id):
            return False
        return self._press_gizmo(at) if self.moving else self._press_dot(at, keys)

    def _press_gizmo(self, at: QPointF) -> bool:
        found = self._gizmo()
        dots = {} if found is None else {"hold": found.hold, "knob": found.knob, "arrow": found.arrow}
        kind = next((name for name, dot in dots.items() if self._hit(dot, at)), "")
        if found is None or not kind or not planning.may_draw(self._window, lambda: None):
            return bool(kind)
        start = self._pencil.aim.ground(at, height=found.base)
        self.drag = Drag(kind, start=start or found.middle)
        return True

    def _press_dot(self, at: QPointF, keys: Qt.KeyboardModifier) -> bool:
        edit, shape = self.edit, None
        if edit is not None and self._pencil.tool is None:
            shape = shape_of(edit)
        if edit is None or shape is None:
            return False
        dots_of = held(edit, self._pencil.aim.land)
        for number, dot in enumerate(dots_of.handles):
            if self._hit(dot, at):
                if keys & Qt.KeyboardModifier.AltModifier:
                    self._take_away(edit, shape, number)
                else:
                    self.drag = Drag("corner", number, shape=shape)
                return True
        for number, dot in enumerate(dots_of.small):
            if self._hit(dot, at):
                longer = drawings.with_new_corner(shape, number, (dot[0], dot[1]))
                self.drag = Drag("corner", number + 1, shape=longer)
                return True
        return False

    def _take_away(self, edit: Edit, shape: Geometry, number: int) -> None:
        left = drawings.without_corner(shape, number)
        if left is None:
            self._window.say(self._window.tr("Too few corners would be left."))
        else:
            planning.change_edit(self._window, shaped(edit, left))

    def _dragged(self, drag: Drag, at: QPointF, keys: Qt.KeyboardModifier) -> Drag:
        if drag.kind == "corner":
            return self._cornered(drag, at)
        found = self._gizmo()
        if found is None:
            return drag
        if drag.kind == "arrow":
            return self._raised(drag, at, found)
        place = self._pencil.aim.ground(at, height=found.base)
        if place is not None and drag.kind == "hold":
            step = 1.0 if self._pencil.aim.grid else 0.1
            east, north = (round((place[i] - drag.start[i]) / step) * step for i in (0, 1))
            drag = replace(drag, by=(east, north))
        elif place is not None:
            turn = (drawings.direction(found.middle, place) + 180.0) % 360.0 - 180.0
            step = STEP if keys & Qt.KeyboardModifier.ShiftModifier else 1.0
            drag = replace(drag, turn=round(turn / step) * step)
        return drag

    def _cornered(self, drag: Drag, at: QPointF) -> Drag:
        found = self._pencil.aim.snapped(at)
        if found is None or drag.shape is None:
            return drag
        shape = drawings.with_corner(drag.shape, drag.number, found.at)
        return replace(drag, wrong=True) if shape is None else replace(drag, shape=shape, wrong=False)

    def _raised(self, drag: Drag, at: QPointF, found: Gizmo) -> Drag:
        camera = self._view.camera
        if camera is None:
            return drag
        area = self._view.picture_at(at)
        x, y = at.x() - area.left(), at.y() - area.top()
        _, direction = ray(camera, x, y, (area.width(), area.height()))
        up = sketches.height_at(camera, found.middle, direction.tolist()) - found.arrow[2]
        return replace(drag, storeys=max(round(up / STOREY_HEIGHT), self._fewest()))

    def _fewest(self) -> int:
        """How far it can go down: a planned building keeps one storey, one that stands all it has."""
        edit = self._planned()
        if isinstance(edit, AddBuilding):
            return 1 - (edit.storeys or max(round(edit.height / STOREY_HEIGHT), 1))
        extended = self._of_today(ExtendBuilding)
        return -extended.storeys if isinstance(extended, ExtendBuilding) else 0

    def _apply(self, drag: Drag) -> None:
        edit, window = self.edit, self._window
        if drag.kind == "corner":
            if edit is not None and drag.shape is not None and shape_of(edit) != drag.shape:
                planning.change_edit(window, shaped(edit, drag.shape), window.tr("Move corner"))
            return
        found = self._gizmo()
        if found is None or not (drag.turn or drag.storeys or drag.by != (0.0, 0.0)):
            return
        planned = self._planned()
        if planned is not None:
            self._change_planned(planned, drag, found)
        elif drag.storeys:
            self._extend(found, drag.storeys)
        else:
            self._move(found, drag)

    def _change_planned(self, edit: Edit, drag: Drag, found: Gizmo) -> None:
        if isinstance(edit, AddModel):
            planning.change_edit(self._window, sketches.moved_model(edit, found, drag.by, drag.turn))
            return
        shape = shape_of(edit)
        assert shape is not None
        made = shaped(edit, drawings.moved(shape, drag.by, turn=drag.turn, about=found.middle))
        if drag.storeys and isinstance(edit, AddBuilding):
            storeys = edit.storeys or max(round(edit.height / STOREY_HEIGHT), 1)
            made = with_value(replace(edit, storeys=storeys), "storeys", storeys + drag.storeys)
        planning.change_edit(self._window, made)

    def _extend(self, found: Gizmo, storeys: int) -> None:
        window, known = self._window, self._of_today(ExtendBuilding)
        if isinstance(known, ExtendBuilding):
            if known.storeys + storeys:
                planning.change_edit(window, replace(known, storeys=known.storeys + storeys))
            else:
                planning.remove_edits(window, (known.id,))
        else:
            title = window.tr("More storeys")
            planning.add_edit(window, ExtendBuilding("extend", title, found.ids, storeys))

    def _move(self, found: Gizmo, drag: Drag) -> None:
        window, known = self._window, self._of_today(MoveBuilding)
        east, north = drag.by
        if isinstance(known, MoveBuilding):
            turn = (known.rotation + drag.turn + 180.0) % 360.0 - 180.0
            moved = replace(known, east=known.east + east, north=known.north + north, rotation=turn)
            planning.change_edit(window, moved)
        else:
            title = window.tr("Moved building")
            made = MoveBuilding("move", title, found.ids, round(east, 3), round(north, 3), rotation=drag.turn)
            planning.add_edit(window, made)

    def _gizmo(self) -> Gizmo | None:
        """Of the building that is selected, or of the chosen edit."""
        session = self._window.session
        if session is None or session.scene.built is None:
            return None
        selection, edit = session.state.selection, self.edit
        names = [selection.id] if selection is not None and selection.kind == "city" else []
        for name in [*names, edit.id] if edit is not None else names:
            found = sketches.gizmo_of(session.scene.built.drawn, name)
            if found is not None:
                return found
        return sketches.gizmo_of_edit(edit, self._pencil.aim.land) if edit is not None else None

    def _planned(self) -> Edit | None:
        """The scenario's own edit that drew what the gizmo is of."""
        scenario, found = planning.chosen(self._window), self._gizmo()
        if scenario is None or found is None:
            return None
        maker = maker_of(scenario.own, found.ids[0])
        return maker if maker is not None and shape_of(maker) is not None else None

    def _of_today(self, kind: type) -> Edit | None:
        """The scenario's own edit of a kind for just the building that is selected."""
        scenario, found = planning.chosen(self._window), self._gizmo()
        if scenario is None or found is None:
            return None
        return next((e for e in scenario.own if type(e) is kind and getattr(e, "ids", ()) == found.ids), None)

    def _hit(self, dot: Point, at: QPointF) -> bool:
        camera = self._view.camera
        if camera is None:
            return False
        area = self._view.picture_at(at)
        found = pixel_of(camera, dot, (area.width(), area.height()))
        if found is None:
            return False
        return math.hypot(found[0] + area.left() - at.x(), found[1] + area.top() - at.y()) < NEAR

    def _say(self, at: QPointF) -> None:
        drag = self.drag
        if drag is None:
            return
        said = {
            "hold": f"{drag.by[0]:+.1f} m E\n{drag.by[1]:+.1f} m N",
            "knob": f"{drag.turn:+.0f}°",
            "arrow": texts.tr("%n storeys").replace("%n", f"{drag.storeys:+d}"),
        }.get(drag.kind, "")
        if drag.shape is not None:
            said = texts.amount(*drawings.size_of(drag.shape))
        found = self._pencil.aim.snapped(at) if drag.kind == "corner" else None
        self._pencil.note.say(at, found.kind if found is not None else "", tuple(said.split("\n")))
