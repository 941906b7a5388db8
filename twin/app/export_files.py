"""The pages of the export dialog for what other programs go on with: models, values and tables."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from twin.app import overlay_save
from twin.app.export_page import Given, Page, ProcessWork, ThreadWork, Work, check_file
from twin.app.export_process import Copied, Progress, start
from twin.errors import TwinError
from twin.formats.write_city import ENDINGS
from twin.scene.overlay_values import has_values, values_of


class ModelPage(Page):
    """Scenario and format of the city."""

    kind = "model"

    def __init__(self, given: Given, parent: QWidget | None = None) -> None:
        super().__init__(given, parent)
        self.scenario, self.format = self.scenario_box(given.state.scenario), QComboBox()
        for ending, name in ENDINGS.items():
            self.format.addItem(f"{name} (*{ending})", ending)
        self.row(self.tr("Scenario"), self.scenario)
        self.row(self.tr("Format"), self.format)
        self.changed.connect(self._arrange)
        self._arrange()

    @property
    def told(self) -> str:
        """See `Page.told`."""
        count = len(self.given.project.city.object_id)
        return self.tr(
            "The city with its attributes, its place on earth and its sources; today it has {0} objects. "
            "What the format cannot hold is told when the file is there."
        ).format(count)

    def _arrange(self) -> None:
        self.ending, self.files = str(self.format.currentData()), self.format.currentText()

    def fitted(self, path: Path) -> Path:
        """With the ending of the format in the place of that of another."""
        known = [ending for ending in ENDINGS if path.name.lower().endswith(ending)]
        if self.ending in known:
            return path
        stem = path.name[: -len(max(known, key=len))] if known else path.name
        return path.with_name(stem + self.ending)

    def check(self, path: Path) -> None:
        """See `Page.check`."""
        if not len(self.given.project.city.object_id):
            raise TwinError(self.tr("There is no city model to export."))
        check_file(path, (self.ending,))

    def start(self, path: Path, progress: Progress, parent: QObject) -> Work:
        """See `Page.start`."""
        year = self.given.state.year
        more = [] if year is None else ["--year", str(year)]

        def options(copy: Copied) -> list[str]:
            chosen = ["--scenario", self.scenario.currentData(), *more]
            return [str(copy.path), *chosen, "--out", str(path.absolute())]

        return ProcessWork(
            start("build", self.given.project, options, progress=progress, parent=parent), parent
        )


class ValuesPage(Page):
    """The values in view; they are there already, so that they are only written."""

    kind = "values"
    ending = ".tif"
    files = "GeoTIFF (*.tif)"

    def __init__(self, given: Given, parent: QWidget | None = None) -> None:
        super().__init__(given, parent)
        self.what = QLabel()
        self.what.setWordWrap(True)
        self.row(self.tr("Values"), self.what)
        scene = given.scene
        if scene is not None and has_values(scene):
            found = values_of(scene)
            rows, columns = found.raster.values.shape
            said = self.tr("{0}\n{1} × {2} cells of {3} m").format(
                f"{found.title} [{found.unit}]" if found.unit else found.title,
                columns,
                rows,
                f"{found.raster.cell:g}",
            )
            self.what.setText(said)
        else:
            self.what.setText(self.tr("None"))

    @property
    def suggested(self) -> Path:
        """With the overlay in its name."""
        name = self.given.path
        return name.with_name(f"{name.stem} {self.given.state.overlay}.tif".replace(":", " "))

    @property
    def told(self) -> str:
        """See `Page.told`."""
        return self.tr(
            "As GeoTIFF for a GIS, with unit, scenario, time and sources; compared, as a difference."
        )

    def check(self, path: Path) -> None:
        """See `Page.check`."""
        scene = self.given.scene
        if scene is None or not has_values(scene):
            raise TwinError(
                self.tr("The overlay in view is no grid of values. Show sun hours, shadow, heat or a raster.")
            )
        overlay_save.check(path)

    def start(self, path: Path, progress: Progress, parent: QObject) -> Work:
        """See `Page.start`."""
        given = self.given
        assert given.scene is not None
        work = partial(overlay_save.save_overlay, given.project, given.state, given.scene, path)
        return ThreadWork(work, parent)


class IndicatorsPage(Page):
    """The indicators of all scenarios, with what they differ by from one of them."""

    kind = "indicators"
    ending = ".xlsx"
    files = "Tables (*.xlsx *.csv)"

    def __init__(self, given: Given, parent: QWidget | None = None) -> None:
        super().__init__(given, parent)
        self.baseline = self.scenario_box(given.state.baseline or given.project.scenarios[0].id)
        self.row(self.tr("Differences from"), self.baseline)

    @property
    def told(self) -> str:
        """See `Page.told`."""
        return self.tr(
            "All scenarios as columns; unit, formula, inputs and source of each indicator. XLSX, or CSV."
        )

    def check(self, path: Path) -> None:
        """See `Page.check`."""
        check_file(path, (".xlsx", ".csv"))

    def start(self, path: Path, progress: Progress, parent: QObject) -> Work:
        """See `Page.start`."""
        year = self.given.state.year
        more = [] if year is None else ["--year", str(year)]

        def options(copy: Copied) -> list[str]:
            chosen = ["--baseline", self.baseline.currentData(), *more]
            return [str(copy.path), *chosen, "--out", str(path.absolute())]

        return ProcessWork(
            start("kpi", self.given.project, options, progress=progress, parent=parent), parent
        )
