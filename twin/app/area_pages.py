"""The three pages of the wizard: where, out of which files, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from twin.errors import TwinError
from twin.formats import presets
from twin.formats.area_crs import crs_for, place_for
from twin.model.station_area import Gathered, Wanted
from twin.model.timetable import WEEKDAYS


class PlacePage(QWidget):
    """Name, centre, radius and coordinates, with presets."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.presets = presets.read_all()
        self.preset = QComboBox()
        self.preset.setAccessibleName(self.tr("Begin with"))
        self.preset.view().setAccessibleName(self.tr("Begin with"))
        self.preset.addItem(self.tr("A place of your own"), None)
        for preset in self.presets:
            self.preset.addItem(preset.title, preset)
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name"))
        self.name.setPlaceholderText(self.tr("of the project"))
        self.latitude = _number(self.tr("Latitude"), -90, 90, 6, "°", 60.1719)
        self.longitude = _number(self.tr("Longitude"), -180, 180, 6, "°", 24.9414)
        self.radius = _number(self.tr("Radius"), 50, 20_000, 0, " m", 500)
        self.radius.setSingleStep(50)
        self.crs = QLineEdit()
        self.crs.setAccessibleName(self.tr("Coordinates"))
        self.crs.setClearButtonEnabled(True)
        self.why = _words()
        form = QFormLayout(self)
        form.addRow(self.tr("Begin with"), self.preset)
        form.addRow(self.tr("Name"), self.name)
        form.addRow(self.tr("Latitude"), self.latitude)
        form.addRow(self.tr("Longitude"), self.longitude)
        form.addRow(self.tr("Radius"), self.radius)
        form.addRow(self.tr("Coordinates"), self.crs)
        form.addRow("", self.why)
        self.preset.activated.connect(self._take_preset)
        for box in (self.latitude, self.longitude, self.radius):
            box.valueChanged.connect(self.judge)
        self.crs.textChanged.connect(self.judge)
        self.judge()

    @property
    def wanted(self) -> Wanted:
        """As it stands here, without files."""
        text = self.crs.text().strip().upper()
        return Wanted(
            latitude=self.latitude.value(),
            longitude=self.longitude.value(),
            radius=self.radius.value(),
            crs=f"EPSG:{text}" if text.isdigit() else text,
            name=self.name.text().strip(),
        )

    def move_to(self, latitude: float, longitude: float) -> None:
        """Another centre."""
        self.latitude.setValue(latitude)
        self.longitude.setValue(longitude)

    def judge(self) -> str:
        """Says which coordinates there will be, or what is wrong; returns what is wrong."""
        wanted, problem = self.wanted, ""
        try:
            usual, _ = crs_for(wanted.latitude, wanted.longitude)
            self.crs.setPlaceholderText(self.tr("{0}, by place").format(usual))
            place, why = place_for(wanted.latitude, wanted.longitude, wanted.crs)
            origin = f"{place.origin[0]:.0f}, {place.origin[1]:.0f}"
            self.why.setText(
                self.tr("{0}: {1}. Zero is at {2}; clocks of {3}.").format(
                    place.crs, why, origin, place.timezone
                )
            )
        except TwinError as error:
            problem = str(error)
            self.why.setText(problem)
        self.changed.emit()
        return problem

    def _take_preset(self) -> None:
        preset = self.preset.currentData()
        if preset is not None:
            self.name.setText(preset.title)
            self.move_to(preset.latitude, preset.longitude)
            self.radius.setValue(preset.radius)
            self.crs.setText(
                "" if preset.crs == crs_for(preset.latitude, preset.longitude)[0] else preset.crs
            )


class FilesPage(QWidget):
    """One row a kind of file; below, where such files are offered."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = QFormLayout()
        self.rows: dict[str, _Files] = {}
        for key, title, hint, endings in (
            ("osm", self.tr("Map"), self.tr("extract of OpenStreetMap"), "*.pbf *.osm"),
            ("buildings", self.tr("Buildings"), self.tr("city model or footprints"), "*"),
            ("vectors", self.tr("Layers"), self.tr("roads, districts, grids …"), "*"),
            ("lamps", self.tr("Lamps"), self.tr("positions of street lamps"), "*"),
            ("rasters", self.tr("Rasters"), self.tr("heat, noise … as GeoTIFF"), "*.tif *.tiff"),
            ("dem", self.tr("Ground"), self.tr("heights of the ground, GeoTIFF"), "*.tif *.tiff"),
            ("ndsm", self.tr("Heights"), self.tr("heights above the ground, GeoTIFF"), "*.tif *.tiff"),
            ("points", self.tr("Points"), self.tr("a point cloud, for heights of buildings"), "*.las"),
            ("gtfs", self.tr("Timetable"), self.tr("GTFS, a zip file"), "*.zip"),
        ):
            row = self.rows[key] = _Files(title, hint, endings, several=key in SEVERAL)
            row.changed.connect(self.changed)
            form.addRow(title, row)
        self.weekday = QComboBox()
        self.weekday.setAccessibleName(self.tr("Departures of a"))
        self.weekday.view().setAccessibleName(self.tr("Departures of a"))
        for day in WEEKDAYS:
            self.weekday.addItem(day.capitalize(), day)
        self.weekday.setCurrentIndex(1)
        self.credit = QLineEdit()
        self.credit.setAccessibleName(self.tr("Owner and licence"))
        self.credit.setPlaceholderText(self.tr("of all but OpenStreetMap, as City of Tampere, CC BY 4.0"))
        form.addRow(self.tr("Departures of a"), self.weekday)
        form.addRow(self.tr("Owner, licence"), self.credit)
        self.addresses = QPlainTextEdit()
        self.addresses.setAccessibleName(self.tr("Where data are offered"))
        self.addresses.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.addresses.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.addresses.setTabChangesFocus(True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(form)
        outer.addWidget(_words(self.tr("Where data are offered (yours to edit; nothing is fetched):")))
        outer.addWidget(self.addresses, 1)

    def with_files(self, wanted: Wanted) -> Wanted:
        """What was wanted, with the files that stand here."""
        several = {key: self.rows[key].paths for key in SEVERAL}
        single = {key: next(iter(row.paths), None) for key, row in self.rows.items() if key not in SEVERAL}
        owner = self.credit.text().strip()
        day = str(self.weekday.currentData())
        return replace(wanted, weekday=day, credits={"": owner} if owner else {}, **several, **single)  # type: ignore[arg-type]


class FoundPage(QWidget):
    """Counts, where heights come from, what was left out; and the name of the project."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = QTableWidget(0, 2)
        self.table.setAccessibleName(self.tr("What was found"))
        self.table.setHorizontalHeaderLabels([self.tr("What was found"), self.tr("Number")])
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setStretchLastSection(False)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.path = QLineEdit()
        self.path.setAccessibleName(self.tr("Save as"))
        browse = QPushButton(self.tr("Browse…"))
        browse.clicked.connect(self._browse)
        file = QHBoxLayout()
        file.addWidget(self.path)
        file.addWidget(browse)
        form = QFormLayout()
        form.addRow(self.tr("Save as"), file)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.table, 1)
        outer.addLayout(form)
        self.path.textChanged.connect(self.changed)

    def show_found(self, found: Gathered) -> None:
        """What the files gave, in three blocks."""
        from twin.formats.area_looks import LOOKS

        rows: list[tuple[str, str]] = []
        for name, count in found.counts.items():
            rows.append((LOOKS[name].title if name in LOOKS else name.capitalize(), f"{count}"))
        if found.departures_on:
            rows.append((self.tr("Departures are those of {0}").format(found.departures_on), ""))
        total = sum(found.height_sources.values())
        for source, count in sorted(found.height_sources.items(), key=lambda item: -item[1]):
            rows.append((self.tr("Heights: {0}").format(source), f"{count / total:.0%}"))
        rows += [(note, f"{count}") for note, count in sorted(found.notes.items()) if count]
        self.table.setRowCount(len(rows))
        for number, (what, amount) in enumerate(rows):
            right = QTableWidgetItem(amount)
            right.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            left = QTableWidgetItem(what)
            left.setToolTip(what)
            self.table.setItem(number, 0, left)
            self.table.setItem(number, 1, right)
        self.table.setColumnWidth(0, 380)
        self.table.setColumnWidth(1, 80)

    def _browse(self) -> None:
        dialog = QFileDialog(
            self, self.tr("Save as"), self.path.text(), self.tr("Projects") + " (*.twin.json)"
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(
            lambda name: self.path.setText(name if name.endswith(".twin.json") else f"{name}.twin.json")
        )
        dialog.open()


SEVERAL = ("buildings", "vectors", "lamps", "rasters", "dem")


class _Files(QWidget):
    """Paths of one kind, `; ` between them, and a button that asks for more."""

    changed = Signal()

    def __init__(self, title: str, hint: str, endings: str, *, several: bool) -> None:
        super().__init__()
        self._title, self._endings, self._several = title, endings, several
        self.line = QLineEdit()
        self.line.setAccessibleName(title)
        self.line.setPlaceholderText(hint)
        self.line.setClearButtonEnabled(True)
        button = QPushButton("…")
        button.setAccessibleName(self.tr("{0}: choose files").format(title))
        button.setFixedWidth(36)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line)
        row.addWidget(button)
        button.clicked.connect(self._browse)
        self.line.textChanged.connect(self.changed)

    @property
    def paths(self) -> tuple[Path, ...]:
        """Those that are written here."""
        return tuple(Path(part.strip()) for part in self.line.text().split(";") if part.strip())

    def show_paths(self, paths: Sequence[Path]) -> None:
        """Write them in."""
        self.line.setText("; ".join(str(path) for path in paths))

    def _browse(self) -> None:
        dialog = QFileDialog(self, self._title, "", f"{self._title} ({self._endings})")
        many, one = QFileDialog.FileMode.ExistingFiles, QFileDialog.FileMode.ExistingFile
        dialog.setFileMode(many if self._several else one)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.show_paths([Path(name) for name in names]))
        dialog.open()


def _number(name: str, low: float, high: float, decimals: int, unit: str, value: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setAccessibleName(name)
    box.setDecimals(decimals)
    box.setRange(low, high)
    box.setSuffix(unit)
    box.setValue(value)
    return box


def _words(text: str = "") -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
