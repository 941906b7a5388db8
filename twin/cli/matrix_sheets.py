"""What a matrix file asks for: one picture for each choice, or several views of them on one sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from twin.errors import DataError
from twin.formats.open_project import first_state
from twin.formats.page_template import page_of
from twin.model.project import Project
from twin.model.sheet import SCREEN, Page, Panel, Sheet
from twin.model.state import State

AXES = ("scenarios", "times", "overlays", "views", "sizes")
TOGETHER = ("small_multiples", "pairs", "swipe")
"""Ways of putting several views on one sheet."""
OTHERS = ("page", "language", "note", "format", "plain", "columns", "divider", "flat", "hide")
PAGE = {"small_multiples": "a3", "pairs": "16x9", "swipe": SCREEN}
"""Where none is named."""
MOST, MOST_VIEWS = 5000, 60
Choice = tuple[str, ...]
"""One value of each of AXES; empty: as in the project."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One picture of the matrix."""

    name: str
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class _Asked:
    path: Path
    project: Project
    first: State
    tree: dict[str, Any]
    way: str
    """One of TOGETHER, or empty."""
    page: str
    own: Page | None

    def problem(self, where: str, what: str, remedy: str = "") -> DataError:
        return DataError(self.path, where, what, remedy)


def wanted_of(path: Path, project: Project, tree: dict[str, Any]) -> list[Wanted]:
    """All pictures of a matrix, in the order of its lists. Raises DataError."""
    for key in tree:
        if key not in (*AXES, *TOGETHER, *OTHERS):
            known = ", ".join((*AXES, *TOGETHER, *OTHERS))
            raise DataError(path, key, "is not known", f"Use {known}.")
    for key in (*AXES, "hide"):
        if key in tree and not (isinstance(tree[key], list) and all(isinstance(v, str) for v in tree[key])):
            raise DataError(path, key, "is no list of texts", f'Write {key} = ["…", "…"].')
    ways = [key for key in TOGETHER if key in tree]
    if len(ways) > 1:
        raise DataError(path, ways[1], f"cannot be had with {ways[0]}", "Write two matrices.")
    way = ways[0] if ways else ""
    page = str(tree.get("page", PAGE.get(way, SCREEN)))
    if way in ("small_multiples", "pairs") and page == SCREEN:
        raise DataError(path, "page", "several views need a page", 'Write page = "a3".')
    axes = {key: tree.get(key) or [""] for key in AXES}
    count = 1
    for values in axes.values():
        count *= len(values)
    if count > MOST:
        raise DataError(path, "", f"asks for {count} pictures", f"Ask for {MOST} at most.")
    first = first_state(project)
    first = replace(first, hidden=first.hidden | set(tree.get("hide", ())))
    asked = _Asked(path, project, first, tree, way, *page_of(page, path.parent))
    if way == "small_multiples":
        return list(_multiples(asked, axes))
    if way:
        return list(_compared(asked, axes))
    return [
        Wanted(_name(asked, choice), _sheet(asked, [Panel(_state(asked, choice))], choice))
        for choice in product(*axes.values())
    ]


def _multiples(asked: _Asked, axes: dict[str, list[str]]) -> Iterator[Wanted]:
    """All choices along the named axes on one sheet, the last of them across."""
    inside = asked.tree["small_multiples"]
    if not (isinstance(inside, list) and inside and all(name in AXES[:4] for name in inside)):
        raise asked.problem("small_multiples", "names no axes", f"Name some of {', '.join(AXES[:4])}.")
    missing = [name for name in inside if axes[name] == [""]]
    if missing:
        raise asked.problem("small_multiples", f"there are no {missing[0]}", f'Write {missing[0]} = ["…"].')
    outside = [values if name not in inside else [""] for name, values in axes.items()]
    for choice in product(*outside):
        places = dict(zip(AXES, choice, strict=True))
        panels = []
        for values in product(*(axes[name] for name in inside)):
            one = tuple({**places, **dict(zip(inside, values, strict=True))}.values())
            panels.append(Panel(_state(asked, one), _caption(asked, inside, values)))
        if len(panels) > MOST_VIEWS:
            raise asked.problem(
                "small_multiples",
                f"would put {len(panels)} views on one sheet",
                f"Ask for {MOST_VIEWS} at most.",
            )
        name = _name(asked, choice) if any(choice) else ""
        columns = int(asked.tree.get("columns", len(axes[inside[-1]])))
        file = "_".join(part for part in (name.rpartition(".")[0], "-by-".join(inside)) if part)
        yield Wanted(f"{file}.{_ending(asked)}", _sheet(asked, panels, choice, columns))


def _compared(asked: _Asked, axes: dict[str, list[str]]) -> Iterator[Wanted]:
    """Every scenario with the one that is named: beside it, or both in one picture."""
    from twin.scene.sheet_texts import word

    base = asked.tree[asked.way]
    known = [scenario.id for scenario in asked.project.scenarios]
    if base not in known:
        raise asked.problem(asked.way, f"there is no {base!r}", f"Choose from: {', '.join(known)}.")
    if axes["scenarios"] == [""]:
        axes = {**axes, "scenarios": known}
    if not [name for name in axes["scenarios"] if name != base]:
        raise asked.problem("scenarios", f"there is none besides {base!r}", "Name those to compare it with.")
    language, divider = asked.tree.get("language", "en"), float(asked.tree.get("divider", 0.5))
    for choice in product(*axes.values()):
        if choice[0] == base:
            continue
        state = _state(asked, choice)
        if asked.way == "swipe":
            panels = [Panel(replace(state, compare="swipe", compared=(base,), divider=divider))]
        else:
            titles = [asked.project.scenario(name).title for name in (base, choice[0])]
            panels = [
                Panel(each, f"{word(when, language)}: {title}")
                for each, when, title in zip(
                    (replace(state, scenario=base), state), ("before", "after"), titles, strict=True
                )
            ]
        yield Wanted(_name(asked, choice), _sheet(asked, panels, choice))


def _state(asked: _Asked, choice: Choice) -> State:
    from twin.cli.render import time_of
    from twin.scene.overlays import overlay_of
    from twin.scene.resolve import extent, home
    from twin.scene.standpoints import STANDPOINTS, standing_at
    from twin.session.commands import choose_overlay

    scenario, time, overlay, view, _ = choice
    project, state = asked.project, asked.first
    if scenario and scenario not in {each.id for each in project.scenarios}:
        raise asked.problem("scenarios", f"there is no {scenario!r}", "See `twin scenarios`.")
    if overlay and overlay_of(project, overlay) is None:
        raise asked.problem("overlays", f"there is no {overlay!r}", "See `twin render --help`.")
    state = replace(state, scenario=scenario or state.scenario)
    state = choose_overlay(state, overlay) if overlay else state
    state = replace(state, time=time_of(time, project)) if time else state
    if not view:
        return state
    marks = {mark.id: mark.camera for mark in project.bookmarks}
    if view in marks:
        return replace(state, camera=marks[view])
    if view in STANDPOINTS:
        return replace(state, camera=standing_at(state.camera or home(project, extent(project)), view))
    raise asked.problem(
        "views", f"there is no {view!r}", f"Choose from: {', '.join((*marks, *STANDPOINTS))}."
    )


def _sheet(asked: _Asked, panels: Sequence[Panel], choice: Choice, columns: int = 0) -> Sheet:
    from twin.cli.picture_options import DPI, page_size
    from twin.cli.render import size_of

    tree = asked.tree
    return Sheet(
        tuple(panels),
        size_of(choice[-1]) if choice[-1] else page_size(asked.page, DPI, asked.own),
        asked.page,
        own=asked.own,
        columns=columns,
        language=tree.get("language", "en"),
        note=str(tree.get("note", "")),
        plain=bool(tree.get("plain", False)),
        flat=bool(tree.get("flat", False)),
    )


def _caption(asked: _Asked, axes: Sequence[str], values: Sequence[str]) -> str:
    from twin.cli.render import time_of
    from twin.scene.overlays import overlay_of
    from twin.scene.sheet_texts import date_text, word

    language, said = asked.tree.get("language", "en"), []
    days = {text.partition("T")[0] for text in asked.tree.get("times", ())}
    for axis, value in zip(axes, values, strict=True):
        if axis == "scenarios" and value in {each.id for each in asked.project.scenarios}:
            said.append(asked.project.scenario(value).title)
        elif axis == "times":
            time = time_of(value, asked.project)
            said.append((f"{date_text(time, language)}, " if len(days) > 1 else "") + f"{time:%H:%M}")
        elif axis == "overlays" and (found := overlay_of(asked.project, value)) is not None:
            said.append(word(found.title, language))
        else:
            said.append(value)
    return ", ".join(said)


def _name(asked: _Asked, choice: Choice) -> str:
    scenario, time, overlay, view, size = choice
    parts = [scenario, time.replace(":", "").replace("T", "-"), overlay.replace(":", "-"), view, size]
    name = "_".join(part for part in parts if part) or "picture"
    return f"{name}.{_ending(asked)}"


def _ending(asked: _Asked) -> str:
    return str(asked.tree.get("format", "png")).removeprefix(".")
