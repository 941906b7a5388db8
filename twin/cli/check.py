"""`twin check` and `twin refresh`: whether a project is whole, and writing down that it is."""

from __future__ import annotations

import argparse

from twin.formats import project_file
from twin.formats.open_project import open_project


def check(options: argparse.Namespace) -> int:
    """Read every source, hash it, and print each problem in a line; 1 when there is one."""
    project = open_project(options.project, thorough=True)
    problems = list(dict.fromkeys(source.problem for source in project.sources if source.problem))
    for problem in problems:
        print(f"problem: {_line(problem)}")
    for notice in project.notices:
        if notice not in problems:
            print(f"note: {_line(notice)}")
    if problems:
        print(f"{len(problems)} problem{'s' if len(problems) != 1 else ''} in {options.project.name}")
        return 1
    print(f"ok: {options.project.name}, {len(project.sources)} sources, {len(project.scenarios)} scenarios")
    return 0


def refresh(options: argparse.Namespace) -> int:
    """Record size and SHA-256 of every source as it is now."""
    path = options.project
    file = project_file.refresh(project_file.load(path))
    project_file.save(file, path)
    print(f"ok: {path.name}, {len(file.content.sources)} sources recorded")
    return 0


def _line(text: str) -> str:
    return " ".join(text.split())
