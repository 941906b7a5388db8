"""What is compared is saved with a view and comes back."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from small_station import TODAY

from twin.errors import DataError
from twin.formats import state_json

ZONE = ZoneInfo("Europe/Helsinki")


def test_a_comparison_comes_back_as_it_was() -> None:
    state = replace(TODAY, compare="swipe", compared=("tower", "green"), divider=0.25, baseline="today")
    assert state_json.decode(state_json.encode(state), ZONE) == state


def test_without_a_comparison_nothing_of_it_is_written() -> None:
    assert not {"compare", "compared", "divider", "baseline"} & state_json.encode(TODAY).keys()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"compare": "sideways"}, "compare"),
        ({"divider": 1.5}, "divider: is 1.5"),
        ({"compared": ["a", "b", "c", "d"]}, "compared: are 4"),
    ],
)
def test_what_cannot_be_compared_so_is_refused(changes: dict[str, Any], told: str) -> None:
    tree = {**state_json.encode(TODAY), **changes}
    with pytest.raises(DataError, match=told):
        state_json.decode(tree, ZONE, path=Path("view.json"))
