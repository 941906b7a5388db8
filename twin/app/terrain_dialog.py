"""Says what the ground of the project is, and lets the user choose a file for it and how high it is drawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QPushButton,
)

from twin.app.texts import amount, tr
from twin.model.state import LEAST_EXAGGERATION, MOST_EXAGGERATION
from twin.model.terrain import described
from twin.scene.items import Land
from twin.session.commands import exaggerate
from twin.session.session import Session

if TYPE_CHECKING:
    from twin.app.window import Window

FILES = "*.tif *.tiff *.TIF *.asc *.gpkg *.geojson *.json *.shp *.fgb"


class TerrainDialog(QDialog):
    """Stays open beside the view, and follows it."""

    def __init__(self, window: Window, session: Session) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Terrain"))
        self._window, self._session = window, session
        em = self.fontMetrics().height()
        self.setMinimumWidth(26 * em)
        self.facts = QLabel()
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setWordWrap(True)
        self.facts.setAccessibleName(self.tr("What the ground is"))
        self.choose = QPushButton(self.tr("Choose a file…"))
        self.choose.setAccessibleName(self.tr("Choose a file of heights"))
        self.choose.setToolTip(self.tr("A grid of heights, or contour lines and points that have heights"))
        self.times = QDoubleSpinBox()
        self.times.setRange(LEAST_EXAGGERATION, MOST_EXAGGERATION)
        self.times.setSingleStep(0.5)
        self.times.setDecimals(1)
        self.times.setPrefix("× ")
        self.times.setAccessibleName(self.tr("Exaggeration of heights"))
        self.times.setToolTip(self.tr("How many times as high as it is the ground is drawn"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        form.setContentsMargins(*[round(em)] * 4)
        form.addRow(self.facts)
        form.addRow(self.tr("Ground"), self.choose)
        form.addRow(self.tr("Heights"), self.times)
        form.addRow(buttons)
        self.choose.clicked.connect(lambda: ask_terrain(self._window))
        self.times.valueChanged.connect(self._on_times)
        session.changed.connect(self.refresh)
        self.finished.connect(lambda _: session.changed.disconnect(self.refresh))
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        self._session = session
        self.facts.setText(facts(session))
        self.times.setEnabled(isinstance(session.scene.items.get("ground"), Land))
        self.times.blockSignals(True)
        self.times.setValue(session.state.exaggeration)
        self.times.blockSignals(False)

    def _on_times(self, times: float) -> None:
        self._session.do(exaggerate, times)


def facts(session: Session) -> str:
    """What the ground in view is, one line each."""
    land = session.scene.items.get("ground")
    if not isinstance(land, Land):
        return tr("There is no terrain: the ground is drawn flat.")
    relief = land.relief
    terrain, place = relief.terrain, session.project.place
    low, high = (float(end) + place.origin[2] for end in (terrain.lowest, terrain.heights.values.max()))
    lines = [
        terrain.title,
        tr("Heights {0} to {1}, {2}").format(
            amount(round(low, 1), ""),
            amount(round(high, 1), "m"),
            terrain.datum or tr("what they are measured from is not stated"),
        ),
        tr("A height every {0}; drawn with {1} triangles, at most {2} off").format(
            amount(terrain.heights.cell, "m"),
            amount(float(relief.inner), ""),
            amount(relief.error, "m"),
        ),
        *described(terrain, place.height_system),
    ]
    return "\n".join(line.strip() for line in lines)


def show_terrain(window: Window) -> None:
    """Opens the dialog."""
    if window.session is not None:
        TerrainDialog(window, window.session).show()


def ask_terrain(window: Window) -> None:
    """Asks for a file of heights and makes it the ground."""
    session = window.session
    if session is None:
        return
    folder = str(session.project.path.parent) if session.project.path else str(Path.home())
    name, _ = QFileDialog.getOpenFileName(
        window, window.tr("Terrain"), folder, f"{window.tr('Heights')} ({FILES})"
    )
    if name:
        window.status.busy(window.tr("Adding {0} …").format(Path(name).name))
        window.loader.add_terrain(session.project, Path(name))
