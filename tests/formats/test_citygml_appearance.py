# ruff: noqa: E501 - XML reads best in one line
from pathlib import Path

import numpy as np
import pytest
from citygml_text import SQUARE, building, polygon, read, skipped, solid, surfaces, turned
from PIL import Image as Picture

from twin.model.appearance import Appearance
from twin.model.city import City

CORNERS = "0 0 1 0 1 1 0 1"
CLOSED = f"{CORNERS} 0 0"


def house(*members: str) -> str:
    return building(f"<bldg:lod2MultiSurface>{surfaces(*members, id='ms')}</bldg:lod2MultiSurface>")


def aim(polygon: str, **rings: str) -> str:
    lists = "".join(
        f'<app:textureCoordinates ring="#{ring}">{text}</app:textureCoordinates>'
        for ring, text in rings.items()
    )
    return f'<app:target uri="#{polygon}"><app:TexCoordList>{lists}</app:TexCoordList></app:target>'


def texture(inner: str, uri: str = "brick.png", more: str = "", kind: str = "ParameterizedTexture") -> str:
    return f"<app:{kind}><app:imageURI>{uri}</app:imageURI>{more}{inner}</app:{kind}>"


def material(inner: str, colour: str = "1 0 0") -> str:
    return (
        f'<app:X3DMaterial gml:id="m"><app:diffuseColor>{colour}</app:diffuseColor>{inner}</app:X3DMaterial>'
    )


def look(*data: str, theme: str = "t", within: str = "appearanceMember") -> str:
    members = "".join(f"<app:surfaceDataMember>{one}</app:surfaceDataMember>" for one in data)
    prefix = "" if within == "appearanceMember" else "app:"
    inner = f"<app:Appearance><app:theme>{theme}</app:theme>{members}</app:Appearance>"
    return f"<{prefix}{within}>{inner}</{prefix}{within}>"


def dressed(city: City) -> Appearance:
    assert city.appearance is not None
    return city.appearance


@pytest.fixture(autouse=True)
def brick(tmp_path: Path) -> Path:
    path = tmp_path / "brick.png"
    Picture.new("RGB", (20, 10), (200, 80, 60)).save(path)
    return path


WALL = polygon("p", SQUARE, "r")


@pytest.mark.parametrize("order", [1, -1], ids=["geometry first", "appearance first"])
@pytest.mark.parametrize("coordinates", [CLOSED, CORNERS], ids=["closed", "open"])
def test_a_picture_lies_on_the_corners_of_its_ring(
    order: int, coordinates: str, tmp_path: Path, brick: Path
) -> None:
    parts = [house(WALL, polygon("q")), look(texture(aim("p", r=coordinates)))]
    city, report = read(tmp_path, "".join(parts[::order]))
    seen = dressed(city)
    assert seen.images[0].path == brick
    assert seen.surface_image.tolist() == [0, -1]
    assert seen.coordinates[:4].tolist() == [[0, 0], [1, 0], [1, 1], [0, 1]]
    assert np.isnan(seen.coordinates[4:]).all()
    assert report.textures == 1
    assert report.skipped == ()


def test_an_object_may_bring_its_own_appearance(tmp_path: Path) -> None:
    inner = look(texture(aim("p", r=CLOSED)), within="appearance")
    body = house(WALL).replace("</bldg:Building>", inner + "</bldg:Building>")
    city, report = read(tmp_path, body)
    assert dressed(city).surface_image.tolist() == [0]
    assert report.textures == 1


def test_how_a_picture_goes_on_beyond_its_edge_is_kept(tmp_path: Path) -> None:
    more = "<app:wrapMode>border</app:wrapMode><app:borderColor>1 0 0.5</app:borderColor>"
    city, _ = read(tmp_path, house(WALL) + look(texture(aim("p", r=CLOSED), more=more)))
    image = dressed(city).images[0]
    assert (image.wrap, image.border) == ("border", (1, 0, 0.5, 1))


def test_holes_have_coordinates_of_their_own(tmp_path: Path) -> None:
    hole = '<gml:interior><gml:LinearRing gml:id="h"><gml:posList>2 2 1 2 4 1 4 4 1 2 2 1</gml:posList></gml:LinearRing></gml:interior>'
    holed = WALL.replace("</gml:Polygon>", hole + "</gml:Polygon>")
    city, _ = read(tmp_path, house(holed) + look(texture(aim("p", r=CLOSED, h=".2 .2 .2 .4 .4 .4 .2 .2"))))
    assert dressed(city).coordinates[4:] == pytest.approx(np.array([[0.2, 0.2], [0.2, 0.4], [0.4, 0.4]]))
    city, report = read(tmp_path, house(holed) + look(texture(aim("p", r=CLOSED))))
    assert dressed(city).surface_image.tolist() == [-1]
    assert skipped(report) == {"texture coordinates": 1}


def test_a_turned_surface_keeps_its_picture(tmp_path: Path) -> None:
    city, _ = read(tmp_path, house(turned(WALL)) + look(texture(aim("p", r=CLOSED))))
    assert city.vertices[0].tolist() == [0, 10, 1]
    assert dressed(city).coordinates.tolist() == [[0, 1], [1, 1], [1, 0], [0, 0]]


def test_a_linked_surface_has_the_picture_too_also_from_behind(tmp_path: Path) -> None:
    for link, first in (("#p", [0, 0]), (turned("#p"), [0, 1])):
        other = building(f"<bldg:lod2Solid>{solid(link)}</bldg:lod2Solid>", "other")
        city, report = read(tmp_path, house(WALL) + other + look(texture(aim("p", r=CLOSED))))
        assert dressed(city).surface_image.tolist() == [0, 0]
        assert dressed(city).coordinates[4].tolist() == first
        assert report.textures == 2


def test_colours_are_kept_and_may_be_put_on_a_group(tmp_path: Path) -> None:
    target = "<app:transparency>0.25</app:transparency><app:target>#ms</app:target>"
    city, report = read(tmp_path, house(WALL, polygon("q")) + look(material(target)))
    seen = dressed(city)
    assert seen.surface_material.tolist() == [0, 0]
    assert (seen.materials[0].name, seen.materials[0].diffuse, seen.materials[0].transparency) == (
        "m",
        (1, 0, 0),
        0.25,
    )
    assert report.textures == 0


def test_of_many_themes_the_one_with_most_targets_is_shown(tmp_path: Path) -> None:
    one = look(material("<app:target>#q</app:target>"), theme="winter")
    two = look(texture(aim("p", r=CLOSED)), material("<app:target>#p</app:target>"), theme="summer")
    city, report = read(tmp_path, house(WALL, polygon("q")) + one + two)
    assert dressed(city).surface_image.tolist() == [0, -1]
    assert dressed(city).surface_material.tolist() == [0, -1]
    assert "Of 2 themes of appearance 'summer' is shown, not 'winter'." in report.notices
    assert skipped(report) == {"appearance": 1}


@pytest.mark.parametrize("prefix", ["", "#"])
def test_citygml_3_writes_the_same_otherwise(prefix: str, tmp_path: Path) -> None:
    association = (
        "<app:textureParameterization><app:TextureAssociation>"
        f"<app:target>{prefix}p</app:target><app:textureParameterization><app:TexCoordList>"
        f"<app:textureCoordinates>{CLOSED}</app:textureCoordinates><app:ring>{prefix}r</app:ring>"
        "</app:TexCoordList></app:textureParameterization></app:TextureAssociation></app:textureParameterization>"
    )
    body = house(WALL).replace("bldg:lod2", "lod2") + look(texture(association)).replace(
        "surfaceDataMember", "surfaceData"
    )
    city, report = read(tmp_path, body, version=3)
    assert dressed(city).coordinates.tolist() == [[0, 0], [1, 0], [1, 1], [0, 1]]
    assert report.textures == 1


def test_a_matrix_may_project_the_picture(tmp_path: Path) -> None:
    matrix = "0.1 0 0 0 0 0.2 0 0 0 0 0 1"
    target = (
        f'<app:target uri="#p"><app:TexCoordGen><app:worldToTexture>{matrix}</app:worldToTexture>'
        "</app:TexCoordGen></app:target>"
    )
    city, _ = read(tmp_path, house(WALL) + look(texture(target)))
    assert dressed(city).coordinates == pytest.approx(np.array([[0, 0], [1, 0], [1, 2], [0, 2]]))


def aerial(more: str) -> str:
    return look(texture("<app:target>#p</app:target>", more=more, kind="GeoreferencedTexture"))


def test_an_aerial_picture_lies_where_the_file_says(tmp_path: Path) -> None:
    where = (
        "<app:referencePoint><gml:Point><gml:pos>-5 -5</gml:pos></gml:Point></app:referencePoint>"
        "<app:orientation>0.05 0 0 0.1</app:orientation>"
    )
    city, _ = read(tmp_path, house(WALL) + aerial(where))
    assert dressed(city).coordinates == pytest.approx(
        np.array([[0.25, 0.5], [0.75, 0.5], [0.75, 1.5], [0.25, 1.5]])
    )


def test_an_aerial_picture_lies_where_its_world_file_says(tmp_path: Path) -> None:
    # 20 x 10 pixels of half a metre, whose upper left corner is at 0, 5
    (tmp_path / "brick.pgw").write_text("0.5\n0\n0\n-0.5\n0.25\n4.75\n")
    city, _ = read(tmp_path, house(WALL) + aerial(""))
    assert dressed(city).coordinates == pytest.approx(np.array([[0, 0], [1, 0], [1, 2], [0, 2]]))


def test_an_aerial_picture_that_lies_nowhere_is_left_out(tmp_path: Path) -> None:
    for content in (None, "0.5 0 0", "0 0 0 0 0 0", "nan 0 0 -1 0 0"):
        if content:
            (tmp_path / "brick.pgw").write_text(content)
        city, report = read(tmp_path, house(WALL) + aerial(""))
        assert city.appearance is None
        assert skipped(report) == {"picture": 1}


@pytest.mark.parametrize(
    "uri",
    [
        "../brick.png", "a/../../brick.png", "/etc/passwd", "..\\brick.png", "C:\\brick.png", "%2e%2e/brick.png",
        "http://127.0.0.1:9/brick.png", "file:///etc/passwd", "//host/brick.png", "", "gone.png", "x" * 5000,
    ],
)  # fmt: skip
def test_pictures_elsewhere_are_never_opened(uri: str, tmp_path: Path, brick: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    city, report = read(inner, house(WALL) + look(texture(aim("p", r=CLOSED), uri=uri)))
    assert city.appearance is None
    assert report.textures == 0
    assert skipped(report) == {"picture": 1}


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path, brick: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "here.png").symlink_to(brick)
    _, report = read(inner, house(WALL) + look(texture(aim("p", r=CLOSED), uri="here.png")))
    assert skipped(report) == {"picture": 1}


def test_names_may_be_spelled_as_in_addresses(tmp_path: Path, brick: Path) -> None:
    brick.rename(tmp_path / "old brick.png")
    city, _ = read(tmp_path, house(WALL) + look(texture(aim("p", r=CLOSED), uri="old%20brick.png")))
    assert dressed(city).images[0].path.name == "old brick.png"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (texture(aim("gone", r=CLOSED)), "target of an appearance"),
        (texture(aim("p", gone=CLOSED)), "texture coordinates"),
        (texture(aim("p", r="0 0 1 0")), "texture coordinates"),
        (texture(aim("p", r="0 0 1")), "texture coordinates"),
        (texture(aim("p", r="a b c d e f g h")), "texture coordinates"),
        (texture(aim("p", r="nan 0 1 0 1 1 0 1")), "texture coordinates"),
        (texture(aim("p", r="1e300 0 1 0 1 1 0 1")), "texture coordinates"),
        (material("<app:target>#p</app:target>", "1 0"), "X3DMaterial"),
        (material("<app:target>#p</app:target>", "a b c"), "X3DMaterial"),
        (material("<app:isFront>false</app:isFront><app:target>#p</app:target>"), "appearance of a back"),
        ('<app:Mystery/>', "Mystery"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_counted(data: str, what: str, tmp_path: Path) -> None:
    city, report = read(tmp_path, house(WALL) + look(data))
    assert skipped(report) == {what: 1}
    assert city.appearance is None or not (dressed(city).surface_image >= 0).any()


def test_shine_is_counted_as_left_out(tmp_path: Path) -> None:
    more = "<app:shininess>0.2</app:shininess><app:target>#p</app:target>"
    city, report = read(tmp_path, house(WALL) + look(material(more)))
    assert dressed(city).surface_material.tolist() == [0]
    assert skipped(report) == {"shine of a material": 1}


def test_a_theme_may_borrow_from_another(tmp_path: Path) -> None:
    first = look(material("<app:target>#p</app:target>"), theme="a")
    second = (
        "<appearanceMember><app:Appearance><app:theme>b</app:theme>"
        '<app:surfaceDataMember xlink:href="#m"/><app:surfaceDataMember xlink:href="#gone"/>'
        "</app:Appearance></appearanceMember>"
    )
    city, report = read(tmp_path, house(WALL) + first + second)
    assert dressed(city).surface_material.tolist() == [0]
    assert "Of 2 themes of appearance 'a' is shown, not 'b'." in report.notices
    assert skipped(report) == {"appearance": 2}
