"""`twin web`: a folder with the scene, scenarios and overlays that any browser opens, without a network."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

import msgspec
import numpy as np

from twin.analysis.build import Built
from twin.analysis.content import shapes
from twin.analysis.kpi import rows
from twin.analysis.sun import path as sun_path
from twin.cli.render import shown_progress, time_of
from twin.errors import DataError, TwinError
from twin.formats import strict_json, web_write
from twin.formats.open_project import first_state, open_project
from twin.model import city as cities
from twin.model.city import City
from twin.model.project import Project
from twin.model.scenario import Scenario
from twin.model.sheet import Language
from twin.model.state import Camera, State
from twin.model.terrain import Terrain
from twin.model.web_page import ON_BUILDINGS, Step, Variant, Veil, WebPage
from twin.render.web_page import hills_of, only, patches_of, solid_of, trees_of, veil_of
from twin.scene.items import Drape, Ground, Land
from twin.scene.overlays import overlay_ids, overlays
from twin.scene.resolve import extent
from twin.scene.sheet_phrases import day_text
from twin.scene.web_words import in_language
from twin.session.commands import choose_overlay, choose_scenario
from twin.session.session import Session

Progress = Callable[[float], None]
BARE = "#e9e6df"
"""Where the ground is not drawn."""


def web(options: argparse.Namespace) -> int:
    """Write the page. Raises TwinError and DataError."""
    folder, when, story = options.out, options.time, options.story
    overlay = [name.strip() for name in options.overlays.split(",") if name.strip()]
    web_write.check()
    project = open_project(options.project)
    if not project.scenarios:
        raise TwinError(f"{options.project} has no scenarios to show.")
    state = first_state(project)
    if when is not None:
        state = replace(state, time=time_of(when, project))
    known = overlay_ids(project)
    for name in overlay:
        if name not in known or name in ON_BUILDINGS:
            possible = ", ".join(each for each in known if each not in ON_BUILDINGS)
            raise TwinError(f"There is no overlay {name!r} of the ground. Choose from: {possible}.")
    said: Progress = shown_progress if options.progress else lambda _fraction: None
    told = read_story(story, project) if story else None
    page = page_of(project, state, tuple(overlay), told, lambda done: said(0.8 * done), options.language)
    size = web_write.write(page, folder, progress=lambda done: said(0.8 + 0.2 * done))
    print(f"ok: {folder / 'index.html'} ({size / 1e6:.1f} MB in all)")
    return 0


def page_of(
    project: Project,
    state: State,
    wanted: tuple[str, ...],
    story: tuple[Step, ...] | None = None,
    progress: Progress = lambda _fraction: None,
    language: Language = "en",
) -> WebPage:
    """All of the page; every overlay is worked out for every scenario."""
    # heights, crowns and the colours of overlays: what the window shows, in the same way
    plain = replace(state, compare="none", highlight=False, selection=None, exaggeration=1.0)
    session = Session(project, plain)
    base: City | None = None
    found: list[Variant] = []
    hashes: dict[str, int] = {}
    for number, scenario in enumerate(project.scenarios):
        print(f"twin: {scenario.title}, {number + 1} of {len(project.scenarios)}", file=sys.stderr)
        session.do(choose_scenario, scenario.id)
        built = session.scene.built
        if built is None:
            raise TwinError(f"{scenario.title} cannot be built.")
        if base is None:
            base = built.city
            hashes = dict(zip(base.object_id.tolist(), shapes(base).tolist(), strict=True))
        found.append(_variant(session, scenario, built, base, hashes, wanted))
        progress((number + 1) / len(project.scenarios))
    assert base is not None
    terrain = _terrain(session)
    ground = next((item for item in session.scene.items.values() if isinstance(item, Ground | Land)), None)
    bounds = ground.bounds if isinstance(ground, Ground) else extent(project)
    day = state.time.date()
    times = [datetime.combine(day, time(hour), project.place.zone) for hour in range(24)]
    suns = [
        (hour, round(float(up), 3), round(float(around), 3))
        for hour, (up, around) in enumerate(sun_path(project.place, times).tolist())
        if up > -1
    ]
    if not suns:
        suns = [(12, -1.0, 180.0)]  # polar night
    if story is None:
        story = tuple(Step(mark.title, camera=mark.camera) for mark in project.bookmarks)
    page = WebPage(
        title=project.name,
        day=day_text(day, language),
        home=session.scene.camera,
        bounds=bounds,
        ground=ground.colour if ground is not None else BARE,
        base=solid_of(base),
        variants=tuple(found),
        suns=tuple(suns),
        story=story,
        sources=project.attribution,
        crs=project.place.crs,
        heights=project.place.height_system,
        hills=None if terrain is None else hills_of(terrain, bounds),
    )
    return in_language(page, language)


def _terrain(session: Session) -> Terrain | None:
    """What the ground is shaped by; None where it is flat."""
    land = next((item for item in session.scene.items.values() if isinstance(item, Land)), None)
    return None if land is None else land.relief.terrain


def _variant(
    session: Session,
    scenario: Scenario,
    built: Built,
    base: City,
    hashes: dict[str, int],
    wanted: tuple[str, ...],
) -> Variant:
    own = dict(zip(built.city.object_id.tolist(), shapes(built.city).tolist(), strict=True))
    gone = [row for row, name in enumerate(base.object_id.tolist()) if own.get(name) != hashes[name]]
    new = np.array([hashes.get(name) != own[name] for name in built.city.object_id.tolist()], dtype=bool)
    # a part goes with its whole, so that what is written is whole too
    new = cities.with_parts(built.city, new)
    session.do(choose_overlay, "none")
    items = tuple(session.scene.items.values())
    veils = tuple(_veil(session, name) for name in wanted)
    session.do(choose_overlay, "none")
    for problem in built.problems:
        print(f"twin: {scenario.title}: {problem}", file=sys.stderr)
    return Variant(
        scenario.id,
        scenario.title,
        scenario.description,
        np.array(gone, dtype=np.uint32),
        solid_of(only(built.city, new)),
        patches_of(items),
        trees_of(built.layers, _terrain(session)),
        veils,
        tuple((row.title, row.unit, row.value, row.decimals) for row in rows(built) if "." not in row.id),
    )


def _veil(session: Session, name: str) -> Veil:
    title = overlays(session.project)[name].title
    session.do(choose_overlay, name)
    drape, legend = session.scene.items.get("overlay"), session.scene.legend
    if not isinstance(drape, Drape) or legend is None:
        why = "; ".join(session.scene.notices) or "it does not lie on the ground"
        raise TwinError(f"The overlay {title} cannot be shown on a page: {why}.")
    return veil_of(name, title, drape, legend)


class _Told(msgspec.Struct, forbid_unknown_fields=True):
    """A step of a story as people write it."""

    title: str
    text: str = ""
    scenario: str | None = None
    overlay: str | None = None
    hour: int | None = None
    view: str | None = None
    """Id of a bookmark."""


def read_story(path: Path, project: Project) -> tuple[Step, ...]:
    """Steps of a story from JSON: a list of objects with title, text, scenario, overlay, hour, view.

    Raises DataError naming the step.
    """
    told = strict_json.convert(strict_json.read(path), list[_Told], path)
    views: dict[str, Camera] = {mark.id: mark.camera for mark in project.bookmarks}
    scenarios = [scenario.id for scenario in project.scenarios]
    found = []
    for number, step in enumerate(told, start=1):
        for what, value, known in (("scenario", step.scenario, scenarios), ("view", step.view, list(views))):
            if value is not None and value not in known:
                raise DataError(
                    path,
                    f"step {number}",
                    f"there is no {what} {value!r}",
                    f"Choose from: {', '.join(known)}.",
                )
        camera = views[step.view] if step.view is not None else None
        overlay = "" if step.overlay == "none" else step.overlay
        found.append(Step(step.title, step.text, step.scenario, overlay, step.hour, camera))
    return tuple(found)
