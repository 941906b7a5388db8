"""`twin check` and `twin refresh`: whether a project is whole, and writing down that it is."""

from __future__ import annotations

from pathlib import Path

from twin.formats import project_file
from twin.formats.open_project import open_project


def check(path: Path) -> int:
    """Read every source, hash it, and print each problem in a line; 1 when there is one."""
    project = open_project(path, thorough=True)
    problems = list(dict.fromkeys(source.problem for source in project.sources if source.problem))
    for problem in problems:
        print(f"problem: {_line(problem)}")
    for notice in project.notices:
        if notice not in problems:
            print(f"note: {_line(notice)}")
    if problems:
        print(f"{len(problems)} problem{'s' if len(problems) != 1 else ''} in {path.name}")
        return 1
    print(f"ok: {path.name}, {len(project.sources)} sources, {len(project.scenarios)} scenarios")
    return 0


def refresh(path: Path) -> int:
    """Record size and SHA-256 of every source as it is now."""
    file = project_file.refresh(project_file.load(path))
    project_file.save(file, path)
    print(f"ok: {path.name}, {len(file.content.sources)} sources recorded")
    return 0


def _line(text: str) -> str:
    return " ".join(text.split())
