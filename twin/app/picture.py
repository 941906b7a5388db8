"""Makes pictures that say what they show: legend, north, scale, scenario, time and sources."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QImageWriter, QPainter

from twin import __version__
from twin.app.compare_picture import paint_sides, photograph, picture_size, present_on
from twin.app.export_write import image_of
from twin.app.furniture import paint_north, paint_scale
from twin.app.legend import occurring, paint_legend
from twin.app.panel_paint import WRAP, font, paint_panel, paint_rows
from twin.app.picture_layout import Layout, lay_out
from twin.app.picture_text import legends_of, source_line, title_lines, title_rows
from twin.app.theme import tones
from twin.errors import DataError, TwinError
from twin.formats.atomic import replace_file
from twin.model.project import Project
from twin.model.sheet import Language
from twin.model.state import State
from twin.render.snapshot import Darkroom
from twin.scene.comparison import Side, names_in_view, panes
from twin.scene.credits import credits_of
from twin.scene.overlays import overlay_ids, overlay_of
from twin.scene.scene import Scene
from twin.scene.sheet_texts import word
from twin.session.session import Session

SMALLEST, LARGEST = 16, 8192
"""Pixels along a side."""
COMPRESSION = 40
"""Of the PNG: 0 (quickest) to 100 (smallest file)."""


def render(
    project: Project,
    state: State,
    *,
    size: tuple[int, int],
    path: Path,
    furniture: bool = True,
    shadows: str = "",
) -> tuple[str, ...]:
    """Writes a PNG of a project in a state, all overlays computed; returns what the reader should know.

    size: width and height [px]; shadows: as of a `Darkroom`.
    Raises DataError or TwinError before any work when it cannot succeed.
    """
    _check(project, state, size, path)
    made = application() if furniture else None
    room = Darkroom(size, shadows=shadows)
    try:
        session = Session(project, state, card_shadows=room.stage.casts)
        scene, sides = session.scene, session.sides
        session.close()
        picture = photograph(room, sides, panes(state, len(sides)), size)
    finally:
        room.close()
    image = compose(picture, project, state, scene, furniture=furniture, sides=sides)
    replace_file(path, encoded(image))
    del made
    return scene.notices


def compose(
    picture: NDArray[np.uint8] | NDArray[np.uint16],
    project: Project,
    state: State,
    scene: Scene,
    *,
    furniture: bool = True,
    sides: Sequence[Side] = (),
    language: Language = "en",
) -> QImage:
    """The picture (h, w, 3) with its furniture, and with what it shows written into the file's texts.

    sides: what is compared in it.
    """
    height, width, _ = picture.shape
    image = image_of(picture)
    if furniture:
        painter = QPainter(image)
        try:
            _furnish(painter, (width, height), project, state, scene, sides, language)
        finally:
            painter.end()
    for key, text in texts(project, state, scene).items():
        image.setText(key, text)
    return image


def texts(project: Project, state: State, scene: Scene) -> dict[str, str]:
    """What is written into the file, so that a picture tells where it comes from."""
    name, scenario, time = title_lines(project, state, scene)
    origin = {
        "scenario": state.scenario,
        "compare": state.compare,
        "compared": [name for name in names_in_view(project, state) if name != state.scenario],
        "divider": state.divider,
        "overlay": state.overlay,
        "time": state.time.isoformat(),
        "crs": project.place.crs,
        "origin": project.place.origin,
        "camera": asdict(scene.camera),
        "hidden": sorted(state.hidden),
        "notices": scene.notices,
    }
    return {
        "Title": f"{name}: {scenario}",
        "Source": "; ".join(credits_of(project, state, scene)),
        "Software": f"twin {__version__}",
        "Description": f"{scenario}, {time}\n{json.dumps(origin, ensure_ascii=False)}",
    }


def scenes_of(scene: Scene, sides: Sequence[Side]) -> tuple[Scene, ...]:
    """All that are in a picture."""
    return tuple(side.scene for side in sides) or (scene,)


def encoded(image: QImage) -> bytes:
    """The image as PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png"))
    writer.setCompression(COMPRESSION)
    if not writer.write(image):
        raise TwinError(f"The picture could not be encoded: {writer.errorString()}. Choose a smaller size.")
    return bytes(buffer.data().data())


def application() -> QGuiApplication:
    """What Qt needs before it can write text; one without a display where there is none."""
    running = QGuiApplication.instance()
    if isinstance(running, QGuiApplication):
        return running
    arguments = ["twin"]
    headless = not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if sys.platform.startswith("linux") and headless and "QT_QPA_PLATFORM" not in os.environ:
        arguments += ["-platform", "offscreen"]
    from PySide6.QtWidgets import QApplication  # windows may follow in this process, and need no less

    return QApplication(arguments)


def _check(project: Project, state: State, size: tuple[int, int], path: Path) -> None:
    if not all(SMALLEST <= side <= LARGEST for side in size):
        raise TwinError(
            f"A picture of {size[0]}×{size[1]} cannot be made. Use {SMALLEST} to {LARGEST} pixels a side."
        )
    if path.suffix.lower() != ".png":
        raise DataError(path, "", "is no PNG file", "Give it a name that ends in .png.")
    folder = path.absolute().parent
    if not folder.is_dir():
        raise DataError(path, "", f"there is no folder {folder}", "Make it, or save elsewhere.")
    if path.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
        raise DataError(path, "", "cannot be written", "Choose another name or folder.")
    for name in (state.scenario, *state.compared):
        project.scenario(name)
    if state.compare != "none" and len(project.scenarios) < 2:
        raise TwinError("The project has one scenario only, so there is nothing to compare.")
    if overlay_of(project, state.overlay) is None:
        ids = ", ".join(overlay_ids(project, state.overlay))
        raise TwinError(f"There is no overlay {state.overlay!r}. Choose from: {ids}.")


def _furnish(
    painter: QPainter,
    size: tuple[int, int],
    project: Project,
    state: State,
    scene: Scene,
    sides: Sequence[Side],
    language: Language,
) -> None:
    present = present_on(sides) if sides else occurring(scene)
    places = panes(state, len(sides))
    view = picture_size(places, size)
    lines = title_lines(project, state, scene, language)
    legends = legends_of(project, scene, language, state.time.astimezone(project.place.zone))
    # the legend of the overlay names the source of its values itself
    own = scene.legend.source if scene.legend is not None and legends[0].source else ""
    seen = scenes_of(scene, sides)
    owners = dict.fromkeys(text for each in seen for text in credits_of(project, state, each) if text != own)
    sources = source_line(tuple(owners), language)
    if present is not None:
        present = frozenset(word(name, language) for name in present)
    centre = word("at the centre", language)
    present = present if scene.legend is not None else None
    more = word("and {0} more", language)
    room = lay_out(size, lines, sources, scene.camera, legends, present, view, centre, more)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    scale, colours = room.scale, tones(False)
    below = max(room.title.bottom(), room.north.bottom())
    paint_sides(painter, sides, places, size, below=below, scale=scale)
    paint_panel(painter, room.title, colours, scale=scale)
    rows = title_rows(lines, room.title_text, scale, colours)
    paint_rows(painter, rows, room.title, scale=scale)
    paint_north(painter, room.north, scene.camera, scale=scale, letter=word("north", language))
    paint_scale(painter, room.bar, scene.camera, view, scale=scale, centre=centre)
    for legend, place in zip(room.shown, room.legends, strict=True):
        paint_legend(painter, legend, place, scale=scale, columns=room.columns)
    _sources(painter, room, sources)


def _sources(painter: QPainter, room: Layout, sources: str) -> None:
    colours = tones(False)
    ground = QColor(colours.base)
    ground.setAlpha(226)
    painter.fillRect(room.sources, ground)
    painter.setFont(font(room.source_font))
    painter.setPen(QColor(colours.muted))
    side = 10 * room.scale
    inside = room.sources.adjusted(side, 3 * room.scale, -side, 0)
    painter.drawText(QRectF(inside), int(WRAP), sources)
