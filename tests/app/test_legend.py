"""A legend says how to read the colours, at any size."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
import small_station
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from twin.app.legend import MARGIN, LegendView, legend_size, occurring, paint_legend, ticks
from twin.app.theme import palette
from twin.model.state import LayerStyle
from twin.scene.colours import USE_COLOURS, Classes, Ramp, ramp_colours
from twin.scene.scene import Legend
from twin.scene.sensors import HEARD
from twin.session.commands import choose_overlay
from twin.session.session import Session

HOURS = Legend("Sun hours", "h", Ramp("lajolla", 0.0, 18.0), "Computed on a 2 m grid", "Clear sky.")
USE = Legend("Building use", "", Classes(tuple(USE_COLOURS.items())), "A source")

pytestmark = pytest.mark.usefixtures("qapp")


def painted(legend: Legend, scale: float, **options: Any) -> np.ndarray:
    """The legend alone, on black: (rows, columns, 3)."""
    size = legend_size(legend, scale=scale, present=options.get("present")).toSize()
    image = QImage(size, QImage.Format.Format_RGB888)
    image.fill(QColor("black"))
    painter = QPainter(image)
    paint_legend(painter, legend, QRectF(image.rect()), scale=scale, **options)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def shows(picture: np.ndarray, colour: str, within: int = 6) -> bool:
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return bool((np.abs(picture.astype(int) - wanted).max(axis=2) <= within).sum() > 20)


@given(st.floats(-1e5, 1e5), st.floats(1e-3, 1e6), st.integers(2, 8))
def test_ticks_are_few_round_and_within(low: float, span: float, most: int) -> None:
    found = ticks(low, low + span, most)
    assert 1 <= len(found) <= most
    assert all(low - 1e-6 * span <= tick <= low + span * (1 + 1e-6) for tick in found)
    assert list(found) == sorted(set(found))


def test_known_ticks() -> None:
    assert ticks(0, 18) == (0, 5, 10, 15)
    assert ticks(0, 1) == (0, 0.5, 1)
    assert ticks(-0.6, 1.15, 5) == (-0.5, 0, 0.5, 1)
    assert ticks(7, 7) == (7,)


def test_a_ramp_is_painted_from_its_low_to_its_high_colour() -> None:
    picture = painted(HOURS, 1.0)
    low, high = ramp_colours(Ramp("lajolla", 0, 18), np.array([0.4, 17.6]))
    for colour in (low, high):
        assert shows(picture, "#" + "".join(f"{c:02x}" for c in colour), within=14)


def test_only_what_can_be_is_painted() -> None:
    half = replace(HOURS, scale=Ramp("oslo", -1.0, 1.0), limits=(0.5, 1.0))
    dark = ramp_colours(Ramp("oslo", -1.0, 1.0), np.array([-0.9]))[0]
    assert not shows(
        painted(replace(half, title="", note="", source=""), 1.0), "#" + bytes(dark).hex(), within=3
    )


def test_every_class_is_painted_or_only_those_that_occur() -> None:
    everything, two = painted(USE, 1.0), painted(USE, 1.0, present={"office", "hotel"})
    assert all(shows(everything, colour) for colour in USE_COLOURS.values())
    assert shows(two, USE_COLOURS["office"])
    assert not shows(two, USE_COLOURS["religious"])
    assert two.shape[0] < everything.shape[0]


def test_two_columns_are_lower_than_one() -> None:
    one, two = (legend_size(USE, scale=1.0, columns=n) for n in (1, 2))
    assert two.height() < 0.75 * one.height()
    assert two.width() == one.width()


def test_a_legend_grows_with_its_scale() -> None:
    small, large = legend_size(HOURS, scale=1.0), legend_size(HOURS, scale=4.0)
    assert large.width() == 4 * small.width()
    assert large.height() == pytest.approx(4 * small.height(), rel=0.1)


def test_long_sources_are_wrapped_inside() -> None:
    long = replace(HOURS, source="A very long name of a source and its licence, " * 6)
    assert legend_size(long, scale=1.0).height() > legend_size(HOURS, scale=1.0).height() + 40
    outside = painted(long, 1.0)[10:-10, -4:]
    assert outside.std(axis=0).max() < 40, "no text at the right edge"


def test_dark_legends_have_light_text_on_dark_ground() -> None:
    assert np.median(painted(HOURS, 1.0, dark=True)) < 60
    assert np.median(painted(HOURS, 1.0)) > 180


def test_the_classes_that_occur_are_those_of_the_buildings() -> None:
    assert occurring(small_station.scene()) is None
    assert occurring(small_station.scene(overlay="height")) is None
    assert occurring(small_station.scene(overlay="use")) == {use for _, _, _, use, _ in small_station.HOUSES}


@pytest.fixture
def window() -> Iterator[QWidget]:
    widget = QWidget()
    widget.resize(800, 600)
    yield widget
    widget.close()
    widget.deleteLater()


def test_the_legend_stands_in_the_lower_left_corner_and_goes_with_its_overlay(window: QWidget) -> None:
    session = Session(small_station.project(), small_station.TODAY)
    view = LegendView(window)
    view.refresh(session)
    assert view.isHidden()
    session.do(choose_overlay, "use")
    view.refresh(session)
    assert not view.isHidden()
    assert view.geometry().left() == MARGIN
    assert view.geometry().bottom() == window.height() - MARGIN - 1
    window.resize(900, 700)
    QApplication.sendPostedEvents()
    window.show()
    assert view.geometry().bottom() == window.height() - MARGIN - 1
    assert "office" in view.accessibleDescription()
    session.do(choose_overlay, "none")
    view.refresh(session)
    assert view.isHidden()


def test_in_the_window_all_that_is_seen_has_its_legend_in_one_corner(window: QWidget) -> None:
    state = replace(small_station.TODAY, overlay="use", layer_styles=(("trees", LayerStyle("height")),))
    session = Session(small_station.project(), state)
    session.bring(HEARD, small_station.heard())
    view = LegendView(window)
    view.refresh(session)
    session.close()
    told = view.accessibleDescription()
    assert all(title in told for title in ("Building use", "Air temperature", "Trees: height"))
    assert window.rect().contains(view.geometry())
    assert not any(a.intersects(b) for a, b in combinations(view._places, 2))
    assert len(view._places) == 3


def test_the_mouse_goes_through_the_legend(window: QWidget) -> None:
    session = Session(small_station.project(), replace(small_station.TODAY, overlay="use"))
    view = LegendView(window)
    view.refresh(session)
    window.show()
    assert view.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    assert window.childAt(view.geometry().center()) is None
    assert window.childAt(QPoint(1, 1)) is None


def test_a_legend_that_is_kept_follows_classes_look_and_text_size(window: QWidget) -> None:
    session = Session(small_station.project(), replace(small_station.TODAY, overlay="use"))
    view = LegendView(window)
    view.refresh(session)
    window.show()
    seen = [view.grab().toImage()]
    assert view.grab().toImage() == seen[0]
    session.do(choose_overlay, "height")
    view.refresh(session)
    seen.append(view.grab().toImage())
    view.setPalette(palette(True))
    seen.append(view.grab().toImage())
    larger = view.font()
    larger.setPointSizeF(1.5 * larger.pointSizeF())
    view.setFont(larger)
    seen.append(view.grab().toImage())
    assert all(one != other for one, other in pairwise(seen))
