"""Shows the day's curve of heat at a place in all scenarios, and tells what makes it hot there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from twin.analysis.utci import stress
from twin.app import texts
from twin.app.facts import Section
from twin.app.heat_chart import HeatChart, Line
from twin.model.state import Point
from twin.scene.heat import HEAT
from twin.scene.heat_asked import want_curve
from twin.scene.heat_known import hour_of
from twin.scene.scene import Failed, Request
from twin.session.session import Session

if TYPE_CHECKING:
    from twin.analysis.heat_point import Budget

MOST = 6
"""Scenarios in one chart."""
WHO = "heat at a point"


class HeatPointBox(QWidget):
    """The chart of the selected place, as long as heat is shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: object = None
        self.title, self.note = QLabel(), QLabel()
        self.chart = HeatChart()
        self.section: Section | None = None
        """What makes it hot there; None as long as that is not known."""
        self._lay_out()
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Asks for the curves, and shows those that are there."""
        self._session = session
        state, built = session.state, session.scene.built
        here = state.selection
        wanted = state.overlay in HEAT and here is not None and here.kind != "city" and built is not None
        self.setVisible(wanted)
        if not wanted or here is None:
            self.section = None
            session.ask(WHO)
            return
        steps = self._steps(session, here.at)
        session.ask(WHO, *(step for step in steps.values() if isinstance(step, Request)))
        steps = self._steps(session, here.at)  # again, as some may be worked out at once
        curves = {
            name: session.answer(step) if isinstance(step, Request) else step for name, step in steps.items()
        }
        now = (here, state.overlay, hour_of(state.time), state.scenario, tuple(curves.items()))
        if now != self._shown:
            self._shown = now
            self._show(curves)

    def _steps(self, session: Session, at: Point) -> dict[str, Request | Failed | None]:
        found: dict[str, Request | Failed | None] = {}
        for scenario in session.project.scenarios[:MOST]:
            built = session.glance(scenario.id).built
            if built is not None:
                found[scenario.id] = want_curve(
                    session.project, session.state, built, scenario.id, at[:2], session.results
                )
        return found

    def _show(self, curves: dict[str, object]) -> None:
        state = self._session.state
        radiant, hour = state.overlay == "tmrt", hour_of(state.time)
        self.title.setText(
            self.tr("Radiant temperature over the day") if radiant else self.tr("UTCI over the day")
        )
        lines, notes, here = [], [], None
        for scenario in self._session.project.scenarios[:MOST]:
            found = curves.get(scenario.id)
            if isinstance(found, tuple):
                values = tuple(one.mean_radiant if radiant else one.utci for one in found)
                lines.append(Line(scenario.title, values, scenario.id == state.scenario))
                if scenario.id == state.scenario:
                    here = found[hour]
            elif isinstance(found, Failed):
                notes.append(f"{scenario.title}: {found.message}")
        self.note.setText("\n".join(notes) if lines or notes else self.tr("Working it out …"))
        self.note.setVisible(bool(self.note.text()))
        self.chart.setVisible(bool(lines))
        self.chart.show_lines(lines, "°C", hour, classes=not radiant)
        self.section = budget_section(here.budget, hour, here.utci) if here is not None else None

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        for label in (self.title, self.note):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.note.setObjectName("muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(round(0.6 * em), round(0.3 * em), round(0.6 * em), round(0.3 * em))
        column.setSpacing(round(0.3 * em))
        for widget in (self.title, self.chart, self.note):
            column.addWidget(widget)


def budget_section(budget: Budget, hour: int, index: float) -> Section:
    """What a person takes up from each side, and its share. index: UTCI there, NaN where unrated. [°C]"""
    tr = texts.tr
    parts = (
        (tr("Straight from the sun"), budget.beam),
        (tr("Light of sky and walls"), budget.sky_and_walls),
        (tr("Light from the ground"), budget.ground_light),
        (tr("Heat of sky, walls, crowns"), budget.warmth_above),
        (tr("Heat of the ground"), budget.warmth_below),
    )
    total = budget.total
    pairs = [
        (name, f"{value:.0f} W/m² ({100 * value / total:.0f} %)" if math.isfinite(total) and total else "–")
        for name, value in parts
    ]
    pairs.append((tr("Together"), f"{total:.0f} W/m²"))
    if math.isfinite(index):
        pairs.append((tr("UTCI"), f"{index:.1f} °C, {stress(index)}"))
    return Section(tr("What makes it hot at {0}").format(f"{hour:02}:00"), tuple(pairs))
