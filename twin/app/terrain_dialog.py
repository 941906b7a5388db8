"""Says what the ground of the project is, and lets the user choose a file for it and how high it is drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
)

from twin.app.texts import amount, tr
from twin.model.placement import Placement
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
        self.choose, self.leave = QPushButton(), QPushButton(self.tr("Take out"))
        self.choose.setAccessibleName(self.tr("Choose files of heights"))
        self.choose.setToolTip(
            self.tr(
                "Grids of heights, or contour lines and points that have heights; several become one ground"
            )
        )
        self.leave.setAccessibleName(self.tr("Take the terrain out"))
        self.leave.setToolTip(
            self.tr("The files stay where they are; the project draws its ground without them")
        )
        ground = QHBoxLayout()
        ground.addWidget(self.choose)
        ground.addWidget(self.leave)
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
        form.addRow(self.tr("Ground"), ground)
        form.addRow(self.tr("Heights"), self.times)
        form.addRow(buttons)
        self.choose.clicked.connect(lambda: ask_terrain(self._window))
        self.leave.clicked.connect(lambda: without_terrain(self._session))
        self.times.valueChanged.connect(self._on_times)
        session.changed.connect(self.refresh)
        self.finished.connect(lambda _: session.changed.disconnect(self.refresh))
        self.refresh(session)

    def refresh(self, session: Session) -> None:
        """Makes the widgets equal to the session."""
        self._session = session
        self.facts.setText(facts(session))
        there = session.project.terrain is not None
        self.choose.setText(self.tr("Add files…") if there else self.tr("Choose files…"))
        self.leave.setEnabled(there)
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
    files = len(terrain.sources)
    lines = [
        terrain.title if files == 1 else tr("{0}, and {1} further files").format(terrain.title, files - 1),
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


def without_terrain(session: Session) -> None:
    """Takes the terrain out of the project; one step of undo."""
    project = session.project
    ground = project.terrain
    if ground is None:
        return
    gone = described(ground, project.place.height_system)
    changed = replace(
        project,
        terrain=None,
        sources=tuple(source for source in project.sources if source.id not in ground.sources),
        notices=tuple(notice for notice in project.notices if notice not in gone),
    )
    session.adopt(changed, title=tr("Take the terrain out"))


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
    names, _ = QFileDialog.getOpenFileNames(
        window, window.tr("Terrain"), folder, f"{window.tr('Heights')} ({FILES})"
    )
    if names:
        paths = [Path(name) for name in names]
        what = paths[0].name if len(paths) == 1 else window.tr("{0} files").format(len(paths))
        window.status.busy(window.tr("Adding {0} …").format(what))
        window.loader.add(session.project, paths, Placement(), ground=paths)
