"""The line at the foot says who makes the shadows."""

from __future__ import annotations

from datetime import timedelta

import pytest
import small_station

from twin.app.status import shadows
from twin.session import commands
from twin.session.session import Session


@pytest.mark.parametrize(
    ("card", "text"), [(True, "Shadows: drawn by the card"), (False, "Shadows: computed, 2 m")]
)
def test_it_says_who_makes_the_shadows_where_there_are_any(card: bool, text: str) -> None:
    session = Session(small_station.project(), small_station.TODAY, card_shadows=card)
    assert shadows(session) == text
    session.do(commands.toggle_shadows)
    assert shadows(session) == ""
    session.do(commands.toggle_shadows)
    session.do(commands.choose_overlay, "sun_hours")
    assert shadows(session) == "", "what is draped is shown without shadows"
    session.do(commands.choose_overlay, "none")
    assert shadows(session) == text
    session.do(commands.set_time, small_station.NOON + timedelta(hours=11))
    assert shadows(session) == "", "night"
    session.close()
