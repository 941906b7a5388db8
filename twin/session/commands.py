"""Everything a user can do to the state: functions from a state to a state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

from twin.model.raster_style import RasterStyle
from twin.model.state import (
    LEAST_EXAGGERATION,
    MOST_EXAGGERATION,
    MOST_VIEWS,
    AttributeStyle,
    Camera,
    LayerStyle,
    Selection,
    State,
)


def choose_scenario(state: State, scenario: str) -> State:
    """Shows another scenario; one that is shown beside changes places with the one in view."""
    compared = tuple(state.scenario if each == scenario else each for each in state.compared)
    return replace(state, scenario=scenario, compared=compared)


def choose_overlay(state: State, overlay: str) -> State:
    """Lays something else over the city."""
    style = state.style
    if overlay != state.overlay:  # ends of classes are in the unit of another attribute
        style = replace(style, way="", breaks=(), split="equal" if style.split == "equal" else "quantiles")
    return replace(state, overlay=overlay, hidden=state.hidden - {"overlay"}, style=style)


def set_style(state: State, style: AttributeStyle) -> State:
    """Shows the attribute in other colours or classes."""
    return replace(state, style=style)


def set_time(state: State, when: datetime) -> State:
    """Moves to another moment; it must have a zone."""
    if when.tzinfo is None:
        raise ValueError("a time needs a zone")
    return replace(state, time=when.replace(microsecond=0))


def set_day(state: State, day: date) -> State:
    """Moves to another day, at the same hour."""
    return set_time(state, datetime.combine(day, state.time.timetz()))


def see_in_year(state: State, year: int | None) -> State:
    """Shows planned trees as they are in a year; None: as they are drawn."""
    return replace(state, year=year)


def step_day(state: State, days: int) -> State:
    """Moves on or back by days."""
    return set_day(state, state.time.date() + timedelta(days=days))


def toggle_layer(state: State, layer: str) -> State:
    """Shows a hidden layer, hides a shown one."""
    return replace(state, hidden=state.hidden ^ {layer})


def show_layers(state: State, layers: Iterable[str]) -> State:
    """Shows these."""
    return replace(state, hidden=state.hidden - set(layers))


def hide_layers(state: State, layers: Iterable[str]) -> State:
    """Hides these."""
    return replace(state, hidden=state.hidden | set(layers))


def style_raster(state: State, raster: str, style: RasterStyle) -> State:
    """Shows a raster in other colours, or another band of it."""
    others = {name: value for name, value in state.raster_styles if name != raster}
    return replace(state, raster_styles=tuple(sorted({**others, raster: style}.items(), key=lambda p: p[0])))


def style_layer(state: State, layer: str, style: LayerStyle) -> State:
    """Draws a layer in another way; as the project has it where nothing differs from that."""
    others = {name: value for name, value in state.layer_styles if name != layer}
    if style != LayerStyle():
        others[layer] = style
    return replace(state, layer_styles=tuple(sorted(others.items(), key=lambda pair: pair[0])))


def exaggerate(state: State, times: float) -> State:
    """Draws the terrain so many times as high as it is."""
    return replace(state, exaggeration=min(max(times, LEAST_EXAGGERATION), MOST_EXAGGERATION))


def set_opacity(state: State, layer: str, opacity: float) -> State:
    """0 (clear) to 1 (solid)."""
    others = {name: value for name, value in state.opacity if name != layer}
    if opacity < 1.0:
        others[layer] = max(round(opacity, 2), 0.0)
    return replace(state, opacity=tuple(sorted(others.items())))


def toggle_highlight(state: State) -> State:
    """Shows or hides what the scenario changes."""
    return replace(state, highlight=not state.highlight)


def toggle_shadows(state: State) -> State:
    """Draws shadows or not."""
    return replace(state, shadows=not state.shadows)


def toggle_textures(state: State) -> State:
    """Shows pictures and materials or not."""
    return replace(state, textures=not state.textures)


def choose_lod(state: State, lod: float | None) -> State:
    """Shows objects up to a level of detail; None: each in its highest."""
    return replace(state, lod=lod)


def select(state: State, selection: Selection | None) -> State:
    """Marks what was clicked; None: nothing."""
    return replace(state, selection=selection, several=frozenset())


def select_objects(state: State, first: Selection | None, others: Iterable[str] = ()) -> State:
    """Marks several objects of the city; `first` is the one that is told of."""
    if first is None:
        return select(state, None)
    ids = frozenset(others)
    ids = ids if first.id in ids else ids | {first.id}
    return replace(state, selection=first, several=ids if len(ids) > 1 else frozenset())


def toggle_selected(state: State, clicked: Selection) -> State:
    """Adds an object of the city, or a feature as a tree, to the selected ones, or takes it out again."""
    told = state.selection
    if told is None or not told.id or not clicked.id or {told.kind, clicked.kind} - {"city", "layer"}:
        return select(state, clicked)
    selected = state.selected or frozenset({told.id})
    if clicked.id not in selected:  # the one that was clicked last is the one that is told of
        return select_objects(state, clicked, selected)
    rest = selected - {clicked.id}
    if clicked.id != told.id:
        return select_objects(state, told, rest)
    return select_objects(state, replace(clicked, id=min(rest)) if rest else None, rest)


def hide_selected(state: State) -> State:
    """Takes the selected objects out of sight."""
    if not state.selected:
        return state
    return replace(select(state, None), hidden_objects=state.hidden_objects | state.selected)


def isolate_selected(state: State) -> State:
    """Shows only the selected objects."""
    return replace(state, isolated=state.selected) if state.selected else state


def show_all_objects(state: State) -> State:
    """Shows again what was hidden, and what is not among the isolated."""
    return replace(state, hidden_objects=frozenset(), isolated=frozenset())


def compare_by(state: State, way: Literal["none", "swipe", "split", "difference"]) -> State:
    """Shows other scenarios beside this one, or no longer."""
    return replace(state, compare=way)


def choose_compared(state: State, scenarios: Iterable[str]) -> State:
    """Takes these scenarios beside the one in view."""
    wanted = [scenario for scenario in dict.fromkeys(scenarios) if scenario != state.scenario]
    return replace(state, compared=tuple(wanted)[: MOST_VIEWS - 1])


def swap(state: State, other: str) -> State:
    """The scenario in view and the one beside it change places."""
    rest = tuple(each for each in state.compared if each not in (other, state.scenario))
    return replace(state, scenario=other, compared=(state.scenario, *rest))


def move_divider(state: State, divider: float) -> State:
    """Divides a swipe elsewhere: 0 (left) to 1."""
    return replace(state, divider=round(min(max(divider, 0.0), 1.0), 4))


def choose_baseline(state: State, scenario: str) -> State:
    """Counts differences from another scenario."""
    return replace(state, baseline=scenario)


def look(state: State, camera: Camera | None) -> State:
    """Goes to a view; None: the home view."""
    return replace(state, camera=camera)


def restore(_state: State, saved: State) -> State:
    """Goes to a saved state."""
    return saved
