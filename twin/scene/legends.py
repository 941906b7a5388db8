"""Gathers how to read all that has colours or signs on the screen: overlay, sensors, layers, points."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from twin.analysis.build import Built
from twin.model.points import PointCloud
from twin.model.state import State
from twin.model.terrain import Relief
from twin.scene import clouds, layer_style
from twin.scene.colours import Classes
from twin.scene.overlay import View
from twin.scene.scene import Legend
from twin.scene.terrain import COLOUR

Legends = tuple[Legend | None, tuple[Legend, ...]]
"""That of the overlay, and all others."""
NO_COLOUR = "#ffffff"
"""Beside what stands for several classes."""


def legends_of(
    view: View,
    sensors: Legend | None,
    state: State,
    built: Built,
    points: Sequence[PointCloud],
    relief: Relief | None,
    among: Sequence[Built] = (),
) -> Legends:
    """The legends of what is seen. points: the clouds that are shown; among: as of `layer_style.look`."""
    found = () if sensors is None else (sensors,)
    further = (*found, *layer_style.legends(state, built, among), *clouds.legends(points))
    return _with_note(None if _unseen(view, state) else view.legend, further, relief)


def _unseen(view: View, state: State) -> bool:
    """Whether what the overlay colours is hidden."""
    if view.drape is not None:
        return "overlay" in state.hidden
    return view.colouring is not None and "buildings" in state.hidden


def _with_note(legend: Legend | None, further: tuple[Legend, ...], relief: Relief | None) -> Legends:
    """The first says where heights are not drawn as they are; where there is none, one is made for it."""
    if relief is None or relief.exaggeration == 1.0:
        return legend, further
    told, ground = f"Heights of the ground are drawn × {relief.exaggeration:g}.", relief.terrain
    if legend is not None:
        return _noted(legend, told), further
    if further:
        return None, (_noted(further[0], told), *further[1:])
    scale = Classes(((f"Ground, heights × {relief.exaggeration:g}", COLOUR),), "")
    return None, (Legend(ground.title, "", scale, ground.source or "Source not stated", told),)


def _noted(legend: Legend, told: str) -> Legend:
    return replace(legend, note=f"{legend.note} {told}".strip())


def said_of_all(one: Legend, other: Legend) -> Legend:
    """The second of two legends of the same colours, which says only what holds for both."""
    title, note = _common(one.title, other.title, ", "), _common(one.note, other.note, ". ")
    return replace(other, title=title or other.title, note=note)


def shortened(legend: Legend, most: int, more: str) -> Legend:
    """The legend with so many lines of classes at most, the last of which counts those that are left out."""
    scale = legend.scale
    if not isinstance(scale, Classes) or len(scale.colours) <= most:
        return legend
    kept, left = scale.colours[: most - 1], len(scale.colours) - most + 1
    return replace(legend, scale=replace(scale, colours=(*kept, (more.format(left), NO_COLOUR))))


def only(legend: Legend, present: Collection[str]) -> Legend:
    """The legend with these of its classes."""
    scale = legend.scale
    if not isinstance(scale, Classes):
        return legend
    return replace(legend, scale=replace(scale, colours=tuple(c for c in scale.colours if c[0] in present)))


def _common(one: str, other: str, between: str) -> str:
    """The parts of a text that another has as well."""
    if one == other:
        return other
    ended, others = other.endswith("."), one.removesuffix(".").split(between)
    kept = [part for part in other.removesuffix(".").split(between) if part in others]
    return between.join(kept) + ("." if kept and ended else "")
