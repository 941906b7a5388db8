"""A report holds every indicator with its source, what differs, and whose data it is, and reads well."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import small_station
from PySide6.QtGui import QImage

from twin.analysis.build import build
from twin.analysis.kpi import INDICATORS
from twin.app.report_pdf import Report, write_report
from twin.app.report_pdf_content import all_rows, amount
from twin.app.report_pdf_flow import BOTTOM, HEIGHT, Flow, Heading, Rows, Text, write
from twin.app.report_pdf_words import WORDS
from twin.errors import DataError, TwinError
from twin.model.scenario import AddBuilding, Scenario

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils are not on this machine"),
]

STATE = replace(small_station.TODAY, scenario="tower", camera=small_station.VIEW)


def words(path: Path) -> str:
    found = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True)
    return re.sub(r"[\s\u202f]+", " ", found.stdout.decode())


def pages(path: Path, folder: Path) -> list[np.ndarray]:
    """Grey values of each page."""
    subprocess.run(["pdftoppm", "-r", "50", "-png", str(path), str(folder / "p")], check=True)
    found = []
    for each in sorted(folder.glob("p-*.png")):
        image = QImage(str(each)).convertToFormat(QImage.Format.Format_Grayscale8)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        found.append(rows[:, : image.width()].copy())
    return found


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, qapp: object) -> Path:
    path = tmp_path_factory.mktemp("report") / "tower.pdf"
    asked = Report(replace(STATE, overlay="use"), "today", day=date(2026, 3, 1), fineness=0.2)
    write_report(small_station.project(), asked, path)
    return path


def test_every_indicator_is_in_the_report_with_its_values_and_its_source(report: Path) -> None:
    text, project = words(report), small_station.project()
    before, after = (
        all_rows(build(project.city, project.layers, project.scenario(name).edits))
        for name in ("today", "tower")
    )
    for name in {*before, *after}:
        row = after.get(name) or before[name]
        old, new = (of[name].value if name in of else 0.0 for of in (before, after))
        said = " ".join([row.title, row.unit or "–", amount(old, row.decimals), amount(new, row.decimals)])
        assert said.replace("\u202f", " ") in text
    for indicator in INDICATORS:
        assert indicator.formula in text
        assert indicator.source in text


def test_the_report_says_what_differs_and_whose_data_it_is(report: Path) -> None:
    text = words(report)

    assert "A tower on the square (illustrative) compared with Today" in text
    assert "Made on: 1 March 2026" in text
    assert "Building 1 1 0" in text
    assert "Added The tower Building" in text or "Added tower Building" in text
    assert "Removed Shop Building" in text
    assert text.count(small_station.ATTRIBUTION) >= 4
    assert "Kronenhuset" in text
    assert "RMSE" in text
    assert "Building use" in text


def test_colours_are_explained_on_the_page_where_they_are_seen(report: Path) -> None:
    found = subprocess.run(["pdftotext", "-raw", str(report), "-"], capture_output=True, check=True)
    page = next(text for text in found.stdout.decode().split("\f") if "Before and after" in text)
    assert "Building use" in page
    assert "Sources: " in page


def test_pages_are_numbered_and_nothing_lies_over_their_edges(report: Path, tmp_path: Path) -> None:
    found = pages(report, tmp_path)

    text = words(report)
    for number in range(1, len(found) + 1):
        assert f"Page {number} / {len(found)}" in text
    for page in found:
        dark = page < 200
        assert dark.any()
        each = page.shape[1] / 210
        margins = (
            dark[: int(10 * each)],
            dark[-int(5 * each) :],
            dark[:, : int(15 * each)],
            dark[:, -int(14 * each) :],
        )
        assert not any(margin.any() for margin in margins)
        assert not dark[int((HEIGHT - BOTTOM + 1) * each) : int((HEIGHT - 13) * each)].any()


def test_letters_are_letters_and_pictures_are_few(report: Path) -> None:
    fonts = subprocess.run(["pdffonts", str(report)], capture_output=True, check=True)
    images = subprocess.run(["pdfimages", "-list", str(report)], capture_output=True, check=True)

    assert b"TrueType" in fonts.stdout or b"Type 0" in fonts.stdout or b"CID" in fonts.stdout
    assert len([line for line in images.stdout.splitlines() if b" image " in line]) == 4


@pytest.mark.parametrize(
    ("language", "said"),
    [("fi", "Mikä eroaa"), ("sv", "Före och efter"), ("et", "Näitajad"), ("en", "What differs")],
)
def test_headings_come_in_four_languages(language: str, said: str, tmp_path: Path) -> None:
    flow = Flow()
    for name in WORDS:
        flow.add(Heading(WORDS[name][("en", "fi", "sv", "et").index(language)]))
    flow.add(Text("ä ö å õ Ä Ö Å Õ – − ² ³ ° ≤"))
    write(flow, tmp_path / "a.pdf", title="ä", foot="õ", page="Lehekülg")

    assert said in words(tmp_path / "a.pdf")
    assert "ä ö å õ Ä Ö Å Õ – − ² ³ ° ≤" in words(tmp_path / "a.pdf")


def test_a_long_table_goes_on_on_the_next_page_with_its_head(tmp_path: Path) -> None:
    flow = Flow()
    rows = [(f"Row {number}", "a text that takes two lines " * 3, str(number)) for number in range(120)]
    flow.add(Rows(("First", "Second", "Third"), rows, (0.3, 0.5, 0.2), frozenset({2})))
    write(flow, tmp_path / "a.pdf", title="t", foot="f", page="Page")

    text = words(tmp_path / "a.pdf")
    assert len(flow.pages) > 2
    assert text.count("First Second Third") == len(flow.pages)
    assert all(f"Row {number} a text" in text for number in range(120))


def test_a_heading_never_ends_a_page() -> None:
    flow = Flow()
    while flow.room > 30:
        flow.add(Text("A line."))
    flow.add(Heading("A heading"))

    assert len(flow.pages) == 2


def test_a_report_on_one_scenario_compares_with_nothing(tmp_path: Path) -> None:
    write_report(
        small_station.project(), Report(replace(STATE, scenario="today"), fineness=0.2), tmp_path / "a.pdf"
    )

    text = words(tmp_path / "a.pdf")
    assert "Gross floor area m²" in text
    assert "What differs" not in text
    assert "Before" not in text


def test_figures_of_heat_are_in_the_table_where_heat_is_shown(tmp_path: Path) -> None:
    asked = Report(replace(STATE, overlay="utci", heat_cell=4.0), "today", fineness=0.2)
    write_report(small_station.project(), asked, tmp_path / "a.pdf")

    text = words(tmp_path / "a.pdf")
    assert re.search(r"UTCI of the hour °C \d\d\.\d \d\d\.\d", text)
    assert "COST Action 730" in text


def test_what_could_not_be_done_as_drawn_is_told(tmp_path: Path) -> None:
    edits = (AddBuilding("on it", "A house on the church", small_station.HOUSES[-1][1], 9.0, 3, "office"),)
    scenarios = (*small_station.SCENARIOS, Scenario("clash", "Clash", edits=edits))
    project = small_station.project(scenarios=scenarios)

    asked = Report(replace(STATE, scenario="clash"), "today", fineness=0.2)
    told = write_report(project, asked, tmp_path / "a.pdf")

    assert any("hurch" in text for text in told)
    assert "To be known" in words(tmp_path / "a.pdf")


@pytest.mark.parametrize(
    ("name", "asked", "problem"),
    [
        ("a.doc", Report(STATE), "end in .pdf"),
        ("none/a.pdf", Report(STATE), "no folder"),
        ("a.pdf", Report(STATE, "nowhere"), "no scenario 'nowhere'"),
        ("a.pdf", Report(STATE, "tower"), "from itself"),
    ],
)
def test_what_cannot_be_written_is_told_before_any_work(
    name: str, asked: Report, problem: str, tmp_path: Path
) -> None:
    with pytest.raises((TwinError, DataError), match=problem):
        write_report(small_station.project(), asked, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_no_row_of_a_table_is_alone_on_a_page() -> None:
    for count in range(30, 75):
        flow = Flow()
        flow.add(Rows(("First",), [("A row",)] * count, (1.0,)))
        # the head, its line, and two rows with theirs
        assert len(flow.pages) == 1 or len(flow.pages[-1]) >= 6


def test_a_finnish_report_names_indicators_sensors_and_methods_in_finnish(tmp_path: Path) -> None:
    asked = Report(replace(STATE, overlay="use"), "today", "fi", fineness=0.2)
    write_report(small_station.project(), asked, tmp_path / "a.pdf")

    text = words(tmp_path / "a.pdf")
    for said in ("Kerrosala m²", "Kerrosala, toimisto", "Maanpinta, nurmi", "Pohjan ala kertaa", "Lukumäärä"):
        assert said in text
    for indicator in INDICATORS:
        assert indicator.title not in text
        assert indicator.formula not in text
