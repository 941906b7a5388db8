"""Edits are named once, and the same as any other tuple of them."""

import pickle

from twin.model.scenario import Edits, Remove, Scenario


def test_edits_of_a_scenario_are_equal_to_a_tuple_and_found_by_it() -> None:
    edits = (Remove("a", "Goes", ("b",)), Remove("c", "Goes", ("d",)))
    held = Scenario("s", "S", edits=edits).edits
    assert held == edits
    assert {held: 1}[edits] == 1
    assert {edits: 1}[held] == 1
    assert Scenario("s", "S", edits=held).edits is held


def test_another_process_counts_edits_anew() -> None:
    held = Scenario("s", "S", edits=(Remove("a", "Goes", ("b",)),)).edits
    hash(held)
    there = pickle.loads(pickle.dumps(held))  # noqa: S301  # our own bytes
    assert type(there) is Edits
    assert there == held
    assert there._hash is None
