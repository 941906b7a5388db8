"""Sets models up in the city: turned, larger or smaller, at their places."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPoint, Polygon

from twin.analysis.worksite import Added, Change, Worksite, name_of
from twin.model import city as cities
from twin.model import table
from twin.model.city import City, CityObject
from twin.model.scenario import AddModel


def add_model(work: Worksite, edit: AddModel) -> None:
    """A copy of the model at each point, as one object; tells when the model could not be read."""
    name = name_of(edit)
    if edit.solid is None:
        work.problems.append(
            f"{name}: the model {edit.path} is missing or could not be read; it is not shown."
        )
        return
    places = shapely.get_coordinates(edit.points)
    for number, place in enumerate(places.tolist(), start=1):
        gml_id = edit.id if len(places) == 1 else f"{edit.id}.{number}"
        if gml_id in work.added or work.standing(gml_id) is not None:
            work.problems.append(f"{name}: the city already has an object {gml_id}; it was not built.")
            continue
        corners = placed(edit.solid.vertices, edit, (place[0], place[1]))
        height = float(np.ptp(corners[:, 2]))
        known: dict[str, table.Value] = {
            "name": edit.title or None,
            "measuredHeight": height,
            "height_source": "scenario",
            "model": edit.path,
        }
        known = {key: value for key, value in known.items() if value is not None}
        thing = CityObject(gml_id, edit.kind, -1, known)
        work.added[gml_id] = Added(edit, footprint(corners), thing)
        work.models[gml_id] = replace(
            edit.solid,
            place=work.city.place,
            vertices=corners,
            surface_object=np.zeros_like(edit.solid.surface_object),
            object_id=np.array([gml_id], dtype=object),
            object_type=np.array([edit.kind], dtype=object),
            object_parent=np.array([-1], dtype=np.int32),
            attributes=table.from_rows([known]),
        )
        what = "building" if edit.kind == "Building" else "feature"
        work.changes.append(Change("added", what, gml_id, name, height, "m"))


def placed(corners: NDArray[np.float64], edit: AddModel, at: tuple[float, float]) -> NDArray[np.float64]:
    """The corners (n, 3) of a model where an edit sets it up: scaled, turned, then moved. [m]"""
    turn = math.radians(-edit.rotation)
    flat = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    found = corners * edit.scale
    found[:, :2] = found[:, :2] @ flat.T + at
    found[:, 2] += edit.up
    return found


def footprint(corners: NDArray[np.float64]) -> Polygon:
    """What a model stands on, at most: the ground within its outermost corners."""
    around = MultiPoint(np.unique(corners[:, :2], axis=0)).convex_hull
    return around if isinstance(around, Polygon) else Polygon()


def standing_models(work: Worksite) -> City:
    """The models that no later edit took away, with the attributes they have by now."""
    found = cities.empty(work.city.place)
    for gml_id, model in work.models.items():
        new = work.added.get(gml_id)
        if new is not None:
            found = cities.concatenate(
                found, replace(model, attributes=table.from_rows([new.thing.attributes]))
            )
    return found
