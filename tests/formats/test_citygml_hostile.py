# ruff: noqa: E501 - XML reads best in one line
"""A CityGML file of a stranger is read, or refused with a reason, and never hangs or falls."""

import gzip
import random
import time
from pathlib import Path

import numpy as np
import pytest
from citygml_text import (
    HELSINKI,
    building,
    document,
    member,
    polygon,
    read,
    roof,
    skipped,
    solid,
    square,
    surfaces,
)
from PIL import Image as Picture

from twin.errors import DataError
from twin.formats import citygml_tree, rare_attributes

SHAPE = surfaces(square("leaf", 0), id="shape")
PLACED = (
    "<transformationMatrix>1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1</transformationMatrix>{}"
    "<referencePoint><gml:Point><gml:pos>25496010 6673020 5</gml:pos></gml:Point></referencePoint>"
)


def tree(id: str, shape: str) -> str:
    inner = f"<ImplicitGeometry>{PLACED.format(shape)}</ImplicitGeometry>"
    return member(
        f'<veg:SolitaryVegetationObject gml:id="{id}"><veg:height uom="m">5.5</veg:height>'
        f"<veg:lod2ImplicitRepresentation>{inner}</veg:lod2ImplicitRepresentation></veg:SolitaryVegetationObject>"
    )


def rich() -> str:
    """A file with something of everything."""
    numbers = "25496000 6673000 1 25496010 6673000 1 25496010 6673010 1 25496000 6673010 1 25496000 6673000 1"
    hole = (
        "<gml:interior><gml:LinearRing><gml:posList>25496002 6673002 1 25496002 6673004 1 25496004 6673004 1"
        " 25496002 6673002 1</gml:posList></gml:LinearRing></gml:interior>"
    )
    top = polygon("top", numbers, "ring").replace("</gml:Polygon>", hole + "</gml:Polygon>")
    house = building(
        '<gml:name>Old &amp; new</gml:name><creationDate>2020-01-01</creationDate><gen:intAttribute name="n">'
        '<gen:value>7</gen:value></gen:intAttribute><gen:genericAttributeSet name="set"><gen:stringAttribute name="s">'
        "<gen:value><![CDATA[a < b]]></gen:value></gen:stringAttribute></gen:genericAttributeSet>"
        '<bldg:measuredHeight uom="m">9</bldg:measuredHeight>'
        + f"<bldg:lod2Solid>{solid('#top', '#gone')}</bldg:lod2Solid>"
        + roof(2, surfaces(top), id="roof")
        + f"<bldg:lod1MultiSurface>{surfaces(polygon('flat', numbers))}</bldg:lod1MultiSurface>"
    )
    other = building(f"<bldg:lod2Solid>{solid('#top')}</bldg:lod2Solid>", "other")
    look = (
        "<appearanceMember><app:Appearance><app:theme>t</app:theme><app:surfaceDataMember><app:ParameterizedTexture>"
        '<app:imageURI>brick.png</app:imageURI><app:wrapMode>wrap</app:wrapMode><app:target uri="#flat"><app:TexCoordList>'
        '<app:textureCoordinates ring="#ring">0 0 1 0 1 1 0 1 0 0</app:textureCoordinates></app:TexCoordList></app:target>'
        "</app:ParameterizedTexture></app:surfaceDataMember><app:surfaceDataMember><app:X3DMaterial>"
        "<app:diffuseColor>1 0 0</app:diffuseColor><app:target>#top</app:target></app:X3DMaterial></app:surfaceDataMember>"
        "</app:Appearance></appearanceMember>"
    )
    trees = tree("a", f"<relativeGMLGeometry>{SHAPE}</relativeGMLGeometry>")
    trees += tree("b", '<relativeGMLGeometry xlink:href="#shape"/>')
    return document(house + other + look + trees, srs="urn:ogc:def:crs:EPSG::3879").replace("><", ">\n<")


def attempt(path: Path, content: bytes) -> bool:
    """Whether the content could be read; it must be read or refused within 10 s."""
    path.write_bytes(content)
    begun = time.process_time()
    try:
        city, report = citygml_tree.read(path, place=HELSINKI)
    except DataError as error:
        assert path.name in str(error)
        return False
    finally:
        assert time.process_time() - begun < 10
    assert np.isfinite(city.vertices).all()
    assert len(city.object_id) == sum(report.objects.values())
    assert (city.triangles < len(city.vertices)).all()
    return True


def test_the_rich_file_is_whole(tmp_path: Path) -> None:
    Picture.new("RGB", (2, 2)).save(tmp_path / "brick.png")
    assert attempt(tmp_path / "rich.gml", rich().encode())
    _, report = citygml_tree.read(tmp_path / "rich.gml")
    assert (report.implicit_geometries, report.xlinks) == (2, {"resolved": 3, "unresolved": 1})
    assert skipped(report) == {"link to a surface": 1, "texture coordinates": 1}


def test_no_truncated_file_is_half_a_city(tmp_path: Path) -> None:
    whole = rich().encode()
    for percent in range(100):
        assert not attempt(tmp_path / "cut.gml", whole[: len(whole) * percent // 100])


WORDS = (
    *(
        "NaN",
        "INF",
        "-Infinity",
        "1e999",
        "1e308",
        "-1e-400",
        "abc",
        "",
        " ",
        "0x10",
        "1,5",
        "99999999999",
        "#top",
    ),
    *(
        "#shape",
        "#b",
        "#",
        "##",
        "http://127.0.0.1:9/a",
        "../../etc/passwd",
        "\U0001f3e0",
        "0 " * 999,
        "-",
        "+inf",
    ),
)
NAMES = (
    *("Polygon", "LinearRing", "posList", "exterior", "MultiSurface", "Solid", "surfaceMember", "Building"),
    *(
        "ImplicitGeometry",
        "Appearance",
        "value",
        "CityModel",
        "cityObjectMember",
        "RoofSurface",
        "TexCoordList",
    ),
)


def mutant(whole: str, chance: random.Random) -> str:
    lines = whole.split("\n")
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(2, len(lines))
        match chance.randrange(7):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, lines[chance.randrange(2, len(lines))])
            case 2:
                lines[at] = lines[at].replace(chance.choice("0123456789"), chance.choice(WORDS))
            case 3:
                parts = lines[at].split('"')
                if len(parts) > 1:
                    parts[1] = chance.choice(WORDS)
                lines[at] = '"'.join(parts)
            case 4:
                old, new = chance.choice(NAMES), chance.choice(NAMES)
                lines = [line.replace(f":{old}", f":{new}") for line in lines]
            case 5:
                head, mark, tail = lines[at].partition(">")
                lines[at] = head + mark + chance.choice(WORDS) + tail[tail.find("<") :]
            case _:
                first, second = sorted((at, chance.randrange(2, len(lines))))
                lines[first:second] = lines[first:second][::-1]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(8))
def test_mutants_are_read_or_refused(seed: int, tmp_path: Path) -> None:
    whole = rich()
    chance = random.Random(seed)  # noqa: S311  # the same mutants each time
    fates = [attempt(tmp_path / "mutant.gml", mutant(whole, chance).encode()) for _ in range(60)]
    assert any(fates)


def test_depth_is_refused(tmp_path: Path) -> None:
    for open_, close in (
        ("<gml:MultiSurface><gml:surfaceMember>", "</gml:surfaceMember></gml:MultiSurface>"),
        ("<a>", "</a>"),
    ):
        deep = open_ * 5000 + close * 5000
        body = building(f"<bldg:lod2MultiSurface>{deep}</bldg:lod2MultiSurface>")
        with pytest.raises(DataError, match="not well-formed"):
            read(tmp_path, body)


def test_a_part_that_is_its_own_parent_is_no_trap(tmp_path: Path) -> None:
    body = building('<bldg:consistsOfBuildingPart xlink:href="#b"/>')
    city, _ = read(tmp_path, body)
    assert city.object_parent.tolist() == [-1]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("utf-8", "utf-16"), ("utf-16", "utf-8"), ("ascii", "utf-8"), ("nothing", "utf-8")],
)
def test_a_wrong_encoding_is_refused(declared: str, encoding: str, tmp_path: Path) -> None:
    text = rich().replace('version="1.0"', f'version="1.0" encoding="{declared}"').replace("Old", "Vanha ö")
    attempt(tmp_path / "wrong.gml", text.encode(encoding))


def test_a_packed_file_is_read_and_a_cut_one_refused(tmp_path: Path) -> None:
    packed = gzip.compress(rich().encode())
    assert attempt(tmp_path / "city.gml.gz", packed)
    assert not attempt(tmp_path / "city.gml.gz", packed[: len(packed) // 2])


def test_numbers_that_no_map_has_are_counted(tmp_path: Path) -> None:
    for number in ("1e12", "1e300", "-2e9"):
        body = building(
            f"<bldg:lod2MultiSurface>{surfaces(polygon('p', f'0 0 0 {number} 0 0 1 1 0 0 0 0'))}</bldg:lod2MultiSurface>"
        )
        _, report = read(tmp_path, body)
        assert [item.why for item in report.skipped] == ["a coordinate is beyond any map"]


def test_few_bytes_do_not_become_many_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rare_attributes, "MANY_NAMES", 1)
    monkeypatch.setattr(rare_attributes, "MANY_CELLS", 4)
    named = '<gen:stringAttribute name="{0}"><gen:value>x</gen:value></gen:stringAttribute>'
    shape = polygon("p{0}", "25496000 6673000 1 25496010 6673000 1 25496010 6673010 1")
    houses = [
        building((named + named.format("use") + roof(2, surfaces(shape), id="r{0}")).format(k), f"b{k}")
        for k in range(4)
    ]
    path = tmp_path / "city.gml"
    path.write_text(document("".join(houses)))
    city, report = citygml_tree.read(path, place=HELSINKI)
    assert list(city.attributes.columns) == ["use"]
    assert [(s.what, s.count, s.first) for s in report.skipped] == [
        ("rare attribute", 4, "line 3, gml:id b0")
    ]
