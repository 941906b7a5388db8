"""Says which rows of a table a condition leaves, as `height > 20 and use = office`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from twin.model.table import Column, Table
from twin.scene.colours import label

CONDITION = re.compile(r'\s*("[^"]+"|[^\s"<>=!~]+)\s*(<=|>=|!=|=|<|>|~)\s*("[^"]*"|[^"<>=!~]+?)\s*')
COMPARE: dict[str, Callable[[NDArray[np.float64], float], NDArray[np.bool_]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
Test = tuple[str, str, str]


def passing(table: Table, text: str) -> NDArray[np.bool_]:
    """Which rows all conditions hold for: (n,); all where the text is empty or cannot be understood."""
    found = np.ones(table.length, dtype=bool)
    if problem(table, text):
        return found
    for name, sign, wanted in parse(text):
        found &= _holds(table.columns[name], sign, wanted)
    return found


def problem(table: Table, text: str) -> str:
    """What is wrong with a condition for a table; empty when nothing is."""
    tests = parse(text)
    if text.strip() and not tests:
        return "Write a condition as: height > 20 and use = office"
    for name, sign, wanted in tests:
        if name not in table.columns:
            return f"There is no attribute {name}."
        if sign in ("<", "<=", ">", ">=") and _number(wanted) is None:
            return f"{wanted} is no number."
    return ""


def parse(text: str) -> tuple[Test, ...]:
    """The conditions: attribute, sign (`~`: holds the text) and value of each; empty where one is none."""
    found = []
    for part in re.split(r"\s+and\s+", text.strip(), flags=re.IGNORECASE):
        match = CONDITION.fullmatch(part)
        if match is None:
            return ()
        found.append((match[1].strip('"'), match[2], match[3].strip('"')))
    return tuple(found)


def _holds(column: Column, sign: str, wanted: str) -> NDArray[np.bool_]:
    """No value passes no comparison, and is unequal to all."""
    number = _number(wanted)
    if column.dtype != object and number is not None and sign in COMPARE:
        values = column.astype(np.float64)
        return np.asarray(COMPARE[sign](values, number) & (np.isfinite(values) | (sign == "!=")))
    folded = wanted.casefold()
    found = np.zeros(len(column), dtype=bool)
    for row, value in enumerate(column.tolist()):
        if value is None or value != value:
            found[row] = sign == "!="
        elif number is not None and sign in COMPARE and isinstance(value, int | float):
            found[row] = bool(COMPARE[sign](np.asarray(float(value)), number))
        elif sign == "~":
            found[row] = folded in label(value).casefold()
        elif sign in ("=", "!="):
            found[row] = (label(value).casefold() == folded) == (sign == "=")
    return found


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
