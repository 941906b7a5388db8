"""Chooses what is laid over the city, and shows the work under way."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from twin.app import icons, texts
from twin.app.choice_row import ChoiceRow
from twin.app.gesture import Gesture
from twin.app.heat_box import HeatBox
from twin.app.style_box import StyleBox
from twin.app.texts import QT_TRANSLATE_NOOP
from twin.model.project import Project
from twin.scene.attributes import attribute_of
from twin.scene.heat import GROUP as HEAT_GROUP
from twin.scene.heat import HEAT
from twin.scene.overlays import overlays
from twin.scene.scene import Key
from twin.session.commands import choose_overlay, set_opacity
from twin.session.jobs import Job
from twin.session.session import Session

NONE_YET = QT_TRANSLATE_NOOP("OverlayPanel", "Categories, classes or a ramp")
SOON = 0.4
"""Work that is done sooner is not shown, because it would only flicker. [s]"""
TELLING = 2.0
"""Only work that has gone on for so long is said to end. [s]"""


class JobRow(QWidget):
    """One piece of work: what it is, how far it is, and a button that gives it up."""

    def __init__(self, job: Job, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        em = self.fontMetrics().height()
        self.title, self.bar, self.cancel = QLabel(), QProgressBar(), QToolButton()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setText(job.request.title)
        self.title.setWordWrap(True)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(job.request.title)
        self.cancel.setIcon(icons.icon("cancel"))
        self.cancel.setIconSize(QSize(em, em))
        name = self.tr("Cancel {0}").format(job.request.title)
        self.cancel.setToolTip(texts.tip(name))
        self.cancel.setAccessibleName(name)
        words = QVBoxLayout()
        words.setSpacing(round(0.3 * em))
        words.addWidget(self.title)
        words.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(words, 1)
        row.addWidget(self.cancel)
        self.show_progress(job)

    def show_progress(self, job: Job) -> None:
        """How far it is; a bar that runs to and fro while nobody knows."""
        if job.fraction > 0:
            self.bar.setRange(0, 100)
            self.bar.setValue(round(100 * min(job.fraction, 1.0)))
        else:
            self.bar.setRange(0, 0)
        left = time_left(job.fraction, time.monotonic() - job.started)
        said = self.tr("{0}, {1} s left").format(job.request.title, left) if left else job.request.title
        if said != self.title.text():
            self.title.setText(said)
            self.bar.setAccessibleDescription(said)


def time_left(fraction: float, since: float) -> int:
    """How long work may still take [s], 0 where that cannot be told; since: its start [s]."""
    if fraction < 0.05 or since < TELLING:
        return 0
    return math.ceil(since * (1 - fraction) / fraction)


class OverlayPanel(QWidget):
    """A row for each overlay, its opacity, and the work it waits for."""

    attribute_wanted = Signal()
    """The user wants to choose an attribute."""
    weather_wanted = Signal()
    """The user wants to choose a weather file."""
    explained = Signal(str, str)
    """Title and text of how what is shown is worked out: the user wants to read it."""
    summary_wanted = Signal()
    """The user wants to see heat in numbers."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._gesture = Gesture()
        self._listening: Session | None = None
        self._shown: tuple[object, ...] = ()
        self._project: Project | None = None
        self._overlay = ""
        self.rows: dict[str, ChoiceRow] = {}
        self.jobs: dict[Key, JobRow] = {}
        self._group = QButtonGroup(self)
        self._list, self._scroll = QWidget(), QScrollArea()
        self.by_attribute = ChoiceRow(
            self.tr("By attribute…"), description=self.tr(NONE_YET), keys="Ctrl+0", parent=self._list
        )
        self.style_box = StyleBox(session, self._list)
        self.heat_box = HeatBox(session, self._list)
        self._headings: list[QLabel] = []
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self._percent = QLabel()
        self.note = QLabel()
        self._work = QVBoxLayout()
        self._timer = QTimer(self)
        self._timer.setInterval(100)
        self._lay_out()
        self._timer.timeout.connect(self._show_jobs)
        self._group.addButton(self.by_attribute)
        self.by_attribute.clicked.connect(self._on_attribute)
        self.heat_box.file_wanted.connect(self.weather_wanted)
        self.heat_box.explain.clicked.connect(self._on_explain)
        self.heat_box.numbers.clicked.connect(self.summary_wanted)
        self.opacity.sliderMoved.connect(self._on_opacity)
        self.opacity.sliderReleased.connect(self._gesture.end)
        self.opacity.actionTriggered.connect(self._on_opacity_key)
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        self._session = session
        if self._listening is not session:
            if self._listening is not None:
                self._listening.ticked.disconnect(self._on_tick)
            session.ticked.connect(self._on_tick)
            self._listening = session
        self._watch()
        state = session.state
        relevant = (
            session.project,
            state.overlay,
            state.style,
            state.weather,
            state.hot_day,
            state.heat_cell,
            session.scene.legend,
            state.opacity_of("overlay"),
            session.scene.notices,
        )
        if relevant == self._shown:
            return
        self._shown = relevant
        if session.project is not self._project:
            self._project = session.project
            self._rebuild(session.project)
        name = attribute_of(state.overlay)
        row = self.by_attribute if name else self.rows.get(state.overlay)
        if row is not None:
            row.setChecked(True)
        if row is not None and state.overlay != self._overlay:  # it may have been chosen elsewhere
            heat = state.overlay in HEAT and self._overlay not in HEAT
            # what can be chosen now lies below the row
            below = [self.style_box] if name else [self.heat_box.weather] if heat else []
            self._bring_into_sight(*below, row)
        self._overlay = state.overlay
        self.by_attribute.describe(texts.column(name) if name else self.tr(NONE_YET))
        self.style_box.refresh(session)
        self.heat_box.refresh(session)
        value = round(100 * state.opacity_of("overlay"))
        if not self.opacity.isSliderDown():
            self.opacity.setValue(value)
        self._percent.setText(f"{value} %")
        # only what lies on the ground can be seen through
        self.opacity.setEnabled(not name and state.overlay not in ("none", "use", "height"))
        built = session.scene.built
        known = set(built.problems if built else ())
        self.note.setText("\n".join(note for note in session.scene.notices if note not in known))
        self.note.setVisible(bool(self.note.text()))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the sizes of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setMinimumWidth(14 * self.fontMetrics().height())

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        self.setMinimumWidth(14 * em)
        rows = QVBoxLayout(self._list)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.setAlignment(Qt.AlignmentFlag.AlignTop)
        scroll = self._scroll
        scroll.setWidget(self._list)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.opacity.setRange(0, 100)
        self.opacity.setPageStep(10)
        self.opacity.setAccessibleName(self.tr("Opacity of the overlay"))
        self.opacity.setToolTip(self.tr("Opacity of the overlay"))
        self._percent.setTextFormat(Qt.TextFormat.PlainText)
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._percent.setMinimumWidth(self.fontMetrics().horizontalAdvance("100 %"))
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.note.setObjectName("muted")
        slide = QHBoxLayout()
        slide.setSpacing(round(0.6 * em))
        slide.addWidget(QLabel(self.tr("Opacity")))
        slide.addWidget(self.opacity, 1)
        slide.addWidget(self._percent)
        foot = QVBoxLayout()
        foot.setContentsMargins(round(0.7 * em), round(0.2 * em), round(0.7 * em), round(0.5 * em))
        foot.setSpacing(round(0.4 * em))
        foot.addLayout(slide)
        foot.addWidget(self.note)
        foot.addLayout(self._work)
        column = QVBoxLayout(self)
        column.setContentsMargins(round(0.3 * em), round(0.3 * em), round(0.3 * em), 0)
        column.setSpacing(round(0.2 * em))
        column.addWidget(scroll, 1)
        column.addLayout(foot)

    def _rebuild(self, project: Project) -> None:
        for row in self.rows.values():
            self._group.removeButton(row)
            row.hide()
            row.deleteLater()
        self.rows.clear()
        for heading in self._headings:
            heading.hide()
            heading.deleteLater()
        self._headings.clear()
        layout = self._list.layout()
        assert layout is not None
        group, offered = "", overlays(project)
        grouped = next((name for name, overlay in offered.items() if overlay.group), "")
        for name, overlay in offered.items():
            if name == grouped:  # in sight without scrolling
                self._add_attributes()
            if overlay.group != group:
                if group == HEAT_GROUP:
                    layout.addWidget(self.heat_box)
                group = overlay.group
                if group:
                    layout.addWidget(self._heading(group))
            row = ChoiceRow(overlay.title, parent=self._list)
            row.clicked.connect(lambda _=False, wanted=name: self._session.do(choose_overlay, wanted))
            self._group.addButton(row)
            self.rows[name] = row
            layout.addWidget(row)
        if group == HEAT_GROUP:
            layout.addWidget(self.heat_box)
        if not grouped:
            self._add_attributes()

    def _add_attributes(self) -> None:
        layout = self._list.layout()
        assert layout is not None
        layout.addWidget(self.by_attribute)
        layout.addWidget(self.style_box)

    def _bring_into_sight(self, *wanted: QWidget) -> None:
        """Scrolls there once all that was shown or hidden has its place; the last of them counts most."""

        def scroll() -> None:
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            for widget in wanted:
                self._scroll.ensureWidgetVisible(widget)

        QTimer.singleShot(0, self, scroll)

    def _heading(self, text: str) -> QLabel:
        made = QLabel(text, self._list)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setObjectName("muted")
        em = self.fontMetrics().height()
        made.setContentsMargins(round(0.6 * em), round(0.5 * em), 0, 0)
        self._headings.append(made)
        return made

    def _on_explain(self) -> None:
        legend = self._session.scene.legend
        if legend is not None and legend.more:
            self.explained.emit(legend.title, legend.more)

    def _on_attribute(self) -> None:
        """Lets the user choose; until then the row that was checked stays so."""
        self._shown = ()
        self.refresh(self._session)
        self.attribute_wanted.emit()

    def _on_opacity(self, percent: int) -> None:
        self._gesture.do(self._session, set_opacity, "overlay", percent / 100)

    def _on_opacity_key(self) -> None:
        if not self.opacity.isSliderDown():
            self._gesture.end()
            self._on_opacity(self.opacity.sliderPosition())

    def _on_tick(self, _session: Session) -> None:
        self._show_jobs()
        self._watch()

    def _watch(self) -> None:
        if self._session.running and not self._timer.isActive():
            self._timer.start()

    def _show_jobs(self) -> None:
        running = {job.request.key: job for job in self._session.running}
        for key in [key for key in self.jobs if key not in running]:
            row = self.jobs.pop(key)
            self._work.removeWidget(row)
            row.hide()
            row.deleteLater()
        for key, job in _slow(running.items()):
            if key not in self.jobs:
                row = self.jobs[key] = JobRow(job)
                row.cancel.clicked.connect(lambda _=False, wanted=key: self._session.cancel(wanted))
                self._work.addWidget(row)
            self.jobs[key].show_progress(job)
        if not running:
            self._timer.stop()


def _slow(jobs: Iterable[tuple[Key, Job]]) -> list[tuple[Key, Job]]:
    now = time.monotonic()
    return [(key, job) for key, job in jobs if now - job.started >= SOON]
