"""Writes tables as XLSX: one sheet each, and no cell that a spreadsheet would run."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from twin.formats.atomic import replace_file
from twin.model.table import Value

WIDEST = 60
"""Of a column. [characters]"""
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
"""In names of sheets."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a heading row."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Value]]
    decimals: Sequence[int] | None = None
    """How many digits behind the point the numbers of each row are shown with."""


def write(path: Path, sheets: Sequence[Sheet], *, title: str = "", attribution: str = "") -> None:
    """Numbers stay numbers, text stays text whatever it begins with. Raises DataError."""
    import xlsxwriter

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"title": title, "comments": attribution})
    strong = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    numbers = {
        digits: book.add_format(
            {"num_format": "#,##0" + ("." + "0" * digits if digits else ""), "valign": "top"}
        )
        for digits in range(7)
    }
    for sheet in sheets:
        page = book.add_worksheet(sheet.name.translate(FORBIDDEN)[:31])
        page.freeze_panes(1, 1)
        for column, name in enumerate(sheet.header):
            page.write_string(0, column, name, strong)
            widths = [len(str(row[column] if row[column] is not None else "")) for row in sheet.rows]
            page.set_column(column, column, min(max([len(name), 8, *widths]) + 2, WIDEST))
        for number, row in enumerate(sheet.rows):
            digits = 2 if sheet.decimals is None else sheet.decimals[number]
            for column, value in enumerate(row):
                if isinstance(value, bool | str):
                    page.write_string(number + 1, column, str(value), wrapped)
                elif value is not None:
                    page.write_number(number + 1, column, value, numbers[min(max(digits, 0), 6)])
    book.close()
    replace_file(path, content.getvalue())
