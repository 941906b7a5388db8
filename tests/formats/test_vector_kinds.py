import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from shapely import Point, Polygon

from twin.errors import DataError
from twin.formats import csv_points, position_columns
from twin.formats.osm_layer import parse
from twin.formats.read import kind_of
from twin.formats.vector import list_layers, read_layer
from twin.formats.vector_info import place_of, summary
from twin.model.layer import Layer, Style
from twin.model.place import Place

PLACE = Place("EPSG:3879", (25496700.0, 6673000.0, 0.0), 24.94050, 60.17280, "Europe/Helsinki")
KML = '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'
PLACEMARK = "<Placemark><name>{}</name>{}<Point><coordinates>{}</coordinates></Point></Placemark>"


def layer_of(path: Path, layer: str | None = None, crs: str = "") -> tuple[Layer, tuple[str, ...]]:
    return read_layer(path, layer=layer, id="a", title="A", style=Style(), place=PLACE, crs=crs)


def table(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def places(layer: Layer) -> Any:
    return np.round(shapely.get_coordinates(layer.geometry), 1).tolist()


@pytest.mark.parametrize(
    "text",
    [
        "nimi;N-koordinaatti;E-koordinaatti;epsg\nA;6673020,0;25496710,0;3879\n",
        "nimi;N_GK25;E_GK25\nA;6 673 020,00;25 496 710,00\n",
        "Name;Rechtswert_GK25;Hochwert_GK25\nA;25.496.710,0;6.673.020,0\n",
        "name,x,y,epsg\nA,25496710.0,6673020.0,3879\n",
        "nimi\tIda_3879\tPõhi_3879\nA\t25496710\t6673020\n",
        "name,wkt\nA,SRID=3879;POINT (25496710 6673020)\n",
        "namn;Nord_gk25;Öst_gk25\nA;6673020;25496710\n",
    ],
)
def test_tables_of_several_languages_give_the_same_place(tmp_path: Path, text: str) -> None:
    layer, notices = layer_of(table(tmp_path / "a.csv", text))
    assert places(layer) == [[10.0, 20.0]]
    assert notices == ()
    assert "A" in layer.table.row(0).values()


def test_degrees_need_no_coordinate_system(tmp_path: Path) -> None:
    layer, _ = layer_of(table(tmp_path / "a.csv", "lat,lon,lamps\n60.1728,24.9405,3\n,,4\n"))
    assert np.abs(places(layer)).max() < 500
    assert layer.table.columns["lamps"].tolist() == [3]


def test_rows_without_a_position_are_counted(tmp_path: Path) -> None:
    _, notices = layer_of(table(tmp_path / "a.csv", "lat;lon;n\n60,17;24,94;1\n;;2\nx;24,9;3\n"))
    assert notices == ("A: 2 rows left out: without a position",)


def test_metres_without_a_coordinate_system_name_columns_and_guess(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "x,y\n25496710,6673020\n")
    with pytest.raises(DataError, match=r"columns x and y: do not say.*may be EPSG:3879"):
        layer_of(path)
    assert places(layer_of(path, crs="EPSG:3879")[0]) == [[10.0, 20.0]]


def test_x_that_is_north_is_put_right_and_named(tmp_path: Path) -> None:
    layer, notices = layer_of(table(tmp_path / "a.csv", "X,Y,epsg\n6673020,25496710,3879\n"))
    assert places(layer) == [[10.0, 20.0]]
    assert "northing stands before easting" in notices[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "none are coordinates; they are a, b"),
        ("from_lat,from_lon,to_lat,to_lon\n1,2,3,4\n", "several could be the coordinates: from_lon, to_lon"),
        ('lat,lon\n"60,123","24,123"\n', "may be thousands or decimals"),
        ("lat,lon\n", "has no rows"),
        ("lat,lon,lat\n1,2,3\n", "names of columns twice"),
        ("x,y,epsg\n1,2,3879\n1,2,3067\n", "names several coordinate systems"),
    ],
)
def test_a_table_that_leaves_doubt_says_so(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        layer_of(table(tmp_path / "a.csv", text))


def test_letters_of_windows_are_read_and_told(tmp_path: Path) -> None:
    layer, notices = layer_of(table(tmp_path / "a.csv", "lat;lon;nimi\n60,17;24,94;Hämeenkatu\n", "cp1252"))
    assert layer.table.row(0)["nimi"] == "Hämeenkatu"
    assert "Windows-1252" in notices[0]


def test_digits_that_are_names_stay_words(tmp_path: Path) -> None:
    layer, _ = layer_of(table(tmp_path / "a.csv", "lat,lon,code,height\n60.17,24.94,00100,2.5\n"))
    assert (layer.table.columns["code"].tolist(), layer.table.columns["height"].dtype.kind) == (
        ["00100"],
        "f",
    )


@pytest.mark.parametrize(
    ("text", "comma", "number"),
    [
        ("25 496 710,5", True, 25496710.5),
        ("25.496.710,5", True, 25496710.5),
        ("25,496,710.5", False, 25496710.5),
        ("25’496’710", False, 25496710.0),
        ("−3,5", True, -3.5),
        ("1e400", False, np.nan),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, comma: bool, number: float) -> None:
    found = position_columns.numbers_of(Path("a.csv"), "x", [text], comma)
    np.testing.assert_equal(found, [number])


def test_kml_gives_each_kind_of_geometry_and_its_data(tmp_path: Path) -> None:
    data = '<ExtendedData><Data name="kerrokset"><value>4</value></Data></ExtendedData>'
    line = "<Placemark><LineString><coordinates>24.9,60.1 24.9,60.2</coordinates></LineString></Placemark>"
    link = "<NetworkLink><Link><href>http://127.0.0.1/</href></Link></NetworkLink>"
    point = PLACEMARK.format("Asema", data, "24.9405,60.1728,3")
    path = table(tmp_path / "a.kml", KML.format(f"<Folder><name>Talot</name>{point}{line}</Folder>{link}"))
    assert list_layers(path) == ("points", "lines")
    layer, notices = layer_of(path, "points")
    row = layer.table.row(0)
    assert (row["name"], row["folder"], row["kerrokset"]) == ("Asema", "Talot", 4)
    assert np.abs(places(layer)).max() < 500
    assert notices == ("A: 1 × links to other files, which are not followed left out",)


def test_packed_kml_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("doc.kml", KML.format(PLACEMARK.format("A", "", "24.94,60.17")))
    assert (list_layers(path), len(layer_of(path)[0].geometry)) == (("a",), 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<kml>", "not well-formed"),
        ('<!DOCTYPE kml [<!ENTITY a "b">]><kml>&a;</kml>', "document types are not read"),
        ("<gpx/>", "not kml"),
    ],
)
def test_broken_kml_says_why(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        list_layers(table(tmp_path / "a.kml", text))


def test_a_packed_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b" " * 2_000_000)
    with pytest.raises(DataError, match="too large when unpacked"):
        list_layers(path)


def parquet(path: Path, columns: dict[str, Any], geo: dict[str, Any] | None) -> Path:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    made = pyarrow.table(columns)
    write_table(made.replace_schema_metadata({"geo": json.dumps(geo)} if geo is not None else None), path)
    return path


@pytest.mark.parametrize("told", ["none", "projjson"])
def test_geoparquet_is_read_with_its_coordinate_system(tmp_path: Path, told: str) -> None:
    crs = {} if told == "none" else {"crs": {"id": {"authority": "EPSG", "code": 3879}}}
    shape = Point(24.9405, 60.1728) if told == "none" else Point(25496710, 6673020)
    geo = {"primary_column": "g", "columns": {"g": {"encoding": "WKB", **crs}}}
    path = parquet(tmp_path / "a.parquet", {"g": [shape.wkb, None], "n": [1, 2]}, geo)
    layer, notices = layer_of(path)
    assert np.abs(places(layer)).max() < 500
    assert (layer.table.columns["n"].tolist(), notices) == (
        [1],
        ("A: 1 feature left out: without geometry",),
    )
    assert (kind_of(path), summary(path, "a")["features"]) == ("vector", 2)


def test_parquet_without_geometry_says_so(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", {"temperature": [1.0]}, None)
    with pytest.raises(DataError, match="none are coordinates; they are temperature"):
        list_layers(path)


def test_geoparquet_of_unknown_coordinates_names_what_they_may_be(tmp_path: Path) -> None:
    geo = {"primary_column": "g", "columns": {"g": {"encoding": "WKB", "crs": None}}}
    path = parquet(tmp_path / "a.parquet", {"g": [Point(25496710, 6673020).wkb]}, geo)
    with pytest.raises(DataError, match="may be EPSG:3879"):
        layer_of(path)


@pytest.mark.parametrize("text", ["", "amenity=", "no key=1", "=bench"])
def test_what_is_no_filter_of_tags_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="no filter of tags"):
        parse(Path("a.pbf"), text)


def test_rows_of_json_are_points_once_each(tmp_path: Path) -> None:
    row = {"lat": 60.1728, "lng": 24.9405, "count": 1}
    path = table(tmp_path / "a.json", json.dumps({"max": 1, "data": [row, row, {**row, "lat": 60.18}]}))
    layer, notices = layer_of(path)
    assert (len(layer.geometry), notices) == (2, ("A: 1 rows left out: the same as another",))


def written(path: Path, shapes: list[Any], crs: str | None) -> Path:
    wkb = np.array([shape.wkb for shape in shapes], dtype=object)
    pyogrio.raw.write(path, wkb, field_data=[], fields=[], geometry_type=shapes[0].geom_type, crs=crs)
    return path


def test_swapped_degrees_are_put_right_because_only_so_they_are_here(tmp_path: Path) -> None:
    layer, notices = layer_of(written(tmp_path / "a.geojson", [Point(60.1728, 24.9405)], "EPSG:4326"))
    assert np.abs(places(layer)).max() < 500
    assert "latitude stands before longitude" in notices[0]


def test_degrees_that_are_called_metres_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="says EPSG:3067, which is in metres, but is in degrees"):
        layer_of(written(tmp_path / "a.gpkg", [Point(24.94, 60.17)], "EPSG:3067"))


def test_metres_that_are_called_degrees_are_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.geojson", [Point(25496710, 6673020)], "EPSG:4326")
    for read in (layer_of, place_of):
        with pytest.raises(DataError, match=r"is in metres.*may be EPSG:3879"):
            read(path)


def test_a_shapefile_without_prj_says_what_it_may_be(tmp_path: Path) -> None:
    path = written(tmp_path / "a.shp", [Point(25496710, 6673020)], "EPSG:3879")
    path.with_suffix(".prj").unlink()
    with pytest.raises(DataError, match=r"may be EPSG:3879.*\.prj"):
        layer_of(path)
    assert places(layer_of(path, crs="EPSG:3879")[0]) == [[10.0, 20.0]]


def test_bow_ties_are_counted(tmp_path: Path) -> None:
    x, y = 25496710, 6673020
    tie = Polygon([(x, y), (x + 10, y + 10), (x + 10, y), (x, y + 10)])
    _, notices = layer_of(written(tmp_path / "a.gpkg", [tie, tie], "EPSG:3879"))
    assert notices == ("A: 2 polygons mended: it crossed or touched itself",)


EXPECTED = {
    "tampere_lights.json": 45701,
    "tampere_roads.json": 809,
    "tampere_gtfs.zip": 585,
    "helsinki_gtfs.zip": 1361,
    "broken_gtfs.zip": 199,
    "helsinki_population_grid_2020.gpkg": 92,
    "hki_po_clipped.json": 84,
    "hsy_populationgrid.json": 3291,
    "travel_time_grid.json": 2863,
}
REFUSED = {
    "helsinki_r4c_all.parquet": "none are coordinates",
    "poi.geojson": "is in metres",
    "pois.gpkg": "is empty",
    "site.json": "cannot be read",
    "Vantaa-TRY2020.csv": "none are coordinates",
    "measurements_kr.csv": "none are coordinates",
    "poi_tmrt_obs_vs_solweig.csv": "none are coordinates",
}
FOLDERS = ("vectors", "gtfs", "tampere", "sensors", "heat", "weather")
ENDINGS = (".json", ".geojson", ".gpkg", ".zip", ".parquet", ".csv")


def test_every_vector_of_the_real_data_opens_or_says_why_not(shared_data: Path) -> None:
    found, refused = {}, {}
    for folder in FOLDERS:
        for path in sorted((shared_data / folder).rglob("*")):
            if path.suffix not in ENDINGS or path.name == "parametersforsolweig_KR.json":
                continue
            try:
                place = place_of(path)
                name = list_layers(path)[0]
                layer, _ = read_layer(path, layer=name, id="a", title="", style=Style(), place=place)
                found[path.name] = len(layer.geometry)
            except DataError as error:
                refused[path.name] = str(error)
    assert found == EXPECTED | {name: n for name, n in found.items() if "_with_sat" in name or "mask" in name}
    assert refused.keys() == REFUSED.keys()
    assert all(REFUSED[name] in said for name, said in refused.items())


def test_an_extract_gives_what_a_filter_of_tags_asks_for(shared_data: Path) -> None:
    path = shared_data / "osm" / "Helsinki.osm.pbf"
    assert {"building", "amenity=bench", "natural=tree"} <= set(list_layers(path))
    benches, _ = layer_of(path, "amenity=bench")
    assert (len(benches.geometry), str(benches.table.columns["id"][0])[:9]) == (162, "osm-node-")
    houses, notices = layer_of(path, "building")
    assert {shape.geom_type for shape in houses.geometry} == {"MultiPolygon"}
    assert any("left out" in notice for notice in notices)


def test_a_table_of_one_file_is_one_layer() -> None:
    assert csv_points.layers(Path("a/lamps.csv")) == ("lamps",)
