"""What a sun study finds of façades and yards, and how it says so in four languages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from twin.analysis.build import Built
from twin.analysis.insolation import CONTINUOUS, PARTED, SHARE, Judged, judge
from twin.analysis.yards import ASKED, REACH, sunny_share, yards
from twin.model.city import City
from twin.model.place import Place
from twin.model.sheet import Language
from twin.model.terrain import Terrain
from twin.scene.overlay import Bounds
from twin.scene.overlays import LOWEST, Progress, lit_hours, surfaces
from twin.scene.sheet_texts import LANGUAGES

DWELLING = "residential"
"""The use that counts as dwelling; of buildings without a use nothing is said."""
BINDING = "Europe/Tallinn"
"""Where EVS 894 binds."""
WORDS = {
    "facades": (
        "Façades of dwellings: {0}. With less than {1} h of sun without a break from 22 April to 22 August: "
        "{2}; losing more than half of their sun: {3} (EVS 894).",
        "Asuinrakennusten julkisivuja: {0}. Alle {1} h yhtäjaksoista auringonpaistetta 22.4.–22.8.: {2}; "
        "yli puolet auringostaan menettäviä: {3} (EVS 894).",
        "Bostadsfasader: {0}. Mindre än {1} h sol utan avbrott 22 april–22 augusti: {2}; förlorar mer än "
        "hälften av solen: {3} (EVS 894).",
        "Eluhoonete fassaade: {0}. Alla {1} h katkematut päikest 22. aprillist 22. augustini: {2}; kaotab "
        "üle poole päikesest: {3} (EVS 894).",
    ),
    "instead": (
        "Of these {0} have {1} h in all with one break at most, which does for high-rise houses.",
        "Näistä {0} saa yhteensä {1} h enintään yhdellä katkolla, mikä riittää korkeille taloille.",
        "Av dessa har {0} sammanlagt {1} h med högst ett avbrott, vilket räcker för höghus.",
        "Neist {0} saab kokku {1} h ülimalt ühe katkestusega, millest piisab kõrghoonetele.",
    ),
    "elsewhere": (
        "It binds in Estonia; Finland asks for no hours.",
        "Se sitoo Virossa; Suomessa tunteja ei vaadita.",
        "Den är bindande i Estland; Finland kräver inga timmar.",
        "See kehtib Eestis; Soome tunde ei nõua.",
    ),
    "yards": (
        "Yards: open ground within {0} m of dwellings, without streets, tracks and water; in the shade of "
        "buildings, not of trees.",
        "Pihat: avoin maa enintään {0} m asuinrakennuksista, ilman katuja, raiteita ja vettä; rakennusten "
        "varjot, ei puiden.",
        "Gårdar: öppen mark inom {0} m från bostadshus, utan gator, spår och vatten; byggnadernas skugga, "
        "inte trädens.",
        "Õued: lage maa kuni {0} m eluhoonetest, ilma tänavate, rööbaste ja veeta; hoonete vari, mitte "
        "puude.",
    ),
    "share": ("yards ≥ {0} h: {1} %", "pihat ≥ {0} h: {1} %", "gårdar ≥ {0} h: {1} %", "õued ≥ {0} h: {1} %"),
    "none": (
        "The data name no dwellings.",
        "Aineisto ei kerro asuinrakennuksia.",
        "Data anger inga bostäder.",
        "Andmed ei nimeta eluhooneid.",
    ),
}


@dataclass(frozen=True, eq=False, slots=True)
class Findings:
    """What was found of one scenario."""

    judged: Judged
    uses: dict[str, str]
    """Use of each building that says it, by gml:id."""
    yard: float
    """[m²]"""
    days: tuple[tuple[date, float | None], ...]
    """The share of the yards that has ASKED hours of sun; None where there is no yard. 0-1"""

    @property
    def counts(self) -> tuple[int, int, int]:
        """Façades of dwellings; those with too little sun; those that lose too much."""
        home = self.judged.dwelling
        return int(home.sum()), int((home & ~self.judged.enough).sum()), int((home & ~self.judged.kept).sum())

    @property
    def instead(self) -> int:
        """Façades of dwellings with too little sun that would do if their houses are high-rises."""
        return int((self.judged.dwelling & self.judged.instead).sum())


def findings(
    plan: Built,
    before: Built,
    bounds: Bounds,
    terrain: Terrain | None,
    place: Place,
    days: tuple[date, ...],
    progress: Progress = lambda _fraction: None,
) -> Findings:
    """Works out what the sun study says of a scenario, compared with how it was before."""
    uses = uses_of(plan.city)
    dwellings = frozenset(name for name, use in uses.items() if use == DWELLING)
    # without trees, as what is built is asked about
    now, then = (
        surfaces(replace(each, layers=()), bounds, terrain, progress=lambda _part: None)
        for each in (plan, before)
    )
    judged = judge(
        plan.city,
        dwellings,
        solid=now.solid,
        before=then.solid,
        stood=frozenset(before.city.object_id.tolist()),
        place=place,
        year=days[0].year,
    )
    progress(0.5)
    floor = 0.0 if now.bare is None else now.bare.values
    free = replace(
        now.solid, values=(now.solid.values <= floor + (LOWEST if now.bare is not None else 0.0)) * 1.0
    )
    yard = yards(plan.city, dwellings, plan.layers, free)
    shares: list[tuple[date, float | None]] = []
    for number, day in enumerate(days, start=1):
        sunny = (
            sunny_share(lit_hours(now, place, day, progress=lambda _part: None), yard) if yard.any() else None
        )
        shares.append((day, sunny))
        progress(0.5 + 0.5 * number / len(days))
    return Findings(judged, uses, float(np.count_nonzero(yard)) * free.cell**2, tuple(shares))


def uses_of(city: City) -> dict[str, str]:
    """The use of each object, where the data tell one."""
    column = city.attributes.columns.get("use")
    if column is None:
        return {}
    pairs = zip(city.object_id.tolist(), column.tolist(), strict=True)
    return {str(name): str(use) for name, use in pairs if use is not None}


def note(found: Findings, place: Place, language: Language) -> str:
    """What the sheet says of façades and yards."""
    count, short, lost = found.counts
    if not count:
        return _word("none", language)
    comma = "." if language == "en" else ","
    hours = f"{CONTINUOUS:g}".replace(".", comma)
    said = [_word("facades", language).format(count, hours, short, lost)]
    if found.instead:
        said.append(_word("instead", language).format(found.instead, f"{PARTED:g}".replace(".", comma)))
    if place.timezone != BINDING:
        said.append(_word("elsewhere", language))
    if found.yard:
        said.append(_word("yards", language).format(f"{REACH:g}"))
    return " ".join(said)


def of_days(found: Findings, language: Language) -> tuple[str, ...]:
    """What is said of the yards on each day."""
    return tuple(
        "" if share is None else _word("share", language).format(f"{ASKED:g}", round(100 * share))
        for _, share in found.days
    )


def as_tree(found: Findings) -> dict[str, Any]:
    """Only dicts, lists, text and numbers."""
    count, short, lost = found.counts
    return {
        "facades": {
            "free": len(found.judged.run),
            "dwellings": count,
            "less_than_asked": short,
            "enough_if_high_rise": found.instead,
            "lose_too_much": lost,
            "asked_hours_without_break": CONTINUOUS,
            "asked_hours_with_one_break": PARTED,
            "asked_share_left": SHARE,
            "season": "04-22/08-22",
            "rule": "EVS 894:2008+A2:2015",
        },
        "yards": {
            "area_m2": found.yard,
            "within_m": REACH,
            "asked_hours": ASKED,
            "sunny_share": {day.isoformat(): share for day, share in found.days},
        },
    }


def _word(name: str, language: Language) -> str:
    return WORDS[name][LANGUAGES.index(language)]
