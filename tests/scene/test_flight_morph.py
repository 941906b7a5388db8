"""From one scenario to another, what is new rises, what goes sinks, and all else stands still."""

import numpy as np
import small_station

from twin.analysis.build import Built, build
from twin.model.city import City, heights
from twin.scene.flight_morph import BETWEEN, GOES, between, morph


def built(scenario: str) -> Built:
    project = small_station.project()
    return build(project.city, project.layers, project.scenario(scenario).edits)


def tall(city: City, name: str) -> float:
    return float(heights(city)[city.rows[name]])


def test_the_tower_rises_while_the_shop_sinks() -> None:
    made = morph(built("today"), built("tower"))

    towers, shops = [], []
    for share in (0.25, 0.5, 0.75):
        city, _ = made.at(share)
        towers.append(tall(city, "tower"))
        shops.append(tall(city, f"shop{GOES}"))
    assert np.allclose(towers, [22.5, 45.0, 67.5])
    assert np.allclose(shops, [10.5, 7.0, 3.5])


def test_what_both_have_stays_as_it_is() -> None:
    made = morph(built("today"), built("tower"))
    city, _ = made.at(0.3)
    first = built("today").city

    for name in ("hall", "hotel", "church"):
        assert tall(city, name) == tall(first, name)
    assert len(set(city.object_id.tolist())) == len(city.object_id)


def test_the_ends_hold_what_the_scenarios_hold() -> None:
    first, second = built("today"), built("tower")
    made = morph(first, second)

    assert {name.removesuffix(GOES) for name in made.at(0.0)[0].object_id.tolist()} == set(
        first.city.object_id
    )
    assert set(made.at(1.0)[0].object_id.tolist()) == set(second.city.object_id)
    assert made.at(0.0)[1] == first.layers
    assert made.at(1.0)[1] == second.layers


def test_new_trees_grow_and_old_ones_keep_their_height() -> None:
    first, second = built("today"), built("green")
    _, layers = morph(first, second).at(0.5)

    (trees,) = (layer for layer in layers if layer.role == "trees")
    found = dict(zip(trees.table.columns["id"], trees.table.columns["height"], strict=True))
    assert found["trees.3"] == 11.0
    assert sorted(set(found.values()) - {8.0 + i for i in range(8)}) == [5.0]
    assert len(trees.geometry) == 8 + 27


def test_a_project_on_the_way_names_both_and_says_that_it_is_made_up() -> None:
    project = small_station.project()
    found = between(project, "today", "tower", (0.2, 0.6))

    assert len(found) == 2
    assert found[0].scenario(BETWEEN).title == "Today → A tower on the square (illustrative)"
    assert found[0].attribution == project.attribution
    assert tall(found[1].city, "tower") > tall(found[0].city, "tower")
