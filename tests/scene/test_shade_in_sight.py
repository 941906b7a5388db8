"""The shade on the screen is that of what is in sight."""

from dataclasses import replace

import numpy as np
from small_station import TODAY, project

from twin.model.state import State
from twin.scene.items import Drape, Shade
from twin.session.session import Session


def lit(state: State) -> np.ndarray:
    shade = Session(project(), state).scene.items["shade"]
    assert isinstance(shade, Shade)
    return np.nan_to_num(shade.lit.values, nan=1.0)


def shaded(values: np.ndarray) -> int:
    return int((values < 0.5).sum())


def test_hidden_objects_cast_no_shade() -> None:
    everything, fewer = lit(TODAY), lit(replace(TODAY, hidden_objects=frozenset({"office", "hotel"})))
    assert shaded(fewer) < 0.8 * shaded(everything)
    assert not (fewer < everything - 0.01).any()


def test_only_what_is_isolated_casts_shade() -> None:
    alone = lit(replace(TODAY, isolated=frozenset({"office"})))
    rest = lit(replace(TODAY, hidden_objects=frozenset({"office"})))
    assert 0 < shaded(alone) < shaded(rest)


def test_without_buildings_only_trees_cast_shade() -> None:
    none = lit(replace(TODAY, hidden=frozenset({"buildings"})))
    assert shaded(none) < 0.3 * shaded(lit(TODAY))


def test_shadows_as_an_analysis_are_those_of_everything() -> None:
    found = [
        Session(project(), replace(TODAY, overlay="shadow", hidden_objects=gone)).scene.items["overlay"]
        for gone in (frozenset(), frozenset({"office", "hotel"}))
    ]
    first, second = (np.nan_to_num(drape.raster.values) for drape in found if isinstance(drape, Drape))
    assert (first == second).all()
