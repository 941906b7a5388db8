"""Works out what the views of a sheet show, all of them with one range of colours for each overlay."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace

from twin.app.compare_picture import present_on
from twin.errors import TwinError
from twin.model.project import Project
from twin.model.state import State
from twin.scene.colours import Classes
from twin.scene.comparison import Side, in_view
from twin.scene.legends import only, said_of_all
from twin.scene.scene import Legend, Scene
from twin.session.commands import restore
from twin.session.session import Session


@dataclass(frozen=True, slots=True)
class Shown:
    """What one view shows."""

    state: State
    scene: Scene
    sides: tuple[Side, ...]
    """More than one where scenarios are compared in the view itself."""


def shown(session: Session, states: tuple[State, ...]) -> Iterator[Shown]:
    """What each of these states shows, one after the other, with everything worked out.

    Raises TwinError where two of them would show one overlay in different colours.
    """
    keys: dict[str, Legend] = {}
    for state in states:
        names = tuple(dict.fromkeys(other.scenario for other in states if _alike(state, other)))
        found = _settled(session, state, names if len(names) > 1 else ())
        _compare(keys, state, found.scene)
        yield found


def _alike(state: State, other: State) -> bool:
    """Whether values of both are shown in one range of colours."""
    return (other.overlay, other.style) == (state.overlay, state.style) and other.compare == "none"


def _settled(session: Session, state: State, names: tuple[str, ...]) -> Shown:
    session.do(restore, state)
    if state.compare != "none" or not names:
        return Shown(state, session.scene, session.sides)
    project, among = session.project, tuple(dict.fromkeys((state.scenario, *names)))

    scene = _until_all_is_there(session, lambda: session.amid(state, among))
    title = project.scenario(state.scenario).title
    return Shown(state, scene, (Side(state.scenario, title, scene),))


def _until_all_is_there(session: Session, work: Callable[[], Scene]) -> Scene:
    while True:
        scene = work()
        missing = tuple(request for request in scene.wanted if request.key not in session.results)
        if not missing:
            return scene
        session.ask("sheet", *missing)


def _compare(keys: dict[str, Legend], state: State, scene: Scene) -> None:
    if scene.legend is None:
        return
    name = f"{state.overlay} {state.compare}"
    first = keys.setdefault(name, scene.legend)
    if (first.scale, first.limits) != (scene.legend.scale, scene.legend.limits):
        raise TwinError(
            f"The views would show {scene.legend.title} in different ranges of colours, so that they could "
            "not be compared. Put them on sheets of their own."
        )


def first_look(project: Project, state: State) -> State:
    """The state with the camera written down, so that it is the same wherever it is opened."""
    if state.camera is not None:
        return state
    session = Session(project, state)
    camera = in_view(project, state, session.results).main.camera
    session.close()
    return replace(state, camera=camera)


def legends_seen(found: Iterable[Shown]) -> list[Legend]:
    """The legends of several views, each once and saying what holds for all, with the classes that occur."""
    made: dict[Hashable, Legend] = {}
    seen: dict[Hashable, frozenset[str]] = {}
    for each in found:
        present = present_on(each.sides)
        for one in each.scene.legends:
            own, legend = one is each.scene.legend, one
            key = (each.state.overlay if own else one.title, one.scale, one.limits)
            if own and isinstance(one.scale, Classes) and present is not None:
                seen[key] = present | seen.get(key, frozenset())
                legend = only(one, seen[key])
            made[key] = said_of_all(made[key], legend) if key in made else legend
    return list(made.values())
