# ruff: noqa: E501 - XML reads best in one line
from pathlib import Path

import pytest
from citygml_text import member, read, skipped, square, surfaces, types

TWO = {
    **dict.fromkeys(("bldg:Building", "bldg:BuildingPart", "bldg:BuildingInstallation", "bldg:Room"), "bldg"),
    **dict.fromkeys(("brid:Bridge", "brid:BridgePart", "brid:BridgeConstructionElement"), "brid"),
    **dict.fromkeys(("tun:Tunnel", "tun:TunnelInstallation", "tun:HollowSpace"), "tun"),
    **dict.fromkeys(("tran:Road", "tran:Railway", "tran:Track", "tran:Square", "tran:TransportationComplex"), "tran"),
    **dict.fromkeys(("wtr:WaterBody",), "wtr"),
    **dict.fromkeys(("luse:LandUse",), "luse"),
    **dict.fromkeys(("veg:PlantCover", "veg:SolitaryVegetationObject"), "veg"),
    **dict.fromkeys(("frn:CityFurniture",), "frn"),
    **dict.fromkeys(("gen:GenericCityObject",), "gen"),
}  # fmt: skip
THREE = (
    *("bldg:Building", "bldg:BuildingPart", "bldg:Storey", "bldg:BuildingUnit", "bldg:BuildingRoom"),
    *("bldg:BuildingConstructiveElement", "bldg:BuildingInstallation", "bldg:BuildingFurniture"),
    *("tran:Road", "tran:Section", "tran:Intersection", "tran:TrafficSpace", "tran:AuxiliaryTrafficSpace"),
    *(
        "tran:ClearanceSpace",
        "tran:Hole",
        "tran:Waterway",
        "con:OtherConstruction",
        "gen:GenericOccupiedSpace",
    ),
    *("gen:GenericLogicalSpace", "veg:PlantCover", "wtr:WaterBody", "luse:LandUse", "brid:BridgeRoom"),
)
SURFACES_3 = {
    "con:RoofSurface": "RoofSurface",
    "con:WallSurface": "WallSurface",
    "con:GroundSurface": "GroundSurface",
    "con:FloorSurface": "FloorSurface",
    "con:InteriorWallSurface": "InteriorWallSurface",
    "con:CeilingSurface": "CeilingSurface",
    "con:OuterFloorSurface": "OuterFloorSurface",
    "con:OuterCeilingSurface": "OuterCeilingSurface",
    "con:WindowSurface": "Window",
    "con:DoorSurface": "Door",
    "ClosureSurface": "ClosureSurface",
    "wtr:WaterSurface": "WaterSurface",
    "wtr:WaterGroundSurface": "GroundSurface",
    "tran:TrafficArea": "TrafficArea",
    "tran:AuxiliaryTrafficArea": "AuxiliaryTrafficArea",
    "tran:Marking": "Surface",
    "tran:HoleSurface": "Surface",
    "gen:GenericThematicSurface": "Surface",
    "ade:SolarRoofSurface": "RoofSurface",
}


@pytest.mark.parametrize("kind", TWO)
def test_every_class_of_citygml_2_is_an_object(kind: str, tmp_path: Path) -> None:
    shape = f"<{TWO[kind]}:lod2MultiSurface>{surfaces(square('p', 0))}</{TWO[kind]}:lod2MultiSurface>"
    city, report = read(tmp_path, member(f'<{kind} gml:id="x"><gml:name>N</gml:name>{shape}</{kind}>'))
    assert report.objects == {kind.partition(":")[2]: 1}
    assert city.attributes.row(0) == {"name": "N"}
    assert (report.polygons, report.skipped) == (1, ())


@pytest.mark.parametrize("kind", THREE)
def test_every_class_of_citygml_3_is_an_object(kind: str, tmp_path: Path) -> None:
    shape = f"<lod2MultiSurface>{surfaces(square('p', 0))}</lod2MultiSurface>"
    _, report = read(tmp_path, member(f'<{kind} gml:id="x">{shape}</{kind}>'), version=3)
    assert report.objects == {kind.partition(":")[2]: 1}
    assert (report.polygons, report.skipped) == (1, ())


@pytest.mark.parametrize("kind", SURFACES_3)
def test_every_surface_of_citygml_3_has_its_type(kind: str, tmp_path: Path) -> None:
    inner = f"<{kind}><lod2MultiSurface>{surfaces(square('p', 0))}</lod2MultiSurface></{kind}>"
    city, report = read(
        tmp_path, member(f"<bldg:Building><boundary>{inner}</boundary></bldg:Building>"), version=3
    )
    assert types(city) == [SURFACES_3[kind]]
    assert report.objects == {"Building": 1}


def test_openings_of_citygml_3_are_windows_and_doors(tmp_path: Path) -> None:
    window = f"<con:WindowSurface><lod3MultiSurface>{surfaces(square('w', 0))}</lod3MultiSurface></con:WindowSurface>"
    door = f"<boundary><con:DoorSurface><lod3MultiSurface>{surfaces(square('d', 0))}</lod3MultiSurface></con:DoorSurface></boundary>"
    body = member(
        "<bldg:Building><boundary><con:WallSurface>"
        f"<con:fillingSurface>{window}</con:fillingSurface></con:WallSurface></boundary>"
        f"<bldg:buildingConstructiveElement><bldg:BuildingConstructiveElement><con:filling><con:Door>{door}"
        "</con:Door></con:filling></bldg:BuildingConstructiveElement></bldg:buildingConstructiveElement>"
        "</bldg:Building>"
    )
    city, report = read(tmp_path, body, version=3)
    assert types(city) == ["Window", "Door"]
    assert report.objects == {"Building": 1, "BuildingConstructiveElement": 1}
    assert city.object_parent.tolist() == [-1, 0]


def test_what_changes_with_time_and_points_is_counted(tmp_path: Path) -> None:
    body = member(
        '<bldg:Building gml:id="b"><dynamizer><dyn:Dynamizer gml:id="d"/></dynamizer>'
        '<pointCloud><pcl:PointCloud gml:id="c"/></pointCloud>'
        "<lod1MultiCurve><gml:MultiCurve/></lod1MultiCurve><lod0Point><gml:Point/></lod0Point></bldg:Building>"
    )
    body += '<versionMember><vers:Version gml:id="v"/></versionMember>'
    _, report = read(tmp_path, body, version=3)
    assert report.objects == {"Building": 1}
    assert skipped(report) == {
        "Dynamizer": 1, "PointCloud": 1, "lod1MultiCurve": 1, "lod0Point": 1, "versionMember": 1
    }  # fmt: skip


GEOMETRIES = {
    "MultiSurface": (surfaces("{}"), 1),
    "CompositeSurface": (surfaces("{}", kind="CompositeSurface"), 1),
    "Solid": ("<gml:Solid><gml:exterior>" + surfaces("{}", kind="CompositeSurface") + "</gml:exterior></gml:Solid>", 1),
    "Solid with a shell": ("<gml:Solid><gml:exterior>" + surfaces("{}", kind="Shell") + "</gml:exterior></gml:Solid>", 1),
    "CompositeSolid": ("<gml:CompositeSolid><gml:solidMember><gml:Solid><gml:exterior>" + surfaces("{}", kind="CompositeSurface") + "</gml:exterior></gml:Solid></gml:solidMember></gml:CompositeSolid>", 1),
    "MultiSolid": ("<gml:MultiSolid><gml:solidMember><gml:Solid><gml:exterior>" + surfaces("{}", kind="CompositeSurface") + "</gml:exterior></gml:Solid></gml:solidMember></gml:MultiSolid>", 1),
    "MultiGeometry": ("<gml:MultiGeometry><gml:geometryMember>{}</gml:geometryMember><gml:geometryMember><gml:Point/></gml:geometryMember></gml:MultiGeometry>", 1),
    "GeometricComplex": ("<gml:GeometricComplex><gml:element>{}</gml:element></gml:GeometricComplex>", 1),
    "Polygon": ("{}", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", GEOMETRIES)
def test_every_container_of_surfaces_is_read(name: str, tmp_path: Path) -> None:
    form, count = GEOMETRIES[name]
    shape = form.replace("{}", square("p", 0))
    _, report = read(
        tmp_path,
        member(
            f"<gen:GenericCityObject><gen:lod2Geometry>{shape}</gen:lod2Geometry></gen:GenericCityObject>"
        ),
    )
    assert report.polygons == count
    assert skipped(report) == ({"Point": 1} if name == "MultiGeometry" else {})


@pytest.mark.parametrize("patches", ["patches", "polygonPatches", "trianglePatches"])
def test_patches_are_read(patches: str, tmp_path: Path) -> None:
    ring = "<gml:exterior><gml:LinearRing><gml:posList>0 0 1 1 0 1 1 1 1 0 0 1</gml:posList></gml:LinearRing></gml:exterior>"
    kind, whole = (
        ("Triangle", "Tin") if patches == "trianglePatches" else ("PolygonPatch", "PolyhedralSurface")
    )
    shape = f"<gml:{whole}><gml:{patches}><gml:{kind}>{ring}</gml:{kind}></gml:{patches}></gml:{whole}>"
    body = member(
        f'<dem:ReliefFeature gml:id="r"><dem:reliefComponent><dem:TINRelief gml:id="t"><dem:lod>3</dem:lod><dem:tin>{shape}'
        "</dem:tin></dem:TINRelief></dem:reliefComponent></dem:ReliefFeature>"
    )
    _, report = read(tmp_path, body)
    assert (report.patches, report.polygons) == ((1, 0) if kind == "Triangle" else (0, 1))
    assert report.lods == {"3": 1}


def test_an_exterior_that_comes_last_is_still_the_exterior(tmp_path: Path) -> None:
    hole = "<gml:interior><gml:LinearRing><gml:posList>2 2 1 2 4 1 4 4 1 2 2 1</gml:posList></gml:LinearRing></gml:interior>"
    swapped = square("p", 0, 10, 1).replace("<gml:exterior>", hole + "<gml:exterior>")
    city, report = read(
        tmp_path,
        member(
            f"<bldg:Building><bldg:lod2MultiSurface>{surfaces(swapped)}</bldg:lod2MultiSurface></bldg:Building>"
        ),
    )
    assert city.vertices[0].tolist() == [0, 0, 1]
    assert report.interior_rings == 1


def test_relations_between_objects_become_attributes(tmp_path: Path) -> None:
    body = member('<bldg:Building gml:id="a"/>') + member(
        '<grp:CityObjectGroup gml:id="g"><grp:groupMember xlink:href="#a"/><grp:groupMember xlink:href="#b"/>'
        "</grp:CityObjectGroup>"
    )
    city, report = read(tmp_path, body)
    assert report.objects == {"Building": 1, "CityObjectGroup": 1}
    assert city.attributes.row(1) == {"groupMember": "a; b"}
    assert report.skipped == ()


def test_a_relation_of_citygml_3_is_an_attribute(tmp_path: Path) -> None:
    body = member(
        '<bldg:Building gml:id="a"><relatedTo><CityObjectRelation><relationType>next to</relationType>'
        '<relatedTo xlink:href="#b"/></CityObjectRelation></relatedTo></bldg:Building>'
    )
    city, _ = read(tmp_path, body, version=3)
    assert city.attributes.row(0) == {"relatedTo.relationType": "next to", "relatedTo.relatedTo": "b"}


def test_extensions_are_kept_where_they_are_simple(tmp_path: Path) -> None:
    body = member(
        '<bldg:Building gml:id="b"><ade:area uom="m2">12.5</ade:area>'
        "<ade:details><ade:Details><ade:owner>City</ade:owner><ade:code codeSpace='x'>7</ade:code></ade:Details></ade:details>"
        f"<ade:shape>{surfaces(square('p', 0))}</ade:shape></bldg:Building>"
    )
    city, report = read(tmp_path, body)
    assert city.attributes.row(0) == {"area": 12.5, "details.owner": "City", "details.code": "7"}
    assert skipped(report) == {"shape": 1, "Polygon": 1}
    assert "Units of attributes that are no metres: area in m2." in report.notices


def test_hooks_of_citygml_3_stand_in_the_object_itself(tmp_path: Path) -> None:
    body = member(
        '<bldg:Building gml:id="b"><bldg:adeOfBuilding><ade:Energy><ade:heat>3</ade:heat>'
        f"<ade:lod2MultiSurface>{surfaces(square('p', 0))}</ade:lod2MultiSurface></ade:Energy></bldg:adeOfBuilding></bldg:Building>"
    )
    city, report = read(tmp_path, body, version=3)
    assert city.attributes.row(0) == {"heat": "3"}
    assert report.polygons == 1
    assert report.objects == {"Building": 1}


ADDRESS_2 = """<bldg:address><Address><xalAddress><xAL:AddressDetails><xAL:Country><xAL:CountryName>Finland</xAL:CountryName>
<xAL:Locality Type="City"><xAL:LocalityName>Helsinki</xAL:LocalityName><xAL:Thoroughfare Type="Street">
<xAL:ThoroughfareNumber>13</xAL:ThoroughfareNumber><xAL:ThoroughfareName>Asema-aukio</xAL:ThoroughfareName></xAL:Thoroughfare>
<xAL:PostalCode><xAL:PostalCodeNumber>00100</xAL:PostalCodeNumber></xAL:PostalCode></xAL:Locality></xAL:Country>
</xAL:AddressDetails></xalAddress><multiPoint><gml:MultiPoint/></multiPoint></Address></bldg:address>"""
ADDRESS_3 = """<bldg:address><Address><xalAddress><xAL:Address><xAL:Country><xAL:NameElement>Finland</xAL:NameElement></xAL:Country>
<xAL:Locality><xAL:NameElement>Helsinki</xAL:NameElement></xAL:Locality><xAL:Thoroughfare><xAL:NameElement>Asema-aukio</xAL:NameElement>
<xAL:Number><xAL:Identifier>13</xAL:Identifier></xAL:Number></xAL:Thoroughfare><xAL:PostCode><xAL:Identifier>00100</xAL:Identifier></xAL:PostCode>
</xAL:Address></xalAddress></Address></bldg:address>"""


@pytest.mark.parametrize(("version", "text"), [(2, ADDRESS_2), (3, ADDRESS_3)])
def test_addresses_have_their_parts(version: int, text: str, tmp_path: Path) -> None:
    city, report = read(
        tmp_path, member(f'<bldg:Building gml:id="b">{text}</bldg:Building>'), version=version
    )
    row = city.attributes.row(0)
    whole = row.pop("address")
    assert isinstance(whole, str)
    assert set(whole.split(", ")) == {"Finland", "Helsinki", "Asema-aukio", "13", "00100"}
    assert row == {
        "address.country": "Finland",
        "address.city": "Helsinki",
        "address.street": "Asema-aukio",
        "address.number": "13",
        "address.postcode": "00100",
    }
    assert skipped(report) == ({"point of an address": 1} if version == 2 else {})


def test_lanes_are_surfaces_of_their_road(tmp_path: Path) -> None:
    lanes = "".join(
        f"<tran:{name}><tran:{kind}><tran:lod2MultiSurface>{surfaces(square(kind, 0))}</tran:lod2MultiSurface>"
        f"</tran:{kind}></tran:{name}>"
        for name, kind in (("trafficArea", "TrafficArea"), ("auxiliaryTrafficArea", "AuxiliaryTrafficArea"))
    )
    city, report = read(tmp_path, member(f'<tran:Road gml:id="r">{lanes}</tran:Road>'))
    assert report.objects == {"Road": 1}
    assert types(city) == ["TrafficArea", "AuxiliaryTrafficArea"]


def test_many_features_may_stand_in_one_member(tmp_path: Path) -> None:
    body = '<gml:featureMembers><bldg:Building gml:id="a"/><bldg:Building gml:id="b"/></gml:featureMembers>'
    city, report = read(tmp_path, body)
    assert city.object_id.tolist() == ["a", "b"]
    assert report.skipped == ()
