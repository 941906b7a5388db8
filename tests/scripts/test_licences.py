"""What is installed with the program may be given on under the Apache licence."""

from __future__ import annotations

import re
from importlib import metadata

import pytest
from packaging.requirements import Requirement

EXCEPTIONS: dict[str, str] = {}
"""Packages under the GPL or AGPL that are allowed all the same, each with the reason."""

COPYLEFT = re.compile(r"\b(A?GPL)|GNU (Affero )?General Public", re.IGNORECASE)


def installed_with(project: str) -> set[str]:
    """The names of everything that a plain installation of the project brings."""
    found: set[str] = set()
    waiting = [project]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        for line in metadata.requires(name) or []:
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(re.sub(r"[-_.]+", "-", requirement.name).lower())
    return found


def licences(name: str) -> list[str]:
    """What a package says of its licence: the expression, else the short field, else its classifiers."""
    about = metadata.metadata(name)
    stated = about.get("License-Expression") or (about.get("License") or "").strip().split("\n")[0]
    classifiers = [
        c.split(" :: ")[-1] for c in about.get_all("Classifier") or [] if c.startswith("License ::")
    ]
    return [stated] if stated else classifiers


def may_be_used(licence: str) -> bool:
    """Whether one of the alternatives in a licence expression asks for no GPL or AGPL."""
    return any(not COPYLEFT.search(choice) for choice in re.split(r"\bOR\b", licence))


@pytest.mark.parametrize("name", sorted(installed_with("twin")))
def test_licence_is_compatible(name: str) -> None:
    stated = licences(name)
    assert stated, f"{name} does not say what its licence is"
    if name not in EXCEPTIONS:
        assert all(may_be_used(licence) for licence in stated), f"{name}: {stated}"


@pytest.mark.parametrize("licence", ["LGPL-3.0-only OR GPL-3.0-only", "MIT", "BSD-3-Clause AND Zlib"])
def test_usable_licences(licence: str) -> None:
    assert may_be_used(licence)


@pytest.mark.parametrize(
    "licence",
    [
        "GPL-3.0-only",
        "AGPL-3.0-or-later",
        "MIT AND GPL-2.0-only",
        "GNU General Public License v3 (GPLv3)",
        "GNU Affero General Public License v3",
    ],
)
def test_unusable_licences(licence: str) -> None:
    assert not may_be_used(licence)


def test_only_the_lgpl_part_of_qt_is_installed() -> None:
    """The add-ons hold modules (charts, graphs, virtual keyboard) that are GPL only."""
    assert "pyside6-essentials" in installed_with("twin")
    assert not {"pyside6", "pyside6-addons"} & installed_with("twin")
