"""Reads what OGC web services answer in XML: what they offer, and what they complain of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree

from twin.feeds.net import Answer, NetError

MOST_WORDS = 300
"""Of a complaint that is shown."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One layer of a service."""

    name: str
    title: str
    crs: tuple[str, ...] = ()
    """As the service writes them."""
    formats: tuple[str, ...] = ()


def tree(answer: Answer) -> Any:
    """The root element of an answer. Raises NetError: no XML, a DOCTYPE, or a complaint of the service."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(answer.body, parser)
    except etree.XMLSyntaxError as error:
        what = answer.content_type or "no type"
        raise NetError(answer.url, f"the answer ({what}) is no XML: {error}", "Check the address.") from error
    # the document type of WMS 1.1 only names its grammar, one with entities may hide a bomb
    internal: Any = root.getroottree().docinfo.internalDTD
    if internal is not None and list(internal.iterentities()):
        raise NetError(answer.url, "the answer defines entities", "Do not use this service.")
    if local(root) in ("ExceptionReport", "ServiceExceptionReport", "Exception"):
        words = " ".join(" ".join(str(text) for text in root.itertext()).split())[:MOST_WORDS]
        raise NetError(answer.url, f"the service says: {words or 'no'}", "Check the name of the layer.")
    return root


def local(element: Any) -> str:
    """The name of an element without its namespace; empty for a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def child(element: Any, *names: str) -> Any:
    """The first child along a path of names, whatever their namespace; None: there is none."""
    for name in names:
        element = next((e for e in element if local(e) == name), None)
        if element is None:
            return None
    return element


def word(element: Any, *names: str) -> str:
    """The text of `child`; empty: there is none."""
    found = child(element, *names) if names else element
    return "" if found is None or not found.text else str(found.text).strip()


def every(element: Any, name: str) -> list[Any]:
    """All descendants of that name."""
    return [e for e in element.iter() if local(e) == name]


def owner(root: Any) -> str:
    """Who offers a service, and on what terms, as far as its capabilities say so."""
    place = child(root, "ServiceIdentification")
    place = child(root, "Service") if place is None else place
    provider = word(root, "ServiceProvider", "ProviderName")
    if place is None:
        return provider
    title = word(place, "Title")
    terms = [word(place, name) for name in ("AccessConstraints", "Fees")]
    said = [text for text in terms if text and text.lower() not in ("none", "no conditions apply", "unknown")]
    return ", ".join(dict.fromkeys([provider or title, *said]))[:MOST_WORDS]


def need(offered: dict[str, Offered], name: str, url: str) -> Offered:
    """The layer of that name, with or without its prefix. Raises NetError with the names there are."""
    found = offered.get(name) or next((o for o in offered.values() if o.name.partition(":")[2] == name), None)
    if found is None:
        names = ", ".join(sorted(offered)[:12]) + (" …" if len(offered) > 12 else "")
        raise NetError(url, f"has no layer {name!r}", f"Choose one of {names or 'none'}.")
    return found
