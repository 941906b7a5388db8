"""The words of a report in English, Finnish, Swedish and Estonian."""

from __future__ import annotations

from twin.model.sheet import Language
from twin.scene.sheet_texts import LANGUAGES
from twin.scene.sheet_texts import word as sheet_word

WORDS: dict[str, tuple[str, str, str, str]] = {
    "report": ("Report", "Raportti", "Rapport", "Aruanne"),
    "compared with": ("compared with", "verrattuna:", "jämfört med", "võrreldes:"),
    "made on": ("Made on", "Laadittu", "Sammanställd", "Koostatud"),
    "place": ("Place", "Sijainti", "Plats", "Asukoht"),
    "view": ("The area", "Alue", "Området", "Piirkond"),
    "map": ("Map", "Kartta", "Karta", "Kaart"),
    "what changes": (
        "What the scenario changes is marked.",
        "Skenaarion muutokset on merkitty.",
        "Det som scenariot ändrar är markerat.",
        "Stsenaariumi muudatused on märgitud.",
    ),
    "before and after": ("Before and after", "Ennen ja jälkeen", "Före och efter", "Enne ja pärast"),
    "indicators": ("Indicators", "Tunnusluvut", "Nyckeltal", "Näitajad"),
    "indicator": ("Indicator", "Tunnusluku", "Nyckeltal", "Näitaja"),
    "unit": ("Unit", "Yksikkö", "Enhet", "Ühik"),
    "difference": ("Difference", "Erotus", "Skillnad", "Erinevus"),
    "differences": ("What differs", "Mikä eroaa", "Vad som skiljer", "Mis erineb"),
    "largest": ("The largest", "Suurimmat", "De största", "Suurimad"),
    "what": ("What", "Mikä", "Vad", "Mis"),
    "name": ("Name", "Nimi", "Namn", "Nimi"),
    "added": ("Added", "Lisätty", "Tillagt", "Lisatud"),
    "removed": ("Removed", "Poistettu", "Borttaget", "Eemaldatud"),
    "changed": ("Changed", "Muutettu", "Ändrat", "Muudetud"),
    "volume": ("Volume [m³]", "Tilavuus [m³]", "Volym [m³]", "Maht [m³]"),
    "tall": ("Height [m]", "Korkeus [m]", "Höjd [m]", "Kõrgus [m]"),
    "nothing": ("Nothing differs.", "Mikään ei eroa.", "Ingenting skiljer sig.", "Miski ei erine."),
    "method": ("Method", "Menetelmä", "Metod", "Metoodika"),
    "formula": ("Formula", "Kaava", "Formel", "Valem"),
    "inputs": ("Inputs", "Lähtötiedot", "Indata", "Lähteandmed"),
    "source": ("Source", "Lähde", "Källa", "Allikas"),
    "notices": ("To be known", "Huomioitavaa", "Att observera", "Tähelepanuks"),
    "validation": (
        "Validation of the heat model",
        "Lämpömallin validointi",
        "Validering av värmemodellen",
        "Soojusmudeli valideerimine",
    ),
    "model": ("Model", "Malli", "Modell", "Mudel"),
    "licences": ("Data and licences", "Aineistot ja lisenssit", "Data och licenser", "Andmed ja litsentsid"),
    "file": ("File", "Tiedosto", "Fil", "Fail"),
    "licence": (
        "Owner and licence",
        "Omistaja ja lisenssi",
        "Ägare och licens",
        "Omanik ja litsents",
    ),
    "page": ("Page", "Sivu", "Sida", "Lehekülg"),
}


def word(name: str, language: Language) -> str:
    """A word of a report, or else of a sheet."""
    found = WORDS.get(name)
    return found[LANGUAGES.index(language)] if found else sheet_word(name, language)
