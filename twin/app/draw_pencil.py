"""Draws in the view: takes mouse and keys while a tool is chosen, and makes edits of what was drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent

from twin.app import edit_selected, planning, views
from twin.app.draw_aim import Aim
from twin.app.draw_grips import Grips
from twin.app.draw_note import DrawNote, DrawSentence
from twin.app.draw_remove import remove_at
from twin.app.draw_templates import Templates
from twin.app.draw_tools import TOOLS, Tool, how_to_type, measures, sentence, titled
from twin.app.navigation import CLICK
from twin.app.viewport import Viewport
from twin.model.scenario import Edit
from twin.scene import drawing as drawings
from twin.scene.drawing import Drawing, Geometry
from twin.scene.items import Sketch
from twin.scene.sketches import drawn, shaped
from twin.scene.snapping import Flat, Snapped
from twin.scene.standpoints import section_along

if TYPE_CHECKING:
    from twin.app.window import Window


class Pencil(QObject):
    """The tool in hand, and what has been drawn with it so far."""

    changed = Signal()
    """Another tool, or other values of what it makes."""
    drew = Signal(str)
    """Id of an edit that was drawn."""
    let_go = Signal()
    """The edits that were chosen are to be left alone."""

    def __init__(self, window: Window, view: Viewport) -> None:
        super().__init__(view)
        self._window, self._view = window, view
        self.tool: Tool | None = None
        self.drawing = Drawing("polygon")
        self.aim, self._templates = Aim(window, view), Templates()
        self._mouse: QPointF | None = None
        self._pressed: QPointF | None = None
        self._twice = False
        self.note, self.sentence = DrawNote(view), DrawSentence(view)
        self.grips = Grips(window, view, self)
        view.take_click = self._click
        view.moved.connect(lambda _camera: self._follow())
        if view.surface is not None:
            view.surface.installEventFilter(self)

    # the tool ------------------------------------------------------------------------------------

    def take(self, tool_id: str) -> None:
        """Takes a tool in hand, or puts it away when it is there already; empty: none."""
        tool = TOOLS.get(tool_id)
        if tool is None or tool is self.tool:
            self._put(None)
        elif not tool.changes or planning.may_draw(self._window, lambda: self._put(tool)):
            self._put(tool)

    @property
    def template(self) -> Edit | None:
        """What the tool makes, with the values that are set."""
        return self._templates.of(self.tool)

    def set_template(self, edit: Edit) -> None:
        """What this tool makes next is to have these values."""
        if self.tool is not None:
            self._templates.put(self.tool, edit)
        self._show()

    def learn(self, edit: Edit) -> None:
        """What is drawn next is like what was changed last."""
        self._templates.learn(edit)

    def outlined(self, areas: Sequence[Geometry]) -> tuple[Edit, ...]:
        """What the tool in hand makes of areas that were drawn elsewhere; buildings where it makes none."""
        tool, scenario = self.tool, planning.chosen(self._window)
        if tool is None or tool.template is None or tool.shape not in ("polygon", "rectangle"):
            tool = TOOLS["building"]
        template, made = self._templates.of(tool), []
        assert template is not None
        taken = [edit.title for edit in scenario.edits] if scenario is not None else []
        for area in areas:
            made.append(titled(tool, shaped(template, area), taken))
            taken.append(made[-1].title)
        return tuple(made)

    def refresh(self) -> None:
        """Another scenario may be in view, or other edits."""
        scenario = planning.chosen(self._window)
        if self.tool is not None and self.tool.changes and (scenario is None or scenario.locked):
            self._put(None)
        self._show()

    def set_snapping(self, on: bool) -> None:
        """Whether corners are pulled to what stands near."""
        self.aim.set_snapping(on)
        self._show()

    def set_grid(self, on: bool) -> None:
        """Whether corners are pulled to whole metres."""
        self.aim.set_grid(on)
        self._show()

    def _put(self, tool: Tool | None) -> None:
        self.tool = tool
        self.drawing = Drawing(tool.shape if tool is not None and tool.shape is not None else "polygon")
        if self._view.surface is not None:
            shape = Qt.CursorShape.CrossCursor if tool is not None else Qt.CursorShape.ArrowCursor
            self._view.surface.setCursor(shape)
            if tool is not None:
                self._view.surface.setFocus()
        self._show()
        self.changed.emit()

    # mouse and keys ------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Comes before the navigation; what is not for a tool goes on to it."""
        kind = event.type()
        if isinstance(event, QMouseEvent):
            return self._on_mouse(kind, event)
        if isinstance(event, QKeyEvent) and kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            if not self._wants(event):
                return False
            event.accept()
            if kind == QEvent.Type.KeyPress:
                self._key(event)
            return True
        if kind == QEvent.Type.Leave:
            self._mouse = None
            self._show()
        return super().eventFilter(watched, event)

    def _on_mouse(self, kind: QEvent.Type, event: QMouseEvent) -> bool:
        at = event.position()
        if self.grips.on_mouse(kind, event):
            self._mouse = at
            return True
        if kind == QEvent.Type.MouseMove:
            self._mouse = at
            if event.buttons() == Qt.MouseButton.NoButton:
                self._show()
        elif kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            self._pressed = at
            self._twice = kind == QEvent.Type.MouseButtonDblClick
        elif (
            kind == QEvent.Type.MouseButtonRelease
            and event.button() == Qt.MouseButton.RightButton
            and self._pressed is not None
            and _apart(self._pressed, at) < CLICK
            and self.drawing.corners
        ):
            self._end()
        return False

    def _click(self, at: QPointF) -> bool:
        """Whether a click was for the tool."""
        tool = self.tool
        if tool is None or tool.id == "move":
            return False
        self._mouse = at
        if tool.id == "remove":
            remove_at(self._window, self._view.selection_at(at))
            return True
        if self._twice:
            self._twice = False
            self._end()
            return True
        place = self._aimed()
        if place is None:
            return True
        first = self.drawing.corners[:1]
        closes = self.drawing.shape == "polygon" and self.drawing.enough
        if closes and math.dist(first[0], place) < drawings.SAME and tool.id != "measure":
            self._end()
            return True
        if not self.drawing.corners:
            self.changed.emit()  # the values of what comes next, not of what was drawn last
        self.drawing = drawings.clicked(self.drawing, place)
        if self.drawing.full:
            self._end()
        else:
            self._show()
        return True

    def _wants(self, event: QKeyEvent) -> bool:
        if self.tool is None:
            return event.key() == Qt.Key.Key_Escape and bool(self.grips.chosen)
        key, keys = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        begun = bool(self.drawing.corners or self.drawing.typed)
        if key == Qt.Key.Key_Escape:
            return True
        if self.tool.shape is None:
            return False
        if key == Qt.Key.Key_Z and keys == Qt.KeyboardModifier.ControlModifier:
            return begun
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace):
            return begun
        plain = keys in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        altgr = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        text = event.text()
        return (
            bool(text)
            and text in drawings.TYPED
            and (plain or keys in (altgr, Qt.KeyboardModifier.AltModifier))
        )

    def _key(self, event: QKeyEvent) -> None:
        key = event.key()
        if self.tool is None:
            self.let_go.emit()
        elif key == Qt.Key.Key_Escape:
            if self.drawing.corners or self.drawing.typed:
                self.drawing = Drawing(self.drawing.shape)
            else:
                self._put(None)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Z):
            self.drawing = drawings.back(self.drawing)
        else:
            self.drawing = drawings.typing(self.drawing, event.text())
        self._show()

    def _enter(self) -> None:
        """Takes what was typed as a corner, or ends."""
        if not self.drawing.typed:
            self._end()
            return
        place = self._aimed()
        if place is None:
            self._window.say(self._window.tr("Point somewhere, or type a direction too, as in 12.5<90."))
            return
        self.drawing = drawings.clicked(self.drawing, place)
        if self.drawing.full:
            self._end()

    def _end(self) -> None:
        """Makes the edit, if enough was drawn."""
        tool, template, window = self.tool, self.template, self._window
        scenario = planning.chosen(window)
        if tool is not None and tool.id.startswith("select") and self.drawing.enough:
            self._select()
            return
        if tool is not None and tool.id == "section" and self.drawing.enough:
            self._cut(*self.drawing.corners[:2])
            return
        if tool is None or template is None or scenario is None or not self.drawing.enough:
            return
        shape = drawings.made(self.drawing)
        if shape is None:
            window.say(window.tr("The outline crosses itself. Take corners back with Backspace."))
            return
        self.drawing = Drawing(self.drawing.shape)
        made = planning.add_edit(
            window, titled(tool, shaped(template, shape), [e.title for e in scenario.edits])
        )
        if made:
            self.drew.emit(made)
        self._show()

    def _cut(self, start: Flat, end: Flat) -> None:
        """Looks at the section along the line that was drawn."""
        self._put(None)
        width, height = self._view.picture_size
        middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        ground = self.aim.land.at(middle)
        views.move(
            self._window,
            lambda camera: section_along(camera, start, end, wide=width / height, ground=ground),
        )

    def _select(self) -> None:
        """Selects what lies in the outline that was drawn."""
        area = drawings.made(self.drawing)
        self.drawing = Drawing(self.drawing.shape)
        if area is not None:
            more = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
            edit_selected.select_within(self._window, area, more=bool(more))
        else:
            self._window.say(self._window.tr("The outline crosses itself. Draw it again."))
        self._show()

    # what is shown -------------------------------------------------------------------------------

    def _pulled(self) -> Snapped | None:
        """Where the mouse is pulled to now."""
        if self._mouse is None:
            return None
        return self.aim.snapped(self._mouse, () if self.drawing.shape == "points" else self.drawing.corners)

    def _aimed(self, found: Snapped | None = None) -> Flat | None:
        """Where the next corner would be. found: where the mouse is pulled to, if it is known."""
        found, session = found or self._pulled(), self._window.session
        if session is None or (found is None and not self.drawing.typed):
            return None
        at = found.at if found is not None else None
        return drawings.aimed(self.drawing, at, session.project.place)

    def _follow(self) -> None:
        if self.tool is not None:
            self._show()

    def _show(self) -> None:
        """Makes sketch, note and sentence equal to what was drawn."""
        tool = self.tool
        text = sentence(tool, self.drawing) if tool is not None else self.grips.sentence
        # who compares looks, and wants nothing in the way
        self.sentence.say(text if tool is not None or not self._view.titles else "")
        typed = how_to_type(self.drawing) if tool is not None and tool.shape is not None else ""
        self._window.status.hint(f"{text}   {typed}".rstrip())
        if tool is None or tool.shape is None:
            self.note.hide()
            self.grips.show()
            return
        found = self._pulled()
        at = self._aimed(found)
        self._view.show_extra("sketch", self._sketch(tool, at))
        self._say(at, found.kind if found is not None and not self.drawing.typed else "")

    def _sketch(self, tool: Tool, at: Flat | None) -> Sketch | None:
        if at is None and not self.drawing.corners:
            return None
        template = None if tool.id == "measure" else self.template
        return drawn(template, self.drawing, at, self.aim.land)

    def _say(self, at: Flat | None, kind: str) -> None:
        # without a mouse it is said where the keys have led
        beside = self._mouse or QPointF(self._view.rect().center())
        pixel = self.aim.pixel(at, beside) if at is not None else None
        if at is None or pixel is None:
            self.note.hide()
        else:
            self.note.say(pixel, kind, measures(self.drawing, at))


def _apart(a: QPointF, b: QPointF) -> float:
    return math.hypot(a.x() - b.x(), a.y() - b.y())
