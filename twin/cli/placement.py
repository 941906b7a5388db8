"""Knows the arguments that say where a model stands."""

from __future__ import annotations

import argparse
import math

from twin.errors import TwinError
from twin.model.placement import Placement


def add_placement(command: argparse.ArgumentParser) -> None:
    """`--at`, `--turn`, `--scale` and `--up`."""
    command.add_argument("--at", metavar="E,N,H", help="where the zero of a model stands, with --crs")
    command.add_argument("--turn", metavar="DEG", help="clockwise about the place that --at names")
    command.add_argument("--scale", metavar="S", help="metres of a unit of a model, as 0.001 for millimetres")
    command.add_argument("--up", choices=["y", "z"], help="which axis of a model points up")


def placement_of(options: argparse.Namespace) -> Placement:
    """What the arguments say, where the command has them. Raises TwinError."""
    at, scale = getattr(options, "at", None), getattr(options, "scale", None)
    place: tuple[float, float, float] | None = None
    if at is not None:
        numbers = [_number(word, "--at", at) for word in at.split(",")]
        if len(numbers) != 3:
            raise TwinError(f"--at {at!r} is no place. Write it as EAST,NORTH,HEIGHT in metres.")
        place = (numbers[0], numbers[1], numbers[2])
    size = None if scale is None else _number(scale, "--scale", scale)
    if size is not None and size <= 0:
        raise TwinError(f"--scale {scale!r} is no size. Write it as 0.001 or 1.")
    turn = getattr(options, "turn", None)
    if turn is not None and place is None:
        raise TwinError("--turn needs a place to turn about. Say it with --at.")
    crs = getattr(options, "crs", "") if place else ""
    rotation = 0.0 if turn is None else _number(turn, "--turn", turn)
    return Placement(place, crs, size, getattr(options, "up", None) or "", rotation)


def _number(word: str, name: str, said: str) -> float:
    try:
        found = float(word)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise TwinError(f"{name} {said!r}: {word!r} is no number.")
    return found
