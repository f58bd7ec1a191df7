"""What a leaflet's page tells, as a reader sees it."""

from __future__ import annotations

import re

from defusedxml.ElementTree import fromstring


def told_of(page: str) -> dict[str, dict[str, list[str]]]:
    """Return heading -> label -> what stands below the label, links left out."""
    body = re.sub(r"<!DOCTYPE html>|<head>.*</head>", "", page, flags=re.DOTALL)
    return {
        words(section.find("h2")): {
            words(row.find("dt")): [words(dd) for dd in row.findall("dd") if dd.find("a") is None]
            for row in section.iter("div")
        }
        for section in fromstring(body).iter("section")
    }


def words(element) -> str:
    return " ".join("".join(element.itertext()).split())
