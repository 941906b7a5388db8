import pytest

from twin.app.crs_words import code_of, in_metres, in_words
from twin.formats.crs_area import LIKELY


@pytest.mark.parametrize(
    ("crs", "words"),
    [
        ("EPSG:3879", "EPSG:3879 · Finland, GK25"),
        ("EPSG:2056", "EPSG:2056 · Switzerland, LV95"),
        ("EPSG:31468", "EPSG:31468 · Germany, Gauss-Krüger 4"),
        ("EPSG:25832", "EPSG:25832 · Europe, UTM 32 (ETRS89)"),
        ("EPSG:25836", "EPSG:25836"),
        ("by hand", "by hand"),
    ],
)
def test_a_crs_is_said_with_where_it_is_used(crs: str, words: str) -> None:
    assert in_words(crs) == words
    assert code_of(words) == crs


def test_all_that_cities_publish_in_have_words() -> None:
    assert [code for code in LIKELY if in_words(f"EPSG:{code}") == f"EPSG:{code}"] == []


def test_a_drawing_is_offered_metres_and_whole_countries_first() -> None:
    offered = in_metres()
    assert "EPSG:4326" not in offered
    assert offered.index("EPSG:27700") < offered.index("EPSG:3879")
    assert len(offered) == len(LIKELY) - 2
