"""How any attribute becomes colours, and what the legend says of it."""

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from small_station import PLACE, TODAY, city, project

from twin.model import table
from twin.model.city import City, CityObject, from_objects
from twin.model.state import AttributeStyle
from twin.model.table import number_of
from twin.render.paint import object_colours
from twin.scene.attributes import attributes, breaks_of, styled
from twin.scene.colours import (
    ABSENT,
    CATEGORY_COLOURS,
    OTHER,
    Classes,
    Ramp,
    Steps,
    class_colours,
    graded,
    number_colours,
    rgb,
)
from twin.scene.items import Buildings, Colouring
from twin.session import commands
from twin.session.session import Session

CLASSES = AttributeStyle(way="classes", classes=4)


def having(**columns: list[table.Value]) -> City:
    count = len(next(iter(columns.values())))
    rows = [{name: column[i] for name, column in columns.items()} for i in range(count)]
    return from_objects(PLACE, [CityObject(f"b{i}", attributes=row) for i, row in enumerate(rows)])


def legend(found: object) -> dict[str, str]:
    assert isinstance(found, Classes)
    return dict(found.colours)


def test_text_becomes_categories_the_most_frequent_first() -> None:
    found = styled((having(roof=["flat", "hip", "flat", None]),), "roof", AttributeStyle())
    assert legend(found.legend) == {
        "flat": CATEGORY_COLOURS[0],
        "hip": CATEGORY_COLOURS[1],
        "no value": ABSENT,
    }
    assert "3 of 4 objects have a value." in found.note
    assert isinstance(found.scale, Classes)
    drawn = class_colours(found.scale, np.array(["hip", "tent"], dtype=object))
    assert [tuple(c / 255) for c in drawn] == [rgb(CATEGORY_COLOURS[1]), rgb(OTHER)]


def test_numbers_that_some_objects_have_as_text_are_a_ramp() -> None:
    mixed: list[table.Value] = ["19.5", 17.58, "3.20", *(float(i) for i in range(20))]
    found = styled((having(height=mixed),), "height", AttributeStyle())
    assert isinstance(found.scale, Ramp)
    drawn = object_colours(having(height=mixed), Colouring("height", found.scale))
    assert (
        drawn.tolist()
        == object_colours(
            having(height=[number_of(value) for value in mixed]), Colouring("height", found.scale)
        ).tolist()
    )
    assert len({tuple(colour) for colour in drawn.tolist()}) > 15


@pytest.mark.parametrize("codes", [["1000", "1030", "1000"], ["00580", 580], ["v1.2", 3.0], [True, "2.5"]])
def test_codes_stay_categories(codes: list[table.Value]) -> None:
    found = styled((having(code=codes),), "code", AttributeStyle(way="ramp"))
    assert isinstance(found.scale, Classes)


def test_few_numbers_are_the_same_class_as_text_and_as_number() -> None:
    found = styled((having(level=["4.0", 4, 3.5, "3.5"]),), "level", AttributeStyle())
    assert isinstance(found.scale, Classes)
    drawn = class_colours(found.scale, np.array(["4.0", 4, 3.5, "3.5"], dtype=object)).tolist()
    assert drawn[0] == drawn[1] != drawn[2] == drawn[3]


def test_more_than_twelve_values_share_one_colour_in_the_end() -> None:
    values: list[table.Value] = [f"kind {i}" for i in range(20) for _ in range(20 - i)]
    found = styled((having(kind=values),), "kind", AttributeStyle())
    assert list(legend(found.legend)) == [*(f"kind {i}" for i in range(12)), "other (8)"]


def test_a_value_called_other_keeps_its_own_colour() -> None:
    found = styled((having(kind=["other", "a"]),), "kind", AttributeStyle())
    assert isinstance(found.scale, Classes)
    drawn = class_colours(found.scale, np.array(["other", "b"], dtype=object))
    assert not (drawn[0] == drawn[1]).all()


def test_truth_values_are_categories_called_yes_and_no() -> None:
    found = styled((having(listed=[True, False, True]),), "listed", AttributeStyle(way="ramp"))
    assert list(legend(found.legend)) == ["yes", "no"]


def test_few_numbers_are_categories_in_their_order() -> None:
    found = styled((having(storeys=[3, 1, 3, 2]),), "storeys", AttributeStyle())
    assert list(legend(found.legend)) == ["1", "2", "3"]
    assert list(legend(found.legend).values()) == list(graded("batlow", 3, reversed=True))


def test_many_numbers_are_a_ramp_from_light_to_dark_without_single_far_values() -> None:
    values: list[table.Value] = [*map(float, range(100)), 9999.0]
    found = styled((having(area=values),), "area", AttributeStyle())
    assert isinstance(found.scale, Ramp)
    assert 0 < found.scale.low < 5
    assert 95 < found.scale.high < 200
    assert found.note.startswith("Values go from 0 to 9999. 101 of 101")
    light, dark = number_colours(found.scale, np.array([found.scale.low, found.scale.high])).sum(1)
    assert light > dark
    turned = styled((having(area=values),), "area", AttributeStyle(reversed=True))
    assert isinstance(turned.scale, Ramp)
    light, dark = number_colours(turned.scale, np.array([0.0, 99.0])).sum(1)
    assert light < dark


def test_classes_of_equal_counts_of_equal_width_and_at_given_ends() -> None:
    values = np.array([0.0] * 2 + [1, 2, 3, 4, 5, 6, 7, 100])
    assert breaks_of(values, CLASSES) == pytest.approx([1.25, 3.5, 5.75], abs=0.5)
    assert breaks_of(values, replace(CLASSES, split="equal")) == (25.0, 50.0, 75.0)
    fixed = replace(CLASSES, split="fixed", breaks=(2.0, 50.0))
    assert breaks_of(values, fixed) == (2.0, 50.0)
    found = styled((having(n=values.tolist()),), "n", fixed)
    assert list(legend(found.legend)) == ["below 2", "2 – 49", "50 and above"]
    assert isinstance(found.scale, Steps)
    rows = number_colours(found.scale, np.array([1.9, 2.0, 49.9, 50.0]))
    assert [(a == b).all() for a, b in pairwise(rows)] == [False, True, False]


def test_classes_of_whole_numbers_are_named_without_overlap() -> None:
    style = replace(CLASSES, split="fixed", breaks=(2.0, 3.0, 7.0))
    whole = styled((having(n=[1.0, 2.0, 9.0]),), "n", style)
    assert list(legend(whole.legend)) == ["below 2", "2", "3 – 6", "7 and above"]
    parts = styled((having(n=[1.5, 2.0, 9.0]),), "n", style)
    assert list(legend(parts.legend)) == ["below 2", "2 – 3", "3 – 7", "7 and above"]


@pytest.mark.parametrize("values", [[5.0, 5.0], [1.0, 1.0, 1.0, 2.0], [1e-9, 2e-9, 3e-9], [-1e9, 0.0, 1e9]])
def test_any_numbers_make_classes(values: list[table.Value]) -> None:
    for split in ("quantiles", "equal"):
        found = styled((having(n=values),), "n", AttributeStyle(way="classes", split=split))
        assert isinstance(found.scale, Steps)
        assert len(found.scale.colours) == len(found.scale.breaks) + 1
        assert list(found.scale.breaks) == sorted(set(found.scale.breaks))


def test_an_attribute_that_nobody_has_is_refused() -> None:
    with pytest.raises(ValueError, match="no object has the attribute x"):
        styled((city(),), "x", AttributeStyle())


def test_attributes_are_listed_with_counts() -> None:
    found = attributes(having(a=[1, None, None], b=["x", "x", None], c=[None, None, None]))
    assert [(each.name, each.count, each.numeric, each.distinct) for each in found] == [
        ("b", 2, False, 1),
        ("a", 1, True, 1),
    ]


def test_an_attribute_colours_the_buildings_and_has_a_legend_with_its_source() -> None:
    session = Session(project(), replace(TODAY, shadows=False))
    session.do(commands.choose_overlay, "attribute:measuredHeight")
    item = session.scene.items["buildings"]
    assert isinstance(item, Buildings)
    assert item.colouring is not None
    assert item.colouring.column == "measuredHeight"
    shown = session.scene.legend
    assert shown is not None
    assert (shown.title, shown.unit) == ("measuredHeight", "m")
    assert shown.source
    session.do(commands.set_style, CLASSES)
    changed = session.scene.items["buildings"]
    assert isinstance(changed, Buildings)
    assert changed.colouring is not None
    assert isinstance(changed.colouring.scale, Steps)
    session.undo()
    assert session.scene.items["buildings"] == item


def test_another_attribute_begins_without_the_ends_of_classes_of_the_one_before() -> None:
    session = Session(project(), replace(TODAY, shadows=False))
    session.do(commands.choose_overlay, "attribute:measuredHeight")
    session.do(commands.set_style, AttributeStyle("classes", "fixed", 5, (10.0,), "lapaz"))
    session.do(commands.choose_overlay, "attribute:use")
    assert session.state.style == AttributeStyle(ramp="lapaz")


def test_an_attribute_that_is_not_there_is_no_overlay() -> None:
    state = replace(TODAY, shadows=False, overlay="attribute:nothing")
    assert Session(project(), state).scene.legend is None


def seen(colour: str, how: np.ndarray) -> np.ndarray:
    """In CIE 1976 L*a*b*, as eyes see it that lack a kind of cone."""
    part = np.array(rgb(colour))
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ np.clip(how @ linear, 0, 1) / [0.9505, 1.0, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


EYES = {
    "all cones": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""Machado, Oliveira & Fernandes (2009), severity 1.0."""


@pytest.mark.parametrize("how", EYES.values(), ids=EYES.keys())
def test_categories_can_be_told_apart_by_all_eyes(how: np.ndarray) -> None:
    places = [seen(colour, how) for colour in (*CATEGORY_COLOURS, OTHER, ABSENT)]
    assert min(np.linalg.norm(a - b) for a, b in combinations(places, 2)) > 12
