"""Picks what stands or happens at one point: crossings, stops, entrances, benches, lamps, trees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import shapely

from twin.analysis.osm_heights import metres
from twin.analysis.osm_thing import PODIUM, Thing, underground
from twin.model.osm import Extract, Feature, Row, RowValue

LAMP = 8.0
"""Height of a street lamp, an assumption: none is tagged. [m]"""
TREE = (11.0, 7.0)
"""Height and crown of a town tree, an assumption: none is tagged. [m]"""
VARIATION = 0.2
"""Sizes that are assumed vary this much to either side, by the number of the tree."""
ROW = 8.0
"""From tree to tree where only a row is mapped, an assumption. [m]"""
STATION_WALL = 1.0
"""An entrance this near the outline of the station building is one of its own. [m]"""


def layers(extract: Extract, things: Sequence[Thing], notes: Counter[str]) -> dict[str, list[Row]]:
    """The rows of each point layer."""
    nodes = [n for n in extract.nodes if not underground(n.tags)]
    notes["points left out: under the ground"] += len(extract.nodes) - len(nodes)
    return {
        "crossings": [_row(n, _crossing(n.tags)) for n in nodes if n.tags.get("highway") == "crossing"],
        "stops": [_row(n, _stop(n.tags)) for n in nodes if _stop(n.tags)["kind"]],
        "entrances": _entrances(extract, nodes),
        "benches": [_row(n, _bench(n.tags)) for n in nodes if n.tags.get("amenity") == "bench"],
        "lamps": [_row(n, _lamp(n.tags)) for n in nodes if n.tags.get("highway") == "street_lamp"],
        "trees": _trees(extract, nodes, things, notes),
    }


def inside(rows: Sequence[Row], extract: Extract) -> list[Row]:
    """The rows in the station area, in the order of the ids."""
    kept = [row for row in rows if extract.area.covers(row[1])]
    return sorted(kept, key=lambda row: row[0])


def _row(feature: Feature, attributes: Mapping[str, RowValue]) -> Row:
    return feature.id, feature.geometry, attributes


def _crossing(tags: dict[str, str]) -> dict[str, RowValue]:
    kind = tags.get("crossing")
    island = tags.get("crossing:island")
    return {
        "kerb": tags.get("kerb"),
        "signals": {"traffic_signals": "yes", None: None}.get(kind, "no"),
        "island": "yes" if kind == "island" else island,
        "sound": tags.get("traffic_signals:sound"),
        "tactile_paving": tags.get("tactile_paving"),
    }


def _stop(tags: dict[str, str]) -> dict[str, RowValue]:
    kind = ""
    if tags.get("railway") == "tram_stop":
        kind = "tram"
    elif tags.get("highway") == "bus_stop":
        kind = "bus"
    elif tags.get("railway") in ("station", "halt"):
        kind = "metro" if tags.get("station") == "subway" or tags.get("subway") == "yes" else "train"
    return {"name": tags.get("name"), "ref": tags.get("ref"), "kind": kind, "shelter": tags.get("shelter")}


def _entrances(extract: Extract, nodes: Sequence[Feature]) -> list[Row]:
    """Ways into the metro and into the station building."""
    stations = shapely.union_all(
        [f.geometry.boundary for f in extract.areas if f.tags.get("building") == "train_station"]
    )
    rows = []
    for node in nodes:
        metro = node.tags.get("railway") == "subway_entrance"
        if metro or ("entrance" in node.tags and stations.distance(node.geometry) < STATION_WALL):
            attributes = {
                "name": node.tags.get("name"),
                "kind": "metro" if metro else "station",
                "ref": node.tags.get("ref"),
                "wheelchair": node.tags.get("wheelchair"),
            }
            rows.append(_row(node, attributes))
    return rows


def _bench(tags: dict[str, str]) -> dict[str, RowValue]:
    return {"backrest": tags.get("backrest"), "material": tags.get("material")}


def _lamp(tags: dict[str, str]) -> dict[str, RowValue]:
    tagged = metres(tags.get("height"))
    return {
        "height": LAMP if tagged is None else tagged,
        "height_source": "default" if tagged is None else "height tag",
    }


def _trees(
    extract: Extract, nodes: Sequence[Feature], things: Sequence[Thing], notes: Counter[str]
) -> list[Row]:
    trees = [_row(n, _tree(n.tags, int(n.id.split("-")[-1]))) for n in nodes if _is_tree(n)]
    known = shapely.union_all([geometry for _, geometry, _ in trees])
    for row in (w for w in extract.ways if w.tags.get("natural") == "tree_row"):
        for k in range(1 + int(row.geometry.length // ROW)):
            point = shapely.set_precision(row.geometry.interpolate(k * ROW), 0.001)
            if known.distance(point) > ROW / 2:
                number = int(row.id.split("-")[-1]) + k
                attributes = {**_tree(row.tags, number), "position_source": f"row, one each {ROW:g} m"}
                trees.append((f"{row.id}-{k + 1}", point, attributes))
    built = shapely.union_all(
        [
            solid.footprint
            for whole in things
            for thing in (whole, *whole.parts)
            for solid in thing.solids
            if solid.span.base < PODIUM
        ]
    )
    shapely.prepare(built)
    free = [tree for tree in trees if not built.covers(tree[1])]
    notes["trees left out: inside a building"] += len(trees) - len(free)
    notes["trees along mapped rows, position assumed"] += sum(
        str(attributes["position_source"]).startswith("row") for _, _, attributes in free
    )
    return free


def _is_tree(node: Feature) -> bool:
    return node.tags.get("natural") == "tree"


def _tree(tags: dict[str, str], number: int) -> dict[str, RowValue]:
    height, crown = metres(tags.get("height")), metres(tags.get("diameter_crown"))
    usual_height, usual_crown = TREE
    # Knuth's multiplicative hash: the same tree has the same size on every machine
    share = 1 + VARIATION * (2 * (number * 2654435761 % 2**32) / 2**32 - 1)
    guess = f"estimated: {usual_height:g} m ± {VARIATION:.0%}"
    return {
        "species": tags.get("species") or tags.get("genus"),
        "leaf_type": tags.get("leaf_type"),
        "height": round(usual_height * share, 1) if height is None else height,
        "height_source": guess if height is None else "height tag",
        "crown": round(usual_crown * share, 1) if crown is None else crown,
        "crown_source": "estimated" if crown is None else "diameter_crown tag",
        "position_source": "mapped",
    }
