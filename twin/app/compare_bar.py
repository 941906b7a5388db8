"""The buttons over the view that compare scenarios; large, for somebody who stands before people."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from twin.app import icons
from twin.app.below_message import BelowMessage
from twin.app.panel_paint import paint_panel
from twin.app.theme import tones_of
from twin.model.project import Project
from twin.model.state import MOST_VIEWS
from twin.scene.comparison import baseline_of, others
from twin.session.commands import choose_compared, compare_by, swap
from twin.session.session import Session

WAYS = ("swipe", "split", "difference")
MARGIN = 14
"""From the lower edge of the view. [px]"""
MOVES = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize, QEvent.Type.Move)
LONGEST = 24
"""Letters of a title that are shown."""


class CompareBar(QFrame):
    """Off, swipe, side by side, difference; with which scenarios; and a button to hold for the baseline."""

    glanced = Signal(bool)
    """The button for the baseline is held, or let go."""

    def __init__(self, session: Session, view: QWidget, corners: Sequence[QWidget] = ()) -> None:
        """corners: what lies in the lower corners of the view, where the bar has no room."""
        super().__init__(view)
        self._session, self._view, self._corners = session, view, corners
        self._shown: tuple[object, ...] = ()
        self._message = BelowMessage(view)
        self.off = self._button("close", self.tr("Off"), self.tr("Show one scenario (X)"))
        self.ways = {
            "swipe": self._button("swipe", self.tr("Swipe"), self.tr("Two scenarios and a line between (S)")),
            "split": self._button("split", self.tr("Side by side"), self.tr("Two to four scenarios (V)")),
            "difference": self._button(
                "difference", self.tr("Difference"), self.tr("What is added, removed and changed (D)")
            ),
        }
        self.start = self._button(
            "swipe", self.tr("Compare"), self.tr("Compare two scenarios by a swipe (S)")
        )
        self.chosen = self._button("scenarios", "", self.tr("Choose what to compare with"))
        self.swap = self._button("swap", "", self.tr("Change places (Shift+X)"))
        self.hold = self._button("eye", "", self.tr("Hold to see the baseline (B)"))
        self.menu = QMenu(self)
        self.chosen.setMenu(self.menu)
        self.chosen.setStyleSheet("QToolButton::menu-indicator { image: none; }")  # the text has its own
        self.chosen.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._lay_out()
        self.off.clicked.connect(lambda: self._session.do(compare_by, "none"))
        self.start.clicked.connect(lambda: self._session.do(compare_by, "swipe"))
        for way, button in self.ways.items():
            button.clicked.connect(partial(self._choose, way))
        self.swap.clicked.connect(self._swap)
        self.hold.pressed.connect(lambda: self.glanced.emit(True))
        self.hold.released.connect(lambda: self.glanced.emit(False))
        for watched in (view, *corners):
            watched.installEventFilter(self)
        self._message.changed.connect(self._place)
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the buttons equal to the session."""
        self._session = session
        project, state = session.project, session.state
        beside = others(project, state)
        relevant = (project.scenarios, state.compare, beside, state.scenario, baseline_of(project, state))
        if relevant == self._shown:
            return
        self._shown = relevant
        comparing = state.compare != "none"
        self.setVisible(len(project.scenarios) > 1)
        self.off.setVisible(comparing)
        self.start.setVisible(not comparing)
        for way, button in self.ways.items():
            button.setVisible(comparing)
            button.setChecked(way == state.compare)
        self.chosen.setVisible(comparing)
        self.swap.setVisible(comparing)
        self.chosen.setText(self._named(project, beside))
        base = baseline_of(project, state)
        self.hold.setText(self.tr("Hold: {0}").format(_short(project.scenario(base).title)))
        self.hold.setAccessibleName(self.tr("Hold to see {0}").format(project.scenario(base).title))
        self.hold.setVisible(base != state.scenario)
        self._fill_menu(project, beside)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Stays in the middle of the lower edge, or between what lies in its corners."""
        if (watched is self._view and event.type() is QEvent.Type.Resize) or (
            watched in self._corners and event.type() in MOVES
        ):
            self._place()
        return False

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the colours and sizes of another theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Paints the ground of the bar."""
        painter = QPainter(self)
        paint_panel(painter, self.rect().toRectF(), tones_of(self.palette()), scale=1.3)
        painter.end()

    def _choose(self, way: str, _checked: bool = False) -> None:
        self._session.do(compare_by, way)  # type: ignore[arg-type]  # the keys of `ways`
        self.ways[way].setChecked(True)  # a click on what is chosen already has unchecked it

    def _swap(self) -> None:
        if beside := others(self._session.project, self._session.state):
            self._session.do(swap, beside[0])

    def _named(self, project: Project, beside: tuple[str, ...]) -> str:
        if len(beside) > 1 and self._session.state.compare == "split":
            return self.tr("with {0} scenarios ▾").format(len(beside))
        return self.tr("with {0} ▾").format(_short(project.scenario(beside[0]).title)) if beside else ""

    def _fill_menu(self, project: Project, beside: tuple[str, ...]) -> None:
        for old in self.menu.actions():
            self.menu.removeAction(old)
            old.deleteLater()  # it may be the one that was just chosen
        many = self._session.state.compare == "split"
        for scenario in project.scenarios:
            if scenario.id == self._session.state.scenario:
                continue
            action = QAction(scenario.title, self.menu, checkable=True)
            action.setChecked(scenario.id in (beside if many else beside[:1]))
            action.setEnabled(not many or action.isChecked() or len(beside) < MOST_VIEWS - 1)
            action.triggered.connect(lambda taken, wanted=scenario.id: self._take(wanted, taken))
            self.menu.addAction(action)

    def _take(self, scenario: str, taken: bool) -> None:
        beside = others(self._session.project, self._session.state)
        if self._session.state.compare != "split":
            wanted: tuple[str, ...] = (scenario,)
        elif taken:
            wanted = (*beside, scenario)
        else:
            wanted = tuple(each for each in beside if each != scenario)
        self._session.do(choose_compared, wanted)

    def _button(self, icon: str, text: str, tip: str) -> QToolButton:
        made = QToolButton(self)
        made.setIcon(icons.icon(icon))
        made.setText(text)
        made.setToolTip(tip)
        made.setAccessibleName(text or tip)
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        made.setCheckable(icon in WAYS)
        return made

    def _lay_out(self) -> None:
        self.setAccessibleName(self.tr("Compare scenarios"))
        self.start.setCheckable(False)
        row = self._row = QHBoxLayout(self)
        for button in (*self.ways.values(), self.chosen, self.swap, self.off, self.start, self.hold):
            row.addWidget(button)

    def _place(self) -> None:
        em = self.fontMetrics().height()
        self._row.setContentsMargins(em // 3, em // 3, em // 3, em // 3)
        self._row.setSpacing(em // 4)
        left, right = self._between()
        whole = self._view.width() - 2 * MARGIN
        # with as many words as there is room for: at the lower edge, or else at the upper one
        for room, pictures in ((right - left, 0), (right - left, 1), (whole, 0), (whole, 1), (whole, 2)):
            self._write(pictures)
            self.resize(self.sizeHint())
            if self.width() <= room:
                break
        self.raise_()  # before the names and borders of sides that came later
        middle = (self._view.width() - self.width()) // 2
        if self.width() <= right - left:
            below = max(self._view.height() - self.height() - MARGIN, 0)
            self.move(min(max(middle, left), right - self.width()), below)
        else:
            # below what is said at the upper edge: messages, and which side is which
            self.move(middle, self._message.height + MARGIN + round(2.4 * em))

    def _between(self) -> tuple[int, int]:
        """From where to where the lower edge is free. [px]"""
        left, right = MARGIN, self._view.width() - MARGIN
        for corner in self._corners:
            if corner.isHidden():
                continue
            if corner.geometry().center().x() < self._view.width() // 2:
                left = max(left, corner.geometry().right() + MARGIN)
            else:
                right = min(right, corner.geometry().left() - MARGIN)
        return left, right

    def _write(self, pictures: int) -> None:
        """Words beside pictures; 1: the ways to compare are pictures alone; 2: all are."""
        em, style = self.fontMetrics().height(), Qt.ToolButtonStyle
        self._row.invalidate()
        for button in self.findChildren(QToolButton):
            button.setMinimumHeight(round(2.4 * em))
            button.setIconSize(QSize(round(1.4 * em), round(1.4 * em)))
            alone = pictures > 1 or (pictures > 0 and button in (*self.ways.values(), self.off))
            only = alone or not button.text()
            button.setToolButtonStyle(style.ToolButtonIconOnly if only else style.ToolButtonTextBesideIcon)


def _short(title: str) -> str:
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1].rstrip()}…"
