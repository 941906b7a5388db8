"""Remembers the edges that corners are pulled to, so that the mouse need not wait for them."""

from __future__ import annotations

import math

import numpy as np
from shapely import LineString

from twin.model.project import Project
from twin.model.scenario import Scenario, shape_of
from twin.scene import layer_style
from twin.scene.snapping import NONE, Flat, Segments, edges_of, edges_of_city, edges_of_lines, near

AROUND = 150.0
"""Edges so near to the mouse are looked at. [m]"""


class Targets:
    """What stands in a project today, gathered once, and what a scenario draws."""

    def __init__(self) -> None:
        self._of: tuple[object, object] | None = None
        self._standing = NONE
        self._middle: Flat = (0.0, 0.0)
        self._near: Segments | None = None

    def near(self, project: Project, scenario: Scenario, place: Flat) -> Segments:
        """The edges near a place, those of the scenario last."""
        of = (project.city, project.layers)
        if self._of is None or any(a is not b for a, b in zip(of, self._of, strict=True)):
            self._of, self._standing, self._near = of, standing(project), None
        if self._near is None or math.dist(self._middle, place) > AROUND / 2:
            self._middle, self._near = place, near(self._standing, place, AROUND)
        shapes = [shape for edit in scenario.edits if (shape := shape_of(edit)) is not None]
        lines = [shape for shape in shapes if isinstance(shape, LineString)]
        return np.concatenate([self._near, edges_of(shapes), edges_of_lines(lines)])


def standing(project: Project) -> Segments:
    """The edges of all that stands and lies in a project."""
    found = [edges_of_city(project.city)]
    for layer in project.layers:
        dimension = layer_style.dimension(layer)
        if dimension == 2:
            found.append(edges_of(layer.geometry))
        elif dimension == 1:
            found.append(edges_of_lines(layer.geometry))
    return np.concatenate(found)
