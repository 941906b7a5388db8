<?xml version="1.0" encoding="UTF-8"?>
<CityModel xmlns="http://www.opengis.net/citygml/3.0"
  xmlns:gml="http://www.opengis.net/gml/3.2"
  xmlns:xlink="http://www.w3.org/1999/xlink"
  xmlns:bldg="http://www.opengis.net/citygml/building/3.0"
  xmlns:gen="http://www.opengis.net/citygml/generics/3.0"
  xmlns:con="http://www.opengis.net/citygml/construction/3.0">
  <gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG::3879" srsDimension="3"><gml:lowerCorner>25496000.0 6673000.0 2</gml:lowerCorner><gml:upperCorner>25496014.0 6673008.0 8</gml:upperCorner></gml:Envelope></gml:boundedBy>
  <cityObjectMember>
  <bldg:Building gml:id="house">
    <gml:name>Old depot</gml:name>
    <genericAttribute><gen:IntAttribute><gen:name>levels</gen:name><gen:value>2</gen:value></gen:IntAttribute></genericAttribute>
    <genericAttribute><gen:StringAttribute><gen:name>height_source</gen:name><gen:value>measured</gen:value></gen:StringAttribute></genericAttribute>
    <boundary><con:GroundSurface><lod3MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_ground"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496000.0 6673000.0 2 25496000.0 6673008.0 2 25496010.0 6673008.0 2 25496010.0 6673000.0 2 25496000.0 6673000.0 2</gml:posList></gml:LinearRing></gml:exterior><gml:interior><gml:LinearRing><gml:posList srsDimension="3">25496004.0 6673003.0 2 25496006.0 6673003.0 2 25496006.0 6673005.0 2 25496004.0 6673005.0 2 25496004.0 6673003.0 2</gml:posList></gml:LinearRing></gml:interior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></lod3MultiSurface></con:GroundSurface></boundary>
    <boundary><con:RoofSurface><lod3MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_roof"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496000.0 6673000.0 8 25496010.0 6673000.0 8 25496010.0 6673008.0 8 25496000.0 6673008.0 8 25496000.0 6673000.0 8</gml:posList></gml:LinearRing></gml:exterior><gml:interior><gml:LinearRing><gml:posList srsDimension="3">25496004.0 6673003.0 8 25496004.0 6673005.0 8 25496006.0 6673005.0 8 25496006.0 6673003.0 8 25496004.0 6673003.0 8</gml:posList></gml:LinearRing></gml:interior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></lod3MultiSurface></con:RoofSurface></boundary>
    <boundary><con:WallSurface><lod3MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_wall0"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496000.0 6673000.0 2 25496010.0 6673000.0 2 25496010.0 6673000.0 8 25496000.0 6673000.0 8 25496000.0 6673000.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></lod3MultiSurface><con:fillingSurface><con:WindowSurface><lod3MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_window"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496002.0 6673000.0 4 25496004.0 6673000.0 4 25496004.0 6673000.0 6 25496002.0 6673000.0 6 25496002.0 6673000.0 4</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></lod3MultiSurface></con:WindowSurface></con:fillingSurface></con:WallSurface></boundary>
    <boundary><con:WallSurface><lod3MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_wall1"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496010.0 6673000.0 2 25496010.0 6673008.0 2 25496010.0 6673008.0 8 25496010.0 6673000.0 8 25496010.0 6673000.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></lod3MultiSurface></con:WallSurface></boundary>
    <boundary><con:WallSurface><lod3MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_wall2"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496010.0 6673008.0 2 25496000.0 6673008.0 2 25496000.0 6673008.0 8 25496010.0 6673008.0 8 25496010.0 6673008.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></lod3MultiSurface></con:WallSurface></boundary>
    <boundary><con:WallSurface><lod3MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_wall3"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496000.0 6673008.0 2 25496000.0 6673000.0 2 25496000.0 6673000.0 8 25496000.0 6673008.0 8 25496000.0 6673008.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></lod3MultiSurface></con:WallSurface></boundary>
    <lod1Solid><gml:Solid><gml:exterior><gml:Shell><gml:surfaceMember><gml:Polygon gml:id="p_hull0"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496000.0 6673000.0 2 25496010.0 6673000.0 2 25496010.0 6673000.0 8 25496000.0 6673000.0 8 25496000.0 6673000.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember><gml:surfaceMember><gml:Polygon gml:id="p_hull1"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496010.0 6673000.0 2 25496010.0 6673008.0 2 25496010.0 6673008.0 8 25496010.0 6673000.0 8 25496010.0 6673000.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember><gml:surfaceMember><gml:Polygon gml:id="p_hull2"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496010.0 6673008.0 2 25496000.0 6673008.0 2 25496000.0 6673008.0 8 25496010.0 6673008.0 8 25496010.0 6673008.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember><gml:surfaceMember><gml:Polygon gml:id="p_hull3"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496000.0 6673008.0 2 25496000.0 6673000.0 2 25496000.0 6673000.0 8 25496000.0 6673008.0 8 25496000.0 6673008.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember></gml:Shell></gml:exterior></gml:Solid></lod1Solid>
    <lod3Solid><gml:Solid><gml:exterior><gml:Shell><gml:surfaceMember xlink:href="#p_ground"/><gml:surfaceMember xlink:href="#p_roof"/><gml:surfaceMember xlink:href="#p_wall0"/><gml:surfaceMember xlink:href="#p_wall1"/><gml:surfaceMember xlink:href="#p_wall2"/><gml:surfaceMember xlink:href="#p_wall3"/></gml:Shell></gml:exterior></gml:Solid></lod3Solid>
    <con:dateOfConstruction>1919-01-01</con:dateOfConstruction>
    <con:height><con:Height><con:highReference>highestRoofEdge</con:highReference><con:lowReference>lowestGroundPoint</con:lowReference><con:status>measured</con:status><con:value uom="m">6.0</con:value></con:Height></con:height>
    <bldg:function>1000</bldg:function>
    <bldg:storeysAboveGround>2</bldg:storeysAboveGround>
    <bldg:buildingPart><bldg:BuildingPart gml:id="shed">
    <boundary><con:GroundSurface><lod2MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_part0_0"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496010.0 6673000.0 2 25496010.0 6673004.0 2 25496014.0 6673004.0 2 25496014.0 6673000.0 2 25496010.0 6673000.0 2</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></lod2MultiSurface></con:GroundSurface></boundary>
    <boundary><con:RoofSurface><lod2MultiSurface><gml:MultiSurface>
      <gml:surfaceMember><gml:Polygon gml:id="p_part1_0"><gml:exterior><gml:LinearRing><gml:posList srsDimension="3">25496010.0 6673000.0 5 25496014.0 6673000.0 5 25496012.0 6673004.0 7 25496010.0 6673004.0 5 25496010.0 6673000.0 5</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></gml:surfaceMember>
    </gml:MultiSurface></lod2MultiSurface></con:RoofSurface></boundary>
    </bldg:BuildingPart></bldg:buildingPart>
  </bldg:Building>
  </cityObjectMember>
</CityModel>
