"""`twin feed`: where the sensors of a project are heard."""

from __future__ import annotations

import argparse
import getpass
import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from twin.cli.printing import print_json, print_table
from twin.errors import DataError, TwinError
from twin.feeds import secrets
from twin.feeds.sources import SOURCES, run_of
from twin.formats import project_file
from twin.formats.project_file import ProjectFile
from twin.model.sensor import Feed


def feed(options: argparse.Namespace) -> int:
    """Add, list or remove feeds, or keep the secret of one."""
    file = project_file.load(options.project.resolve())
    if options.verb == "list":
        return _list(file, as_json=options.json)
    if options.verb == "add":
        return _add(file, options)
    if len(options.what) != 1:
        raise TwinError(f"twin feed {options.verb} PROJECT ID: name one feed, as `twin feed list` does.")
    known = _named(file, options.what[0])
    if options.verb == "secret":
        return _secret(known)
    left = tuple(feed for feed in file.content.feeds if feed.id != known.id)
    _save(file, left)
    secrets.keep(known.id, known.url, "")
    return 0


def _list(file: ProjectFile, *, as_json: bool) -> int:
    feeds = file.content.feeds
    if as_json:
        print_json([msgspec.to_builtins(feed) for feed in feeds])
    elif feeds:
        print_table([(f.id, f.kind, f.url, f.title, "synthetic" if f.synthetic else "") for f in feeds])
    return 0


def _add(file: ProjectFile, options: argparse.Namespace) -> int:
    if len(options.what) != 2:
        raise TwinError(f"twin feed add PROJECT KIND URL: KIND is one of {', '.join(SOURCES)}.")
    kind, url = options.what
    taken = {feed.id for feed in file.content.feeds}
    made = Feed(
        options.id or _id_for(kind, url, taken),
        kind,
        url,
        options.title,
        options.attribution,
        options.synthetic,
        dict(_option(text) for text in options.option),
    )
    run_of(made, None)  # what is wrong with it is said now, not when it is heard
    _save(file, (*file.content.feeds, made))
    print(made.id)
    return 0


def _secret(known: Feed) -> int:
    """Read it where nobody sees it, never from an argument, which stays in the history of the shell."""
    said = (
        getpass.getpass(f"Password or token of {known.id}: ") if sys.stdin.isatty() else sys.stdin.readline()
    )
    if not secrets.keep(known.id, known.url, said.strip()):
        name = secrets.variable(known.id)
        raise TwinError(f"This computer has no keyring. Give the secret in the environment variable {name}.")
    return 0


def _save(file: ProjectFile, feeds: tuple[Feed, ...]) -> None:
    if file.path is None:
        raise ValueError("a project file that was never saved")
    content = msgspec.structs.replace(file.content, feeds=feeds)
    project_file.save(replace(file, content=content), file.path)


def _named(file: ProjectFile, name: str) -> Feed:
    for feed in file.content.feeds:
        if feed.id == name:
            return feed
    names = ", ".join(feed.id for feed in file.content.feeds) or "none"
    raise DataError(file.path or "", "feeds", f"has no {name!r}", f"There are: {names}.")


def _id_for(kind: str, url: str, taken: set[str]) -> str:
    host = urlsplit(url).hostname if "://" in url else Path(url).stem
    plain = re.sub(r"[^a-z0-9]+", "-", (host or kind).lower()).strip("-") or kind
    names = (plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _option(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise TwinError(f"--option {text!r}: write it as NAME=VALUE.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
