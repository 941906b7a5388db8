"""The rows of heat in the table of indicators."""

from __future__ import annotations

from twin.analysis.heat_spots import AFTERNOON, HeatFigures
from twin.analysis.kpi import Indicator, Row, Values, rows_of

SPAN = f"{AFTERNOON[0]}:00 to {AFTERNOON[-1]}:00"
INPUTS = "Scenario, trees, ground and weather of the day, as the overlay UTCI shows them"
METHOD = "UTCI: Bröde et al. (2012), IJB 56, 481; classes: COST Action 730"


def heat_rows(figures: HeatFigures) -> tuple[Row, ...]:
    """What is known of heat so far; rows of the whole afternoon once all its hours are there."""
    return rows_of(HEAT_INDICATORS, figures)


def _felt(figures: HeatFigures) -> Values:
    return {} if figures.spread is None else {"": figures.spread[1]}


def _radiant(figures: HeatFigures) -> Values:
    return {} if figures.radiant is None else {"": figures.radiant}


def _afternoon(figures: HeatFigures) -> Values:
    return {} if figures.afternoon is None else {"": figures.afternoon}


def _strong(figures: HeatFigures) -> Values:
    return {} if figures.strong is None else {"": 100 * figures.strong}


HEAT_INDICATORS = (
    Indicator(
        "utci",
        "UTCI of the hour",
        "°C",
        "Mean over the ground people walk on, at the hour in view",
        INPUTS,
        METHOD,
        _felt,
        1,
    ),
    Indicator(
        "mean_radiant",
        "Radiant temperature of the hour",
        "°C",
        "Mean over the ground people walk on, at the hour in view",
        INPUTS,
        "Lindberg, Holmer and Thorsson (2008), IJB 52, 697",
        _radiant,
        1,
    ),
    Indicator(
        "utci_afternoon",
        "UTCI of the afternoon",
        "°C",
        f"Mean over the ground people walk on and over {SPAN}",
        INPUTS,
        METHOD,
        _afternoon,
        1,
    ),
    Indicator(
        "strong_heat",
        "Ground with strong heat stress",
        "%",
        f"Share of the ground people walk on with over 32 °C UTCI in the mean of {SPAN}",
        INPUTS,
        METHOD,
        _strong,
        1,
    ),
)
"""As long as an overlay of heat is in view."""
