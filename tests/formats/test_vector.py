import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, box

from twin.errors import DataError
from twin.formats.vector import list_layers, read_layer
from twin.formats.vector_info import place_of
from twin.model.layer import Layer, Style
from twin.model.place import Place

PLACE = Place("EPSG:3879", (25496700.0, 6673000.0, 0.0), 24.94050, 60.17280, "Europe/Helsinki")
HERE = (25496710.0, 6673020.0)


def layer_of(path: Path, layer: str | None = None) -> tuple[Layer, tuple[str, ...]]:
    return read_layer(
        path,
        layer=layer,
        id="a",
        title="A",
        style=Style("#123456"),
        role="trees",
        attribution="us",
        place=PLACE,
    )


def written(
    path: Path, shapes: list[Any], crs: str | None = "EPSG:3879", layer: str | None = None, **fields: Any
) -> Path:
    kinds = {shape.geom_type + " Z" * shape.has_z for shape in shapes if shape is not None}
    pyogrio.raw.write(
        path,
        geometry=np.array([None if shape is None else shape.wkb for shape in shapes], dtype=object),
        field_data=[np.asarray(column) for column in fields.values()],
        fields=np.array(list(fields), dtype=object),
        geometry_type=kinds.pop() if len(kinds) == 1 else "Unknown",
        crs=crs,
        **({"layer": layer, "append": path.exists()} if layer else {}),
    )
    return path


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp", ".fgb"])
def test_every_format_gives_local_metres(tmp_path: Path, suffix: str) -> None:
    crs = "EPSG:4326" if suffix == ".geojson" else "EPSG:3879"
    shape = Point(24.9405, 60.1728) if suffix == ".geojson" else Point(*HERE)
    path = written(tmp_path / f"a{suffix}", [shape], crs, name=np.array(["Õismäe"], dtype=object), n=[3])
    layer, notices = layer_of(path)
    assert notices == ()
    assert (layer.id, layer.title, layer.role, layer.source, layer.style.colour) == (
        "a",
        "A",
        "trees",
        "us",
        "#123456",
    )
    if suffix == ".geojson":
        assert np.abs(shapely.get_coordinates(layer.geometry)).max() < 500
    else:
        assert shapely.get_coordinates(layer.geometry).tolist() == [[10.0, 20.0]]
    assert {k: v for k, v in layer.table.row(0).items() if k != "id"} == {"name": "Õismäe", "n": 3}


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3067", "EPSG:3857", "EPSG:25835"])
def test_any_crs_comes_to_the_same_place(tmp_path: Path, crs: str) -> None:
    from pyproj import Transformer

    there = Transformer.from_crs("EPSG:3879", crs, always_xy=True).transform(*HERE)
    layer, _ = layer_of(written(tmp_path / "a.gpkg", [Point(*there)], crs))
    np.testing.assert_allclose(shapely.get_coordinates(layer.geometry), [[10.0, 20.0]], atol=0.001)


def test_a_file_without_crs_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp", [Point(*HERE)])
    path.with_suffix(".prj").unlink()
    with pytest.raises(DataError, match=r"does not say its coordinate system\. .*\.prj beside it"):
        layer_of(path)


def test_what_cannot_be_drawn_is_counted(tmp_path: Path) -> None:
    e, n = HERE
    bow = Polygon([(e, n), (e + 10, n + 10), (e + 10, n), (e, n + 10)])
    spike = Polygon([(e, n), (e + 10, n), (e, n)])
    shapes = [box(e, n, e + 5, n + 5), None, Polygon(), bow, spike]
    layer, notices = layer_of(written(tmp_path / "a.gpkg", shapes, number=[0, 1, 2, 3, 4]))
    assert layer.table.columns["number"].tolist() == [0, 3]
    assert shapely.is_valid(layer.geometry).all()
    assert layer.geometry[1].area == pytest.approx(50)
    assert notices == (
        "A: 2 features left out: without geometry",
        "A: 1 polygon left out: without area",
        "A: 1 polygon mended: it crossed or touched itself",
    )


def test_all_kinds_of_geometry_are_kept(tmp_path: Path) -> None:
    e, n = HERE
    shapes = [Point(e, n), LineString([(e, n), (e + 1, n)]), MultiPolygon([box(e, n, e + 1, n + 1)])]
    layer, notices = layer_of(written(tmp_path / "a.gpkg", shapes))
    assert [shape.geom_type for shape in layer.geometry] == ["Point", "LineString", "MultiPolygon"]
    assert notices == ()


def test_heights_are_dropped(tmp_path: Path) -> None:
    layer, _ = layer_of(written(tmp_path / "a.gpkg", [Point(*HERE, 7.0)]))
    assert not shapely.has_z(layer.geometry).any()


def test_attributes_keep_type_and_absence(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    rows = [
        {"i": 1, "f": 1.5, "s": "x", "b": True, "t": "2026-01-02T03:04:05Z", "l": ["p", "q"], "j": 2},
        {"i": 2, "f": None, "s": None, "b": None, "t": None, "l": None, "j": None},
    ]
    features = [
        {"type": "Feature", "properties": row, "geometry": {"type": "Point", "coordinates": [24.94, 60.17]}}
        for row in rows
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    table = layer_of(path)[0].table
    assert table.columns["i"].dtype == np.int64
    assert table.columns["f"].dtype == np.float64
    first, second = table.row(0), table.row(1)
    assert (first["i"], first["f"], first["s"], first["b"] is True, first["j"]) == (1, 1.5, "x", True, 2)
    assert str(first["t"]).startswith("2026-01-02T03:04:05")
    assert "p" in str(first["l"])
    assert second == {"i": 2, "id": second["id"]}


def test_the_files_own_id_names_features_when_it_can(tmp_path: Path) -> None:
    points = [Point(*HERE)] * 2
    own = written(tmp_path / "own.fgb", points, id=np.array(["n5", "n6"], dtype=object))
    assert layer_of(own)[0].table.columns["id"].tolist() == ["n5", "n6"]
    twice = written(tmp_path / "twice.fgb", points, id=np.array(["n5", "n5"], dtype=object))
    layer, notices = layer_of(twice)
    assert len(set(layer.table.columns["id"].tolist())) == 2
    assert layer.table.columns["id in file"].tolist() == ["n5", "n5"]
    assert "numbered instead" in notices[0]
    none = written(tmp_path / "none.fgb", points)
    assert layer_of(none)[0].table.columns["id"].tolist() == ["a/0", "a/1"]


def test_a_file_of_several_layers_wants_one_named(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    for name in ("trees", "lamps"):
        written(path, [Point(*HERE)], layer=name)
    assert sorted(list_layers(path)) == ["lamps", "trees"]
    assert len(layer_of(path, "lamps")[0].geometry) == 1
    with pytest.raises(DataError, match="has 2 layers"):
        layer_of(path)
    with pytest.raises(DataError, match="there is no such layer"):
        layer_of(path, "benches")


def test_an_empty_layer_is_a_layer(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    layer, notices = layer_of(path)
    assert (len(layer.geometry), layer.table.length, notices) == (0, 0, ())


def test_what_lies_in_another_country_is_told(tmp_path: Path) -> None:
    _, notices = layer_of(written(tmp_path / "a.gpkg", [Point(2.35, 48.86)], "EPSG:4326"))
    assert "1 feature over 100 km away" in notices[0]


def test_a_table_without_geometry_is_no_layer(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    written(path, [Point(*HERE)], layer="points")
    with sqlite3.connect(path) as database:
        database.execute("create table notes (fid integer primary key, text text)")
        row = ("notes", "attributes", "notes")
        database.execute(
            "insert into gpkg_contents (table_name, data_type, identifier) values (?, ?, ?)", row
        )
    database.close()
    assert list_layers(path) == ("points",)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.vrt", b"<OGRVRTDataSource></OGRVRTDataSource>"),
        ("a.gpkg", b"<OGRVRTDataSource></OGRVRTDataSource>"),
        ("a.geojson", b"<OGRVRTDataSource></OGRVRTDataSource>"),
        ("a.shp", b"SQLite format 3\x00"),
        ("a.zip", b"PK"),
        ("a.geojson", b'{"type": "gdal_streamed_alg", "command_line": "gdal vector read /etc/passwd"}'),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [3'),
        ("a.fgb", b"fgb\x03fgb\x00" + b"\xff" * 64),
        ("a.gpkg", b"SQLite format 3\x00" + b"\x00" * 100),
        ("a.shp", b"\x00\x00\x27\x0a" + b"\x00" * 96),
        ("a.geojson", b""),
    ],
)  # fmt: skip
def test_what_is_not_what_it_says_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=f"^{name}"):
        layer_of(path)


def test_only_files_that_are_there_are_opened(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.gpkg", Path("/vsicurl/http://127.0.0.1/a.gpkg"), tmp_path):
        with pytest.raises(DataError):
            layer_of(path)


def test_a_cut_file_is_never_taken_for_whole(tmp_path: Path) -> None:
    whole = written(tmp_path / "whole.fgb", [Point(*HERE)] * 50, n=list(range(50))).read_bytes()
    for length in range(8, len(whole), len(whole) // 12):
        path = tmp_path / "cut.fgb"
        path.write_bytes(whole[:length])
        try:
            layer, notices = layer_of(path)
        except DataError:
            continue
        assert len(layer.geometry) < 50
        assert notices


def test_a_place_is_found_around_a_layer(tmp_path: Path) -> None:
    place = place_of(written(tmp_path / "a.gpkg", [Point(*HERE)]))
    assert (place.crs, place.origin) == ("EPSG:3879", (25496700.0, 6673000.0, 0.0))
    assert (place.longitude, place.latitude) == pytest.approx((24.94, 60.17), abs=0.01)
    degrees = place_of(written(tmp_path / "b.gpkg", [Point(-70.6, -33.4)], "EPSG:4326"))
    assert degrees.crs == "EPSG:32719"


def test_real_layers_of_helsinki(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "vectors" / "helsinki"
    counts = {"hsy_populationgrid.json": 3291, "helsinki_population_grid_2020.gpkg": 92}
    for name, count in counts.items():
        path = Path(
            shutil.copy(folder / name, tmp_path)
        )  # a database is never opened where it must not change
        layer, notices = layer_of(path)
        assert len(layer.geometry) == count, notices
        assert shapely.is_valid(layer.geometry).all()
