"""Marks what is chosen, and what breaks a rule."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from twin.analysis.build import Built
from twin.model.scenario import LimitHeight, StudyArea
from twin.model.state import Point, State
from twin.model.terrain import Relief
from twin.scene import terrain
from twin.scene.items import Chosen, Item, Pin, Sketch
from twin.scene.several import trees_named


def chosen(state: State, built: Built, relief: Relief | None) -> dict[str, Item]:
    """What is selected, and where: buildings, trees or a place."""
    if state.selected:
        trees = (
            tuple((x, y, height) for _, (x, y), height in trees_named(built.layers, state.selected))
            if state.several
            else ()
        )
        lifted = tuple(_on(relief, place) for place in trees)
        pins: dict[str, Item] = {"pin": Pin(lifted[0], lifted[1:])} if lifted else {}
        return {"chosen": Chosen(built.drawn, in_order(state.selected)), **pins}
    return {"pin": Pin(state.selection.at)} if state.selection is not None else {}


def broken(state: State, built: Built, relief: Relief | None) -> dict[str, Item]:
    """Rules that are broken, each with its limit, and what breaks them; where changes are marked."""
    items: dict[str, Item] = {}
    if not state.highlight:
        return items
    for rule in dict.fromkeys(each.rule for each in built.broken):
        if isinstance(rule, LimitHeight | StudyArea):
            height = rule.height if isinstance(rule, LimitHeight) else 0.0
            corners = np.array(rule.area.exterior.coords)[:, :2]
            ground = np.zeros(len(corners)) if relief is None else terrain.heights_on(relief, corners)
            base = float(ground.min())
            heights = ground if isinstance(rule, StudyArea) else np.full(len(corners), base + height)
            edge = tuple((float(x), float(y), float(z)) for (x, y), z in zip(corners, heights, strict=True))
            items[f"rule:{rule.id}"] = Sketch(lines=(edge,), wrong=True)
    there = frozenset(built.city.object_id.tolist())
    if wrong := tuple(dict.fromkeys(each.id for each in built.broken if each.id in there)):
        items["broken"] = Chosen(built.drawn, wrong, wrong=True)
    return items


@lru_cache(maxsize=4)
def in_order(ids: frozenset[str]) -> tuple[str, ...]:
    """Sorted; kept, because every picture asks for them and they may be very many."""
    return tuple(sorted(ids))


def _on(relief: Relief | None, place: Point) -> Point:
    """A place above the ground as it is drawn."""
    x, y, above = place
    ground = 0.0 if relief is None else float(terrain.heights_on(relief, np.array([[x, y]]))[0])
    return x, y, ground + above
