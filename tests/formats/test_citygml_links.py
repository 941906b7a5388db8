import time
from pathlib import Path

import numpy as np
import pytest
from citygml_text import building, polygon, read, roof, solid, square, surfaces, turned, types

from twin.errors import DataError
from twin.formats import citygml_links
from twin.model import lod


def lod2(content: str) -> str:
    return f"<bldg:lod2Solid>{content}</bldg:lod2Solid>"


@pytest.mark.parametrize("order", [1, -1], ids=["links first", "links last"])
def test_a_solid_that_links_to_its_boundary_adds_nothing(order: int, tmp_path: Path) -> None:
    parts = [lod2(solid("#r1", "#r2")), roof(2, surfaces(square("r1", 0), square("r2", 5)))][::order]
    city, report = read(tmp_path, building("".join(parts)))
    assert types(city) == ["RoofSurface", "RoofSurface"]
    assert report.xlinks == {"resolved": 2, "unresolved": 0}
    assert report.polygons == 2
    assert city.surface_shown is None
    assert report.skipped == ()


def test_a_boundary_that_links_into_the_solid_says_what_its_surfaces_are(tmp_path: Path) -> None:
    city, report = read(
        tmp_path, building(lod2(solid(square("a", 0), square("b", 5))) + roof(2, surfaces("#b")))
    )
    assert types(city) == ["Surface", "RoofSurface"]
    assert report.xlinks["resolved"] == 1


def test_surfaces_of_another_object_are_there_but_shown_once(tmp_path: Path) -> None:
    for second in (solid("#wall", square("own", 20)), solid("#wall"), solid("#whole")):
        whole = surfaces(polygon("wall"), id="whole", kind="CompositeSurface")
        first = f"<bldg:lod2MultiSurface>{whole}</bldg:lod2MultiSurface>"
        city, report = read(tmp_path, building(first, "a") + building(lod2(second), "b"))
        assert (city.surface_object == 1).sum() == second.count("#") + second.count("own")
        assert lod.shown(city).surface_object.tolist() == [0, *[1] * second.count("own")]
        assert report.xlinks == {"resolved": 1, "unresolved": 0}
        assert report.polygons == 1 + second.count("own"), "those in the file, each once"


def test_links_ahead_of_what_they_lead_to_are_followed(tmp_path: Path) -> None:
    city, _ = read(
        tmp_path, building(lod2(solid("#late")), "a") + building(roof(2, surfaces(square("late", 1))))
    )
    assert types(city) == ["RoofSurface", "RoofSurface"]
    assert city.surface_object.tolist() == [0, 1]


def test_a_surface_that_two_lods_share_is_in_both(tmp_path: Path) -> None:
    body = building(
        roof(2, surfaces(square("r", 0), square("only2", 5)))
        + f"<bldg:lod3MultiSurface>{surfaces('#r', square('only3', 9))}</bldg:lod3MultiSurface>"
    )
    city, report = read(tmp_path, body)
    assert report.lods == {"2": 2, "3": 2}
    assert lod.shown(city).surface_lod.tolist() == [3, 3]
    assert sorted(types(lod.shown(city))) == ["RoofSurface", "Surface"]
    assert lod.shown(city, 2).surface_lod.tolist() == [2, 2]


def test_a_link_may_turn_a_surface_around(tmp_path: Path) -> None:
    wall = f"<bldg:lod2MultiSurface>{surfaces(polygon('wall'))}</bldg:lod2MultiSurface>"
    city, report = read(tmp_path, building(wall, "a") + building(lod2(solid(turned("#wall"))), "b"))
    front, back = city.vertices[:4], city.vertices[4:]
    assert back.tolist() == front[::-1].tolist()
    assert report.polygons == 1


def test_a_polygon_inside_a_turned_surface_is_linked_to_as_it_is_written(tmp_path: Path) -> None:
    wall = f"<bldg:lod2MultiSurface>{surfaces(turned(polygon('wall')))}</bldg:lod2MultiSurface>"
    city, _ = read(tmp_path, building(wall, "a") + building(lod2(solid("#wall")), "b"))
    assert city.vertices[4].tolist() == [0, 0, 1]
    assert city.vertices[0].tolist() == [0, 10, 1]


def test_a_boundary_may_be_a_link_to_a_boundary(tmp_path: Path) -> None:
    own = building(roof(2, surfaces(square("r", 0)), id="roof"), "a")
    other = building('<bldg:boundedBy xlink:href="#roof"/>', "b")
    city, report = read(tmp_path, own + other)
    assert types(city) == ["RoofSurface", "RoofSurface"]
    assert city.surface_object.tolist() == [0, 1]
    assert report.xlinks == {"resolved": 1, "unresolved": 0}


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("#gone", "the file has no such surface"),
        ("other.gml#p", "it leads out of the file"),
        ("http://127.0.0.1:9/a.gml#p", "it leads out of the file"),
        ("#", "the file has no such surface"),
        ("#b", "the file has no such surface"),
    ],
)
def test_a_link_to_nowhere_is_counted(link: str, why: str, tmp_path: Path) -> None:
    href = f'<gml:MultiSurface><gml:surfaceMember xlink:href="{link}"/></gml:MultiSurface>'
    _, report = read(tmp_path, building(f"<bldg:lod2MultiSurface>{href}</bldg:lod2MultiSurface>"))
    assert report.xlinks == {"resolved": 0, "unresolved": 1}
    assert [(item.what, item.why, item.count) for item in report.skipped] == [("link to a surface", why, 1)]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    body = building(
        f"<bldg:lod2MultiSurface>{surfaces('#b', square('one', 0), id='a')}</bldg:lod2MultiSurface>"
        f"<bldg:lod2Solid>{solid('#a')}</bldg:lod2Solid>"
        f"<bldg:lod3MultiSurface>{surfaces('#a', '#c', id='b')}</bldg:lod3MultiSurface>"
        f"<bldg:lod4MultiSurface>{surfaces('#c', id='c')}</bldg:lod4MultiSurface>"
    )
    city, report = read(tmp_path, body)
    assert report.polygons == 1
    assert report.lods == {"2": 1, "3": 1}
    assert report.xlinks["unresolved"] == 2, "c leads only to itself"
    assert len(city.surface_object) == 2


def test_links_that_multiply_are_refused_at_once(tmp_path: Path) -> None:
    groups = [f"<bldg:lod2MultiSurface>{surfaces(square('s', 0), id='g0')}</bldg:lod2MultiSurface>"]
    groups += [
        f"<bldg:lod2MultiSurface>{surfaces(*[f'#g{n - 1}'] * 9, id=f'g{n}')}</bldg:lod2MultiSurface>"
        for n in range(1, 40)
    ]
    begun = time.process_time()
    city, _ = read(tmp_path, building("".join(groups)))
    assert time.process_time() - begun < 5
    assert len(city.surface_object) == 1, "each surface is once in an object, however often it is linked to"


def test_too_many_linked_surfaces_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(citygml_links, "MOST", 1000)
    shape = surfaces(*(square(f"s{n}", n) for n in range(50)), id="g")
    body = building(f"<bldg:lod2MultiSurface>{shape}</bldg:lod2MultiSurface>")
    body += "".join(building(lod2(solid("#g")), f"x{n}") for n in range(50))
    with pytest.raises(DataError, match="its links make more than"):
        read(tmp_path, body)


def test_a_long_chain_of_links_is_followed(tmp_path: Path) -> None:
    chain = "".join(
        f"<bldg:lod2MultiSurface>{surfaces(f'#g{n + 1}', id=f'g{n}')}</bldg:lod2MultiSurface>"
        for n in range(2000)
    )
    last = f"<bldg:lod2MultiSurface>{surfaces(square('end', 0), id='g2000')}</bldg:lod2MultiSurface>"
    city, report = read(tmp_path, building(chain + last))
    assert report.xlinks == {"resolved": 2000, "unresolved": 0}
    assert len(city.surface_object) == 1


def test_a_shared_wall_has_its_area_in_both_houses(tmp_path: Path) -> None:
    wall = f"<bldg:lod2MultiSurface>{surfaces(polygon('wall'))}</bldg:lod2MultiSurface>"
    city, _ = read(tmp_path, building(wall, "a") + building(lod2(solid(turned("#wall"))), "b"))
    a, b, c = (city.vertices[city.triangles[:, k]] for k in range(3))
    areas = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
    assert np.bincount(city.surface_object[city.triangle_surface], areas).tolist() == [100, 100]
    assert lod.shown(city).surface_object.tolist() == [0]
