"""`twin kpi` from the outside: printed, as JSON, as CSV and as a workbook that can be opened."""

import csv
import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from twin.cli.main import main
from twin.formats import xlsx_file

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells(path: Path, sheet: int) -> dict[str, str | float]:
    """What stands in each cell, read as the standard of the format says."""
    with zipfile.ZipFile(path) as book:
        shared = [
            "".join(node.text or "" for node in entry.iter(f"{MAIN}t"))
            for entry in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314  # our own file
        ]
        tree = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))  # noqa: S314
    assert not list(tree.iter(f"{MAIN}f")), "a formula"
    found: dict[str, str | float] = {}
    for cell in tree.iter(f"{MAIN}c"):
        value = cell.find(f"{MAIN}v")
        if value is not None and value.text is not None:
            found[cell.attrib["r"]] = shared[int(value.text)] if cell.get("t") == "s" else float(value.text)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kpi")
    assert main(["kpi", "--out", str(folder / "kpi.xlsx")]) == 0
    assert main(["kpi", "--out", str(folder / "kpi.csv")]) == 0
    return folder


def test_the_workbook_says_the_same_as_the_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["kpi", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    sheet = cells(folder / "kpi.xlsx", 1)
    area = next(row for row in told["indicators"] if row["id"] == "floor_area")
    assert sheet["A2"] == area["title"]
    assert sheet["C2"] == pytest.approx(area["values"]["today"])
    assert area["deltas"]["towers"] > 1000
    assert all(row["formula"] and row["inputs"] and row["source"] for row in told["indicators"])
    assert "OpenStreetMap" in "".join(map(str, cells(folder / "kpi.xlsx", 3).values()))


def test_the_csv_ends_with_its_sources(folder: Path) -> None:
    with (folder / "kpi.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0][:2] == ["Indicator", "Unit"]
    assert lines[1][0] == "Gross floor area"
    assert lines[-1][0] == "Sources"
    assert "OpenStreetMap" in lines[-1][1]


def test_no_cell_of_a_workbook_is_run(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    row = ("=1+1", "@SUM(A1)", "http://a.example", -2.5, None)
    xlsx_file.write(path, [xlsx_file.Sheet("a/b:c", ["+x", "b", "c", "d", "e"], [row])])
    assert cells(path, 1) == {
        **{"A1": "+x", "B1": "b", "C1": "c", "D1": "d", "E1": "e"},
        **{"A2": "=1+1", "B2": "@SUM(A1)", "C2": "http://a.example", "D2": -2.5},
    }


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--baseline", "moon"], "There is no scenario 'moon'"), (["--out", "a.pdf"], "neither in .csv")],
)
def test_bad_options_are_named(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["kpi", *options]) == 2
    assert said in capsys.readouterr().err
