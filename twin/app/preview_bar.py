"""Says what files are before they are opened or added, without stopping the work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from twin.app import texts
from twin.app.crs_words import code_of, in_metres, in_words
from twin.app.ground_row import GroundRow
from twin.app.loading import Loader
from twin.app.placement_row import PlacementRow, Standing
from twin.app.preview_rows import PreviewRows
from twin.app.theme import tones_of
from twin.errors import CrsError, TwinError
from twin.formats.peek import Peek
from twin.model.placement import Placement
from twin.model.project import Project

FAR = 20_000.0
"""A file so far from the project was probably meant for another one. [m]"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the user wants of the files."""

    paths: tuple[Path, ...]
    crs: str
    """Of those that do not say it; empty: as the program thinks best."""
    alone: bool
    """As a project of their own."""
    placeless: tuple[Path, ...] = ()
    """Those of them that do not say where they stand."""
    standing: Standing = field(default_factory=Standing)
    """How these stand."""
    body: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """What the largest of these takes up, from west to east, from south to north, and upwards. [m]"""
    ground: tuple[Path, ...] = ()
    """Grids that hold the heights of the ground."""


class PreviewBar(QFrame):
    """A sheet over the top of its parent with a row for each file."""

    chosen = Signal(object)
    """Chosen; the sheet is gone."""

    def __init__(self, loader: Loader, parent: QWidget) -> None:
        super().__init__(parent)
        self._loader = loader
        self._project: Project | None = None
        self._paths: list[Path] = []
        self._found: list[Peek | TwinError | None] = []
        self._first, self._alone = 0, False
        self._asking: set[int] = set()
        self._placeless: set[int] = set()
        self.title, self.note = QLabel(), QLabel()
        self.files = PreviewRows()
        self.crs, self._crs_row = QComboBox(), QWidget()
        self.placement, self.ground = PlacementRow(), GroundRow()
        self.add, self.alone = QPushButton(), QPushButton()
        self.cancel = QPushButton(self.tr("Cancel"))
        self._lay_out()
        loader.peeked.connect(self._on_peeked)
        loader.peeking.connect(self._on_progress)
        self.add.clicked.connect(lambda: self._choose(alone=False))
        self.alone.clicked.connect(lambda: self._choose(alone=True))
        self.cancel.clicked.connect(self.close_sheet)
        self.crs.activated.connect(lambda _row: self._look_again())
        edit = self.crs.lineEdit()
        assert edit is not None
        edit.returnPressed.connect(self._look_again)
        edit.textEdited.connect(lambda _text: self._show())  # what is written can be opened at once
        self.placement.changed.connect(self._look_again)
        parent.installEventFilter(self)
        self.hide()

    @property
    def found(self) -> tuple[Peek | TwinError | None, ...]:
        """What is known of each file; None: it is being looked at."""
        return tuple(self._found)

    def show_files(self, paths: Sequence[Path], project: Project | None, *, alone: bool) -> None:
        """Looks at files, more of them when the sheet is open already.

        project: what they can be added to; alone: the user meant to open them by themselves.
        """
        if not self.isVisible() or project is not self._project or alone != self._alone:
            self._clear()
        self._project, self._alone = project, alone
        if not self._paths:
            self.placement.reset(in_project=project is not None and not alone)
        for path in paths:
            if path not in self._paths:
                self._append(path)
        self.add.setVisible(project is not None)
        self.alone.setDefault(alone)
        self.add.setDefault(not alone)
        self._show()
        self.show()
        self.raise_()
        self._place()
        (self.alone if alone or project is None else self.add).setFocus()

    def close_sheet(self) -> None:
        """Goes away, and gives up all looks."""
        self._loader.look_away()
        self._clear()
        self.hide()
        parent = self.parentWidget()
        if parent is not None:
            parent.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Stays at the top of its parent."""
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget() and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  # Qt's name
        """Esc leaves, Delete takes a file out."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        elif event.key() == Qt.Key.Key_Delete and self.files.selectedItems():
            self._remove(self.files.chosen)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keeps Esc from the rest of the window while it is here."""
        keys = (Qt.Key.Key_Escape, Qt.Key.Key_Delete)
        early = event.type() == QEvent.Type.ShortcutOverride
        if early and isinstance(event, QKeyEvent) and event.key() in keys:
            event.accept()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draws a sheet with an edge."""
        del event
        tone = tones_of(self.palette())
        painter = QPainter(self)
        painter.setPen(QPen(QColor(tone.accent), 1.0))
        painter.setBrush(QColor(tone.raised))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        for label in (self.title, self.note):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.title.setObjectName("heading")
        self.note.setObjectName("muted")
        name = QLabel(self.tr("CRS of files that do not say it"))
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setWordWrap(True)
        self.crs.setEditable(True)
        self.crs.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        edit = self.crs.lineEdit()
        assert edit is not None
        for widget in (self.crs, edit, self.crs.view()):
            widget.setAccessibleName(name.text())
            widget.setToolTip(texts.tip(self.tr("Choose one, or write EPSG: and its number")))
        row = QHBoxLayout(self._crs_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(name)
        row.addWidget(self.crs, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(round(0.5 * em))
        buttons.addStretch()
        for button in (self.cancel, self.alone, self.add):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[round(0.8 * em)] * 4)
        column.setSpacing(round(0.5 * em))
        column.addWidget(self.title)
        column.addWidget(self.files, 1)
        column.addWidget(self._crs_row)
        column.addWidget(self.placement)
        column.addWidget(self.ground)
        column.addWidget(self.note)
        column.addLayout(buttons)

    def _clear(self) -> None:
        self._first += len(self._paths)  # so that late answers find no row
        self._paths, self._found, self._asking, self._placeless = [], [], set(), set()
        self.files.clear()
        self.crs.clear()
        self.ground.clear()

    def _append(self, path: Path) -> None:
        self.files.append(path)
        self._paths.append(path)
        self._found.append(None)
        self._look(len(self._paths) - 1)

    def _look(self, row: int) -> None:
        # what is looked at in the same way as it is read afterwards need not be read twice
        place = self._project.place if self._project is not None and not self._alone else None
        placement = Placement(crs=self._named if row in self._asking else "")
        if row in self._placeless:
            standing = self.placement.standing
            placement = replace(placement, scale=standing.scale, up=standing.up)
        self._found[row] = None
        self._loader.peek(self._first + row, self._paths[row], place, placement)

    def _look_again(self) -> None:
        for row in sorted(self._asking | self._placeless):
            self._look(row)
        self._show()

    def _remove(self, rows: list[int]) -> None:
        left = [path for row, path in enumerate(self._paths) if row not in rows]
        self._loader.look_away()
        self._clear()
        for path in left:
            self._append(path)
        if left:
            self._show()
        else:
            self.close_sheet()

    def _on_progress(self, number: int, fraction: float) -> None:
        row = number - self._first
        if 0 <= row < len(self._paths) and self._found[row] is None:
            self.files.show_progress(row, fraction)

    def _on_peeked(self, number: int, found: object) -> None:
        row = number - self._first
        if 0 <= row < len(self._paths) and isinstance(found, Peek | TwinError):
            self._found[row] = found
            if isinstance(found, CrsError) or (isinstance(found, Peek) and self._is_asked_for(found)):
                self._asking.add(row)  # for good, also when what was chosen does not fit
            if isinstance(found, Peek) and found.placeless:
                if not self._placeless:
                    self.placement.suggest("numbers" if found.suggested else "click")
                self._placeless.add(row)
            doubtful = self._is_doubtful(row, found)
            self.files.show_found(row, self._paths[row], found, doubtful=doubtful)
            self._show()
            self._place()
            wanted = self.add if self.add.isDefault() else self.alone
            if self._asking and not self._named and not wanted.isEnabled():
                self.crs.setFocus()  # nothing else can be done

    @property
    def _named(self) -> str:
        """What is chosen or written, as `EPSG:code`."""
        return code_of(self.crs.currentText())

    def _is_asked_for(self, found: Peek) -> bool:
        """Whether the user is to say where it lies; in a project it lies where that does."""
        alone = self._project is None or self._alone
        return bool(found.suggested) or (
            alone and found.kind == "city" and not (found.crs or found.placeless)
        )

    def _is_doubtful(self, row: int, found: Peek | TwinError) -> bool:
        """Whether nobody knows where a city lies, or it lies where nobody wants it."""
        if not isinstance(found, Peek):
            return False
        asks = not found.crs and found.kind == "city" and row not in self._placeless
        return asks or self._is_far(found)

    def _show(self) -> None:
        """Title, note, CRS and buttons."""
        count = len(self._paths)
        good = [each for each in self._found if isinstance(each, Peek)]
        waiting = sum(each is None for each in self._found)
        self.title.setText(self.tr("1 file") if count == 1 else self.tr("{0} files").format(count))
        if waiting:
            done = self.tr("{0}: {1} of {2} looked at").format(self.title.text(), count - waiting, count)
            self.title.setText(done)
        self._show_crs()
        grids = {
            each.path: each.ground and not self._is_far(each) for each in good if each.ground is not None
        }
        self.ground.show_grids(grids)
        self.ground.setVisible(bool(grids))
        self.note.setText(self._said(good))
        self.note.setVisible(bool(self.note.text()))
        able = bool(good) or bool(waiting)
        name = self._project.name if self._project is not None else ""
        self.add.setText(self.tr("Add to {0}").format(name if len(name) < 30 else self.tr("the project")))
        self.alone.setText(self.tr("Open by itself") if count == 1 else self.tr("Open by themselves"))
        # in a project, what does not say its CRS is taken to be in that of the project
        self.add.setEnabled(able or any(isinstance(each, CrsError) for each in self._found))
        # scenarios need something to lie on
        stands = any(each.kind != "scenarios" and self._lies(each) for each in good)
        self.alone.setEnabled(bool(waiting) or stands)

    def _show_crs(self) -> None:
        self._crs_row.setVisible(bool(self._asking))
        self.placement.setVisible(bool(self._placeless))
        edit = self.crs.lineEdit()
        assert edit is not None
        usual = self._project.place.crs if self._project is not None and not self._alone else ""
        if usual:
            edit.setPlaceholderText(self.tr("{0}, as the project").format(usual))
        else:
            edit.setPlaceholderText(self.tr("choose one, or write EPSG:…"))
        offered = [self.crs.itemText(row) for row in range(self.crs.count())]
        wanted = [self._project.place.crs] if self._project is not None else []
        for each in self._found:
            wanted += each.suggested if isinstance(each, Peek | CrsError) else ()
        if self._asking and not wanted and all(self._found):  # a drawing may be for any place
            wanted = in_metres()
        if fresh := [crs for crs in map(in_words, dict.fromkeys(wanted)) if crs not in offered]:
            chosen = self.crs.currentText()
            self.crs.addItems(fresh)
            self.crs.setCurrentIndex(self.crs.findText(chosen))
            self.crs.setEditText(chosen)

    def _said(self, good: list[Peek]) -> str:
        """What the user should know before choosing."""
        parts = []
        far = [each.away for each in good if each.away is not None and self._is_far(each)]
        if far:
            away = texts.amount(round(max(far) / 1000), "km")
            name = next(each.path.name for each in good if self._is_far(each))
            parts.append(
                self.tr("{0} files lie up to {1} from this project.").format(len(far), away)
                if len(far) > 1
                else self.tr("{0} lies {1} from this project.").format(name, away)
            )
        if left := sum(each.left_out for each in good):
            parts.append(self.tr("{0} things cannot be read.").format(texts.amount(float(left))))
        asked = [each for each in good if self._is_asked_for(each) and not each.placeless]
        if not self._named and any(not each.suggested for each in asked):
            parts.append(
                self.tr(
                    "Its coordinates lie around zero: it is put amid the area of the CRS that you choose."
                )
            )
        elif (not self._named and asked) or any(isinstance(each, CrsError) for each in self._found):
            parts.append(self.tr("Choose the CRS of files that do not say it."))
        return " ".join(parts)

    def _lies(self, found: Peek) -> bool:
        """Whether it says where it lies, or the user has."""
        known = found.crs or found.placeless or found.kind not in ("city", "raster")
        return bool(known or self._named)

    def _is_far(self, found: Peek) -> bool:
        return found.away is not None and found.away > FAR

    def _choose(self, *, alone: bool) -> None:
        good = [
            path
            for path, found in zip(self._paths, self._found, strict=True)
            if (isinstance(found, Peek) and (self._lies(found) or not alone))
            or found is None
            or (isinstance(found, CrsError) and not alone)
            # what does not say its CRS is taken to be in that of the project
        ]
        if alone:  # what can stand by itself goes first
            known = {found.path: found.kind for found in self._found if isinstance(found, Peek)}
            good.sort(key=lambda path: ORDER.get(known.get(path, ""), 1))
        crs = self._named if self._crs_row.isVisibleTo(self) else ""
        placeless = tuple(self._paths[row] for row in sorted(self._placeless))
        standing = self.placement.standing if placeless else Standing()
        models = [self._found[row] for row in self._placeless]
        ground = tuple(path for path in self.ground.chosen if path in good)
        body = max((_body(each) for each in models if isinstance(each, Peek)), default=(0.0, 0.0, 0.0))
        self.close_sheet()
        if good:
            self.chosen.emit(Chosen(tuple(good), crs, alone, placeless, standing, body, ground))

    def _place(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        em = self.fontMetrics().height()
        top = round(self._top() + 0.5 * em)
        width = min(parent.width() - round(1.2 * em), round(62 * em))
        inner = width - round(1.6 * em)
        self.files.fit(inner)
        layout = self.layout()
        assert layout is not None
        layout.activate()
        height = layout.heightForWidth(width) if layout.hasHeightForWidth() else self.sizeHint().height()
        missing = height - (parent.height() - top - em)
        if missing > 0:  # fewer rows at once
            self.files.fit(inner, missing)
            height -= missing
        self.setGeometry((parent.width() - width) // 2, top, width, height)

    def _top(self) -> int:
        """Where the view begins in the parent."""
        parent = self.parentWidget()
        centre = parent.centralWidget() if isinstance(parent, QMainWindow) else None
        return centre.y() if centre is not None else 0


ORDER = {"city": 0, "points": 0, "vector": 1, "raster": 2, "scenarios": 3}
"""Which kinds a project begins with."""


def _body(found: Peek) -> tuple[float, float, float]:
    """What it takes up. [m]"""
    return (*(found.size or (0.0, 0.0)), found.tall)
