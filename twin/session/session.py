"""One open project: what was chosen, what was computed, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Concatenate, ParamSpec, TypeVar

from twin.analysis.growth import seen_in
from twin.errors import TwinError
from twin.model.project import Project
from twin.model.state import Camera, State
from twin.scene.comparison import Comparison, Side, glance, in_view, is_whole, meanwhile
from twin.scene.resolve import resolve
from twin.scene.scene import Failed, Key, Partial, Request, Results, Scene
from twin.session.commands import look, restore
from twin.session.jobs import Inline, Job, Jobs, Post, failed
from twin.session.keeping import to_forget
from twin.session.signal import Signal

P = ParamSpec("P")
T = TypeVar("T")

WHOLE = 8
"""So many states are remembered that lack nothing: each is asked for several times as time passes."""

AT_LEISURE = ("built",)
"""Results that are worked out at once when one waits for them, and beside the user's work when foreseen."""

EARLIER = 6
"""So many cities of scenarios that have changed since stay, to go back to at once."""

GIVEN = ("place", "city", "whole", "layers", "rasters", "clouds")
"""What of a project the keys of results do not say; scenarios they do say, edit by edit."""


@dataclass(frozen=True, slots=True)
class Step:
    """A moment one can go back to."""

    project: Project
    state: State
    title: str
    """What was done after it."""
    view: bool
    """What was done was a change of view only, so going back moves the camera."""


class Session:
    """Holds project, state and results; changes them by commands; says so by `changed`."""

    def __init__(
        self,
        project: Project,
        state: State,
        *,
        executor: Executor | None = None,
        post: Post = lambda call: call(),
        card_shadows: bool = False,
        prepare: Callable[[object], None] = lambda _result: None,
    ) -> None:
        """prepare: makes a result ready for drawing, in the thread it was worked out in."""
        self.project, self.state = project, state
        self.card_shadows = card_shadows
        self.changed: Signal[Session] = Signal()
        self.ticked: Signal[Session] = Signal()
        self._results: dict[Key, object] = {}
        self._brought: dict[Key, object] = {}
        self._jobs = Jobs(executor or Inline(), post, self._finish, self._advance, prepare)
        self._foreseen: tuple[State, ...] = ()
        self._ahead: tuple[State, ...] = ()
        """Of the foreseen states, those that lack something yet."""
        self._past: list[Step] = []
        self._future: list[Step] = []
        self._asked: dict[str, tuple[Request, ...]] = {}
        self._whole: dict[tuple[State, int], Comparison] = {}
        self._whole_of = project
        self._view: Comparison = self._resolve(state)
        self._drawn_of = project
        self._start()

    @property
    def scene(self) -> Scene:
        """What the scenario of the state shows; it wants and tells what everything in view does."""
        return self._view.main

    @property
    def results(self) -> Results:
        """All that is worked out, to be read."""
        return self._results

    @property
    def sides(self) -> tuple[Side, ...]:
        """What is in view: one scenario, or several beside one another."""
        return self._view.sides

    @property
    def running(self) -> tuple[Job, ...]:
        """The work under way that the scene in view waits for."""
        jobs = self._jobs.running
        if not jobs:
            return ()
        wanted = {request.key for request in (*self.scene.wanted, *self.scene.later)}
        return tuple(job for job in jobs if job.request.key in wanted)

    @property
    def working_ahead(self) -> bool:
        """Whether something is worked out that nobody waits for yet."""
        return bool(self._jobs.running) and not self.running

    @property
    def undo_title(self) -> str:
        """What undo would take back; empty when nothing."""
        return self._past[-1].title if self._past else ""

    @property
    def redo_title(self) -> str:
        """What redo would do again; empty when nothing."""
        return self._future[-1].title if self._future else ""

    def do(self, command: Callable[Concatenate[State, P], State], *args: P.args, **kwargs: P.kwargs) -> None:
        """Applies a command; a state that stays the same is no step and tells nobody."""
        new = command(self.state, *args, **kwargs)
        if _same(new, self.state):
            return
        title = command.__name__.replace("_", " ").capitalize()
        view = replace(self.state, camera=new.camera) == new
        self._past.append(Step(self.project, self.state, title, view))
        self._future.clear()
        self._become(self.project, new)

    def adjust(
        self, command: Callable[Concatenate[State, P], State], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Applies a command as part of the last one, as while a slider moves: no step of its own."""
        new = command(self.state, *args, **kwargs)
        if not _same(new, self.state):
            self._become(self.project, new)

    def adopt(self, project: Project, state: State | None = None, *, title: str) -> None:
        """Takes another content of the same project, as when a file was added; one step of undo."""
        self._past.append(Step(self.project, self.state, title, False))
        self._future.clear()
        self._become(project, state or self.state)

    def amend(self, change: Callable[[Project], Project]) -> None:
        """Changes what is not of the user's doing, as where the project is saved, now and in every step."""
        self.project = change(self.project)
        for steps in (self._past, self._future):
            steps[:] = [replace(step, project=change(step.project)) for step in steps]

    def rest(self, camera: Camera) -> None:
        """The mouse has come to rest on this view; no step of its own, so that undo skips mouse movement."""
        if camera != self.state.camera:
            self._become(self.project, look(self.state, camera))

    def undo(self) -> None:
        """Goes one step back; the view stays unless it was what changed."""
        self._step(self._past, self._future)

    def redo(self) -> None:
        """Goes one step on again."""
        self._step(self._future, self._past)

    def ready(self, state: State) -> bool:
        """Whether all results of a state are there, so that going to it shows it whole."""
        return not self._resolve(state).main.wanted

    def preview(self, state: State) -> Scene:
        """What another state would show, as far as it is worked out."""
        return self._resolve(state).main

    def glance(self, scenario: str) -> Scene:
        """Another scenario in the colours of what is in view, as far as it is worked out."""
        found = self._settled(
            lambda: glance(self.project, self.state, self._results, scenario, card_shadows=self.card_shadows),
            lambda scene: scene.wanted,
        )
        # a large scenario takes its time
        self.ask(f"glance {scenario}", *(found.wanted if found.built is None else ()))
        return found

    def amid(self, state: State, among: tuple[str, ...]) -> Scene:
        """What a state shows in the colours of all these scenarios, as far as it is worked out."""
        return self._settled(
            lambda: resolve(self.project, state, self._results, card_shadows=self.card_shadows, among=among),
            lambda scene: scene.wanted,
        )

    def ask(self, who: str, *requests: Request) -> None:
        """Works these out beside what the scene wants, until the same asks for something else."""
        if self._asked.get(who, ()) != requests:
            self._asked[who] = requests
            self._start()

    def answer(self, request: Request) -> object | None:
        """What was asked for, a Failed when it could not be worked out; None: not yet."""
        return self._results.get(request.key)

    def bring(self, key: Key, value: object, state: State | None = None) -> None:
        """Takes what no computation gives, as what sensors said; no step of undo, and the project stays.

        state: what is shown from then on.
        """
        self._whole.clear()
        self._brought[key] = self._results[key] = value
        self.state = self.state if state is None else state
        self._show()

    def foresee(self, *states: State) -> None:
        """Works out what these states need, when nothing is wanted for the one in view."""
        self._foreseen = self._ahead = states
        self._start()

    def cancel(self, key: Key) -> None:
        """Gives up one computation; the scene says so until something else is chosen."""
        for job in self._jobs.running:
            if job.request.key == key:
                self._jobs.keep_only({other.request.key for other in self._jobs.running} - {key})
                so_far = self._results.get(key)
                if isinstance(so_far, Partial):  # what is there stays to be seen
                    self._finish(key, replace(so_far, given_up=True))
                else:
                    text = "cancelled. Choose it again to start anew."
                    self._finish(key, failed(job.request, TwinError(text)))

    def try_again(self) -> None:
        """Drops what has failed, so that it is computed anew."""
        self._whole.clear()
        for key, result in list(self._results.items()):
            if isinstance(result, Failed):
                del self._results[key]
            elif isinstance(result, Partial):
                self._results[key] = replace(result, given_up=False)
        self._show()

    def close(self) -> None:
        """Cancels all work."""
        self._foreseen = self._ahead = ()
        self._jobs.keep_only(())

    def _step(self, source: list[Step], other: list[Step]) -> None:
        if not source:
            return
        step = source.pop()
        other.append(Step(self.project, self.state, step.title, step.view))
        state = step.state if step.view else replace(step.state, camera=self.state.camera)
        self._become(step.project, restore(self.state, state))

    def _become(self, project: Project, state: State) -> None:
        if any(getattr(project, name) is not getattr(self.project, name) for name in GIVEN):
            self._results.clear()
            self._results.update(self._brought)
            self._jobs.keep_only(())
        if project.scenarios is not self.project.scenarios:
            self._forget_plans(seen_in(project, state.year))
        if project is not self.project:
            self._ahead = self._foreseen
        self.project, self.state = project, state
        self._show()

    def _forget_plans(self, project: Project) -> None:
        """Lets go of what scenarios once were, but for the last steps: each holds a whole city."""
        now = {scenario.edits for scenario in project.scenarios}
        old = [key for key in self._results if key[0] == "built" and key[2] not in now]
        for key in old[: max(len(old) - EARLIER, 0)]:
            del self._results[key]

    def _show(self) -> None:
        found = self._resolve(self.state)
        if is_whole(found) or not self._still_true():
            self._view, self._drawn_of = found, self.project
        else:
            self._view = meanwhile(self._view, found)
        self._start()
        self.changed.emit(self)

    def _still_true(self) -> bool:
        """Whether what is in view is of what is there now, perhaps in another scenario."""
        same = all(getattr(self.project, name) is getattr(self._drawn_of, name) for name in GIVEN)
        return same and is_whole(self._view)

    def _resolve(self, state: State, *, later: Collection[str] = ()) -> Comparison:
        if self._whole_of is not self.project:
            self._whole_of = self.project
            self._whole.clear()
        key = state, state.time.fold
        if key in self._whole:
            return self._whole[key]
        found = self._settled(
            lambda: in_view(self.project, state, self._results, card_shadows=self.card_shadows),
            lambda view: view.main.wanted,
            later,
        )
        if not found.main.wanted and not found.main.later:
            for old in list(self._whole)[: len(self._whole) - WHOLE + 1]:
                del self._whole[old]
            self._whole[key] = found
        return found

    def _settled(
        self,
        work: Callable[[], T],
        wanted: Callable[[T], Iterable[Request]],
        later: Collection[str] = (),
    ) -> T:
        """What comes of it when all is there that takes no time. later: kinds that are not made."""
        while True:
            found = work()
            quick = [r for r in wanted(found) if r.quick and r.key not in self._results]
            quick = [request for request in quick if request.key[0] not in later]
            if not quick:
                return found
            for request in quick:
                self._results[request.key] = _at_once(request)

    def _start(self) -> None:
        seen = self._open((*self.scene.wanted, *self.scene.later))
        wanted = self._open((*self.scene.wanted, *self._all_asked(), *self.scene.later))
        if not seen:
            wanted |= self._wanted_ahead()
        self._jobs.keep_only(wanted)
        for request in wanted.values():
            if self._is_open(request.key):  # an inline executor may have brought it meanwhile
                self._jobs.start(request)

    def _all_asked(self) -> Iterator[Request]:
        return (request for asked in self._asked.values() for request in asked)

    def _wanted_ahead(self) -> dict[Key, Request]:
        """Of the foreseen states; those that have all are not looked at again before the project changes."""
        wanted: dict[Key, Request] = {}
        left = []
        for state in self._ahead:
            view = self._resolve(state, later=AT_LEISURE).main
            found = self._open((*view.wanted, *view.later))
            if found:
                left.append(state)
                wanted |= found
        self._ahead = tuple(left)
        return wanted

    def _open(self, requests: Iterable[Request]) -> dict[Key, Request]:
        return {request.key: request for request in requests if self._is_open(request.key)}

    def _is_open(self, key: Key) -> bool:
        if key not in self._results:
            return True
        found = self._results[key]
        return isinstance(found, Partial) and not found.given_up

    def _advance(self, key: Key, value: object) -> None:
        self._results[key] = Partial(value)
        self._whole.clear()
        if any(request.key == key for request in self.scene.wanted):
            self._show()

    def _finish(self, key: Key, result: object) -> None:
        if self._results.pop(key, None) is not None:  # what was begun long ago is new now
            self._whole.clear()
        self._results[key] = result
        for old in to_forget(self._results, {request.key for request in self._all_asked()}):
            del self._results[old]
        if any(request.key == key for request in (*self.scene.wanted, *self.scene.later)):
            self._show()
        else:
            self._start()
            if any(request.key == key for request in self._all_asked()):
                self.changed.emit(self)
        self.ticked.emit(self)


def _same(new: State, old: State) -> bool:
    """Whether nothing has changed; times of one zone are equal to Python also when one is an hour later."""
    return new == old and new.time.fold == old.time.fold


def _at_once(request: Request) -> object:
    try:
        return request.function(*request.inputs)
    except Exception as failure:  # becomes a notice in the scene
        return failed(request, failure)
