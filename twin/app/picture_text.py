"""Says what a picture shows: title, scenario, time, sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from twin import __version__
from twin.app.panel_paint import Row, font, text_row, text_width
from twin.app.theme import Tones
from twin.model.project import Project
from twin.model.sheet import Language
from twin.model.state import State
from twin.scene.comparison import names_in_view, title_in_view
from twin.scene.scene import Legend, Scene
from twin.scene.sheet_phrases import phrased
from twin.scene.sheet_texts import date_text, named, word, worded


def title_lines(
    project: Project, state: State, scene: Scene, language: Language = "en"
) -> tuple[str, str, str]:
    """The project; the scenario, or all that are compared; date, time and where the sun stands."""
    shown = [project.scenario(name) for name in names_in_view(project, state)]
    drawn = any(scenario.illustrative and scenario.edits for scenario in shown)
    time = state.time.astimezone(project.place.zone)
    grown = f" · {word('trees in', language)} {state.year}" if state.year is not None else ""
    high = scene.sun.altitude
    key = "sun at" if high > 0 else "sun is down"
    sun = word(key, language).format(f"{high:.0f}°")
    return (
        project.name,
        title_in_view(project, state) + (f" ({word('illustrative', language)})" if drawn else "") + grown,
        f"{date_text(time, language)}, {time:%H:%M} {zone_text(time)} · {sun}",
    )


def zone_text(time: datetime) -> str:
    """The zone of the time, as `UTC+3`."""
    offset = time.utcoffset()
    minutes = 0 if offset is None else round(offset.total_seconds() / 60)
    sign, (hours, rest) = "−" if minutes < 0 else "+", divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def title_rows(lines: tuple[str, str, str], width: float, scale: float, colours: Tones) -> list[Row]:
    """The title block as rows of a panel. width: of the text [px]."""
    name, scenario, time = lines
    return [
        text_row(name, font(12 * scale), colours.muted, width),
        text_row(scenario, font(18 * scale, bold=True), colours.text, width, gap=1 * scale),
        text_row(time, font(12 * scale), colours.muted, width),
    ]


def title_width(lines: tuple[str, str, str], scale: float, most: float) -> float:
    """How wide the title block's text is, at most `most`. [px]"""
    name, scenario, time = lines
    return min(
        max(
            text_width(name, font(12 * scale)),
            text_width(scenario, font(18 * scale, bold=True)),
            text_width(time, font(12 * scale)),
        )
        + 2 * scale,
        most,
    )


def source_line(owners: Sequence[str], language: Language = "en") -> str:
    """Everyone whose data are in the picture, and the program."""
    named = (phrased(text, language) for text in owners)
    return " · ".join([*named, f"{word('made', language).lower()} twin {__version__}"])


def legends_of(
    project: Project, scene: Scene, language: Language = "en", day: datetime | None = None
) -> tuple[Legend, ...]:
    """The legends of a picture, without sources that are named below the picture anyway.

    day: that they are of.
    """
    found = []
    for each in scene.legends:
        legend = worded(each, language, day=day)
        legend = replace(legend, title=named(each.title, language)) if day is None else legend
        below = each is not scene.legend or each.source in project.attribution
        found.append(replace(legend, source="") if below else legend)
    return tuple(found)
