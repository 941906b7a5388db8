"""Says how heat is worked out and what it does not know, wherever it is shown."""

from __future__ import annotations

LIMITS = (
    "Air temperature and wind are the same everywhere.",
    "Expect errors of some 5 K of Tmrt at a point; differences between scenarios are steadier.",
    "Light paving raises the load of people on it in this family of models.",
    "What a roof is made of does not reach the street.",
)
SHORT = "Air and wind are the same everywhere; expect errors of some 5 K of Tmrt at a point."
SOURCE = "Computed (Lindberg et al. 2008, 2016; Perez et al. 1993)"
UTCI_SOURCE = "Computed (Lindberg et al. 2008, 2016; Perez et al. 1993; Bröde et al. 2012)"
METHOD = (
    (
        "What is shown",
        "Tmrt, the mean radiant temperature, is the temperature of surroundings that would send as much "
        "radiation to a person as the real ones do: sun, sky, walls, crowns and ground. UTCI says how hot "
        "that feels, with air temperature, humidity and wind: the air temperature of a reference in shade "
        "and calm that strains the body as much. It is shown in the classes of COST Action 730 (26 °C "
        "moderate, 32 °C strong, 38 °C very strong, 46 °C extreme heat stress). The colours stand for the "
        "same values at every hour, in every scenario.",
    ),
    (
        "How it is worked out",
        "Buildings come from their roofs, crowns from position, height and width, ground from its "
        "surfaces. For every cell 1.1 m above the ground it is worked out what part of the sky is seen "
        "between walls and crowns, in 32 directions, and whether the sun shines there. Sunlight is parted "
        "into beam and sky (Reindl et al. 1990), the sky is brighter near the sun (Perez et al. 1993), "
        "ground and walls warm up in the sun by their kind (Lindberg et al. 2008, 2016) and stay cool in "
        "the shade as a thick slab does. Six directions and a beam give Tmrt of a person who stands "
        "(Höppe 1992); UTCI follows from the polynomial of Bröde et al. (2012).",
    ),
    (
        "What it does not know",
        "Air temperature and wind are the same everywhere: what differs between places and scenarios "
        "comes from radiation alone. Light paving sends sunlight back to the people on it, so it raises "
        "their load here, though the paving itself stays cooler. What a roof is made of does not change "
        "UTCI in the street. Ground is flat where there is no terrain. Crowns are closed shapes; all let the "
        "same share of the sun through, the mean of their species on that day: about 3 % in leaf and 50 % "
        "when bare.",
    ),
    (
        "How far it can be trusted",
        "At a measured site the root mean squared error of Tmrt was 4.3 K over a day; expect some 5 K at "
        "a point, more at the edges of shade. Differences between scenarios are steadier than values. "
        "See Help, How good is the heat model.",
    ),
    (
        "Not rated",
        "Grey: wind above 17 m/s, air outside −50 to 50 °C, or Tmrt more than 70 K above or 30 K below "
        "the air. There the polynomial of UTCI does not hold, and no value is given.",
    ),
)
"""Headings and texts."""
MORE = "\n\n".join(f"{title}\n{text}" for title, text in METHOD)
