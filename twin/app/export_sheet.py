"""Makes a sheet into a file: draws its views, lays out the page, and writes it with its sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from twin import __version__
from twin.app.compare_picture import paint_sides, photograph
from twin.app.export_scenes import Shown, first_look, legends_seen, shown
from twin.app.export_write import check_path, image_of, write_image, write_pdf, write_svg
from twin.app.picture import application, compose, texts
from twin.app.sensor_pictures import session_of
from twin.app.sheet_paint import key_tall, on_paper, pixels, tall
from twin.errors import TwinError
from twin.formats import view_file
from twin.model.crs_title import crs_title
from twin.model.project import Project
from twin.model.sheet import PAGES, SCREEN, Language, Sheet
from twin.model.state import Camera
from twin.render.labels import HEIGHT as WORDS_HIGH
from twin.render.snapshot import Darkroom
from twin.scene.camera import heading, tilt
from twin.scene.comparison import panes, title_in_view
from twin.scene.credits import credits_of
from twin.scene.items import Buildings
from twin.scene.scene import Scene
from twin.scene.sensor_marks import SensorMarks
from twin.scene.sheet_blocks import Content
from twin.scene.sheet_layout import lay_out
from twin.scene.sheet_parts import LaidOut, View
from twin.scene.sheet_phrases import phrased
from twin.scene.sheet_texts import date_text, sensors_worded, sun_text, time_text, wind_text, word, worded
from twin.scene.standpoints import LEVEL, at_scale, north_on_picture
from twin.session.session import Session

TEXT_IN_VIEW, LARGEST_TEXT = 0.78, 1.4
"""Words within a view, in sizes of the text of the page; so many times as large as on a screen at most."""
Progress = Callable[[float], None]
Pixels = NDArray[np.uint8] | NDArray[np.uint16]


class Press:
    """Draws one sheet after another of a project; what they share is worked out once."""

    def __init__(self, project: Project, *, shadows: str = "") -> None:
        self._project, self._shadows = project, shadows
        self._application = application()
        self._room: Darkroom | None = None
        self._session: Session | None = None

    def make(
        self,
        sheet: Sheet,
        path: Path,
        *,
        beside: bool = True,
        origin: Path | None = None,
        progress: Progress = lambda _fraction: None,
    ) -> tuple[str, ...]:
        """Writes a sheet; returns what the reader should know.

        beside: with its description in a file `*.view.json`; origin: the project it names there.
        progress: told the part that is done; what it raises ends the work.
        Raises TwinError before any work when it cannot succeed, and then leaves no file.
        """
        check_path(path, sheet)
        sheet = complete(self._project, sheet)
        session, room = self._session_for(sheet), self._room
        assert room is not None
        found: list[Shown] = []
        count = len(sheet.panels)
        for each in shown(session, tuple(panel.state for panel in sheet.panels)):
            found.append(_worded(each, sheet.language))
            progress(0.4 * len(found) / count)
        page = self._page(sheet, found)
        if page is not None and sheet.scale:
            found = _scaled(found, page, sheet.scale)
            page = self._page(sheet, found)
        pictures: list[Pixels] = []
        for number, each in enumerate(found):
            room.panes.size_text(_text_size(sheet, page, number))
            pictures.append(_drawn(room, sheet, each, _view_size(sheet, page, number)))
            progress(0.4 + 0.55 * len(pictures) / count)
        self._write(sheet, page, found, pictures, path)
        if beside:
            view_file.save(self._project, sheet, view_file.beside(path), origin=origin)
        progress(1.0)
        return tuple(dict.fromkeys(notice for each in found for notice in each.scene.notices))

    def draw(self, sheet: Sheet) -> NDArray[np.uint8]:
        """The view of a sheet of one view, without words: (height, width, 3)."""
        sheet = complete(self._project, sheet)
        session = self._session_for(sheet)
        assert self._room is not None
        self._room.panes.size_text(_text_size(sheet, None, 0))
        (found,) = shown(session, (sheet.panels[0].state,))
        drawn = _drawn(self._room, replace(sheet, deep=False, clear=False), found, sheet.size)
        return np.asarray(drawn, dtype=np.uint8)

    def close(self) -> None:
        """Gives window and memory back."""
        if self._session is not None:
            self._session.close()
        if self._room is not None:
            self._room.close()
        self._session = self._room = None

    def _session_for(self, sheet: Sheet) -> Session:
        shadows = sheet.shadows or self._shadows
        if self._room is None or shadows != self._shadows:
            self.close()
            self._shadows = shadows
            self._room = Darkroom(sheet.size, shadows=shadows)
        if self._session is None:
            casts = self._room.stage.casts
            self._session = session_of(self._project, sheet.panels[0].state, card_shadows=casts)
        return self._session

    def _page(self, sheet: Sheet, found: Sequence[Shown]) -> LaidOut | None:
        if sheet.page == SCREEN:
            return None
        content = content_of(self._project, sheet, found)
        assert sheet.paper is not None  # as `complete` has made sure
        return lay_out(sheet.paper, content, tall, key_tall)

    def _write(
        self,
        sheet: Sheet,
        page: LaidOut | None,
        found: Sequence[Shown],
        pictures: Sequence[Pixels],
        path: Path,
    ) -> None:
        first = found[0]
        said = texts(self._project, first.state, first.scene)
        said["Source"] = "; ".join(_credits(self._project, found))
        if page is None:
            image = compose(
                pictures[0],
                self._project,
                first.state,
                first.scene,
                furniture=not sheet.plain,
                sides=first.sides,
                language=sheet.language,
            )
            write_image(image, path, said)
            return
        images = [_view_image(sheet, each, drawn) for each, drawn in zip(found, pictures, strict=True)]
        if path.suffix.lower() == ".pdf":
            write_pdf(page, images, path, said["Title"])
        elif path.suffix.lower() == ".svg":
            write_svg(page, images, path, said["Title"], said["Source"])
        else:
            write_image(on_paper(page, images, sheet.size), path, said)


def complete(project: Project, sheet: Sheet) -> Sheet:
    """The sheet with every view written down. Raises TwinError for what is not there."""
    if not sheet.panels:
        raise TwinError("A sheet needs at least one view.")
    if sheet.page == SCREEN and len(sheet.panels) > 1:
        raise TwinError(f"Several views need a page. Choose one of: {', '.join(PAGES)}.")
    if sheet.page != SCREEN and sheet.paper is None:
        raise TwinError(f"There is no page {sheet.page!r}. Choose from: {SCREEN}, {', '.join(PAGES)}.")
    if sheet.logo and not Path(sheet.logo).is_file():
        raise TwinError(f"There is no logo {sheet.logo}.")
    home = first_look(project, replace(sheet.panels[0].state, compare="none")).camera
    panels = tuple(
        replace(
            panel,
            state=replace(
                panel.state,
                camera=panel.state.camera or home,
                shadows=panel.state.shadows and not sheet.flat,  # which would change the colours
            ),
        )
        for panel in sheet.panels
    )
    return replace(sheet, panels=panels)


def content_of(project: Project, sheet: Sheet, found: Sequence[Shown]) -> Content:
    """What the page says; `found` may be the first views only, to find out whether there is room."""
    language = sheet.language
    states = [panel.state for panel in sheet.panels]
    scenarios = list(dict.fromkeys(title_in_view(project, state) for state in states))
    made_up = any(
        project.scenario(state.scenario).illustrative and project.scenario(state.scenario).edits
        for state in states
    )
    scenario = ", ".join(scenarios) + (f" ({word('illustrative', language)})" if made_up else "")
    facts = [(word("scenario", language), scenario)] if sheet.title or len(scenarios) > 2 else []
    times = list(dict.fromkeys(state.time.astimezone(project.place.zone) for state in states))
    if len(times) == 1:
        facts.append((word("time", language), time_text(times[0], language)))
        facts.append((word("sun", language), sun_text(found[0].scene.sun, language)))
    elif len({time.date() for time in times}) == 1:
        facts.append((word("time", language), date_text(times[0], language)))
    cameras = list(dict.fromkeys(each.scene.camera for each in found))
    one: list[Camera] = (
        cameras if len(cameras) == 1 and (len(found[0].sides) == 1 or states[0].compare == "swipe") else []
    )
    cross = word("at the cross", language)
    looking = ""
    if one and north_on_picture(one[0]) is None:
        looking = f"{word('looking', language)} {wind_text(heading(one[0]), language)}"
        looking = f"{word('section', language)}. {looking}" if one[0].section else looking
    elif not one and cameras and _sides(cameras):
        one, looking = cameras[:1], word("without perspective", language)
    logo = QImage(sheet.logo) if sheet.logo else QImage()
    return Content(
        project.name,
        sheet.title or (scenario if len(scenarios) < 3 else project.name),
        facts,
        # the page says date and sources by itself
        [replace(worded(each, language), source="") for each in legends_seen(found)],
        [panel.caption for panel in sheet.panels],
        _foot(project, sheet, found),
        columns=sheet.columns,
        cameras=one * len(sheet.panels),
        letter=word("north", language),
        scale_title=word("scale", language),
        cross=cross,
        across=word("across the view", language),
        looking=looking,
        note=sheet.note,
        logo=sheet.logo,
        more=word("and {0} more", language),
        logo_ratio=logo.width() / max(logo.height(), 1) if not logo.isNull() else 3.0,
    )


def _sides(cameras: Sequence[Camera]) -> bool:
    """Whether all look level, without perspective, and to one scale."""
    level = all(abs(tilt(camera)) < LEVEL for camera in cameras)
    return level and bool(cameras[0].height) and len({camera.height for camera in cameras}) == 1


def _foot(project: Project, sheet: Sheet, found: Sequence[Shown]) -> str:
    language, place = sheet.language, project.place
    name, datum = crs_title(place)
    heights = place.height_system
    heights = word("ground", language) if heights == "ground" else heights
    says = [f"{word('crs', language)}: {name}, {datum}."]
    if heights:
        says.append(f"{word('heights', language)}: {heights}.")
    credited = (phrased(text, language) for text in _credits(project, found))
    says.append(f"{word('sources', language)}: {'; '.join(credited)}.")
    says.append(f"{word('made', language)} twin {__version__}.")
    return " ".join(says)


def _credits(project: Project, found: Sequence[Shown]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(text for each in found for text in credits_of(project, each.state, each.scene))
    )


def _view_size(sheet: Sheet, page: LaidOut | None, number: int) -> tuple[int, int]:
    if page is None:
        return sheet.size
    view: View = page.views[number]
    _, _, width, height = pixels(view.frame, sheet.size[0] / page.page.width)
    return width, height


def _worded(each: Shown, language: Language) -> Shown:
    """The same with the words within the view in the language of the page."""

    def told(scene: Scene) -> Scene:
        sensors = scene.items.get("sensors")
        if not isinstance(sensors, SensorMarks) or language == "en":
            return scene
        return replace(scene, items={**scene.items, "sensors": sensors_worded(sensors, language)})

    sides = tuple(replace(side, scene=told(side.scene)) for side in each.sides)
    return Shown(each.state, told(each.scene), sides)


def _text_size(sheet: Sheet, page: LaidOut | None, number: int) -> float:
    """How many times as large as usual words within a view are, so that they suit those around it."""
    if page is None:
        return min(1.0, sheet.size[0] / sheet.size[1])
    return min(TEXT_IN_VIEW * page.page.text / (WORDS_HIGH * page.views[number].frame.height), LARGEST_TEXT)


def _scaled(found: Sequence[Shown], page: LaidOut, scale: float) -> list[Shown]:
    """The same views at 1 : scale on the page."""
    made = []
    for each, view in zip(found, page.views, strict=True):
        camera = at_scale(each.scene.camera, scale, view.frame.height)
        scene = replace(each.scene, camera=camera)
        sides = tuple(replace(side, scene=replace(side.scene, camera=camera)) for side in each.sides)
        made.append(Shown(replace(each.state, camera=camera), scene, sides))
    return made


def _drawn(room: Darkroom, sheet: Sheet, each: Shown, size: tuple[int, int]) -> Pixels:
    if sheet.flat:
        each = Shown(
            each.state, _even(each.scene), tuple(replace(s, scene=_even(s.scene)) for s in each.sides)
        )
        with room.flat_light():
            return _drawn(room, replace(sheet, flat=False), each, size)
    if len(each.sides) > 1:
        return photograph(room, each.sides, panes(each.state, len(each.sides)), size)
    if sheet.clear:
        return room.cut_out(each.scene, size)
    return room.deep(each.scene, size) if sheet.deep else room.photograph(each.scene, size)


def _even(scene: Scene) -> Scene:
    items = {
        name: replace(item, even=True) if isinstance(item, Buildings) else item
        for name, item in scene.items.items()
    }
    return replace(scene, items=items)


def _view_image(sheet: Sheet, each: Shown, drawn: Pixels) -> QImage:
    image = image_of(drawn)
    if len(each.sides) > 1:
        size = (image.width(), image.height())
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = max(min(size) / 720.0, 0.6)
        paint_sides(painter, each.sides, panes(each.state, len(each.sides)), size, below=0.0, scale=scale)
        painter.end()
    return image
