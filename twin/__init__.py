"""The desktop digital twin for station areas."""

import os

__version__ = "0.1.0"

# The one import-time side effect: GDAL reads these when it is loaded, and two GDALs (rasterio's and
# pyogrio's) are. Without them a file named .tif may be a VRT that fetches addresses or reads other files.
os.environ.setdefault(
    "GDAL_SKIP", "VRT,DERIVED,WMS,WMTS,WCS,HTTP,STACIT,STACTA,GTI,PLMOSAIC,EEDAI,DAAS,PDF,NGW,GDALG,OGCAPI"
)
os.environ.setdefault("OGR_SKIP", "OGR_VRT,WFS,OAPIF,CSW,GML,Elasticsearch,Carto,AmigoCloud,PLSCENES,EEDA")
os.environ.setdefault("QT_API", "pyside6")


def __getattr__(name: str) -> object:
    """What scripts use, loaded when it is first asked for."""
    if name in ("open_project", "Area"):
        from twin import api

        return getattr(api, name)
    raise AttributeError(f"module 'twin' has no attribute {name!r}")
