"""Writes a report on a scenario, and on what it changes, as a PDF."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from PySide6.QtGui import QImage

from twin import __version__
from twin.analysis.build import Built
from twin.analysis.difference import compare
from twin.analysis.heat_spots import HeatFigures
from twin.analysis.kpi import Row
from twin.analysis.kpi_heat import heat_rows
from twin.app import report_pdf_content as content
from twin.app.export_scenes import Shown, first_look, legends_seen, shown
from twin.app.export_write import image_of
from twin.app.picture import application
from twin.app.report_pdf_flow import (
    HEIGHT,
    INNER,
    SMALL,
    Block,
    Flow,
    Heading,
    Legends,
    Pictures,
    Text,
    legends_tall,
    write,
)
from twin.app.report_pdf_words import word
from twin.app.sensor_pictures import session_of
from twin.app.sheet_paint import tall
from twin.errors import DataError, TwinError
from twin.model.crs_title import crs_title
from twin.model.heard import LAYER as SENSORS
from twin.model.project import Project
from twin.model.sheet import Language
from twin.model.state import State
from twin.render.snapshot import Darkroom
from twin.scene.camera import distance, seen
from twin.scene.credits import credits_of
from twin.scene.heat import HEAT
from twin.scene.heat_asked import want_figures
from twin.scene.resolve import extent, home
from twin.scene.scene import Request
from twin.scene.sheet_blocks import round_length
from twin.scene.sheet_parts import Bar, Compass, Frame
from twin.scene.sheet_phrases import phrased
from twin.scene.sheet_texts import date_text, sun_text, time_text, worded
from twin.scene.standpoints import standing_at
from twin.session.session import Session

WIDE = (1800, 1300)
"""Pictures as wide as the page. [px]"""
PAIR = (1800, 1060)
"""Pictures one above the other. [px]"""
CAPTION, LOWEST = 9.0, 55.0
"""What a picture's caption takes of a page, and how low pictures become for their legends. [mm]"""
MAP = (1800, 1500)
"""[px]"""

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it is asked for."""

    state: State
    """The scenario, and day, hour, overlay and view of its pictures."""
    against: str = ""
    """The scenario that it is compared with; empty: none."""
    language: Language = "en"
    day: date | None = None
    """On the cover; None: today."""
    fineness: float = 1.0
    """Of pictures: less makes a draft sooner."""


def write_report(
    project: Project, report: Report, path: Path, progress: Progress = lambda _fraction: None
) -> tuple[str, ...]:
    """Writes the report; returns what the reader of the scenario should know, which it says as well.

    Raises TwinError and DataError, as far as it can before any work, and then leaves no file.
    """
    _check(project, report, path)
    running = application()
    language = report.language
    state = first_look(project, replace(report.state, compare="none", compared=()))
    names = [report.against, state.scenario] if report.against else [state.scenario]
    looks = [
        (look, (round(report.fineness * width), round(report.fineness * height)))
        for look, (width, height) in _looks(project, state, names)
    ]
    room = Darkroom(looks[0][1])
    session = session_of(project, looks[0][0], card_shadows=room.stage.casts)
    found: list[Shown] = []
    pictures: list[QImage] = []
    try:
        for each, (_, size) in zip(shown(session, tuple(look for look, _ in looks)), looks, strict=True):
            found.append(each)
            pictures.append(image_of(room.photograph(each.scene, size)))
            progress(0.7 * len(found) / len(looks))
        built = [_built(session, name) for name in names]
        figures = [
            _heat(session, replace(state, scenario=name), of) for name, of in zip(names, built, strict=True)
        ]
    finally:
        session.close()
        room.close()
    progress(0.9)
    told = _notices(project, built, found)
    flow = Flow()
    titles = [project.scenario(name).title for name in names]
    _cover(flow, project, report, state, found[0], pictures[0], titles)
    _map(flow, project, found[1], pictures[1], language)
    _pair(flow, project, found[2:], pictures[2:], titles, language)
    known = [{**content.all_rows(of), **heat} for of, heat in zip(built, figures, strict=True)]
    _numbers(flow, known, built, titles, language)
    _method(flow, known, told, language)
    flow.add(Heading(word("licences", language)))
    named = (text for each in found for text in credits_of(project, each.state, each.scene))
    more = [phrased(text, language) for text in named]
    _all(flow, content.licences(project, more, language))
    title = f"{project.name}: {titles[-1]}"
    write(flow, path, title=title, foot=f"{title} · twin {__version__}", page=word("page", language))
    del running
    progress(1.0)
    return told


def _all(flow: Flow, blocks: Iterable[Block]) -> None:
    for block in blocks:
        flow.add(block)


def _notices(project: Project, built: Sequence[Built], found: Sequence[Shown]) -> tuple[str, ...]:
    """What the reader should know, each once."""
    said = [text for of in built for text in of.problems]
    said += [text for each in found for text in each.scene.notices]
    return tuple(dict.fromkeys([*project.notices, *said]))


def _numbers(
    flow: Flow,
    known: Sequence[Mapping[str, Row]],
    built: Sequence[Built],
    titles: Sequence[str],
    language: Language,
) -> None:
    flow.add(Heading(word("indicators", language), new_page=True))
    _all(flow, content.indicators(known, titles, language))
    if len(built) == 2:
        flow.add(Heading(word("differences", language)))
        _all(flow, content.differences(compare(built[0], built[1]), (built[0], built[1]), language))


def _method(flow: Flow, known: Sequence[Mapping[str, Row]], told: Sequence[str], language: Language) -> None:
    flow.add(Heading(word("method", language)))
    _all(flow, content.method(known, language))
    if told:
        flow.add(Heading(word("notices", language)))
        _all(flow, (Text(f"• {text}", SMALL, below=1.2) for text in told))
    flow.add(Heading(word("validation", language)))
    _all(flow, content.validation(language))


def _check(project: Project, report: Report, path: Path) -> None:
    if path.suffix.lower() != ".pdf":
        raise DataError(path, "", "is no PDF file", "Let it end in .pdf.")
    folder = path.absolute().parent
    if not folder.is_dir():
        raise DataError(path, "", f"there is no folder {folder}", "Make it, or save elsewhere.")
    if path.is_dir() or not os.access(path if path.exists() else folder, os.W_OK):
        raise DataError(path, "", "cannot be written", "Choose another name or folder.")
    for name in (report.state.scenario, *([report.against] if report.against else [])):
        project.scenario(name)
    if report.against == report.state.scenario:
        raise TwinError("A scenario differs in nothing from itself. Choose another one to compare with.")


def _looks(project: Project, state: State, names: Sequence[str]) -> list[tuple[State, tuple[int, int]]]:
    """What is drawn, each with its size: cover, map, and each scenario."""
    # values of sensors have their legend beside the overlay
    plain = replace(state, overlay="none", highlight=False, hidden=state.hidden | {SENSORS})
    plan = standing_at(home(project, extent(project)), "top")
    found = [(plain, WIDE), (replace(plain, camera=plan, highlight=True), MAP)]
    if len(names) == 2:
        return [*found, *((replace(state, scenario=name, highlight=False), PAIR) for name in names)]
    return found if state.overlay == "none" else [*found, (replace(state, highlight=False), WIDE)]


def _built(session: Session, name: str) -> Built:
    session.do(lambda state: replace(state, scenario=name))
    built = session.scene.built
    if built is None:
        raise TwinError(f"The scenario {name!r} could not be built. {' '.join(session.scene.notices)}")
    return built


def _heat(session: Session, state: State, built: Built) -> dict[str, Row]:
    """The rows of heat, where an overlay of heat is shown."""
    if state.overlay not in HEAT:
        return {}
    asked: Request | None = None
    while True:
        step = want_figures(session.project, state, built, state.scenario, session.results)
        if not isinstance(step, Request):
            return {}
        answer = session.answer(step)
        if isinstance(answer, HeatFigures):
            return {row.id: row for row in heat_rows(answer)}
        if answer is not None or (asked is not None and asked.key == step.key):
            return {}
        asked = step
        session.ask("report", step)


def _cover(
    flow: Flow,
    project: Project,
    report: Report,
    state: State,
    view: Shown,
    picture: QImage,
    titles: Sequence[str],
) -> None:
    language, zone = report.language, project.place.zone
    flow.add(Text(f"{word('report', language)} · {project.name}", 4.0, muted=True, below=3.0))
    flow.add(Heading(titles[-1], 9.0, 0.0))
    made_up = project.scenario(state.scenario)
    if made_up.illustrative and made_up.edits:
        flow.add(Text(f"({word('illustrative', language)})", 3.6, muted=True))
    if len(titles) == 2:
        flow.add(Text(f"{word('compared with', language)} {titles[0]}", 4.4, below=4.0))
    sources = _credited([view], project, language)
    flow.add(Pictures([picture], [f"{word('sources', language)}: {sources}"]))
    day = report.day or datetime.now(zone).date()
    when = datetime.combine(day, datetime.min.time(), zone)
    name, datum = crs_title(project.place)
    at = state.time.astimezone(zone)
    longitude, latitude = project.place.longitude, project.place.latitude
    for label, text in (
        (word("made on", language), date_text(when, language)),
        (word("place", language), f"{project.name}, {latitude:.4f}° N, {longitude:.4f}° E"),
        (word("crs", language), f"{name}, {datum}"),
        (word("time", language), time_text(at, language)),
        (word("sun", language), sun_text(view.scene.sun, language)),
    ):
        flow.add(Text(f"{label}: {text}", below=1.2))


def _map(flow: Flow, project: Project, view: Shown, picture: QImage, language: Language) -> None:
    camera = view.scene.camera
    flow.add(Heading(word("map", language), new_page=True))
    high = INNER * MAP[1] / MAP[0]
    each = high / seen(camera, distance(camera))
    length = round_length(0.45 * INNER / each)
    says = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    scale = f"{word('scale', language)}: {says} · 1:{1000 / each:,.0f}".replace(",", "\u202f")
    nowhere = Frame(0, 0, 0, 0)
    over = (
        Compass(nowhere, camera, word("north", language)),
        Bar(nowhere, length, length * each, scale, SMALL),
    )
    sources = _credited([view], project, language)
    edits = project.scenario(view.state.scenario).edits
    marked = f"{word('what changes', language)} " if edits else ""
    flow.add(Pictures([picture], [f"{marked}{word('sources', language)}: {sources}"], over))


def _pair(
    flow: Flow,
    project: Project,
    found: Sequence[Shown],
    pictures: Sequence[QImage],
    titles: Sequence[str],
    language: Language,
) -> None:
    """The scenarios with one camera, hour and range of colours."""
    if not found:
        return
    captions = list(titles)
    if len(found) == 2:
        flow.add(Heading(word("before and after", language), keep=225.0))
        captions = [
            f"{word(when, language)}: {title}"
            for when, title in zip(("before", "after"), titles, strict=True)
        ]
    day = found[-1].state.time.astimezone(project.place.zone)
    # whose values they are is named below
    legends = Legends([replace(worded(each, language, day=day), source="") for each in legends_seen(found)])
    sources = Text(f"{word('sources', language)}: {_credited(found, project, language)}", SMALL, muted=True)
    below = legends_tall(legends) + tall(sources.text, SMALL, False, INNER)
    # colours are read on the page where they are seen, which two pictures begin
    most = (flow.room - below) / 2 - CAPTION if len(found) == 2 else HEIGHT
    for picture, caption in zip(pictures, captions, strict=True):
        flow.add(Pictures([picture], [caption], most=max(most, LOWEST)))
    flow.add(legends)
    flow.add(sources)


def _credited(found: Sequence[Shown], project: Project, language: Language) -> str:
    """Owners and licences of all that is seen, each once."""
    named = (text for each in found for text in credits_of(project, each.state, each.scene))
    return "; ".join(phrased(text, language) for text in dict.fromkeys(named))
