"""Says in words what came of reading a city model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from twin.app import texts
from twin.app.facts import Section
from twin.app.option_words import in_words
from twin.app.texts import tr
from twin.formats.report import is_looks

Report = Mapping[str, Any]
"""The JSON tree of an import report."""
TOLD = {
    *("path", "format", "version", "crs", "crs_source", "extent", "objects", "surfaces", "polygons"),
    *("interior_rings", "triangles", "lods", "attributes", "textures", "implicit_geometries", "xlinks"),
    *("surface_attributes", "peak_memory", "skipped", "notices", "seconds"),
}
USUAL = "There is no terrain:"
"""So begins what is said of most files."""


def left_out(report: Report) -> int:
    """How many things were not read."""
    return sum(int(item["count"]) for item in report["skipped"])


def left_out_in_words(reports: Iterable[Report]) -> str:
    """The kind that is missed most, and how many other kinds there are; empty: nothing.

    Shapes come before looks, and among these what is most frequent.
    """
    kinds: Counter[str] = Counter()
    for report in reports:
        for item in report["skipped"]:
            kinds[str(item["what"])] += int(item["count"])
    if not kinds:
        return ""
    what, count = max(kinds.items(), key=lambda kind: (not is_looks(kind[0]), kind[1]))
    first, others = f"{_number(count)} × {what}", len(kinds) - 1
    if not others:
        return first
    more = tr("{0} more kinds") if others > 1 else tr("{0} more kind")
    return tr("{0} and {1}").format(first, more.format(others))


def told(notices: Sequence[str], reports: Mapping[str, Report]) -> tuple[str, str]:
    """What the user should know at once of files that were read, and the source whose report tells more.

    The source is empty where there is no report.
    """
    if words := left_out_in_words(reports.values()):
        first = next(source for source, report in reports.items() if left_out(report))
        files = name_of(reports[first]) if len(reports) == 1 else tr("{0} files").format(len(reports))
        return tr("Left out of {0}: {1}.").format(files, words), first
    more = tr(" And {0} more.").format(len(notices) - 1) if len(notices) > 1 else ""
    return notices[0] + more, next(iter(reports), "")


def is_harmless(reports: Mapping[str, Report]) -> bool:
    """Whether nothing but looks was left out of files that have reports, and nothing in them is odd."""
    kinds = (str(item["what"]) for report in reports.values() for item in report["skipped"])
    notices = (str(notice) for report in reports.values() for notice in report["notices"])
    odd = any(not notice.startswith(USUAL) for notice in notices)
    return bool(reports) and not odd and all(map(is_looks, kinds))


def name_of(report: Report) -> str:
    """The file, without folders."""
    return PurePath(str(report["path"])).name


def sections(report: Report) -> tuple[Section, ...]:
    """All of it, what was left out near the top."""
    found = [Section(tr("File"), (*_file(report), *_others(report)))]
    count = left_out(report)
    if count:
        title = tr("Left out ({0})").format(_number(count))
        found.append(Section(title, tuple(_skipped(item) for item in report["skipped"])))
    else:
        found.append(Section(tr("Left out"), ((tr("Nothing"), tr("all of the file was read")),)))
    if report["notices"]:
        pairs = [(str(number), in_words(str(text))) for number, text in enumerate(report["notices"], 1)]
        found.append(Section(tr("To know"), tuple(pairs)))
    for title, key, say in (
        (tr("Objects by class"), "objects", texts.object_class),
        (tr("Surfaces by type"), "surfaces", texts.surface_type),
        (tr("Surfaces by level of detail"), "lods", "LoD {0}".format),
        (tr("Objects with each attribute"), "attributes", str),
        (tr("Surfaces with each attribute"), "surface_attributes", str),
    ):
        counts = list(report.get(key, {}).items())
        if key != "lods":
            counts.sort(key=lambda pair: -pair[1])
        if counts:
            found.append(Section(title, tuple((say(name), _number(count)) for name, count in counts)))
    return tuple(found)


def as_text(report: Report) -> str:
    """Lines to paste into a message."""
    lines = [name_of(report)]
    for section in sections(report):
        lines += ["", section.title, *(f"{name}\t{value}" for name, value in section.pairs)]
    return "\n".join(lines)


def _file(report: Report) -> list[tuple[str, str]]:
    links = report["xlinks"]
    pairs = [
        (tr("Format"), " ".join(str(report.get(key, "")) for key in ("format", "version")).strip()),
        (tr("CRS"), report["crs"] or tr("unknown")),
        (tr("Decided by"), report["crs_source"]),
        (tr("Extent"), _extent(report["extent"])),
        (tr("Objects"), _number(sum(report["objects"].values()))),
        (tr("Polygons"), _number(report["polygons"])),
        (tr("Holes in them"), _number(report["interior_rings"])),
        (tr("Triangles to draw"), _number(report["triangles"])),
        (tr("Textured surfaces"), _number(report["textures"])),
        (tr("Implicit geometries"), _number(report["implicit_geometries"])),
        (
            tr("XLinks"),
            tr("{0} resolved, {1} not").format(*map(_number, (links["resolved"], links["unresolved"]))),
        ),
        (tr("Read in"), f"{texts.amount(float(report['seconds']), 's')}"),
    ]
    if report["peak_memory"]:
        pairs.append((tr("Memory"), texts.amount(round(report["peak_memory"] / 2**20), "MiB")))
    return pairs


def _others(report: Report) -> list[tuple[str, str]]:
    """What readers say beyond what all of them say."""
    plain = {key: value for key, value in report.items() if key not in TOLD}
    return [
        (key.replace("_", " ").capitalize(), texts.value(key, value))
        for key, value in plain.items()
        if isinstance(value, str | int | float) and value != ""
    ]


def _skipped(item: Mapping[str, Any]) -> tuple[str, str]:
    why = str(item["why"]).rstrip(".")
    text = tr("{0}. First: {1}.").format(why, item["first"]) if item["first"] else f"{why}."
    return f"{_number(item['count'])} × {item['what']}", f"{text[:1].upper()}{text[1:]}"


def _extent(extent: Any) -> str:
    if not extent:
        return tr("nothing to measure")
    west, south, low, east, north, high = extent
    wide, deep, tall = (_number(round(size)) for size in (east - west, north - south, high - low))
    return tr("{0} m × {1} m, {2} m high").format(wide, deep, tall)


def _number(value: float) -> str:
    return texts.amount(float(value))
