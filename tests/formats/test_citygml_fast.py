# ruff: noqa: E501  # XML reads across
import gzip
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_cache import same_table

from twin.errors import DataError
from twin.formats import citygml, citygml_fast, citygml_tree, machine_code
from twin.formats.citygml_grammar import DoubtError, Grammar
from twin.formats.report import Report
from twin.model.appearance import Appearance
from twin.model.city import SURFACE_TYPES, City

DATA = Path(__file__).parent / "data"
PREFIXES = {
    "": "http://www.opengis.net/citygml/2.0",
    "bldg": "http://www.opengis.net/citygml/building/2.0",
    "gen": "http://www.opengis.net/citygml/generics/2.0",
    "app": "http://www.opengis.net/citygml/appearance/2.0",
    "gml": "http://www.opengis.net/gml",
    "xlink": "http://www.w3.org/1999/xlink",
    "xAL": "urn:oasis:names:tc:ciq:xsdschema:xAL:2.0",
    "uro": "https://www.geospatial.jp/iur/uro/3.0",
}
ROOT = " ".join(f'xmlns{":" * bool(prefix)}{prefix}="{uri}"' for prefix, uri in PREFIXES.items())
BOUNDS = '<gml:boundedBy><gml:Envelope srsName="EPSG:25832"/></gml:boundedBy>'
SQUARE = "690000 5330000 {z} 690010 5330000 {z} 690010 5330010 {z} 690000 5330010 {z} 690000 5330000 {z}"
HOLE = "690002 5330002 {z} 690002 5330004 {z} 690004 5330004 {z} 690004 5330002 {z} 690002 5330002 {z}"


def ring(numbers: str, side: str = "exterior", gml_id: str = "") -> str:
    named = f' gml:id="{gml_id}"' if gml_id else ""
    return f"<gml:{side}><gml:LinearRing{named}><gml:posList>{numbers}</gml:posList></gml:LinearRing></gml:{side}>"


def polygon(z: float = 500, gml_id: str = "", inside: str = "") -> str:
    named = f' gml:id="{gml_id}"' if gml_id else ""
    return f"<gml:Polygon{named}>{inside or ring(SQUARE.format(z=z))}</gml:Polygon>"


def surface(kind: str, *polygons: str, lod: int = 2) -> str:
    members = "".join(f"<gml:surfaceMember>{p}</gml:surfaceMember>" for p in polygons)
    geometry = f"<bldg:lod{lod}MultiSurface><gml:MultiSurface>{members}</gml:MultiSurface></bldg:lod{lod}MultiSurface>"
    return f"<bldg:boundedBy><bldg:{kind}>{geometry}</bldg:{kind}></bldg:boundedBy>"


def building(content: str, gml_id: str = "b1") -> str:
    return f'<cityObjectMember><bldg:Building gml:id="{gml_id}">{content}</bldg:Building></cityObjectMember>'


def model(*members: str, bounds: str = BOUNDS) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<CityModel {ROOT}>{bounds}{"".join(members)}</CityModel>'


def same_appearance(first: Appearance | None, second: Appearance | None) -> bool:
    if first is None or second is None:
        return first is second

    def worn(of: Appearance) -> list[Any]:
        images = [of.images[k] if k >= 0 else None for k in of.surface_image.tolist()]
        return images + [of.materials[k] if k >= 0 else None for k in of.surface_material.tolist()]

    return worn(first) == worn(second) and np.array_equal(
        first.coordinates, second.coordinates, equal_nan=True
    )


def assert_same(first: tuple[City, Report], second: tuple[City, Report]) -> None:
    for name in (field.name for field in fields(City)):
        a, b = getattr(first[0], name), getattr(second[0], name)
        if name == "attributes":
            assert same_table(a, b)
        elif name == "faces" and a is not None:
            assert np.array_equal(a.of_surface, b.of_surface)
            assert np.array_equal(a.type, b.type)
            assert np.array_equal(a.parent, b.parent)
            assert same_table(a.attributes, b.attributes)
        elif name == "appearance":
            assert same_appearance(a, b)
        elif name == "place" or a is None:
            assert a == b
        else:
            assert a.dtype == b.dtype, name
            assert np.array_equal(a, b), name
    reports = [report.as_json() for _, report in (first, second)]
    for report in reports:
        del report["seconds"], report["peak_memory"]
        for item in report["skipped"]:
            # the element tree does not know higher ones well
            item["first"] = re.sub(r"line \d{5,}", "line far below", item["first"])
    assert reports[0] == reports[1]


def agree(path: Path, crs: str = "EPSG:25832", **options: Any) -> bool:
    """Hold both readers to each other; whether the scan had no doubt."""
    walked: Any
    try:
        walked = citygml_tree.read(path, crs=crs)
    except DataError as error:
        walked = error
    try:
        scanned = citygml_fast.read(path, crs=crs, **options)
    except DoubtError:
        return False
    except DataError as error:
        assert str(error) == str(walked)
        return False
    assert not isinstance(walked, DataError)
    assert_same(walked, scanned)
    return True


def read(text: str | bytes, folder: Path, **options: Any) -> bool:
    path = folder / "city.gml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return agree(path, **options)


@pytest.mark.parametrize("name", ["house_v1.gml", "house_v2.gml", "house_v3.gml"])
def test_own_files_are_read_the_same_as_through_the_tree(name: str) -> None:
    agree(DATA / name)


PLAIN = building(
    "<gml:name>Town  hall </gml:name><bldg:yearOfConstruction>1900</bldg:yearOfConstruction>"
    '<gen:doubleAttribute name="area"><gen:value uom="m2">100.5</gen:value></gen:doubleAttribute>'
    + surface(
        "RoofSurface", polygon(510, "roof", ring(SQUARE.format(z=510)) + ring(HOLE.format(z=510), "interior"))
    )
    + surface("GroundSurface", polygon(500, "ground"))
    + '<bldg:lod2Solid><gml:Solid><gml:exterior><gml:CompositeSurface><gml:surfaceMember xlink:href="#roof"/>'
    '<gml:surfaceMember xlink:href="#ground"/></gml:CompositeSurface></gml:exterior></gml:Solid></bldg:lod2Solid>'
)
OTHER = building(surface("WallSurface", polygon(520)), "b2")
LATE = (
    "<bldg:lod1Solid><gml:Solid><gml:exterior><gml:CompositeSurface>{}</gml:CompositeSurface></gml:exterior>"
    "</gml:Solid></bldg:lod1Solid>"
)
PART = (
    "<bldg:consistsOfBuildingPart><bldg:BuildingPart gml:id='p1'>{}</bldg:BuildingPart>"
    "</bldg:consistsOfBuildingPart>"
)
MATERIAL = (
    "<app:appearance><app:Appearance><app:theme>day</app:theme><app:surfaceDataMember><app:X3DMaterial>{}"
    "<app:diffuseColor>0.5 0.5 0.5</app:diffuseColor><app:target>#{}</app:target></app:X3DMaterial>"
    "</app:surfaceDataMember></app:Appearance></app:appearance>"
)
ADDRESS = (
    "<bldg:address><Address><xalAddress><xAL:AddressDetails><xAL:Country><xAL:CountryName>Suomi</xAL:CountryName>"
    "<xAL:Locality><xAL:LocalityName>Helsinki</xAL:LocalityName><xAL:Thoroughfare><xAL:ThoroughfareName>Katu"
    "</xAL:ThoroughfareName><xAL:ThoroughfareNumber>1</xAL:ThoroughfareNumber></xAL:Thoroughfare></xAL:Locality>"
    "</xAL:Country></xAL:AddressDetails></xalAddress></Address></bldg:address>"
)
SCANNED = {
    "plain": PLAIN,
    "two": PLAIN + OTHER,
    "no id": building(surface("WallSurface", polygon()), "") + PLAIN,
    "same id": building("", "b1") + PLAIN,
    "comment": PLAIN.replace("<gml:name>", "<!-- a > b -- --><gml:name>".replace("-- --", "--")),
    "comment between": f"<!-- x -->{PLAIN}<!-- <y> -->",
    "entities": PLAIN.replace("Town", "A &amp; B &#228;&#x20AC; &lt;"),
    "umlauts": PLAIN.replace("Town", "Zürich 東京 𝄞"),
    "scientific": PLAIN.replace("690010", "6.9001E5").replace("5330010", "+53300.1e2"),
    "many digits": PLAIN.replace("690010", "690010.12345678901234567").replace(
        "510", "0.1000000000000000055511"
    ),
    "pos": PLAIN.replace(
        ring(SQUARE.format(z=500)),
        "<gml:exterior><gml:LinearRing>"
        + "".join(f"<gml:pos>{x} {y} 500</gml:pos>" for x, y in ((0, 0), (1, 0), (1, 0), (1, 1), (0, 0)))
        + "</gml:LinearRing></gml:exterior>",
    ),
    "parts": building(
        LATE.format("") + PART.format(surface("WallSurface", polygon(501)) + "<gml:name>p</gml:name>")
    )
    + OTHER,
    "late": building(
        PART.format(surface("WallSurface", polygon(501))) + surface("RoofSurface", polygon(511))
    ),
    "two LoDs": building(
        surface("RoofSurface", polygon(511))
        + LATE.format(f"<gml:surfaceMember>{polygon(503)}</gml:surfaceMember>")
    ),
    "thin ring": building(surface("RoofSurface", polygon(0, "p", ring("1 1 1 2 2 2 1 1 1")), polygon(511))),
    "thin hole": building(
        surface(
            "RoofSurface", polygon(0, "p", ring(SQUARE.format(z=1)) + ring("1 1 1 2 2 2 1 1 1", "interior"))
        )
    ),
    "hole first": building(
        surface("RoofSurface", polygon(0, "p", ring(HOLE.format(z=1), "interior") + ring(SQUARE.format(z=1))))
    )
    + OTHER,
    "set": building(
        '<gen:genericAttributeSet name="s"><gen:intAttribute name="n"><gen:value>3</gen:value></gen:intAttribute>'
        '<gen:stringAttribute name="t"><gen:value> x </gen:value></gen:stringAttribute></gen:genericAttributeSet>'
    )
    + OTHER,
    "several values": building("<bldg:function>1</bldg:function><bldg:function>2</bldg:function>") + OTHER,
    "mixed types": building('<gen:intAttribute name="n"><gen:value>3</gen:value></gen:intAttribute>')
    + building('<gen:stringAttribute name="n"><gen:value>x</gen:value></gen:stringAttribute>', "b2"),
    "empty values": building(
        '<bldg:function/><bldg:usage> </bldg:usage><gen:intAttribute name="n"><gen:value/></gen:intAttribute>'
    )
    + OTHER,
    "address": building(ADDRESS + ADDRESS.replace("Katu", "Tie")) + OTHER,
    "extension": building(
        '<uro:flood><uro:Flood><uro:depth uom="m">1.5</uro:depth><uro:rank>2</uro:rank></uro:Flood></uro:flood>'
    )
    + OTHER,
    "material": PLAIN.replace("<bldg:year", MATERIAL.format("", "roof") + "<bldg:year"),
    "material of nothing": PLAIN.replace("<bldg:year", MATERIAL.format("", "none") + "<bldg:year"),
    "back": PLAIN.replace(
        "<bldg:year", MATERIAL.format("<app:isFront>false</app:isFront>", "roof") + "<bldg:year"
    ),
    "curves": building("<bldg:lod2TerrainIntersection><gml:MultiCurve/></bldg:lod2TerrainIntersection>")
    + OTHER,
    "link that ends with a tag of its own": PLAIN.replace('#roof"/>', '#roof">\n</gml:surfaceMember>'),
    "windows line ends": PLAIN.replace("><", ">\r\n<").replace("Town ", "Town\r\n"),
    "single quotes": PLAIN.replace('"', "'"),
    "numbers in words": PLAIN.replace("1900", "1_900"),
}
WALKED = {
    "link to another": PLAIN + building(LATE.format('<gml:surfaceMember xlink:href="#roof"/>'), "b3"),
    "link to nothing": PLAIN + building(LATE.format('<gml:surfaceMember xlink:href="#none"/>'), "b3"),
    "link around a surface": PLAIN
    + building(
        surface("WallSurface", polygon(520, "wall"))
        + LATE.replace("1", "2").format(
            f'<gml:surfaceMember xlink:href="#wall">{polygon(530)}</gml:surfaceMember>'
        ),
        "b3",
    ),
    "text in marks": PLAIN + building("<gml:name>a</gml:name>", "b3").replace(">a<", "><![CDATA[a & b]]><"),
    "comment in text": PLAIN + building("<gml:name>a<!-- c -->b</gml:name>", "b3"),
    "comment in numbers": PLAIN + OTHER.replace("690010", "690010<!-- c -->", 1),
    "flat": PLAIN + OTHER.replace("<gml:posList>", '<gml:posList srsDimension="2">'),
    "no number": PLAIN + OTHER.replace("690010", "nan", 1),
    "too far": PLAIN + OTHER.replace("690010", "6e99", 1),
    "own namespace": PLAIN + OTHER.replace("<bldg:Building ", '<bldg:Building xmlns:x="urn:x" x:y="" ', 1),
    "turned": PLAIN
    + OTHER.replace(
        "<gml:Polygon>", '<gml:OrientableSurface orientation="-"><gml:baseSurface><gml:Polygon>'
    ).replace("</gml:Polygon>", "</gml:Polygon></gml:baseSurface></gml:OrientableSurface>"),
    "twice": PLAIN
    + building(
        surface("RoofSurface", polygon(511), lod=1)
        + LATE.format(f"<gml:surfaceMember>{polygon(511)}</gml:surfaceMember>"),
        "b3",
    ),
    "hull": PLAIN
    + building(
        LATE.format(f"<gml:surfaceMember>{polygon(500)}</gml:surfaceMember>")
        + PART.format(surface("RoofSurface", polygon(500))),
        "b3",
    ),
}


@pytest.mark.parametrize("name", SCANNED)
def test_what_is_scanned_is_read_the_same_as_through_the_tree(name: str, tmp_path: Path) -> None:
    assert read(model(SCANNED[name]), tmp_path)


@pytest.mark.parametrize("name", WALKED)
def test_only_members_that_need_it_are_walked_through(name: str, tmp_path: Path) -> None:
    alone = building("<gml:name>alone</gml:name>", "alone")
    assert read(model(alone, WALKED[name]), tmp_path)


UNUSUAL = {
    "white text": building("<bldg:yearOfConstruction>&#10;</bldg:yearOfConstruction>") + OTHER,
    "white part of an address": building(ADDRESS.replace("Katu", "&#32;")) + OTHER,
    "space in an id": PLAIN.replace("<bldg:RoofSurface>", '<bldg:RoofSurface gml:id=" r ">'),
    "unit in an extension": PLAIN.replace(
        "<gml:name>", '<uro:size><gml:length uom="m">1.5</gml:length></uro:size><gml:name>'
    ),
    "address in a point": building(
        ADDRESS.replace("<xAL:Thorough", "<gml:multiPoint><xAL:Thorough", 1).replace(
            "</xAL:Locality>", "</gml:multiPoint></xAL:Locality>"
        )
    )
    + OTHER,
    "thin hole of nothing": building(
        surface("RoofSurface", polygon(0, "p", ring("1 1 1 2 2 2 1 1 1", "interior")), polygon(511))
    ),
    "as many of two CRSs": PLAIN.replace(
        '<gml:Polygon gml:id="ground">', '<gml:Polygon srsName="EPSG:25833">'
    ),
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_what_is_unusual_is_read_the_same(name: str, tmp_path: Path) -> None:
    assert read(model(UNUSUAL[name], OTHER.replace("b2", "b9")), tmp_path, crs="")


ENVELOPE = '<gml:boundedBy><gml:Envelope srsName="EPSG:25832"{}/></gml:boundedBy>'
BESIDE = {
    "text in marks": BOUNDS + "<gml:name><![CDATA[A & B]]></gml:name>",
    "own namespace": ENVELOPE.format(' xmlns:x="urn:x"'),
    "own namespace around": BOUNDS.replace("<gml:boundedBy", '<gml:boundedBy xmlns:x="urn:x"'),
    "CRS elsewhere": BOUNDS.replace("Envelope", "Box"),
    "CRS around": '<gml:boundedBy srsName="EPSG:25832"/>',
    "unknown prefix": ENVELOPE.format(' xsi:nil="true"'),
    "unknown prefix within": BOUNDS.replace("<gml:Envelope", "<xsi:nil/><gml:Envelope"),
}


@pytest.mark.parametrize("name", BESIDE)
def test_what_stands_beside_the_members_is_read_the_same(name: str, tmp_path: Path) -> None:
    assert read(model(PLAIN, bounds=BESIDE[name]), tmp_path, crs="") == (name == "text in marks")


BROKEN = {
    "ends": "</bldg:Building>",
    "crossed": "<gml:name><gml:description></gml:name></gml:description>",
    "no quotes": "<gml:name a=b/>",
    "attribute twice": '<gml:name a="1" a="2"/>',
    "same attribute by two prefixes": '<gml:name xlink:a="1" xmlns:x="http://www.w3.org/1999/xlink" x:a="2"/>',
    "unknown prefix": "<nobody:knows/>",
    "unknown entity": "<gml:name>&nobody;</gml:name>",
    "bare ampersand": "<gml:name>a & b</gml:name>",
    "control character": "<gml:name>\x01</gml:name>",
    "reference to nothing": "<gml:name>&#0;</gml:name>",
    "end of marks": "<gml:name>]]></gml:name>",
    "less in attribute": '<gml:name a="<"/>',
    "bad comment": "<!-- a -- b -->",
    "no space": '<gml:name a="1"b="2"/>',
    "odd name": "<1/>",
    "too deep": "<gml:name>" * 300 + "</gml:name>" * 300,
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_xml_gives_the_error_of_the_tree(name: str, tmp_path: Path) -> None:
    path = tmp_path / "city.gml"
    path.write_text(model(PLAIN, building(BROKEN[name], "b9")), encoding="utf-8")
    with pytest.raises(DataError) as expected:
        citygml_tree.read(path)
    assert_doubtful(path)
    assert machine_code.is_loaded(machine_code.CITYGML)
    with pytest.raises(DataError) as raised:
        citygml.read(path)
    assert str(raised.value) == str(expected.value)


def assert_doubtful(path: Path) -> None:
    """The tree shall tell what is wrong; for what stands near the top the look at the root does already."""
    with pytest.raises((DataError, DoubtError)) as raised:
        citygml_fast.read(path)
    if raised.type is DataError:
        with pytest.raises(DataError, match=re.escape(str(raised.value))):
            citygml_tree.read(path)


def test_a_cut_file_is_no_city(tmp_path: Path) -> None:
    whole = model(PLAIN, OTHER).encode()
    path = tmp_path / "city.gml"
    for percent in range(100):
        path.write_bytes(whole[: len(whole) * percent // 100])
        with pytest.raises((DataError, DoubtError)):
            citygml_fast.read(path)


def test_a_name_that_is_cut_off_is_no_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    met: list[bytes] = []
    add = Grammar.add

    def noted(grammar: Grammar, parent: int, name: bytes) -> None:
        met.append(name)
        add(grammar, parent, name)

    monkeypatch.setattr(Grammar, "add", noted)
    whole = model(PLAIN).encode()
    path = tmp_path / "city.gml"
    path.write_bytes(whole[: whole.index(b"<gml:posList") + len(b"<gml:pos")])
    with pytest.raises(DoubtError):
        citygml_fast.read(path)
    assert met
    assert b"gml:pos" not in met


@pytest.mark.parametrize("tail", [" x", "<a/>", "\x00", "&amp;", "<!-- -->"])
def test_what_follows_the_root_is_left_to_the_tree(tail: str, tmp_path: Path) -> None:
    path = tmp_path / "city.gml"
    path.write_text(model(PLAIN) + tail, encoding="utf-8")
    assert_doubtful(path)


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "us-ascii"])
def test_other_encodings_are_left_to_the_tree(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "city.gml"
    path.write_bytes(model(PLAIN).replace("UTF-8", encoding).encode(encoding))
    with pytest.raises(DoubtError):
        citygml_fast.read(path)
    assert citygml.read(path)[1].polygons == 2


@pytest.mark.parametrize(
    "bad", [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xe2\x82", b"\xf5\x80\x80\x80", b"\xef\xbf\xbf"]
)
def test_bytes_that_are_no_text_are_left_to_the_tree(bad: bytes, tmp_path: Path) -> None:
    path = tmp_path / "city.gml"
    path.write_bytes(model(PLAIN).encode().replace(b"Town", b"T" + bad + b"n"))
    assert_doubtful(path)


@pytest.mark.parametrize("size", [600, 3000, 20_000])
@pytest.mark.parametrize("threads", [1, 2])
def test_pieces_and_threads_change_nothing(size: int, threads: int, tmp_path: Path) -> None:
    members = [*(value for value in SCANNED.values() if "'p1'" not in value), *WALKED.values()]
    numbered = [
        re.sub(r"\b(b\d|roof|ground|p)\b(?=[\"'<])", rf"\g<1>-{k}", text) for k, text in enumerate(members)
    ]
    assert read(model(*numbered), tmp_path, size=size, threads=threads)


def test_packed_files_are_scanned(tmp_path: Path) -> None:
    path = tmp_path / "city.gml.gz"
    path.write_bytes(gzip.compress(model(PLAIN, OTHER).encode()))
    assert agree(path)


def test_what_progress_raises_stops_the_reading(tmp_path: Path) -> None:
    class Cancelled(Exception):
        pass

    def progress(done: float) -> None:
        if done > 0.2:
            raise Cancelled

    path = tmp_path / "city.gml"
    path.write_text(model(*(building("", f"b{k}") for k in range(1000))), encoding="utf-8")
    with pytest.raises(Cancelled):
        citygml_fast.read(path, progress=progress, size=4096, threads=2)


numbers = st.one_of(
    st.floats(-1e8, 1e8, allow_nan=False).map(repr),
    st.floats(-1e8, 1e8, allow_nan=False).map(lambda x: f"{x:.3f}"),
    st.floats(-1e8, 1e8, allow_nan=False).map(lambda x: f"{x:.17e}"),
    st.from_regex(r"[+-]?[0-9]{1,8}\.?[0-9]{0,25}([eE][+-]?[0-9])?", fullmatch=True),
)


@given(st.lists(numbers, min_size=9, max_size=30))
@settings(max_examples=60)
def test_numbers_are_those_of_python(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    words = words[: len(words) // 3 * 3]
    read(
        model(building(surface("RoofSurface", polygon(0, "", ring(" ".join(words)))))),
        tmp_path_factory.mktemp("numbers"),
    )


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<&"), max_size=8)
parts = st.recursive(
    st.sampled_from([*SCANNED.values(), *WALKED.values()]).map(
        lambda text: text[text.index(">", 20) + 1 : -40]
    )
    | texts.map(lambda text: f"<gml:name>{text}</gml:name>".replace("]]>", "")),
    lambda inner: st.lists(inner, max_size=3).map("".join),
    max_leaves=4,
)


@given(st.lists(st.sampled_from([*SCANNED.values(), *WALKED.values()]) | parts, min_size=1, max_size=5))
@settings(max_examples=60)
def test_any_mixture_is_read_the_same(tmp_path_factory: pytest.TempPathFactory, members: list[str]) -> None:
    read(model(*members), tmp_path_factory.mktemp("mixed"))


WALL = """<bldg:boundedBy><bldg:WallSurface gml:id="wall-1">{more}
<gen:doubleAttribute name="slope"><gen:value>90.0</gen:value></gen:doubleAttribute>
<gen:genericAttributeSet name="energy">
<gen:measureAttribute name="u"><gen:value uom="W/m2K">0.8</gen:value></gen:measureAttribute>
</gen:genericAttributeSet>
<gml:description> brick &amp; stone </gml:description><gml:name/>
<bldg:lod3MultiSurface><gml:MultiSurface><gml:surfaceMember>{wall}</gml:surfaceMember></gml:MultiSurface></bldg:lod3MultiSurface>
<bldg:opening><bldg:Door><gen:stringAttribute name="lock"><gen:value>yes</gen:value></gen:stringAttribute>
<bldg:address><Address><xalAddress><xAL:AddressDetails><xAL:Locality><xAL:LocalityName>Turku</xAL:LocalityName></xAL:Locality></xAL:AddressDetails></xalAddress></Address></bldg:address>
<bldg:lod3MultiSurface><gml:MultiSurface><gml:surfaceMember>{door}</gml:surfaceMember></gml:MultiSurface></bldg:lod3MultiSurface>
</bldg:Door></bldg:opening></bldg:WallSurface></bldg:boundedBy>"""
ROOF = surface("RoofSurface", polygon(504), lod=3)
LINKED = '<bldg:lod3Solid><gml:Solid><gml:exterior><gml:CompositeSurface><gml:surfaceMember xlink:href="#{to}"/></gml:CompositeSurface></gml:exterior></gml:Solid></bldg:lod3Solid>'
CODED = "<gml:description><![CDATA[<as it is>]]></gml:description>"


@pytest.mark.parametrize(
    ("more", "beside", "name"),
    [
        ("", "", None),
        (CODED, "", "<as it is>; brick & stone"),
        ("", LINKED.format(to="p1"), None),
        ("", LINKED.format(to="nowhere"), None),
        ("", "<uro:tall>yes</uro:tall>", None),
    ],
    ids=["scanned", "walked", "linked", "lost", "extended"],
)
def test_surfaces_keep_ids_and_attributes_and_what_they_are_cut_into(
    tmp_path: Path, more: str, beside: str, name: str | None
) -> None:
    wall = WALL.format(more=more, wall=polygon(500, "p1"), door=polygon(502))
    plain = WALL.format(more="", wall=polygon(500), door=polygon(502)).replace("wall-1", "wall-2")
    assert read(model(building(ROOF + wall + beside), building(ROOF + plain, "b2")), tmp_path)
    city, report = citygml_fast.read(tmp_path / "city.gml", crs="EPSG:25832")
    assert city.faces is not None
    of = [SURFACE_TYPES[kind] for kind in city.surface_type.tolist()]
    rows = [city.faces.row(surface) for surface in range(6)]
    walls = [k for k, kind in enumerate(of) if kind == "WallSurface"]
    doors = [k for k, kind in enumerate(of) if kind == "Door"]
    for number, (wall_row, door) in enumerate(zip(walls, doors, strict=True), 1):
        assert rows[wall_row] == {
            "gml:id": f"wall-{number}",
            "slope": 90.0,
            "energy.u": 0.8,
            "description": name if name and number == 1 else "brick & stone",
        }
        assert rows[door] == {"lock": "yes", "address": "Turku", "address.city": "Turku"}
        face = city.faces.of_surface[[door, wall_row]].tolist()
        assert city.faces.parent[face].tolist() == [face[1], -1]
    assert [rows[k] for k, kind in enumerate(of) if kind == "RoofSurface"] == [{}, {}]
    assert report.surface_attributes == {
        **{"gml:id": 2, "slope": 2, "energy.u": 2, "description": 2},
        **{"lock": 2, "address": 2, "address.city": 2},
    }
    assert "attribute of a surface" not in {item.what for item in report.skipped}
