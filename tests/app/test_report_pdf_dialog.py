"""The report dialog compares with the baseline at first, and the command understands what it hands over."""

from dataclasses import replace
from pathlib import Path

import pytest
import small_station
from PySide6.QtWidgets import QDialogButtonBox

from twin.app.report_pdf_dialog import ReportDialog
from twin.cli.main import parser
from twin.formats.open_project import first_state, open_project

pytestmark = pytest.mark.usefixtures("qapp")

STATE = replace(small_station.TODAY, scenario="tower", camera=small_station.VIEW)


def test_the_scenario_in_view_is_compared_with_the_baseline(tmp_path: Path) -> None:
    asked = ReportDialog(small_station.project(), STATE, tmp_path / "a.pdf")
    options = parser().parse_args(["report", "a.twin.json", "--state", "s.json", *asked.options])

    assert (options.scenario, options.against, options.language) == ("tower", "today", "en")
    assert options.out == tmp_path / "a.pdf"
    asked.close()
    asked.deleteLater()


def test_a_scenario_is_not_compared_with_itself(tmp_path: Path) -> None:
    asked = ReportDialog(small_station.project(), STATE, tmp_path / "a.pdf")
    save = asked.buttons.button(QDialogButtonBox.StandardButton.Save)
    assert save.isEnabled()

    asked.scenario.setCurrentIndex(asked.scenario.findData("today"))
    asked.scenario.activated.emit(0)
    assert not save.isEnabled()
    assert "itself" in asked.problem.text()
    asked.close()
    asked.deleteLater()


def test_the_report_is_made_beside_the_window_and_can_be_given_up(
    helsinki: Path, tmp_path: Path, qtbot: pytest.FixtureRequest
) -> None:
    project = open_project(helsinki)
    asked = ReportDialog(project, replace(first_state(project), scenario="towers"), tmp_path / "a.pdf")
    asked.save()

    qtbot.waitUntil(lambda: asked.bar.value() > 0, timeout=120_000)  # type: ignore[attr-defined]  # of pytest-qt
    asked.reject()
    assert not (tmp_path / "a.pdf").exists()
    asked.deleteLater()
