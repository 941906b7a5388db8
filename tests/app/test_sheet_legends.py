"""Whatever is seen on a page has its legend there, whole, inside, and beside everything else."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
import small_station

from twin.app.export_scenes import shown
from twin.app.export_sheet import content_of
from twin.app.sheet_paint import key_tall, tall
from twin.errors import TwinError
from twin.model.observed import OBSERVED
from twin.model.sheet import PAGES, Language, Panel, Sheet
from twin.model.state import LayerStyle
from twin.scene.colours import USE_COLOURS, Classes, Ramp
from twin.scene.legends import said_of_all, shortened
from twin.scene.scene import Legend
from twin.scene.sensor_marks import SensorMarks
from twin.scene.sensors import HEARD, sensed
from twin.scene.sheet_blocks import Content
from twin.scene.sheet_layout import LEGIBLE, lay_out
from twin.scene.sheet_parts import Frame, Key, LaidOut, Words
from twin.scene.sheet_texts import LANGUAGES, sensors_worded, worded
from twin.session.session import Session

pytestmark = pytest.mark.usefixtures("qapp")

LONG = "Computed (Lindberg et al. 2008, 2016; Perez et al. 1993), 2 m grid"
NOTE = (
    "Design hot day: 20 to 32 °C, dew point 14 °C, wind 2 m/s, 80 % of clear sky. Air and wind are the same "
    "everywhere; expect errors of some 5 K of Tmrt at a point."
)
UTCI = ("over 46, extreme heat", "38–46, very strong heat", "32–38, strong heat", "26–32, moderate heat")
FULL: tuple[Legend, ...] = (
    Legend("UTCI, 15 July, 15:00", "°C", Classes(tuple((name, "#aa3300") for name in UTCI)), LONG, NOTE),
    Legend(
        "PM2.5 (synthetic)",
        "µg/m³",
        Classes(tuple((f"over {n}: above the guideline of a day", "#886600") for n in range(9))),
        "Somebody, CC BY 4.0",
        "12 sensors, 3 old, 1 bad. Classes and alarms (!): WHO global air quality guidelines 2021.",
    ),
    Legend("Land use: main purpose of the plot", "", Classes(tuple(USE_COLOURS.items())), "Somebody"),
    Legend("Trees: height", "m", Ramp("batlow", 0.0, 30.0), "Somebody", "2 400 objects have a value."),
    Legend(
        "Streets: name",
        "",
        Classes(tuple((f"Lapinlahdenkatu and Kamppi {n}", "#123456") for n in range(9))),
        "Somebody",
    ),
    Legend("Points by class", "", Classes((("Ground", "#b39c78"), ("Building", "#cc6677"))), "Somebody"),
)


def content(legends: Sequence[Legend], language: Language, views: int = 1) -> Content:
    said = [replace(worded(legend, language), source="") for legend in legends]
    facts = [("Päivä ja kellonaika", "15. heinäkuuta 2026, 15:00 (UTC+3)"), ("Aurinko", "korkeus 47,9°")]
    foot = "ETRS89 / GK25FIN (EPSG:3879), European Terrestrial Reference System 1989. © Somebody. " * 3
    title = "Tornit Elielinaukiolla, vihreä aukio ja uusi katu (havainnollistava)"
    cameras = [small_station.VIEW] * views
    return Content(
        "Helsingin päärautatieaseman seutu", title, facts, said, ["Ennen"] * views, foot,
        cameras=cameras, cross="ristin kohdalla", scale_title="Mittakaava", note="A note. " * 8,
    )  # fmt: skip


def check(page: LaidOut, legends: int) -> None:
    whole, frames = page.page, [part.frame for part in page.parts]
    for frame in frames:
        assert frame.left >= 0
        assert frame.top >= 0
        assert frame.right <= whole.width + 0.1
        assert frame.bottom <= whole.height + 0.1
    assert not any(_overlap(a, b) for a, b in combinations(frames, 2))
    keys = [part for part in page.parts if isinstance(part, Key)]
    assert len(keys) == legends
    for key in keys:
        assert key_tall(key.legend, key.frame.width, key.text, key.columns) <= key.frame.height + 0.1
    assert min(part.size for part in page.parts if isinstance(part, Words)) >= LEGIBLE - 0.01
    assert page.views[0].frame.width * len(page.views) >= 0.3 * whole.width


def _overlap(a: Frame, b: Frame) -> bool:
    across = min(a.right, b.right) - max(a.left, b.left)
    return across > 0.2 and min(a.bottom, b.bottom) - max(a.top, b.top) > 0.2


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("count", [1, 3, 6])
def test_any_number_of_legends_finds_room_on_every_page_in_every_language(page: str, count: int) -> None:
    for language in LANGUAGES:
        check(lay_out(PAGES[page], content(FULL[:count], language), tall, key_tall), count)


@pytest.mark.parametrize("page", PAGES)
def test_legends_find_room_beside_several_views(page: str) -> None:
    check(lay_out(PAGES[page], content(FULL[:3], "fi", views=4), tall, key_tall), 3)


def test_what_lies_over_a_page_is_in_its_legends_sensors_and_coloured_layers_too() -> None:
    styles = (("trees", LayerStyle(attribute="height")),)
    state = replace(small_station.TODAY, camera=small_station.VIEW, overlay="use", layer_styles=styles)
    project, sheet = small_station.project(), Sheet((Panel(state),), (1920, 1080), "16x9", language="fi")
    session = Session(project, state)
    session.bring(HEARD, small_station.heard())
    found = list(shown(session, (state, replace(state, scenario="tower"))))
    session.close()
    page = lay_out(PAGES["16x9"], content_of(project, sheet, found), tall, key_tall)
    check(page, 3)
    keys = [part.legend for part in page.parts if isinstance(part, Key)]
    assert [key.title for key in keys] == ["Käyttötarkoitus", "Ilman lämpötila", "Puut: korkeus"]
    assert isinstance(keys[1].scale, Classes)
    assert "yli 35: äärimmäisen kuuma" in [name for name, _ in keys[1].scale.colours]
    assert keys[1].note.startswith("4 anturia, 1 vanhaa.")


def test_legends_of_one_scale_are_one_and_say_what_holds_for_all() -> None:
    one = Legend("UTCI, 15 July, 15:00", "°C", Ramp("batlow", 0, 1), "", "4 sensors, 1 old. Classes: WHO.")
    both = said_of_all(one, replace(one, title="UTCI, 15 July, 18:00", note="4 sensors. Classes: WHO."))
    assert (both.title, both.note) == ("UTCI, 15 July", "Classes: WHO.")


def test_a_shortened_legend_counts_what_it_leaves_out() -> None:
    short = shortened(FULL[1], 4, "and {0} more")
    assert isinstance(short.scale, Classes)
    assert [name for name, _ in short.scale.colours][2:] == [
        "over 2: above the guideline of a day",
        "and 6 more",
    ]
    assert shortened(FULL[3], 2, "and {0} more") == FULL[3]


def test_a_page_that_has_no_room_names_fewer_classes_before_it_gives_up() -> None:
    narrow = replace(PAGES["a4"], width=150.0, height=130.0)
    page = lay_out(narrow, replace(content(FULL[:3], "en"), note=""), tall, key_tall)
    check(page, 3)
    keys = [part.legend for part in page.parts if isinstance(part, Key)]
    named = [key.scale.colours[-1][0] for key in keys if isinstance(key.scale, Classes)]
    assert any(re.fullmatch(r"and \d+ more", name) for name in named)
    with pytest.raises(TwinError, match="larger page"):
        lay_out(narrow, replace(content(FULL[:3], "en"), note="A long note. " * 300), tall, key_tall)


@pytest.mark.parametrize("language", ["fi", "sv", "et"])
def test_nothing_that_sensors_say_on_a_page_is_left_in_english(language: Language) -> None:
    """Whatever is measured: titles, classes, labels and notes."""
    for observed in OBSERVED:
        heard = small_station.heard(observed)
        found = sensed(heard, observed, small_station.NOON.timestamp())
        said = worded(found.legend, language)
        assert isinstance(said.scale, Classes)
        labels = sensors_worded(SensorMarks(found), language).sensed.labels
        every = " ".join([said.title, said.note, *(name for name, _ in said.scale.colours), *labels])
        left = {*re.findall(r"[a-z]{3,}", every)} & ENGLISH
        assert not left, (observed, left)


ENGLISH = set(
    re.findall(
        r"\w+",
        """sensors classes and alarms old bad over above below the guideline day year night season interim
        target category freezing mild warm hot very loud moderate fresh strong any value air speed wind gust
        direction pressure relative humidity counted people vehicles level battery voltage soil moisture heat
        warning quality guidelines environmental noise directive ago mean sign cross clock""",
    )
)
