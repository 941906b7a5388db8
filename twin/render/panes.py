"""Draws several scenes in one window, each only where it is seen, so that all cost about as much as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from vtkmodules.vtkCommonCore import vtkCommand
from vtkmodules.vtkCommonDataModel import vtkRecti
from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow

from twin.model.state import Camera
from twin.render.quads import size_text
from twin.render.stage import Stage
from twin.render.weakly import weakly
from twin.scene.comparison import WHOLE, Pane, Side

REACH = 24
"""Smoothing of edges looks no further than this, so that a strip ends as the whole picture has it. [px]"""


class Panes:
    """The stages of a window, one for each side in view; the first is always there."""

    def __init__(self, window: vtkRenderWindow, *, casts: bool = False) -> None:
        """casts: the card draws the shadows."""
        self._window, self._casts = window, casts
        self._free: list[Stage] = []
        self._text = 1.0
        self._alone: Stage | None = None
        self._columns = (0, 0)
        self._of: dict[str, Stage] = {}
        self._places: dict[Stage, Pane] = {}
        self.first = self._new()
        self._places[self.first] = WHOLE
        window.AddObserver(vtkCommand.StartEvent, weakly(self._aim))

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Those in view, in the order of the sides."""
        return tuple(self._places)

    @property
    def places(self) -> tuple[Pane, ...]:
        """Where they are, in the same order."""
        return tuple(self._places.values())

    def show(self, sides: Sequence[Side], places: Sequence[Pane], camera: Camera | None = None) -> None:
        """Makes the window equal to these sides; each stays on the stage that has it already."""
        names = [side.scenario for side in sides]
        spare = [stage for name, stage in self._of.items() if name not in names] + self._free
        if self.first not in self._of.values() and self.first not in spare:
            spare.insert(0, self.first)
        found = {name: self._of[name] for name in names if name in self._of}
        for name in names:
            if name not in found:
                found[name] = spare.pop(0) if spare else self._new()
        for stage in spare:
            stage.clear()
            stage.renderer.DrawOff()
        self._of, self._free = found, spare
        self._places = {found[side.scenario]: place for side, place in zip(sides, places, strict=True)}
        for side in sides:
            found[side.scenario].renderer.DrawOn()
            found[side.scenario].show(side.scene, camera)

    def divide(self, places: Sequence[Pane]) -> None:
        """Moves the borders between the same sides."""
        self._places = dict(zip(self._places, places, strict=True))

    def look(self, camera: Camera) -> None:
        """From one place on all sides."""
        for stage in self._places:
            stage.look(camera)

    def fine(self, wanted: bool) -> None:
        """As `Stage.fine`, on all sides."""
        for stage in self._places:
            stage.fine(wanted)

    @property
    def text_size(self) -> float:
        """How many times as large as usual signs and letters in the scenes are."""
        return self._text

    def size_text(self, times: float) -> None:
        """Signs and letters in the scenes are so many times as large as usual."""
        self._text = times
        for stage in {self.first, *self._places, *self._free}:
            size_text(stage.renderer, times)

    @contextmanager
    def alone(self, stage: Stage, columns: tuple[int, int]) -> Iterator[None]:
        """Draws one stage on the whole window, and of it what these columns need.

        columns: the first, and the one after the last. [px]
        """
        self._alone, self._columns = stage, columns
        try:
            yield
        finally:
            self._alone = None

    def clear(self) -> None:
        """Takes everything away."""
        for stage in {self.first, *self._places, *self._free}:
            stage.clear()

    def _new(self) -> Stage:
        renderer = vtkRenderer()
        self._window.AddRenderer(renderer)
        size_text(renderer, self._text)
        return Stage(renderer, casts=self._casts)

    def _aim(self) -> None:
        """Before each frame, as the window may have another size."""
        width, height = self._window.GetSize()
        for stage, pane in self._places.items():
            renderer, camera = stage.renderer, stage.renderer.GetActiveCamera()
            if self._alone is None:
                left, top, right, bottom = pane.pixels((width, height))
                columns = pane.seen(width)
            else:
                left, top, right, bottom = 0, 0, width, height
                columns = max(self._columns[0] - REACH, 0), min(self._columns[1] + REACH, width)
            seen = columns[1] > columns[0] and bottom > top and self._alone in (None, stage)
            renderer.SetDraw(seen)
            renderer.SetViewport(left / width, 1 - bottom / height, right / width, 1 - top / height)
            camera.SetUseScissor(columns != (left, right))
            camera.SetScissorRect(
                vtkRecti(columns[0], height - bottom, columns[1] - columns[0], bottom - top)
            )
