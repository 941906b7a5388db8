"""The words of a page for browsers in English, Finnish, Swedish and Estonian."""

from __future__ import annotations

from dataclasses import replace

from twin.model.sheet import Language
from twin.model.web_page import Key, Solid, Variant, Veil, WebPage
from twin.scene.sheet_names import Names
from twin.scene.sheet_phrases import phrased
from twin.scene.sheet_texts import LANGUAGES, named

WORDS: Names = {
    "Scenarios": ("Skenaariot", "Scenarier", "Stsenaariumid"),
    "Home view": ("Aloitusnäkymä", "Startvy", "Algvaade"),
    "Home view (H)": ("Aloitusnäkymä (H)", "Startvy (H)", "Algvaade (H)"),
    "Three-dimensional view of the station area: drag to move, right drag to turn, wheel to zoom": (
        "Kolmiulotteinen näkymä asemanseudusta: siirrä vetämällä, käännä oikealla painikkeella, "
        "lähennä rullalla",
        "Tredimensionell vy över stationsområdet: dra för att flytta, dra med höger knapp för att vrida, "
        "hjulet zoomar",
        "Jaamapiirkonna ruumiline vaade: nihuta lohistades, pööra parema nupuga, suurenda rattaga",
    ),
    "On the ground": ("Maan päällä", "På marken", "Maapinnal"),
    "Nothing": ("Ei mitään", "Ingenting", "Mitte midagi"),
    "Sun and shadow": ("Aurinko ja varjo", "Sol och skugga", "Päike ja vari"),
    "Hour of the day": ("Kellonaika", "Klockslag", "Kellaaeg"),
    "Figures": ("Tunnusluvut", "Nyckeltal", "Näitajad"),
    "Story": ("Kertomus", "Berättelse", "Lugu"),
    "Step back (B)": ("Edellinen (B)", "Föregående (B)", "Eelmine (B)"),
    "Next step (N)": ("Seuraava (N)", "Nästa (N)", "Järgmine (N)"),
    "Close (Esc)": ("Sulje (Esc)", "Stäng (Esc)", "Sulge (Esc)"),
    "against {0}": ("verrattuna: {0}", "jämfört med {0}", "võrreldes: {0}"),
    "heights: {0}": ("korkeudet: {0}", "höjder: {0}", "kõrgused: {0}"),
    "as in the data": ("kuten aineistossa", "som i data", "nagu andmetes"),
    "ground": ("maanpinnasta", "från marken", "maapinnast"),
}
"""What the page says by itself; English to the others."""
FACTS: dict[str, tuple[str, str, str, str]] = {
    "id": ("Id", "Tunnus", "Id", "Tunnus"),
    "name": ("Name", "Nimi", "Namn", "Nimi"),
    "use": ("Use", "Käyttö", "Användning", "Kasutus"),
    "function": ("Function", "Toiminta", "Funktion", "Otstarve"),
    "class": ("Class", "Luokka", "Klass", "Klass"),
    "measuredHeight": ("Height [m]", "Korkeus [m]", "Höjd [m]", "Kõrgus [m]"),
    "height": ("Height [m]", "Korkeus [m]", "Höjd [m]", "Kõrgus [m]"),
    "height_source": ("Height from", "Korkeuden lähde", "Höjd från", "Kõrguse allikas"),
    "min_height": ("Begins at [m]", "Alkaa korkeudelta [m]", "Börjar på [m]", "Algab kõrgusel [m]"),
    "storeysAboveGround": ("Storeys", "Kerroksia", "Våningar", "Korruseid"),
    "storeysBelowGround": (
        "Storeys below ground",
        "Maanalaisia kerroksia",
        "Våningar under mark",
        "Maa-aluseid korruseid",
    ),
    "yearOfConstruction": ("Built in", "Rakennettu", "Byggt", "Ehitatud"),
    "roof": ("Roof", "Katto", "Tak", "Katus"),
    "roofType": ("Roof", "Katto", "Tak", "Katus"),
    "address": ("Address", "Osoite", "Adress", "Aadress"),
}
"""Attributes of the data, by what people call them."""
VALUES: Names = {"yes": ("kyllä", "ja", "jah"), "no": ("ei", "nej", "ei")}


def said(language: Language) -> dict[str, str]:
    """What the page says instead of its English words."""
    if language == "en":
        return {}
    return {name: others[LANGUAGES.index(language) - 1] for name, others in WORDS.items()}


def in_language(page: WebPage, language: Language) -> WebPage:
    """All that is not the data's own in a language; `day` is in it already."""
    return replace(
        page,
        language=language,
        words=said(language),
        base=_solid(page.base, language),
        variants=tuple(_variant(variant, language) for variant in page.variants),
        sources=tuple(phrased(source, language) for source in page.sources),
    )


def _variant(variant: Variant, language: Language) -> Variant:
    figures = tuple((named(figure[0], language), *figure[1:]) for figure in variant.figures)
    return replace(
        variant,
        added=_solid(variant.added, language),
        veils=tuple(_veil(veil, language) for veil in variant.veils),
        figures=figures,
    )


def _veil(veil: Veil, language: Language) -> Veil:
    key = veil.key
    worded = Key(
        named(key.title, language),
        named(key.unit, language),
        tuple((named(text, language), colour) for text, colour in key.entries),
        phrased(key.source, language),
        named(key.note, language),
    )
    return replace(veil, title=named(veil.title, language), key=worded)


def _solid(solid: Solid, language: Language) -> Solid:
    number = LANGUAGES.index(language)
    facts = tuple(
        tuple((_fact(name, number), _value(value, language)) for name, value in each) for each in solid.facts
    )
    return replace(solid, kinds=tuple(named(kind, language) for kind in solid.kinds), facts=facts)


def _fact(name: str, number: int) -> str:
    known = FACTS.get(name)
    return known[number] if known else name


def _value(value: str, language: Language) -> str:
    if language != "en" and value in VALUES:
        return VALUES[value][LANGUAGES.index(language) - 1]
    return named(value, language)
