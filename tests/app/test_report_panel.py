"""What the window says of reading a city model."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from twin.app.message_bar import MessageBar
from twin.app.report_panel import ReportPanel
from twin.app.report_text import as_text, is_harmless, left_out, left_out_in_words, sections
from twin.app.report_text import told as told_at_once
from twin.formats.open_project import open_project
from twin.formats.report import Report, Skipped
from twin.model.project import Project
from twin.session.session import Session

LEFT = (
    Skipped("gml:MultiCurve", "lines are not drawn", 12, "line 40, gml:id a"),
    Skipped("XLink", "leads nowhere.", 1, ""),
)


def tree(name: str = "a.gml", **changes: Any) -> dict[str, Any]:
    found = Report(
        f"/data/{name}", "CityGML 2.0", 1.25, "EPSG:3879", "srsName EPSG:3879, eastings first",
        (0.0, 0.0, 0.0, 120.0, 80.0, 30.0), {"Building": 3, "BuildingPart": 5}, {"RoofSurface": 8},
        60, 2, 0, {"1": 10, "2.2": 50}, {"measuredHeight": 3}, skipped=LEFT, notices=("Heights are high.",),
    )  # fmt: skip
    return replace(found, **changes).as_json()


def having(project: Project, state: Session, **reports: dict[str, Any]) -> Session:
    return Session(replace(project, reports=reports), state.state)


@pytest.fixture
def panel(qtbot: QtBot, project: Project, small_session: Session) -> ReportPanel:
    clean = tree("b.gml", skipped=(), notices=())
    session = having(project, small_session, b=clean, a=tree())
    found = ReportPanel(session)
    session.changed.connect(found.refresh)
    qtbot.addWidget(found)
    found.resize(300, 600)
    found.show()
    return found


def told(report: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {section.title: dict(section.pairs) for section in sections(report)}


def test_the_report_tells_format_crs_counts_and_time() -> None:
    found = told(tree())["File"]
    assert found["Format"] == "CityGML 2.0"
    assert (found["CRS"], found["Decided by"]) == ("EPSG:3879", "srsName EPSG:3879, eastings first")
    assert (found["Objects"], found["Polygons"], found["Holes in them"]) == ("8", "60", "2")
    assert (found["Extent"], found["Read in"]) == ("120 m × 80 m, 30 m high", "1.25 s")
    assert found["XLinks"] == "0 resolved, 0 not"


def test_what_was_left_out_is_told_with_reason_count_and_first_place() -> None:
    assert left_out(tree()) == 13
    assert told(tree())["Left out (13)"] == {
        "12 × gml:MultiCurve": "Lines are not drawn. First: line 40, gml:id a.",
        "1 × XLink": "Leads nowhere.",
    }
    assert told(tree(skipped=()))["Left out"] == {"Nothing": "all of the file was read"}


def test_counts_are_told_by_class_type_lod_and_attribute() -> None:
    found = told(tree())
    assert found["Objects by class"] == {"Part of a building": "5", "Building": "3"}
    assert found["Surfaces by type"] == {"Roofs": "8"}
    assert found["Surfaces by level of detail"] == {"LoD 1": "10", "LoD 2.2": "50"}
    assert found["Objects with each attribute"] == {"measuredHeight": "3"}
    assert "Surfaces with each attribute" not in found
    slopes = told(tree(surface_attributes={"slope": 1200}))
    assert slopes["Surfaces with each attribute"] == {"slope": "1,200"}
    assert found["To know"] == {"1": "Heights are high."}


def test_what_a_reader_says_beyond_that_is_told_too() -> None:
    assert told({**tree(), "point_format": 7, "nothing": ""})["File"]["Point format"] == "7"


def test_the_report_with_things_left_out_comes_first(panel: ReportPanel) -> None:
    assert [panel.file.itemText(row) for row in range(2)] == ["b.gml", "a.gml (13 left out)"]
    assert panel.report is not None
    assert panel.report["path"] == "/data/a.gml"
    panel.choose("b")
    assert panel.report["path"] == "/data/b.gml"


def test_a_report_is_copied_as_text_and_as_json(panel: ReportPanel) -> None:
    panel.copy_text.click()
    assert QGuiApplication.clipboard().text() == as_text(tree())
    assert "12 × gml:MultiCurve\tLines are not drawn." in as_text(tree())
    panel.copy_json.click()
    assert json.loads(QGuiApplication.clipboard().text()) == tree()


def test_without_a_city_model_it_says_so(qtbot: QtBot, small_session: Session) -> None:
    panel = ReportPanel(small_session)
    qtbot.addWidget(panel)
    panel.show()
    assert panel.empty.isVisible()
    assert panel.report is None


def test_every_report_of_the_readers_can_be_told() -> None:
    from twin.formats import citygml

    _, report = citygml.read(Path(__file__).parents[1] / "formats" / "data" / "house_v2.gml")
    assert told(report.as_json())["File"]["Format"].startswith("CityGML")


def test_a_message_offers_something_to_do(qtbot: QtBot, panel: ReportPanel) -> None:
    done: list[str] = []
    bar = MessageBar(panel)
    bar.show_message("13 things were left out.", "warning", offer="Show report", run=lambda: done.append("x"))
    assert bar.act.text() == "Show report"
    bar.act.click()
    assert (done, bar.message) == (["x"], None)
    bar.show_message("Plain")
    assert not bar.act.isVisible()


def report(*skipped: tuple[str, int], path: str = "") -> dict[str, object]:
    return {
        "path": path,
        "notices": [],
        "skipped": [{"what": what, "why": "", "count": n, "first": ""} for what, n in skipped],
    }


def test_the_most_frequent_kind_is_named() -> None:
    assert left_out_in_words([report()]) == ""
    assert left_out_in_words([report(("curve", 1))]) == "1 × curve"
    assert left_out_in_words([report(("curve", 3), ("point", 2)), report(("point", 4))]) == (
        "6 × point and 1 more kind"
    )


def test_shapes_that_are_missing_are_named_before_looks() -> None:
    found = report(("shine of a material", 5970), ("Polygon", 2), ("LineString", 1))
    assert left_out_in_words([found]) == "2 × Polygon and 2 more kinds"


def test_only_looks_are_no_warning() -> None:
    looks = report(("shine of a material", 5970), ("surface given twice", 2))
    assert is_harmless({"a": looks, "b": report()})
    assert not is_harmless({"a": looks, "b": report(("Polygon", 1))})
    assert not is_harmless({"a": {**looks, "notices": ["It lies in the sea."]}})
    assert not is_harmless({})


def test_a_file_without_terrain_is_no_warning() -> None:
    house = Path(__file__).parents[1] / "formats" / "data" / "house_v2.gml"
    found = {key: {**told, "skipped": []} for key, told in open_project(house).reports.items()}
    assert [notice for told in found.values() for notice in told["notices"]]
    assert is_harmless(found)


def test_one_sentence_tells_what_was_left_out_or_the_first_notice_and_whose_report_tells_more() -> None:
    whole, partly = report(), report(("curve", 3), path="city/b.gml")
    assert told_at_once(["One.", "Two."], {}) == ("One. And 1 more.", "")
    assert told_at_once(["One."], {"a": whole}) == ("One.", "a")
    assert told_at_once(["One."], {"b": partly}) == ("Left out of b.gml: 3 × curve.", "b")
    assert told_at_once(["One."], {"a": whole, "b": partly}) == ("Left out of 2 files: 3 × curve.", "b")
