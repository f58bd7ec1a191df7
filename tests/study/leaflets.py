"""What a leaflet's page tells, as a reader sees it."""

from __future__ import annotations

import re

from defusedxml.ElementTree import fromstring


def told_of(page: str) -> dict[str, dict[str, list[str]]]:
    """Return heading -> label -> what stands below the label, links left out."""
    return {
        words(section.find("h2")): {
            words(row.find("dt")): [words(dd) for dd in row.findall("dd") if dd.find("a") is None]
            for row in section.iter("div")
        }
        for section in body_of(page).iter("section")
    }


def words(element) -> str:
    return " ".join("".join(element.itertext()).split())


def body_of(page: str):
    return fromstring(re.sub(r"<!DOCTYPE html>|<head>.*</head>", "", page, flags=re.DOTALL))


def texts_in(page: str, *, but: str) -> list[str]:
    """Return every text of the page's body but those that are marked as of a language."""

    def within(element):
        if element.get("lang") == but:
            return
        yield element.text or ""
        for child in element:
            yield from within(child)
            yield child.tail or ""

    return [text for text in within(body_of(page).find("body")) if text.strip()]
