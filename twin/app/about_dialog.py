"""Says what the program is, whose data it shows and whose work it stands on."""

from __future__ import annotations

import sys
from importlib import metadata

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from twin.app.texts import tr
from twin.model.project import Project

NAME = "twin"


class AboutDialog(QDialog):
    """Name, version, licences."""

    def __init__(self, project: Project | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About {0}").format(NAME))
        em = self.fontMetrics().height()
        self.resize(round(36 * em), round(28 * em))
        title, what = QLabel(f"{NAME} {version()}"), QLabel(self.tr(_WHAT))
        font = title.font()
        font.setPointSizeF(1.6 * font.pointSizeF())
        title.setFont(font)
        for label in (title, what):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("About"))
        self.tabs.setDocumentMode(True)
        self.data = self._page(self.tr("Data"), data_text(project))
        self.libraries = self._page(self.tr("Libraries"), "")
        # reading what is installed takes a while, so it waits until somebody wants to know
        self.tabs.currentChanged.connect(self._on_tab)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[round(1.2 * em)] * 4)
        column.setSpacing(round(0.7 * em))
        for widget in (title, what):
            column.addWidget(widget)
        column.addWidget(self.tabs, 1)
        column.addWidget(buttons)

    def _page(self, title: str, text: str) -> QPlainTextEdit:
        page = QPlainTextEdit(text)
        page.setReadOnly(True)
        page.setAccessibleName(title)
        page.setToolTip(title)
        page.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.tabs.addTab(page, title)
        return page

    def _on_tab(self, number: int) -> None:
        if self.tabs.widget(number) is self.libraries and not self.libraries.toPlainText():
            self.libraries.setPlainText(libraries_text())


_WHAT = (
    "The desktop digital twin for station areas: see and measure what a planning scenario changes.\n"
    "Licence: Apache-2.0. It comes without any warranty."
)


def version() -> str:
    """Of the installed package."""
    try:
        return metadata.version(NAME)
    except metadata.PackageNotFoundError:
        return tr("(not installed)")


def data_text(project: Project | None) -> str:
    """Whose data the project shows, and from which files."""
    if project is None:
        return tr("No project is open.")
    lines = [project.name, "", *project.attribution]
    if project.sources:
        files = []
        for source in project.sources:
            files.append(f"  {source.path.name}: {source.attribution or tr('no owner is recorded')}")
            if source.problem:
                files.append(f"    {source.problem}")
        lines += ["", tr("Files:"), *dict.fromkeys(files)]  # many layers of one file need one line
    said = [layer.source for layer in project.layers] + [raster.source for raster in project.rasters]
    own = dict.fromkeys(line for line in said if line)
    if own:
        lines += ["", tr("Layers and rasters:"), *(f"  {line}" for line in own)]
    return "\n".join(lines)


def libraries_text() -> str:
    """The libraries this program needs, with version and licence, from what is installed."""
    lines = [f"Python {sys.version.split()[0]}: PSF-2.0"]
    try:
        needed = metadata.requires(NAME) or []
    except metadata.PackageNotFoundError:
        return tr("The package is not installed, so its libraries are not known.")
    for requirement in sorted(needed, key=str.lower):
        name = "".join(requirement.split(";", maxsplit=1)[0].partition("[")[0].split("<")[0].split(">")[0])
        name = name.split("=")[0].split("~")[0].split("!")[0].strip()
        try:
            found = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        lines.append(f"{found['Name']} {found['Version']}: {_licence(found)}")
    return "\n".join(lines)


def _licence(found: metadata.PackageMetadata) -> str:
    for key in ("License-Expression", "License"):
        # some packages put their whole licence here, and its title is the first line
        title = str(found[key] or "").strip().partition("\n")[0] if key in found else ""
        if 0 < len(title) < 80:
            return title
    classes = [c.rsplit(" :: ", 1)[1] for c in found.get_all("Classifier") or [] if c.startswith("License")]
    return ", ".join(classes) or tr("see its own files")
