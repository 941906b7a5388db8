"""Asks for the indicators of a scenario."""

from __future__ import annotations

from collections.abc import Callable

from twin.analysis import kpi
from twin.analysis.build import Built
from twin.scene.scene import Request


def want_indicators(built: Built, title: str) -> Request:
    """The request for all indicators of a scenario as it would stand."""
    return Request(("indicators", built), indicators, (built,), f"Indicators of {title}")


def indicators(built: Built, *, progress: Callable[[float], None]) -> tuple[kpi.Row, ...]:
    """Every row of the table."""
    progress(0.0)
    return kpi.rows(built)
