"""The sheets of a sun study: shadows at the days and hours that planners hand in, and hours of sun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

from twin.analysis.sun import sun
from twin.errors import TwinError
from twin.model.heard import LAYER as SENSORS
from twin.model.place import Place
from twin.model.project import Project
from twin.model.sheet import Language, Panel, Sheet
from twin.model.state import State
from twin.scene.resolve import extent, home
from twin.scene.sheet_texts import date_text, word
from twin.scene.standpoints import standing_at

DAYS = ((3, 21), (6, 21), (9, 21), (12, 21))
HOURS = (9, 12, 15, 18)
"""As plans in Finland and Estonia show shadows."""


def days(year: int) -> tuple[date, ...]:
    """The days of the study."""
    return tuple(date(year, *day) for day in DAYS)


def seen_from(project: Project, state: State, view: str) -> State:
    """From a bookmark, or from above where none is named. Raises TwinError."""
    if not view:
        return replace(state, camera=standing_at(home(project, extent(project)), "top"))
    marks = {mark.id: mark.camera for mark in project.bookmarks}
    if view not in marks:
        raise TwinError(f"there is no view {view!r}. Choose from: {', '.join(marks)}.")
    return replace(state, camera=marks[view])


def shadow_sheet(project: Project, state: State, year: int, sheet: Sheet) -> Sheet:
    """All days below one another, the hours side by side. sheet: page, size, scale and language."""
    zone, state = project.place.zone, replace(_plain(state), overlay="none", shadows=True)
    times = [datetime.combine(day, time(hour), zone) for day in days(year) for hour in HOURS]
    panels = tuple(Panel(replace(state, time=at), caption(project.place, at, sheet.language)) for at in times)
    return _titled(project, state, replace(sheet, panels=panels, columns=len(HOURS)))


def hours_sheet(
    project: Project, state: State, year: int, sheet: Sheet, said: Sequence[str] = (), note: str = ""
) -> Sheet:
    """Hours of sun on each day. said: more of each day; note: what was found of façades and yards."""
    zone, state = project.place.zone, replace(_plain(state), overlay="sun_hours")
    panels = []
    for number, day in enumerate(days(year)):
        at = datetime.combine(day, time(12), zone)
        more = f" · {said[number]}" if number < len(said) and said[number] else ""
        panels.append(Panel(replace(state, time=at), date_text(at, sheet.language) + more))
    return _titled(project, state, replace(sheet, panels=tuple(panels), columns=2, note=note))


def caption(place: Place, at: datetime, language: Language) -> str:
    """Day, hour and how high the sun stands."""
    high = sun(place, at).altitude
    says = f"{high:.0f}°" if high > 0 else "< 0°"
    return f"{date_text(at, language)}, {at:%H:%M} · {says}"


def _plain(state: State) -> State:
    """Nothing but the city and the sun."""
    return replace(state, compare="none", highlight=False, selection=None, hidden=state.hidden | {SENSORS})


def _titled(project: Project, state: State, sheet: Sheet) -> Sheet:
    title = f"{word('study', sheet.language)}: {project.scenario(state.scenario).title}"
    return replace(sheet, title=title)
