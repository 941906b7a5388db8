"""Planned trees grow from the size they were planted in, and every figure says where it is from."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPoint, Polygon

from twin.analysis.growth import doubts, grown
from twin.analysis.species import ESTIMATE, TABLE, YOUNG, library, species_named
from twin.model.scenario import AddBuilding, PlantRow, PlantTrees

LINDENS = PlantRow("alley", "Alley", LineString([(0, 0), (40, 0)]), 8.0, "Tilia × vulgaris", 5.0, 2.0, 2026)
SPECIES = st.sampled_from(sorted(library()))


def in_year(year: int) -> PlantRow:
    (found,) = grown((LINDENS,), year)
    assert isinstance(found, PlantRow)
    return found


def test_the_table_holds_the_usual_street_trees_of_the_north() -> None:
    assert {"Tilia × vulgaris", "Acer platanoides", "Betula pendula", "Quercus robur"} <= library().keys()
    assert {name for name, kind in library().items() if kind.needles} == {"Pinus sylvestris", "Picea abies"}


def test_every_figure_names_a_source_that_the_notes_explain() -> None:
    notes = (TABLE.parent / "SOURCE.md").read_text(encoding="utf-8")
    for kind in library().values():
        assert kind.sources.keys() == {"height", "rate", "crown", "trunk", "leaf", "light"}
        assert all(source == ESTIMATE or f"`{source}`" in notes for source in kind.sources.values())


def test_the_curve_rises_by_the_rate_of_its_first_years() -> None:
    for kind in library().values():
        height, _ = kind.after(0.0, 0.0, YOUNG)
        assert height == pytest.approx(kind.rate * YOUNG)


def test_in_the_year_of_planting_a_tree_is_as_it_was_planted() -> None:
    assert in_year(2026) == replace(LINDENS, planted=None)


def test_an_alley_of_2026_is_taller_and_wider_in_2036_and_more_so_in_2056() -> None:
    then, later = in_year(2036), in_year(2056)
    assert 5.0 < then.height < later.height < library()["Tilia × vulgaris"].height
    assert 2.0 < then.crown < later.crown < library()["Tilia × vulgaris"].crown


def test_trees_of_a_later_year_are_not_there_yet() -> None:
    assert not in_year(2025).enabled


def test_what_is_seen_in_a_year_stays_so() -> None:
    once = grown((LINDENS,), 2056)
    assert grown(once, 2056) == once == grown(once, 2090)


def test_trees_without_a_year_or_a_known_species_stay_as_drawn() -> None:
    undated, strange = replace(LINDENS, planted=None), replace(LINDENS, species="Ginkgo biloba")
    assert grown((undated, strange), 2056) == (undated, replace(strange, planted=None))
    told = doubts((undated, strange), 2056)
    assert told == (
        "1 planting has no year of planting: these trees are shown as drawn.",
        "How Ginkgo biloba grow is not known: they are shown as drawn.",
    )


def test_what_is_estimated_is_told_and_nothing_is_where_no_year_is_chosen() -> None:
    assert doubts((LINDENS,), 2056) == ("Trees in 2056 are an estimate, see assets/trees/SOURCE.md.",)
    assert doubts((LINDENS,), 2020) == ("1 of 1 plantings come after 2020 and are not there yet.",)
    assert doubts((LINDENS,), None) == ()


def test_other_edits_are_the_same_objects() -> None:
    tower = AddBuilding("tower", "Tower", Polygon([(0, 0), (9, 0), (9, 9)]), 30.0)
    assert grown((tower,), 2056)[0] is tower


@pytest.mark.parametrize(
    "name", ["Tilia", "tilia x europaea", "Tilia × europaea 'Pallida'", "TILIA × VULGARIS"]
)
def test_a_species_is_known_by_the_names_people_write(name: str) -> None:
    assert species_named(name) is library()["Tilia × vulgaris"]


@settings(max_examples=40, deadline=None)
@given(SPECIES, st.floats(1, 40), st.floats(0.5, 20), st.integers(0, 80), st.integers(0, 80))
def test_growth_never_shrinks_and_never_passes_what_the_species_becomes(
    name: str, height: float, crown: float, first: int, more: int
) -> None:
    kind = library()[name]
    then, later = kind.after(height, crown, first), kind.after(height, crown, first + more)
    assert all(high >= low - 1e-9 for low, high in zip((height, crown, *then), (*then, *later), strict=True))
    assert later[0] <= max(kind.height, height) and later[1] <= max(kind.crown, crown)
    # whoever waits in two steps waits no less: growth goes on from the height
    assert kind.after(*then, more)[0] == pytest.approx(later[0])


def test_single_trees_and_groves_grow_as_alleys_do() -> None:
    one = PlantTrees("t", "", MultiPoint([(0, 0)]), "Tilia × vulgaris", 5.0, 2.0, 2026)
    (found,) = grown((one,), 2056)
    assert isinstance(found, PlantTrees)
    assert (found.height, found.crown) == (in_year(2056).height, in_year(2056).crown)
