<?xml version="1.0" encoding="UTF-8"?>
<CityModel xmlns="http://www.opengis.net/citygml/2.0"
  xmlns:gml="http://www.opengis.net/gml"
  xmlns:xlink="http://www.w3.org/1999/xlink"
  xmlns:bldg="http://www.opengis.net/citygml/building/2.0"
  xmlns:gen="http://www.opengis.net/citygml/generics/2.0">
  <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::3879" srsDimension="3"><gml:lowerCorner>25496000.0 6673000.0 2</gml:lowerCorner><gml:upperCorner>25496014.0 6673008.0 8</gml:upperCorner></gml:Envelope></gml:boundedBy>
  <cityObjectMember>
  <bldg:Building gml:id="house">
    <gml:name>Old depot</gml:name>
    <gen:intAttribute name="levels"><gen:value>2</gen:value></gen:intAttribute>
    <gen:stringAttribute name="height_source"><gen:value>measured</gen:value></gen:stringAttribute>
    <bldg:function>1000</bldg:function>
    <bldg:yearOfConstruction>1919</bldg:yearOfConstruction>
    <bldg:measuredHeight uom="m">6.0</bldg:measuredHeight>
    <bldg:storeysAboveGround>2</bldg:storeysAboveGround>
    <bldg:lod1Solid><gml:Solid><gml:exterior><gml:CompositeSurface><gml:surfaceMember><gml:Polygon gml:id="p_hull0"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496000.0 6673000.0 2 25496010.0 6673000.0 2 25496010.0 6673000.0 8 25496000.0 6673000.0 8 25496000.0 6673000.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember><gml:surfaceMember><gml:Polygon gml:id="p_hull1"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496010.0 6673000.0 2 25496010.0 6673008.0 2 25496010.0 6673008.0 8 25496010.0 6673000.0 8 25496010.0 6673000.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember><gml:surfaceMember><gml:Polygon gml:id="p_hull2"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496010.0 6673008.0 2 25496000.0 6673008.0 2 25496000.0 6673008.0 8 25496010.0 6673008.0 8 25496010.0 6673008.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember><gml:surfaceMember><gml:Polygon gml:id="p_hull3"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496000.0 6673008.0 2 25496000.0 6673000.0 2 25496000.0 6673000.0 8 25496000.0 6673008.0 8 25496000.0 6673008.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember></gml:CompositeSurface></gml:exterior></gml:Solid></bldg:lod1Solid>
    <bldg:boundedBy><bldg:GroundSurface><bldg:lod3MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_ground"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496000.0 6673000.0 2 25496000.0 6673008.0 2 25496010.0 6673008.0 2 25496010.0 6673000.0 2 25496000.0 6673000.0 2</gml:posList></gml:LinearRing></gml:exterior><gml:interior><gml:LinearRing><gml:posList srsDimension="3">25496004.0 6673003.0 2 25496006.0 6673003.0 2 25496006.0 6673005.0 2 25496004.0 6673005.0 2 25496004.0 6673003.0 2</gml:posList></gml:LinearRing></gml:interior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></bldg:lod3MultiSurface></bldg:GroundSurface></bldg:boundedBy>
    <bldg:boundedBy><bldg:RoofSurface><bldg:lod3MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_roof"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496000.0 6673000.0 8 25496010.0 6673000.0 8 25496010.0 6673008.0 8 25496000.0 6673008.0 8 25496000.0 6673000.0 8</gml:posList></gml:LinearRing></gml:exterior><gml:interior><gml:LinearRing><gml:posList srsDimension="3">25496004.0 6673003.0 8 25496004.0 6673005.0 8 25496006.0 6673005.0 8 25496006.0 6673003.0 8 25496004.0 6673003.0 8</gml:posList></gml:LinearRing></gml:interior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></bldg:lod3MultiSurface></bldg:RoofSurface></bldg:boundedBy>
    <bldg:boundedBy><bldg:WallSurface><bldg:lod3MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_wall0"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496000.0 6673000.0 2 25496010.0 6673000.0 2 25496010.0 6673000.0 8 25496000.0 6673000.0 8 25496000.0 6673000.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></bldg:lod3MultiSurface><bldg:opening><bldg:Window><bldg:lod3MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_window"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496002.0 6673000.0 4 25496004.0 6673000.0 4 25496004.0 6673000.0 6 25496002.0 6673000.0 6 25496002.0 6673000.0 4</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></bldg:lod3MultiSurface></bldg:Window></bldg:opening></bldg:WallSurface></bldg:boundedBy>
    <bldg:boundedBy><bldg:WallSurface><bldg:lod3MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_wall1"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496010.0 6673000.0 2 25496010.0 6673008.0 2 25496010.0 6673008.0 8 25496010.0 6673000.0 8 25496010.0 6673000.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></bldg:lod3MultiSurface></bldg:WallSurface></bldg:boundedBy>
    <bldg:boundedBy><bldg:WallSurface><bldg:lod3MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_wall2"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496010.0 6673008.0 2 25496000.0 6673008.0 2 25496000.0 6673008.0 8 25496010.0 6673008.0 8 25496010.0 6673008.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></bldg:lod3MultiSurface></bldg:WallSurface></bldg:boundedBy>
    <bldg:boundedBy><bldg:WallSurface><bldg:lod3MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_wall3"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496000.0 6673008.0 2 25496000.0 6673000.0 2 25496000.0 6673000.0 8 25496000.0 6673008.0 8 25496000.0 6673008.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></bldg:lod3MultiSurface></bldg:WallSurface></bldg:boundedBy>
    <bldg:lod3Solid><gml:Solid><gml:exterior><gml:CompositeSurface><gml:surfaceMember xlink:href="#p_ground"/><gml:surfaceMember xlink:href="#p_roof"/><gml:surfaceMember xlink:href="#p_wall0"/><gml:surfaceMember xlink:href="#p_wall1"/><gml:surfaceMember xlink:href="#p_wall2"/><gml:surfaceMember xlink:href="#p_wall3"/></gml:CompositeSurface></gml:exterior></gml:Solid></bldg:lod3Solid>
    <bldg:consistsOfBuildingPart><bldg:BuildingPart gml:id="shed">
    <bldg:boundedBy><bldg:GroundSurface><bldg:lod2MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_part0_0"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496010.0 6673000.0 2 25496010.0 6673004.0 2 25496014.0 6673004.0 2 25496014.0 6673000.0 2 25496010.0 6673000.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></bldg:lod2MultiSurface></bldg:GroundSurface></bldg:boundedBy>
    <bldg:boundedBy><bldg:RoofSurface><bldg:lod2MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_part1_0"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496010.0 6673000.0 5 25496014.0 6673000.0 5 25496012.0 6673004.0 7 25496010.0 6673004.0 5 25496010.0 6673000.0 5</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></bldg:lod2MultiSurface></bldg:RoofSurface></bldg:boundedBy>
    </bldg:BuildingPart></bldg:consistsOfBuildingPart>
  </bldg:Building>
  </cityObjectMember>
</CityModel>
