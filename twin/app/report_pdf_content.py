"""Says in words and tables what a scenario holds, what differs from another, and how it was worked out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from twin.analysis.build import Built
from twin.analysis.difference import Comparison, Difference
from twin.analysis.kpi import INDICATORS, Row, rows
from twin.analysis.kpi_heat import HEAT_INDICATORS
from twin.analysis.measures import Measures, measure
from twin.app.report_pdf_flow import SMALL, Block, Heading, Rows, Text
from twin.app.report_pdf_words import word
from twin.app.validation_page import COLUMNS, EXPLAINED, SAVED
from twin.formats import strict_json
from twin.model.project import Project
from twin.model.sheet import Language
from twin.scene.credits import NOT_STATED
from twin.scene.sheet_methods import explained
from twin.scene.sheet_texts import named

LARGEST = 14
"""Rows of the list of differences."""
EVERY = (*INDICATORS, *HEAT_INDICATORS)


def indicators(
    known: Sequence[Mapping[str, Row]], titles: Sequence[str], language: Language
) -> Iterator[Block]:
    """The table of one scenario, or of two with what the second has more.

    known: rows of each by id, the one to compare with first.
    """
    order = {indicator.id: place for place, indicator in enumerate(EVERY)}
    every = {name: row for of in known for name, row in of.items()}
    names = sorted(every, key=lambda name: (order[name.partition(".")[0]], name))
    head = (word("indicator", language), word("unit", language), *titles)
    shares: tuple[float, ...] = (0.52, 0.1, 0.38)
    if len(known) == 2:
        head, shares = (*head, word("difference", language), "%"), (0.31, 0.10, 0.17, 0.17, 0.15, 0.10)
    lines: list[tuple[str, ...]] = []
    for name in names:
        row = every[name]
        values = [_value(of, name, row) for of in known]
        line = [
            named(row.title, language),
            row.unit or "–",
            *(amount(value, row.decimals) for value in values),
        ]
        if len(values) == 2:
            line += [_delta(values[0], values[1], row.decimals), _share(values[0], values[1])]
        lines.append(tuple(line))
    inner = frozenset(
        number for number, name in enumerate(names) if "." in name and name.split(".")[0] in every
    )
    yield Rows(head, lines, shares, frozenset(range(2, len(head))), inner)


def differences(comparison: Comparison, built: tuple[Built, Built], language: Language) -> Iterator[Block]:
    """How much was added, removed and changed, and the largest of it."""
    every = [*comparison.objects, *comparison.features]
    if not every:
        yield Text(word("nothing", language))
        return
    layers = {layer.id: layer.title for of in built for layer in of.layers}
    counts: Counter[tuple[str, str]] = Counter((each.what, each.kind) for each in every)
    kinds = ("added", "removed", "changed")
    lines = [
        (layers.get(what) or named(what, language), *(amount(counts[what, kind]) for kind in kinds))
        for what in dict.fromkeys(each.what for each in every)
    ]
    head = (word("what", language), *(word(kind, language) for kind in kinds))
    yield Rows(head, lines, (0.49, 0.17, 0.17, 0.17), frozenset({1, 2, 3}))
    if comparison.objects:
        yield Heading(word("largest", language), 3.8, 3.0)
        yield from _largest(comparison.objects, built, language)


def _largest(found: Sequence[Difference], built: tuple[Built, Built], language: Language) -> Iterator[Block]:
    measured = [(of.city.rows, measure(of.city)) for of in built]

    def size(each: Difference) -> tuple[float, float]:
        rows_of, measures = measured[0 if each.kind == "removed" else 1]
        return _size(measures, rows_of.get(each.id))

    ranked = sorted(found, key=size, reverse=True)
    lines = [
        (
            word(each.kind, language),
            each.title,
            named(each.what, language),
            *(amount(value, places) for places, value in enumerate(size(each))),
        )
        for each in ranked[:LARGEST]
    ]
    head = ("", *(word(name, language) for name in ("name", "what", "volume", "tall")))
    yield Rows(head, lines, (0.14, 0.38, 0.18, 0.16, 0.14), frozenset({3, 4}))
    if len(ranked) > LARGEST:
        more = word("and {0} more", language).format(amount(len(ranked) - LARGEST))
        yield Text(f"… {more}", SMALL, muted=True)


def method(known: Sequence[Mapping[str, Row]], language: Language) -> Iterator[Block]:
    """How each indicator that is shown is defined, and by whom."""
    shown = {name.partition(".")[0] for of in known for name in of}
    lines = [
        (
            named(each.title, language),
            *(explained(text, language) for text in (each.formula, each.inputs, each.source)),
        )
        for each in EVERY
        if each.id in shown
    ]
    head = tuple(word(name, language) for name in ("indicator", "formula", "inputs", "source"))
    yield Rows(head, lines, (0.2, 0.32, 0.25, 0.23), size=SMALL * 0.94)


def validation(language: Language) -> Iterator[Block]:
    """How near the heat model comes to what was measured."""
    saved: dict[str, Any] = strict_json.read(SAVED)
    yield Text(f"{saved['site']}. {saved['source']} {' '.join(saved['notes'])}", SMALL)
    head = (word("model", language), *(title for _, title, _ in COLUMNS))
    lines = []
    for row in saved["models"]:
        said = [
            "–" if row.get(key) is None else form.format(row[key]).replace("-", "−")
            for key, _, form in COLUMNS
        ]
        lines.append((str(row["name"]), *said))
    rest = (1 - 0.25) / len(COLUMNS)
    yield Rows(
        head,
        lines,
        (0.25, *(rest for _ in COLUMNS)),
        frozenset(range(1, len(COLUMNS) + 1)),
        size=SMALL * 0.85,
    )
    yield Text(EXPLAINED, SMALL, muted=True)


def licences(project: Project, more: Sequence[str], language: Language) -> Iterator[Block]:
    """Owner and licence of every file, and of all else that was used. more: sources of values shown."""
    lines = [
        (source.path.name, source.attribution or NOT_STATED.format(source.path.name))
        for source in project.sources
        if source.attribution or not source.path.is_dir()  # the scenarios are the user's own
    ]
    lines = list(dict.fromkeys(lines))
    said = {source.attribution for source in project.sources}
    lines += [("", text) for text in dict.fromkeys(more) if text not in said]
    yield Rows((word("file", language), word("licence", language)), lines, (0.35, 0.65))


def all_rows(built: Built) -> dict[str, Row]:
    """Every indicator by its id."""
    return {row.id: row for row in rows(built)}


def amount(value: float, decimals: int = 0) -> str:
    """As 12 345.6, in all four languages readable."""
    text = f"{value:,.{decimals}f}".replace(",", "\u202f").replace("-", "−")
    return text.removeprefix("−") if float(f"{value:.{decimals}f}") == 0 else text


def _delta(before: float, after: float, decimals: int) -> str:
    text = amount(after - before, decimals)
    return text if text.startswith("−") or float(f"{after - before:.{decimals}f}") == 0 else f"+{text}"


def _share(before: float, after: float) -> str:
    if before == 0:
        return "–"
    text = f"{100 * (after - before) / before:+.1f}".replace("-", "−")
    return "0" if text in ("+0.0", "−0.0") else text


def _value(of: Mapping[str, Row], name: str, _row: Row) -> float:
    found = of.get(name)
    return 0.0 if found is None else found.value


def _size(measures: Measures, row: int | None) -> tuple[float, float]:
    if row is None:
        return 0.0, 0.0
    return float(measures.volume[row]), float(measures.height[row])
