"""Draws the pictures of a film one after another, each with its words and its sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from twin.analysis.growth import seen_in
from twin.analysis.surface_model import surface_model
from twin.app.compare_picture import photograph
from twin.app.export_scenes import Shown, first_look, shown
from twin.app.picture import application, compose, texts
from twin.app.sensor_pictures import session_of
from twin.model.project import Project
from twin.model.state import State
from twin.model.terrain import on_grid, raised
from twin.render.snapshot import Darkroom
from twin.scene.film import Film, check, moments, rises, shares
from twin.scene.flight import Heights, flight, heights_of
from twin.scene.flight_morph import BETWEEN, between
from twin.scene.overlays import cell_size
from twin.scene.resolve import extent
from twin.scene.terrain import ground_of
from twin.session.session import Session

Pixels = NDArray[np.uint8]


class Reel:
    """The pictures of a film; gives its window back when it is closed."""

    def __init__(self, project: Project, film: Film) -> None:
        """Raises TwinError where there can be no such film."""
        check(film)
        self._application = application()
        state = first_look(project, film.state) if film.kind != "flight" else film.state
        self.project, self.film = project, replace(film, state=state)
        self.notices: tuple[str, ...] = ()
        self.said: dict[str, str] = {}
        """What the file says of itself: title, sources and so on."""
        self._room = Darkroom(film.size, shadows=film.shadows)

    def __enter__(self) -> Reel:
        return self

    def __exit__(self, *_: object) -> None:
        self._room.close()

    def pictures(self) -> Iterator[QImage]:
        """All of them in their order, drawn when they are asked for."""
        return {"flight": self._flight, "day": self._day, "morph": self._morph}[self.film.kind]()

    def _flight(self) -> Iterator[QImage]:
        film = self.film
        session = self._session(self.project, film.state)
        try:
            roofs, ground = obstacles(session)
            views = film.views or (session.scene.camera,)
            pause = round(film.pause * film.rate)
            for camera in flight(views, film.frames, pause=pause, roofs=roofs, ground=ground):
                # the scene is the same from everywhere, so only the camera moves
                state, scene = replace(film.state, camera=camera), replace(session.scene, camera=camera)
                sides = tuple(
                    replace(side, scene=replace(side.scene, camera=camera)) for side in session.sides
                )
                yield self._finished(Shown(state, scene, sides), self.project)
        finally:
            session.close()

    def _day(self) -> Iterator[QImage]:
        states = tuple(replace(self.film.state, time=time) for time in moments(self.film, self.project.place))
        session = self._session(self.project, states[0])
        try:
            for each in shown(session, states):
                yield self._finished(each, self.project)
        finally:
            session.close()

    def _morph(self) -> Iterator[QImage]:
        film = self.film
        first, last = film.state, replace(film.state, scenario=film.after)
        session = self._session(self.project, first)
        try:
            ends = tuple(shown(session, (first, last)))
        finally:
            session.close()
        if not rises(film):
            yield from self._faded(*ends)
            return
        project = seen_in(self.project, first.year)
        steps = shares(film)
        projects = between(project, first.scenario, last.scenario, steps)
        still: dict[float, QImage] = {}
        for number, share in enumerate(steps):
            if share in (0.0, 1.0):
                if share not in still:
                    still[share] = self._finished(ends[round(share)], self.project)
                yield still[share]
                continue
            made = projects[number]
            state = replace(first, scenario=BETWEEN, year=None)
            moment = self._session(made, state)
            try:
                yield self._finished(Shown(state, moment.scene, moment.sides), made)
            finally:
                moment.close()

    def _faded(self, first: Shown, last: Shown) -> Iterator[QImage]:
        drawn = [self._drawn(each).astype(np.float32) for each in (first, last)]
        self.notices = (
            *self.notices,
            "The overlay is worked out for each scenario as a whole: one picture fades into the other.",
        )
        for share in shares(self.film):
            mixed = np.rint((1 - share) * drawn[0] + share * drawn[1]).astype(np.uint8)
            yield self._with_words(mixed, last if share >= 0.5 else first, self.project)

    def _session(self, project: Project, state: State) -> Session:
        return session_of(project, state, card_shadows=self._room.stage.casts)

    def _drawn(self, each: Shown) -> Pixels:
        return photograph(self._room, each.sides, (), self.film.size)

    def _finished(self, each: Shown, project: Project) -> QImage:
        return self._with_words(self._drawn(each), each, project)

    def _with_words(self, drawn: Pixels, each: Shown, project: Project) -> QImage:
        self.notices = tuple(dict.fromkeys([*self.notices, *each.scene.notices]))
        self.said = self.said or texts(project, each.state, each.scene)
        furniture = not self.film.plain
        return compose(drawn, project, each.state, each.scene, furniture=furniture, sides=each.sides)


def obstacles(session: Session) -> tuple[Heights, Heights]:
    """How high the roofs of the scenario in view stand, and its ground."""
    project, state = session.project, session.state
    bounds = extent(project)
    cell = cell_size(bounds)
    with_ground, *_ = ground_of(project, state, session.results)
    built = session.scene.built
    city = project.city if built is None else built.city
    bare = None
    if with_ground.terrain is not None:
        bare = on_grid(with_ground.terrain, bounds, cell)
        high = raised(with_ground.terrain, bare.values.astype(np.float64), state.exaggeration)
        bare = replace(bare, values=high.astype(np.float32))
    solid = surface_model(city, bounds=bounds, cell=cell, ground=bare)
    ground = heights_of(bare) if bare is not None else lambda east, _north: np.zeros(len(east))
    return heights_of(solid), ground
