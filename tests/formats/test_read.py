import gzip
from pathlib import Path

import pytest

from twin.errors import DataError
from twin.formats.read import entry_of, kind_of

HOUSE = Path(__file__).parent / "data" / "house_v3.gml"


@pytest.mark.parametrize("name", ["a.gml", "a.GML", "a.xml", "a.citygml"])
def test_a_city_model_is_known_by_its_root(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(HOUSE.read_bytes())
    assert kind_of(tmp_path / name) == "city"


def test_a_packed_city_model_is_known_too(tmp_path: Path) -> None:
    path = tmp_path / "city.gml.gz"
    path.write_bytes(gzip.compress(HOUSE.read_bytes()))
    assert kind_of(path) == "city"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.twin.json", "project"), ("a.gpkg", "vector"), ("a.tif", "raster"), ("a.fgb", "vector")],
)
def test_endings_tell_the_other_kinds(name: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"")
    assert kind_of(tmp_path / name) == kind


def test_a_folder_of_tiles_is_opened_by_its_tileset(tmp_path: Path) -> None:
    city, other = tmp_path / "export" / "city", tmp_path / "other"
    city.mkdir(parents=True)
    other.mkdir()
    (city / "tileset.json").write_text("{}")
    assert entry_of(city) == entry_of(city.parent) == city / "tileset.json"
    assert entry_of(other) == other
    assert entry_of(HOUSE) == HOUSE
    (tmp_path / "export" / "second").mkdir()
    (tmp_path / "export" / "second" / "tileset.json").write_text("{}")
    assert entry_of(city.parent) == city.parent, "nobody knows which of them is meant"


def test_other_xml_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "rooms.gml"
    path.write_text("<core:IndoorFeatures xmlns:core='http://www.opengis.net/indoorgml/1.0/core'/>")
    with pytest.raises(DataError, match="line 1: the root element is IndoorFeatures"):
        kind_of(path)


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"PK")
    with pytest.raises(DataError, match="format that is not read"):
        kind_of(tmp_path / "a.docx")
