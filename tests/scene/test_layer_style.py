from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from shapely import LineString, Point, box, union_all
from shapely.geometry.base import BaseGeometry
from vtkmodules.vtkRenderingCore import vtkRenderer

from twin.errors import DataError
from twin.formats import state_json
from twin.model.layer import Layer, Style
from twin.model.state import AttributeStyle, Camera, LayerStyle, State
from twin.model.table import Value, from_rows
from twin.render import ground, labels
from twin.render.glyphs import make_glyphs
from twin.scene import layer_style, row_filter
from twin.scene.items import Areas, Colouring, Glyphs, Labels, Lines, Look
from twin.session.commands import style_layer

ROWS: list[dict[str, Value]] = [
    {"id": "a", "height": 5.0, "use": "office", "width": 3.0},
    {"id": "b", "height": 25.0, "use": "home", "width": 3.0},
    {"id": "c", "height": None, "use": None, "width": 3.0},
]
STATE = State("today", datetime(2026, 7, 15, 12, tzinfo=UTC))
ABOVE = Camera((0.0, 0.0, 1000.0), (0.0, 1.0, 0.0))


def layer_of(*shapes: object, rows: Sequence[Mapping[str, Value]] | None = None) -> Layer:
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    return Layer("plots", "Plots", geometry, from_rows(rows or ROWS[: len(shapes)]), Style("#123456", 2.0))


PLOTS = layer_of(box(0, 0, 10, 10), box(20, 0, 30, 10), box(40, 0, 50, 10))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", "abc"),
        ("height > 20", "b"),
        ("height <= 25 and use = office", "a"),
        ("use != office", "b"),
        ("off", "a"),
        ("height > 1 om", "b"),
        ('"use" ~ om', "b"),
        ("height = 25,0", "b"),
        ("nothing > 3", "abc"),
        ("height >", "abc"),
    ],
)
def test_a_condition_leaves_what_it_says(text: str, kept: str) -> None:
    rows = row_filter.passing(PLOTS.table, text)
    assert "".join(PLOTS.table.columns["id"][rows]) == kept


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing > 3", "There is no attribute nothing."),
        ("use > tall", "tall is no number."),
        ("height >", "Write a condition"),
        ("height > 3", ""),
        ("office", ""),
    ],
)
def test_what_is_wrong_with_a_condition_is_said(text: str, said: str) -> None:
    assert row_filter.problem(PLOTS.table, text).startswith(said)
    assert bool(row_filter.problem(PLOTS.table, text)) == bool(said)


def test_a_layer_without_a_style_is_the_very_same() -> None:
    assert layer_style.drawn(PLOTS, LayerStyle()) is PLOTS
    assert layer_style.look(PLOTS, LayerStyle()) == Look()


def test_the_same_style_gives_the_very_same_layer_so_that_nothing_is_drawn_anew() -> None:
    style = LayerStyle(shown="height > 1", colour="#ff0000", width=7.0)
    first = layer_style.drawn(PLOTS, style)
    assert first is layer_style.drawn(PLOTS, replace(style))
    assert (len(first.geometry), first.style.colour, first.style.width) == (2, "#ff0000", 7.0)


def test_a_width_of_ones_own_overrules_the_attribute() -> None:
    street = layer_of(LineString([(0, 0), (10, 0)]))
    assert ground.widths(street).tolist() == [3.0]
    assert ground.widths(layer_style.drawn(street, LayerStyle(width=8.0))).tolist() == [8.0]


def test_areas_lines_and_points_take_the_colours_of_their_values() -> None:
    style = LayerStyle(
        attribute="height", values=AttributeStyle(way="classes", split="fixed", breaks=(10.0,))
    )
    look = layer_style.look(PLOTS, style)
    assert look.colouring is not None
    low, high, absent = ground.feature_colours(PLOTS, look.colouring).tolist()
    assert low != high
    assert absent == [0xD6, 0xD4, 0xD0]
    makes: tuple[tuple[Areas | Lines | Glyphs, Callable[..., Any]], ...] = (
        (Areas(PLOTS, 1, look=look), ground.make_areas),
        (Lines(layer_of(*[LineString([(0, i), (9, i)]) for i in range(3)]), 1, look=look), ground.make_lines),
        (Glyphs(layer_of(*[Point(i, 0) for i in range(3)]), 1, look=look), make_glyphs),
    )
    for item, make in makes:
        made = make(item)[-1]
        colours = made.GetMapper().GetInput().GetPointData().GetScalars()
        drawn = {colours.GetTuple(i)[:3] for i in range(colours.GetNumberOfTuples())}
        assert drawn == {tuple(map(float, each)) for each in (low, high, absent)}


def test_edges_of_areas_are_as_wide_as_they_say_and_stand_alone_where_nothing_is_filled() -> None:
    square = layer_of(box(0, 0, 10, 10))
    (edge,) = ground.make_areas(
        Areas(square, 1, look=Look(filled=False, outline="#ff0000", outline_width=2.0))
    )
    assert edge.GetBounds()[:4] == (-1.0, 11.0, -1.0, 11.0)
    assert len(ground.make_areas(Areas(square, 1, look=Look(outline="#ff0000")))) == 2


def test_categories_are_named_in_the_legend() -> None:
    found = layer_style.listed(PLOTS, LayerStyle(attribute="use"))
    assert {name for name, _ in found} == {"office", "home", "no value"}
    assert layer_style.styled(PLOTS, LayerStyle(attribute="nothing")) is None


@pytest.mark.parametrize(
    ("near", "far", "shown"),
    [(0, 0, True), (0, 500, False), (500, 0, True), (1200, 0, False), (900, 1100, True)],
)
def test_a_layer_is_seen_from_where_it_is_wanted(near: float, far: float, shown: bool) -> None:
    assert ground.is_near(near, far, ABOVE) == shown


def test_without_perspective_the_scale_counts() -> None:
    close = replace(ABOVE, height=100.0)
    assert ground.is_near(0.0, 200.0, close)
    assert not ground.is_near(0.0, 200.0, replace(ABOVE, height=1000.0))


def labelled(count: int, most: int = 60, step: float = 400.0) -> Labels:
    rows: list[dict[str, object]] = [
        {"id": str(i), "name": f"Stop {i}", "weight": float(i)} for i in range(count)
    ]
    spots = layer_of(
        *[Point(step * (i % 20) / 20 - 200, step * (i // 20) / 20 - 200) for i in range(count)], rows=rows
    )
    texts = layer_style.labels(spots, LayerStyle(labels="name", priority="weight"))
    assert texts is not None
    return Labels(texts, most)


def test_labels_do_not_cover_one_another() -> None:
    item = labelled(400)
    rows = labels.chosen(item, ABOVE)
    x, y, _ = labels.seen(item.texts.places, ABOVE)
    assert 5 < len(rows) <= 60
    for i, one in enumerate(rows):
        for other in rows[:i]:
            wide = (labels.width(item.texts.words[one]) + labels.width(item.texts.words[other])) / 2
            assert abs(x[one] - x[other]) >= wide or abs(y[one] - y[other]) >= labels.HEIGHT


def test_the_most_important_label_is_always_there() -> None:
    item = labelled(400, most=3)
    assert item.texts.words[0] == "Stop 399"
    rows = labels.chosen(item, ABOVE)
    assert (rows[0], len(rows)) == (0, 3)


def test_labels_stay_while_one_orbits() -> None:
    item = labelled(400)
    before = labels.chosen(item, ABOVE)
    turned = replace(ABOVE, position=(8.0, -8.0, 1000.0))
    after = labels.chosen(item, turned, before)
    assert len(set(before) & set(after)) >= 0.8 * len(before)


def test_larger_text_leaves_room_for_fewer() -> None:
    item = labelled(400, most=300)
    assert len(labels.chosen(item, ABOVE, times=2.0)) < len(labels.chosen(item, ABOVE))


def test_words_of_the_north_have_all_their_letters() -> None:
    rims, inner = labels.letters("Äöå Õü", 1.0)
    assert len(inner.corners) == 4 * 5
    assert len(rims.corners) == len(labels.AROUND) * len(inner.corners)


def test_a_style_is_in_the_saved_view_and_old_views_open() -> None:
    style = LayerStyle(
        "use", AttributeStyle(ramp="lapaz"), outline="#ff0000", far=900.0, labels="use", most=7
    )
    state = style_layer(STATE, "plots", style)
    tree = state_json.encode(state)
    assert state_json.decode(tree, ZoneInfo("UTC")) == state
    assert "layer_styles" not in state_json.encode(STATE)
    assert style_layer(state, "plots", LayerStyle()) == STATE


@pytest.mark.parametrize(
    ("style", "said"),
    [
        (LayerStyle(colour="red"), "no colour"),
        (LayerStyle(width=-1.0), "width is -1"),
        (LayerStyle(near=5.0, far=4.0), "not beyond near"),
        (LayerStyle(most=0), "most is 0"),
        (LayerStyle(values=AttributeStyle(breaks=(2.0, 1.0))), "do not rise"),
    ],
)
def test_a_style_that_cannot_be_is_refused_where_it_stands(style: LayerStyle, said: str) -> None:
    with pytest.raises(DataError, match=f"view.layer_styles: of plots: .*{said}"):
        state_json.check(style_layer(STATE, "plots", style), Path("a.twin.json"), "view.")


def test_a_colouring_that_no_feature_has_is_grey() -> None:
    known = layer_style.styled(PLOTS, LayerStyle("use"))
    assert known is not None
    found = ground.feature_colours(PLOTS, Colouring("nothing", known.scale))
    assert np.unique(found, axis=0).tolist() == [[0xD6, 0xD4, 0xD0]]


def test_labels_of_two_layers_do_not_cover_one_another() -> None:
    first, second = labelled(400, most=8), labelled(400, most=400, step=380.0)
    renderer = vtkRenderer()
    actors = [labels.make_labels(item) for item in (first, second)]

    def written(upper: Labels) -> list[tuple[int, ...]]:
        for made, item in zip(actors, (upper, second), strict=True):
            labels.face_labels(made, item, renderer, ABOVE)
        return [labels._written[made[0]][1] for made in actors]

    def boxes(item: Labels, rows: tuple[int, ...]) -> list[BaseGeometry]:
        x, y, _ = labels.seen(item.texts.places, ABOVE)
        return [box(*edges) for edges in labels._boxes(item, rows, x, y, 1.0)]

    above, below = written(first)
    assert above == labels.chosen(first, ABOVE), "the first has the choice"
    covered = union_all(boxes(first, above))
    assert max(covered.intersection(one).area for one in boxes(second, below)) < 1e-9
    alone = boxes(second, labels.chosen(second, ABOVE))
    assert max(covered.intersection(one).area for one in alone) > 1e-6, "without the first they would"
    assert written(first) == [above, below], "looking again changes nothing"
    _, beside = written(replace(first, far=1.0))
    assert set(beside) >= set(below), "what is too far to be seen covers nothing"
