"""Where labels of sensors stand on the picture, what they join, and what a click finds."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from twin.model.observed import OBSERVED
from twin.model.state import Camera
from twin.render.sensor_layout import Label, labels, seen, tops
from twin.render.sensor_pills import kept_inside
from twin.render.sensor_signs import LETTERS, SHAPES, signs
from twin.render.sensors import sensor_hit
from twin.scene.colours import Classes
from twin.scene.scene import Legend
from twin.scene.sensor_marks import BAD, GOOD, STALE, Sensed, SensorMarks

FAR, NEAR = Camera((0.0, -4000.0, 3000.0), (0.0, 0.0, 0.0)), Camera((0.0, -160.0, 120.0), (0.0, 0.0, 0.0))


def net(count: int = 3, apart: float = 40.0) -> Sensed:
    places = np.column_stack([(np.arange(count) - 1) * apart, np.zeros(count), np.full(count, 2.0)])
    status = np.array([GOOD, STALE, BAD] * count, dtype=np.int8)[:count]
    values = np.where(status == BAD, np.nan, 20.0 + np.arange(count))
    return Sensed(
        "air_temperature",
        tuple(range(count)),
        tuple(f"f/{number}" for number in range(count)),
        places,
        values,
        status,
        tuple(f"{value:.1f} °C" for value in values),
        ("#bc622f",) * count,
        "°C",
        np.where(np.isnan(values), 0.0, 30.0),
        Legend("Air temperature", "°C", Classes(()), "Nobody", ""),
    )


def test_from_afar_sensors_share_a_label_that_says_how_many() -> None:
    found = net()
    (label,) = labels(found, found.places, FAR)
    assert label.members == (0, 1, 2)
    assert label.text == "3: 20.0 °C, 2 bad"


def test_from_near_each_has_its_own() -> None:
    found = net()
    assert sorted(label.members for label in labels(found, found.places, NEAR)) == [(0,), (1,), (2,)]


def test_a_click_finds_the_sensor_under_it_and_nothing_beside() -> None:
    item, size = SensorMarks(net()), (1200, 800)
    x, y, _ = seen(tops(item), NEAR)
    row = 2
    at = size[0] / 2 + x[row] * size[1], size[1] * (0.5 - y[row] - 0.035)
    found = sensor_hit(item, NEAR, *at, size)
    assert found is not None
    assert (found.kind, found.id) == ("sensor", "f/2")
    assert sensor_hit(item, NEAR, at[0], at[1] - 200, size) is None


def test_what_lies_behind_the_eye_has_no_label() -> None:
    found = net()
    away = Camera((0.0, 500.0, 120.0), (0.0, 900.0, 0.0))
    assert labels(found, found.places, away) == ()


def test_every_observed_property_and_letter_has_a_sign() -> None:
    atlas = signs()
    missing = set(OBSERVED) - set(SHAPES)
    assert missing == set()
    for name in (*SHAPES, *LETTERS):
        left, bottom, right, top = atlas.places[name]
        rows, columns = atlas.image.shape[:2]
        cell = atlas.image[
            int(bottom * rows) : int(top * rows), int(left * columns) : int(right * columns), 3
        ]
        assert cell.max() > 200, name


def test_old_and_bad_differ_without_colour() -> None:
    """In a picture without colours each of the three kinds of label looks unlike the others."""
    from one_picture import snapshot

    from twin.analysis.sun import sun
    from twin.model.place import Place
    from twin.scene.scene import Scene

    light = sun(Place("EPSG:3879", (0.0, 0.0, 0.0), 25.0, 60.0, "UTC"), datetime(2026, 6, 1, 12, tzinfo=UTC))
    item = SensorMarks(net())
    picture = snapshot(Scene({"sensors": item}, NEAR, light, None), (480, 320)).mean(axis=2)
    x, y, _ = seen(tops(item), NEAR)
    cuts = []
    for row in range(3):
        column, line = round(240 + x[row] * 320), round(320 * (0.5 - y[row] - 0.037))
        cuts.append(picture[line - 5 : line + 5, column - 24 : column + 24])
    assert cuts[0].mean() > cuts[1].mean() > cuts[2].mean()
    assert cuts[0].std() > 20  # there is writing


def test_with_larger_text_labels_are_larger_for_eye_and_hand_and_share_more() -> None:
    from twin.analysis.sun import sun
    from twin.model.place import Place
    from twin.render.snapshot import Darkroom
    from twin.scene.scene import Scene

    alone = SensorMarks(net(1))
    light = sun(Place("EPSG:3879", (0.0, 0.0, 0.0), 25.0, 60.0, "UTC"), datetime(2026, 6, 1, 12, tzinfo=UTC))
    room, size = Darkroom((480, 320), fine=False), (480, 320)
    empty = room.photograph(Scene({}, NEAR, light, None)).astype(int)
    heights = []
    for times in (1.0, 2.0):
        room.panes.size_text(times)
        picture = room.photograph(Scene({"sensors": alone}, NEAR, light, None)).astype(int)
        rows = np.flatnonzero((abs(picture - empty).max(axis=2) > 20).any(axis=1))
        heights.append(np.ptp(rows))
    room.close()
    assert heights[1] / heights[0] == pytest.approx(2.0, rel=0.1)
    x, y, _ = seen(tops(alone), NEAR)
    at = size[0] / 2 + x[0] * size[1], size[1] * (0.5 - y[0] - 0.085)
    assert sensor_hit(alone, NEAR, *at, size) is None
    assert sensor_hit(alone, NEAR, *at, size, 2.0) is not None
    found = net()
    assert len(labels(found, found.places, NEAR)) == 3
    assert len(labels(found, found.places, NEAR, times=4.0)) < 3


def test_in_a_picture_labels_are_whole_and_their_stems_stay_at_the_sensors() -> None:
    """Beyond the edges of a picture nothing is seen of what is drawn with more around it."""
    from twin.analysis.sun import sun
    from twin.model.place import Place
    from twin.render.quads import shape_picture
    from twin.render.snapshot import Darkroom
    from twin.scene.scene import Scene

    above = Camera((0.0, 0.0, 1000.0), (0.0, 1e-3, 0.0), height=200.0)
    one = net(1)
    light = sun(Place("EPSG:3879", (0.0, 0.0, 0.0), 25.0, 60.0, "UTC"), datetime(2026, 6, 1, 12, tzinfo=UTC))
    room, size = Darkroom((480, 320), fine=False), (480, 320)
    empty = room.photograph(Scene({}, above, light, None)).astype(int)
    for x, y in ((149.0, 0.0), (-149.0, 99.0), (0.0, 99.0)):
        item = SensorMarks(replace(one, places=np.array([[x, y, 0.0]])))
        scene = Scene({"sensors": item}, above, light, None)
        kept = (abs(room.photograph(scene).astype(int) - empty).max(axis=2) > 12).sum()
        alone = SensorMarks(replace(one, places=np.zeros((1, 3))))
        middle = room.photograph(Scene({"sensors": alone}, above, light, None)).astype(int)
        whole = (abs(middle - empty).max(axis=2) > 12).sum()
        assert kept > 0.85 * whole, "but for the stem, which may be hidden"
        shape_picture(room.stage.renderer, 4.0)
        room.stage.show(scene)
        beyond = (abs(room.take(size).astype(int) - empty).max(axis=2) > 12).sum()
        assert beyond < 0.8 * whole or x == 0.0, "in a wider picture it may be there"
    room.close()


def test_what_stands_outside_of_a_picture_or_is_wider_than_it_has_no_label() -> None:
    here = Label(0.0, 0.0, (0,), "20.0 °C", "#bc622f", GOOD)
    assert kept_inside([here], 1.5) == (here,)
    assert kept_inside([replace(here, x=0.8), replace(here, y=0.6)], 1.5) == ()
    assert kept_inside([replace(here, text="a very long text " * 9)], 0.6) == ()
    (moved,) = kept_inside([replace(here, x=0.74)], 1.5)
    assert moved.x == 0.74
    assert moved.aside < 0
    assert moved.covers(0.74 + moved.aside, 0.037)


def test_labels_that_would_cover_one_another_in_a_picture_are_lifted_and_the_nearest_stays() -> None:
    far, near = (Label(x, 0.0, (0,), "3: 28.6 to 29.2 °C", "#bc622f", GOOD) for x in (0.0, 0.12))
    lifted, stays = kept_inside([far, near], 1.5)
    assert stays == near
    assert lifted.lower < -0.03
    assert lifted.x == far.x
    apart = replace(near, x=0.5)
    assert kept_inside([far, apart], 1.5) == (far, apart)
    column = [replace(far, y=y) for y in (0.1, 0.101, 0.102)]
    heights = sorted(label.y - label.lower for label in kept_inside(column, 1.5))
    assert min(np.diff(heights)) > 0.03
