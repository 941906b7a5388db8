"""Works out which scenarios are shown beside one another, and where: always one camera, hour and range."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin.analysis.growth import seen_in
from twin.model.project import Project
from twin.model.state import MOST_VIEWS, State
from twin.scene.contrast import contrast
from twin.scene.overlays import Surfaces
from twin.scene.resolve import resolve
from twin.scene.scene import Results, Scene


@dataclass(frozen=True, slots=True)
class Side:
    """One scenario in view."""

    scenario: str
    title: str
    scene: Scene


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that is in view."""

    sides: tuple[Side, ...]
    """In the order of the project's scenarios, from left to right."""
    main: Scene
    """Of the scenario of the state; it wants and tells what all sides do."""


@dataclass(frozen=True, slots=True)
class Pane:
    """Where a side is drawn, in parts of the width and height of the view, from the upper left corner."""

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0
    shown: tuple[float, float] = (0.0, 1.0)
    """From where to where of the whole width it is seen."""

    def pixels(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in a picture of so many pixels."""
        width, height = size
        return (
            round(self.left * width),
            round(self.top * height),
            round(self.right * width),
            round(self.bottom * height),
        )

    def seen(self, width: int) -> tuple[int, int]:
        """The first column of a picture that shows it, and the one after the last. [px]"""
        return round(max(self.left, self.shown[0]) * width), round(min(self.right, self.shown[1]) * width)


WHOLE = Pane()


def in_view(project: Project, state: State, results: Results, *, card_shadows: bool = False) -> Comparison:
    """What should be on the screen, side by side; see `resolve`."""
    view = _in_view(project, state, results, card_shadows=card_shadows)
    told = vanished(project, state)
    if not told:
        return view
    return replace(view, main=replace(view.main, notices=(*told, *view.main.notices)))


def vanished(project: Project, state: State) -> tuple[str, ...]:
    """What a view compares that is not there any more, and what is shown instead, one sentence each."""
    known = {scenario.id: scenario.title for scenario in project.scenarios}
    gone = [name for name in state.compared if name not in known] if state.compare != "none" else []
    found = []
    if gone:
        beside = ", ".join(known[name] for name in others(project, state)) or "nothing"
        names = ", ".join(map(repr, gone))
        found.append(f"This view compares with {names}, which is not there. Shown instead: {beside}.")
    if state.baseline and state.baseline not in known:
        first = known[baseline_of(project, state)]
        found.append(
            f"Differences were counted from {state.baseline!r}, which is not there; now from {first}."
        )
    return tuple(found)


def _in_view(project: Project, state: State, results: Results, *, card_shadows: bool) -> Comparison:
    names = names_in_view(project, state)
    beside = [name for name in others(project, state) if name in names]
    if not beside or len(names) == 1:
        scene = resolve(project, state, results, card_shadows=card_shadows)
        return Comparison((Side(state.scenario, project.scenario(state.scenario).title, scene),), scene)
    scenes = {
        name: resolve(project, replace(state, scenario=name), results, card_shadows=card_shadows, among=names)
        for name in names
    }
    main = scenes[state.scenario]
    titles = {name: project.scenario(name).title for name in names}
    if state.compare == "difference":
        before, after = titles[beside[0]], titles[state.scenario]
        built_on = tuple(_built_on(project, state, results, name) for name in (beside[0], state.scenario))
        main = contrast(scenes[beside[0]], main, results, (before, after), (built_on[0], built_on[1]))
        sides: tuple[Side, ...] = (Side(state.scenario, title_in_view(project, state), main),)
    else:
        sides = tuple(Side(name, titles[name], scenes[name]) for name in names)
    told = [
        notice if name == state.scenario else f"{titles[name]}: {notice}"
        for name in (state.scenario, *beside)
        for notice in scenes[name].notices
        if name == state.scenario or notice not in main.notices
    ]
    every = {request.key: request for scene in (main, *scenes.values()) for request in scene.wanted}
    later = {request.key: request for scene in scenes.values() for request in scene.later}
    added = [notice for notice in main.notices if notice not in told]
    main = replace(main, wanted=tuple(every.values()), later=tuple(later.values()), notices=(*told, *added))
    return Comparison(sides, main)


def glance(project: Project, state: State, results: Results, scenario: str, *, card_shadows: bool) -> Scene:
    """Another scenario as it would look in the colours of what is in view."""
    there = replace(state, scenario=scenario, compare="none")
    among = (state.scenario, *others(project, state)) if state.compare != "none" else (state.scenario,)
    return resolve(project, there, results, card_shadows=card_shadows, among=among)


def is_whole(view: Comparison) -> bool:
    """Whether every scenario in view is built, or has failed to be."""
    return all(scene.built is not None or scene.notices for scene in (view.main, *_scenes(view)))


def meanwhile(before: Comparison, coming: Comparison) -> Comparison:
    """What was in view, seen from where one looks now, as long as something new is being built."""
    camera = coming.main.camera
    sides = tuple(replace(side, scene=replace(side.scene, camera=camera)) for side in before.sides)
    main = replace(before.main, camera=camera, wanted=coming.main.wanted, later=())
    return Comparison(sides, main)


def _scenes(view: Comparison) -> tuple[Scene, ...]:
    return tuple(side.scene for side in view.sides)


def names_in_view(project: Project, state: State) -> tuple[str, ...]:
    """The ids of the scenarios that are compared, in the order of the project; one when none are."""
    beside = others(project, state) if state.compare != "none" else ()
    wanted = {state.scenario, *(beside if state.compare == "split" else beside[:1])}
    return tuple(scenario.id for scenario in project.scenarios if scenario.id in wanted)


def title_in_view(project: Project, state: State) -> str:
    """What is in view, in a line."""
    names = names_in_view(project, state)
    if state.compare == "difference" and len(names) > 1:
        (other,) = (name for name in names if name != state.scenario)
        return f"{project.scenario(state.scenario).title} compared with {project.scenario(other).title}"
    return " | ".join(project.scenario(name).title for name in names)


def baseline_of(project: Project, state: State) -> str:
    """The scenario that differences are counted from: the chosen one, else the first."""
    known = [scenario.id for scenario in project.scenarios]
    return state.baseline if state.baseline in known else known[0]


def others(project: Project, state: State) -> tuple[str, ...]:
    """The scenarios beside the one of the state: those chosen, else the baseline, else the next one.

    Empty where the project has no other.
    """
    known = [scenario.id for scenario in project.scenarios if scenario.id != state.scenario]
    chosen = tuple(dict.fromkeys(name for name in state.compared if name in known))
    if chosen or not known:
        return chosen[: MOST_VIEWS - 1]
    first = baseline_of(project, state)
    return (first if first in known else known[0],)


def panes(state: State, count: int) -> tuple[Pane, ...]:
    """Where each of so many sides is drawn."""
    if count <= 1:
        return (WHOLE,)
    if state.compare == "swipe":
        return Pane(shown=(0.0, state.divider)), Pane(shown=(state.divider, 1.0))
    if count == MOST_VIEWS:
        return tuple(
            Pane(column / 2, row / 2, (column + 1) / 2, (row + 1) / 2) for row in (0, 1) for column in (0, 1)
        )
    return tuple(Pane(left=column / count, right=(column + 1) / count) for column in range(count))


def _built_on(project: Project, state: State, results: Results, scenario: str) -> NDArray[np.bool_] | None:
    """Where buildings of a scenario stand on the analysis grid, if that is known."""
    edits = seen_in(project, state.year).scenario(scenario).edits
    bounds = results.get(("extent",))
    for level in dict.fromkeys((state.lod, None)):
        found = results.get(("surfaces", level, edits, bounds)) if isinstance(bounds, tuple) else None
        if isinstance(found, Surfaces):
            return np.asarray(found.solid.values > 0)
    return None
