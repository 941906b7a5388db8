"""Writes small pieces of CityGML for tests."""

from pathlib import Path

from twin.formats import citygml_tree
from twin.formats.report import Report
from twin.model.city import SURFACE_TYPES, City
from twin.model.place import Place

HELSINKI = Place("EPSG:3879", (25_496_000.0, 6_673_000.0, 0.0), 24.93, 60.17, "Europe/Helsinki", "N2000")
NAMESPACES = {
    2: {
        "": "http://www.opengis.net/citygml/2.0",
        "gml": "http://www.opengis.net/gml",
        **{
            prefix: f"http://www.opengis.net/citygml/{module}/2.0"
            for prefix, module in {
                "bldg": "building",
                "gen": "generics",
                "frn": "cityfurniture",
                "veg": "vegetation",
                "dem": "relief",
                "tran": "transportation",
                "app": "appearance",
                "brid": "bridge",
                "tun": "tunnel",
                "wtr": "waterbody",
                "luse": "landuse",
                "grp": "cityobjectgroup",
            }.items()
        },
        "ade": "http://example.org/ade",
        "xAL": "urn:oasis:names:tc:ciq:xsdschema:xAL:2.0",
        "xlink": "http://www.w3.org/1999/xlink",
    }
}
NAMESPACES[3] = {
    prefix: uri.replace("/2.0", "/3.0") if "citygml" in uri else uri for prefix, uri in NAMESPACES[2].items()
} | {
    "gml": "http://www.opengis.net/gml/3.2",
    "con": "http://www.opengis.net/citygml/construction/3.0",
    "dyn": "http://www.opengis.net/citygml/dynamizer/3.0",
    "vers": "http://www.opengis.net/citygml/versioning/3.0",
    "pcl": "http://www.opengis.net/citygml/pointcloud/3.0",
    "xAL": "urn:oasis:names:tc:ciq:xal:3",
}
SQUARE = "0 0 1 10 0 1 10 10 1 0 10 1 0 0 1"


def document(body: str, version: int = 2, srs: str = "") -> str:
    """A CityModel around members; srs: its CRS."""
    spaces = " ".join(
        f'xmlns{":" if prefix else ""}{prefix}="{uri}"' for prefix, uri in NAMESPACES[version].items()
    )
    envelope = f'<gml:boundedBy><gml:Envelope srsName="{srs}"/></gml:boundedBy>' if srs else ""
    return f'<?xml version="1.0"?>\n<CityModel {spaces}>\n{envelope}{body}</CityModel>'


def read(
    folder: Path, body: str, *, version: int = 2, srs: str = "", place: Place | None = HELSINKI
) -> tuple[City, Report]:
    """What is read of a file with these members."""
    path = folder / "city.gml"
    path.write_text(document(body, version, srs), encoding="utf-8")
    return citygml_tree.read(path, place=place)


def member(content: str) -> str:
    return f"<cityObjectMember>{content}</cityObjectMember>"


def ring(numbers: str, id: str = "") -> str:
    named = f' gml:id="{id}"' if id else ""
    return f"<gml:LinearRing{named}><gml:posList>{numbers}</gml:posList></gml:LinearRing>"


def polygon(id: str = "p", numbers: str = SQUARE, ring_id: str = "") -> str:
    inner = f"<gml:exterior>{ring(numbers, ring_id)}</gml:exterior>"
    return f'<gml:Polygon gml:id="{id}">{inner}</gml:Polygon>'


def square(id: str, at: float, size: float = 1, z: float = 0) -> str:
    """A square that faces up, from (at, at) on."""
    a, b = at, at + size
    return polygon(id, f"{a} {a} {z} {b} {a} {z} {b} {b} {z} {a} {b} {z} {a} {a} {z}")


def surfaces(*members: str, id: str = "", kind: str = "MultiSurface") -> str:
    """A MultiSurface of polygons, or of links where a member begins with #."""
    named = f' gml:id="{id}"' if id else ""
    inner = "".join(
        f'<gml:surfaceMember xlink:href="{one}"/>'
        if one.startswith("#")
        else f"<gml:surfaceMember>{one}</gml:surfaceMember>"
        for one in members
    )
    return f"<gml:{kind}{named}>{inner}</gml:{kind}>"


def solid(*members: str) -> str:
    return (
        f"<gml:Solid><gml:exterior>{surfaces(*members, kind='CompositeSurface')}</gml:exterior></gml:Solid>"
    )


def turned(inner: str) -> str:
    """A surface seen from behind: a polygon, or a link where it begins with #."""
    base = (
        f'<gml:baseSurface xlink:href="{inner}"/>'
        if inner.startswith("#")
        else f"<gml:baseSurface>{inner}</gml:baseSurface>"
    )
    return f'<gml:OrientableSurface orientation="-">{base}</gml:OrientableSurface>'


def building(content: str, id: str = "b") -> str:
    return member(f'<bldg:Building gml:id="{id}">{content}</bldg:Building>')


def roof(lod: int, geometry: str, id: str = "") -> str:
    named = f' gml:id="{id}"' if id else ""
    tag = f"bldg:lod{lod}MultiSurface"
    return (
        f"<bldg:boundedBy><bldg:RoofSurface{named}><{tag}>{geometry}</{tag}></bldg:RoofSurface>"
        "</bldg:boundedBy>"
    )


def types(city: City) -> list[str]:
    return [SURFACE_TYPES[kind] for kind in city.surface_type]


def skipped(report: Report) -> dict[str, int]:
    """How many of each thing were left out."""
    found: dict[str, int] = {}
    for item in report.skipped:
        found[item.what] = found.get(item.what, 0) + item.count
    return found
