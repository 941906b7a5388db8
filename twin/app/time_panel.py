"""Moves through the day and the year, and says where the sun stands."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QDate, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QShowEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDateEdit,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from twin.analysis.shadow import hasten
from twin.analysis.sun import sun
from twin.app import icons, sun_bands, texts
from twin.app.band_slider import BandSlider
from twin.app.beat import Beat
from twin.app.sensor_time import SensorTime
from twin.app.time_steps import comes_twice, on_grid, stepped
from twin.app.time_travel import TimeTravel
from twin.app.year_box import YearBox
from twin.scene.scene import Request
from twin.session.session import Session

STEP = 10
"""Between two positions of the hour slider. [min]"""
DAY = 24 * 60
SPEEDS = ((30, 10), (60, 10), (150, 10), (300, 15))
"""Minutes a second, and how many of them at a time: 20 pictures a second are as many as a processor draws."""


class TimePanel(QWidget):
    """Date, hour, sun, and a button that lets the day pass."""

    playing_changed = Signal(bool)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._travel = TimeTravel(session)
        self._listening: Session | None = None
        self._shown: tuple[object, ...] = ()
        self.clock, self.sun = QLabel(), QLabel()
        self.earlier, self.run, self.later = QToolButton(), QToolButton(), QToolButton()
        self.speed = QComboBox()
        self.day = QDateEdit()
        self.hours, self.days = BandSlider(grid=STEP), BandSlider()
        self.year = YearBox(session)
        self.sensors = SensorTime(session)
        self.loop = QToolButton()
        self._play = Beat(self._go_on, self)
        self._watch = QTimer(self)
        self._watch.setInterval(50)
        self._name()
        self._lay_out()
        self._listen()
        self.refresh(session)

    @property
    def playing(self) -> bool:
        """Whether time runs."""
        return self._play.running

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        if self._listening is not session:
            if self._listening is not None:
                self._listening.ticked.disconnect(self._on_tick)
                self.pause()
            session.ticked.connect(self._on_tick)
            self._listening = self._session = session
            self._travel = TimeTravel(session)
        if self._travel.heard():
            self.pause()
        self.year.refresh(session)
        there = self.sensors.isHidden()
        self.sensors.refresh(session)
        if self.sensors.isHidden() != there:
            self._fit()
        self._show()

    def toggle_play(self) -> None:
        """Starts or stops time."""
        if self.playing:
            self.pause()
            return
        self._travel.end()
        # of many moments one after the other
        self._session.ask("playing", Request(("hastened",), hasten, (), self.tr("Quick shadows")))
        self._on_speed()
        self._play.start()
        self._show_playing()

    def pause(self) -> None:
        """Stops time."""
        if self.playing:
            self._play.stop()
            self._travel.end()
            self._show_playing()

    def step(self, steps: int) -> None:
        """Goes on (1) or back (-1) by ten minutes."""
        self.pause()
        self._travel.end()
        self._want(stepped(self._travel.shown, STEP * steps, loop=self.loop.isChecked()))
        self._travel.end()

    def settle(self) -> None:
        """Brings the session to the time that is shown, now; before saving or taking a picture."""
        self.pause()
        self._travel.settle()
        self._watch.stop()
        self._show()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the sizes of another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_clock()
            self._fit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  # Qt's name
        """Takes the height it needs, and no more: the rest is for the view."""
        super().showEvent(event)
        self._fit()

    def _name(self) -> None:
        em = self.fontMetrics().height()
        for button, name, tip in (
            (self.earlier, "step_back", self.tr("Ten minutes back (,)")),
            (self.run, "play", self.tr("Let the day pass (Space)")),
            (self.later, "step_forward", self.tr("Ten minutes on (.)")),
        ):
            button.setIcon(icons.icon(name))
            button.setIconSize(QSize(round(1.3 * em), round(1.3 * em)))
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        for minutes, _ in SPEEDS:
            self.speed.addItem(self.tr("{0} h/s").format(texts.amount(minutes / 60)))
        self.speed.setCurrentIndex(1)
        self.speed.setAccessibleName(self.tr("Speed"))
        self.speed.view().setAccessibleName(self.tr("Speed"))
        tip = self.tr("Go round within the day; else go on to the next")
        self.loop.setIcon(icons.icon("relink"))
        self.loop.setCheckable(True)
        self.loop.setChecked(True)
        self.loop.setToolTip(tip)
        self.loop.setAccessibleName(tip)
        self.speed.setToolTip(self.tr("How fast the day passes: hours a second"))
        self.day.setCalendarPopup(True)
        self.day.setKeyboardTracking(False)
        self.day.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.day.setDisplayFormat("d MMM yyyy")
        self.day.setLocale(texts.language())
        self.day.setAccessibleName(self.tr("Date"))
        self.day.setToolTip(self.tr("Date"))
        self.hours.setRange(0, DAY - STEP)
        self.hours.setSingleStep(STEP)
        self.hours.setPageStep(60)
        self.hours.setAccessibleName(self.tr("Hour"))
        self.hours.setToolTip(self.tr("Hour of the day: night, twilight and day"))
        self.days.setRange(1, 365)
        self.days.setPageStep(7)
        self.days.setAccessibleName(self.tr("Day of the year"))
        self.days.setToolTip(self.tr("Day of the year; the triangles are the solstices"))
        self.clock.setTextFormat(Qt.TextFormat.PlainText)
        self.sun.setTextFormat(Qt.TextFormat.PlainText)
        self.sun.setObjectName("muted")
        self.sun.setIndent(round(0.6 * em))
        self.sun.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._size_clock()

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        buttons = QHBoxLayout()
        buttons.setSpacing(round(0.1 * em))
        for button in (self.earlier, self.run, self.later):
            buttons.addWidget(button)
        buttons.addSpacing(round(0.3 * em))
        buttons.addWidget(self.speed)
        buttons.addWidget(self.loop)
        buttons.addStretch()
        left = QVBoxLayout()
        left.setSpacing(round(0.2 * em))
        left.addWidget(self.clock, 0, Qt.AlignmentFlag.AlignLeft)
        left.addLayout(buttons)
        grid = QGridLayout()
        grid.setHorizontalSpacing(round(0.8 * em))
        grid.setVerticalSpacing(round(0.1 * em))
        grid.addWidget(self.hours, 0, 0, 1, 2)
        grid.addWidget(self.days, 1, 0)
        grid.addWidget(self.day, 1, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.sun, 2, 0)
        grid.addWidget(self.year, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.sensors, 3, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(round(0.9 * em), round(0.3 * em), round(0.9 * em), round(0.5 * em))
        row.setSpacing(round(1.4 * em))
        row.addLayout(left)
        row.addLayout(grid, 1)

    def _size_clock(self) -> None:
        font = QFont(self.font())
        font.setPointSizeF(2.4 * font.pointSizeF())
        self.clock.setFont(font)

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.setFixedHeight(layout.sizeHint().height())

    def _listen(self) -> None:
        self.earlier.clicked.connect(lambda: self.step(-1))
        self.run.clicked.connect(self.toggle_play)
        self.later.clicked.connect(lambda: self.step(1))
        self.speed.activated.connect(self._on_speed)
        self.day.dateChanged.connect(self._on_date)
        self.hours.sliderMoved.connect(lambda minutes: self._want(self._at(minutes)))
        self.hours.actionTriggered.connect(lambda _: self._on_key(self.hours))
        self.days.sliderMoved.connect(lambda number: self._want(self._on_day(number)))
        self.days.actionTriggered.connect(lambda _: self._on_key(self.days))
        for slider in (self.hours, self.days):
            slider.sliderPressed.connect(self._on_press)
            slider.sliderReleased.connect(self._travel_end)
        self._watch.timeout.connect(self._follow)

    def _at(self, minutes: int) -> datetime:
        shown = self._travel.shown
        return datetime.combine(shown.date(), time(minutes // 60, minutes % 60), shown.tzinfo)

    def _on_day(self, number: int) -> datetime:
        shown = self._travel.shown
        day = date(shown.year, 1, 1) + timedelta(days=number - 1)
        return datetime.combine(day, shown.time(), shown.tzinfo)

    def _on_press(self) -> None:
        self.pause()
        self._travel.end()

    def _travel_end(self) -> None:
        self._travel.end()

    def _on_key(self, slider: BandSlider) -> None:
        if slider.isSliderDown():
            return
        self.pause()
        self._travel.end()
        position = slider.sliderPosition()
        self._want(self._at(position) if slider is self.hours else self._on_day(position))
        self._travel.end()

    def _on_date(self, chosen: QDate) -> None:
        day = date(chosen.year(), chosen.month(), chosen.day())
        shown = self._travel.shown
        if day != shown.date():
            self.pause()
            self._travel.end()
            self._want(datetime.combine(day, shown.time(), shown.tzinfo))
            self._travel.end()

    def _on_speed(self) -> None:
        minutes, step = SPEEDS[self.speed.currentIndex()]
        self._play.every = step / minutes

    def _go_on(self) -> bool:
        """The next moment, once the last one that was asked for is shown."""
        if self._travel.waiting:
            self._follow()
        if self._travel.waiting:
            return False
        step = SPEEDS[self.speed.currentIndex()][1]
        now = on_grid(self._travel.shown, step)
        moments = [stepped(now, step * ahead, loop=self.loop.isChecked()) for ahead in (1, 2, 3)]
        self._want(moments[0], ahead=tuple(moments[1:]))
        return True

    def _on_tick(self, _session: Session) -> None:
        if self._travel.waiting:
            self._follow()

    def _want(self, when: datetime, ahead: tuple[datetime, ...] = ()) -> None:
        self._travel.want(when, ahead=ahead)
        self._after()

    def _follow(self) -> None:
        self._travel.follow()
        self._after()

    def _after(self) -> None:
        if self._travel.waiting:
            self._watch.start()
        else:
            self._watch.stop()
        self._show()

    def _show(self) -> None:
        shown, place = self._travel.shown, self._session.project.place
        now = (place, shown, shown.fold)  # in autumn an hour comes twice, and is equal to itself
        if now == self._shown:
            return
        self._shown = now
        self.clock.setText(f"{shown:%H:%M %Z}" if comes_twice(shown) else f"{shown:%H:%M}")
        said = f"{sun_bands.where(sun(place, shown))}  ·  {sun_bands.daylight(place, shown.date())}"
        self.sun.setText(said)
        self.sun.setToolTip(texts.tip(f"{said}\n{place.timezone}"))
        self.hours.show_band(sun_bands.day_band(place, shown.date()))
        self.days.show_band(sun_bands.year_band(place, shown.year))
        days = (date(shown.year + 1, 1, 1) - date(shown.year, 1, 1)).days
        if self.days.maximum() != days:
            self.days.setMaximum(days)
        if not self.hours.isSliderDown():
            self.hours.setValue(shown.hour * 60 + shown.minute)
        if not self.days.isSliderDown():
            self.days.setValue(shown.timetuple().tm_yday)
        self.day.setDate(QDate(shown.year, shown.month, shown.day))

    def _show_playing(self) -> None:
        self.run.setIcon(icons.icon("pause" if self.playing else "play"))
        tip = self.tr("Stop (Space)") if self.playing else self.tr("Let the day pass (Space)")
        self.run.setToolTip(tip)
        self.run.setAccessibleName(tip)
        self.playing_changed.emit(self.playing)
