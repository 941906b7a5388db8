"""Attributes as columns."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twin.model import table

values = st.none() | st.booleans() | st.text(max_size=5) | st.integers(-1000, 1000) | st.floats(-1e6, 1e6)
rows = st.lists(st.dictionaries(st.sampled_from(["a", "b", "c"]), values, max_size=3), max_size=6)


def known(row: dict[str, table.Value]) -> dict[str, table.Value]:
    return {name: value for name, value in row.items() if value is not None}


@given(rows)
def test_rows_come_back_as_they_were_put_in(given_rows: list[dict[str, table.Value]]) -> None:
    made = table.from_rows(given_rows)
    assert [made.row(i) for i in range(made.length)] == [known(row) for row in given_rows]


@given(rows, rows)
def test_joined_tables_hold_the_rows_of_both(
    first: list[dict[str, table.Value]], second: list[dict[str, table.Value]]
) -> None:
    made = table.concatenate(table.from_rows(first), table.from_rows(second))
    assert [made.row(i) for i in range(made.length)] == [known(row) for row in [*first, *second]]


def test_rows_are_taken_by_mask_and_by_number() -> None:
    made = table.from_rows([{"a": 1}, {"a": 2}, {"a": 3}])
    assert table.take(made, np.array([True, False, True])).columns["a"].tolist() == [1, 3]
    assert table.take(made, np.array([2, 0])).columns["a"].tolist() == [3, 1]


def test_numbers_with_gaps_stay_numbers() -> None:
    made = table.from_rows([{"storeys": 3}, {}])
    assert made.columns["storeys"].dtype == np.float64
    assert made.row(1) == {}
