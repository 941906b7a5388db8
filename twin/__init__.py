"""The desktop digital twin for station areas."""

import os

__version__ = "0.1.0"

# The one import-time side effect: GDAL reads these when it is loaded, and two GDALs (rasterio's and
# pyogrio's) are. Without them a file named .tif may be a VRT that fetches addresses or reads other files.
os.environ.setdefault(
    "GDAL_SKIP",
    "VRT,DERIVED,WMS,WMTS,WCS,HTTP,STACIT,STACTA,GTI,PLMOSAIC,OGCAPI,EEDAI,DAAS,NGW,GDALG,PDF,Rasterlite",
)
os.environ.setdefault(
    "OGR_SKIP",
    "OGR_VRT,WFS,OAPIF,CSW,GMLAS,GML,HTTP,NGW,Elasticsearch,Carto,AmigoCloud,PLSCENES,EEDA,GDALG",
)
os.environ.setdefault("QT_API", "pyside6")
