import csv
from pathlib import Path

import pytest

from twin.formats import csv_file
from twin.model.table import Value


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    csv_file.write(path, ["id", "n"], [["a;b", 1.5], ['say "hi"\nagain', -2], ["ä", None], ["x", True]])
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["id", "n"], ["a;b", "1.5"], ['say "hi"\nagain', "-2"], ["ä", ""], ["x", "true"]
        ]  # fmt: skip


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-x", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_that_would_be_a_formula_is_made_harmless(text: str) -> None:
    assert csv_file.harmless(text) == f"'{text}"


@pytest.mark.parametrize("value", [-3, -1.5, "a=b", "", 0])
def test_numbers_and_plain_text_stay_as_they_are(value: Value) -> None:
    assert csv_file.harmless(value) == value
