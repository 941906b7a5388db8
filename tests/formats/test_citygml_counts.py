"""Everything in a CityGML file is either read or counted as left out: told by a second, plain count.

And both readers find the same.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from citygml_text import HELSINKI, skipped
from lxml import etree
from test_citygml_fast import assert_same

from twin.errors import DataError
from twin.formats import citygml_fast, citygml_tree
from twin.formats.citygml_grammar import DoubtError
from twin.formats.report import Report
from twin.model.city import City

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "citygml"
FILES = sorted(
    str(path.relative_to(REAL))
    for path in (REAL.rglob("*") if REAL.is_dir() else ())
    if path.suffix in (".gml", ".xml", ".citygml")
)
REFUSED = {
    "small/sig3d-genericattributes-citygml2.xml": "far outside the area of use of EPSG:21781",
    "tricky/citygml4j_CityObjectGroup_v100.gml": "far outside the area of use of EPSG:31466",
    "tricky/libcitygml_BridgeAndBuilding.gml": "names EPSG:23632, which nobody knows",
    "tricky/val3dity/gml_csol1b.gml": "the root element is GenericGML",
    "tricky/val3dity/test_file_format_invalid_indoorgml_1.gml": "the root element is IndoorFeatures",
}
"""Files that say something impossible of themselves."""
OWN_CRS = {
    "small/sig3d-genericattributes-citygml2.xml": "EPSG:25832",
    "tricky/citygml4j_CityObjectGroup_v100.gml": "EPSG:31466",
    "tricky/libcitygml_BridgeAndBuilding.gml": "EPSG:32632",
}
SCANNED = ("denhaag/DenHaag_01.xml", "ingolstadt_lod3/A/_merged_lod3_A.gml")
"""Large ones, in which the scan has no doubt."""
POLYGONS = ("Polygon", "PolygonPatch", "Rectangle")
CLASSES = frozenset(
    (
        *("Building", "BuildingPart", "BuildingInstallation", "IntBuildingInstallation", "BuildingFurniture"),
        *("Room", "BuildingRoom", "BuildingUnit", "Storey", "Bridge", "BridgePart", "Tunnel", "Road"),
        *("Railway", "Track", "Square", "TransportationComplex", "WaterBody", "LandUse", "PlantCover"),
        *("SolitaryVegetationObject", "CityFurniture", "GenericCityObject", "CityObjectGroup"),
        *("ReliefFeature", "TINRelief", "TrafficSpace", "Section"),
    )
)
GENERIC = frozenset(
    f"{kind}attribute" for kind in ("string", "int", "double", "measure", "date", "uri", "code")
)

if not FILES:
    pytest.skip("the real data sets (../shared/data) are not on this machine", allow_module_level=True)


@cache
def walked(name: str) -> tuple[City, Report] | DataError:
    """What the tree of a file holds, or why it is refused; several tests look at it, and it takes long."""
    try:
        return citygml_tree.read(REAL / name)
    except DataError as error:
        return error


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    yield
    walked.cache_clear()


def read(name: str) -> tuple[City, Report]:
    if name in OWN_CRS:
        return citygml_tree.read(REAL / name, crs=OWN_CRS[name])
    found = walked(name)
    if not isinstance(found, DataError):
        return found
    if "its CRS" not in str(found) and "unknown CRS" not in str(found):
        raise found
    return citygml_tree.read(REAL / name, place=HELSINKI)


def generics(tree: etree._ElementTree, tags: Iterable[str]) -> dict[str, set[int]]:
    """Generic attributes with a value, and the lines of the objects that have them. tags: all there are."""
    found: dict[str, set[int]] = {}
    wanted = [tag for tag in tags if local(tag).lower() in GENERIC]
    for element in tree.iter(*wanted) if wanted else ():
        kind = local(element.tag).lower()
        value = element.find("{*}value")
        numeric = kind in ("intattribute", "doubleattribute", "measureattribute")
        if value is None or (numeric and not (value.text or "").strip()):
            continue
        names, owner = [], element
        while (tag := local(owner.tag))[0].islower() or tag.lower() in (*GENERIC, "genericattributeset"):
            if owner.get("name") or tag[0].isupper():
                names.append((owner.get("name") or owner.findtext("{*}name") or "").strip())
            owner = owner.getparent()
        if local(owner.tag) in CLASSES:
            found.setdefault(".".join(reversed(names)), set()).add(owner.sourceline)
    return found


def local(tag: str) -> str:
    return tag.rpartition("}")[2]


@pytest.mark.parametrize("name", [name for name in FILES if name not in REFUSED or name in OWN_CRS])
def test_all_that_is_in_the_file_is_read_or_counted(name: str) -> None:
    city, report = read(name)
    tree = etree.parse(str(REAL / name))
    tags = Counter(element.tag for element in tree.iter("*"))
    count: Counter[str] = Counter()
    for tag, number in tags.items():
        count[local(tag)] += number
    left = skipped(report)
    doubles = left.get("surface given twice", 0)
    written = report.polygons + report.patches
    lost = doubles + sum(left.get(kind, 0) for kind in (*POLYGONS, "Triangle"))
    assert written + lost == sum(count[kind] for kind in (*POLYGONS, "Triangle"))
    holes = [hole for hole in tree.iter("{*}interior") if local(hole.getparent().tag) in POLYGONS]
    assert report.interior_rings + left.get("interior ring", 0) == len(holes)
    things = {kind: count[kind] for kind in CLASSES if count[kind]}
    assert {kind: n for kind, n in report.objects.items() if kind in CLASSES} == things
    assert sum(report.objects.values()) == len(city.object_id)
    assert sum(report.lods.values()) == sum(report.surfaces.values()) == len(city.surface_object)
    links = sum(
        1
        for element in tree.iter("{*}surfaceMember", "{*}baseSurface", "{*}solidMember", "{*}exterior")
        if element.get("{http://www.w3.org/1999/xlink}href", "").startswith("#")
    )
    assert sum(report.xlinks.values()) >= links
    assert report.peak_memory > 0
    for said, owners in generics(tree, tags).items():
        # one may be named as an attribute of the standard is
        have, plain = report.attributes.get(said, 0), said not in count
        assert have == len(owners) if plain else have >= len(owners), said


@pytest.mark.parametrize("name", FILES)
def test_the_scan_finds_what_is_in_the_tree(name: str) -> None:
    known, crs = walked(name), ""
    if isinstance(known, DataError):
        crs = "EPSG:25832"
        try:
            known = citygml_tree.read(REAL / name, crs=crs)
        except DataError as error:
            known = error
    try:
        scanned = citygml_fast.read(REAL / name, crs=crs, threads=2)
    except (DataError, DoubtError):
        assert name not in SCANNED
        return
    assert not isinstance(known, DataError)
    assert_same(known, scanned)


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_says_the_impossible_is_refused_with_its_reason(name: str) -> None:
    with pytest.raises(DataError, match=REFUSED[name]) as refused:
        citygml_tree.read(REAL / name)
    assert Path(name).name in str(refused.value)


def test_the_crs_that_a_file_may_mean_is_suggested() -> None:
    with pytest.raises(DataError, match="By its coordinates it may be EPSG:25832"):
        citygml_tree.read(REAL / "small/sig3d-genericattributes-citygml2.xml")
