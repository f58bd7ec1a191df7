"""What the headers of the Indices of Deprivation mean, as published, cut short and repackaged."""

from __future__ import annotations

import re

from assetmap.errors import InputError
from assetmap.sources.columns import fold_header

__all__ = ["DOMAINS", "deprivation_columns"]

DOMAINS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "idaci": r"\bidaci\b|^idc\b|affecting children",
        "idaopi": r"\bidaopi\b|^ido\b|affecting older",
        "imd": r"^imd\b|index of multiple deprivation",
        "income": r"^inc(ome)?\b",
        "employment": r"^emp(loyment)?\b",
        "education": r"^edu(cation)?\b",
        "health": r"^(health|hdd)\b",
        "crime": r"^cri(me)?\b",
        "barriers": r"^(barriers|bhs|housing and (access|services))\b",
        "living_environment": r"^(living|living environment|environment|env)\b",
    }.items()
}
"""Domain or index -> what its headers begin with or hold, once folded."""
_MEASURE = re.compile(r"^(.*?)\s*(score|rank|decile|decil|dec)0?\b")
_LESSER = re.compile(r"\bsub ?domain\b|\bindicator\b|numerator|denominator")
_PEOPLE = {
    "population": r"^(total population|totpop)\b",
    "population_0_15": r"^(dependent children|depchi)\b",
    "population_60plus": r"^(older population|pop60)\b",
    "population_working_age": r"^(working age population|workpop)\b",
}
_CODE = re.compile(r"^(lsoa ?(code|cd)?|lsoa ?(20)?(11|21) ?(code|cd)?|lsoa code (20)?(11|21)|feature ?code)$")


def deprivation_columns(headers: list[str]) -> dict[str, str]:
    """Return which header holds which figure: ``imd_rank``, ``population``, ``zone_code``.

    Sub-domains and underlying indicators are passed over.

    Raises
    ------
    InputError
        If two headers mean the same figure.

    Examples
    --------
    >>> deprivation_columns(["LSOA code (2021)", "Index of Multiple Deprivation (IMD) Rank (where 1 is most"])
    {'zone_code': 'LSOA code (2021)', 'imd_rank': 'Index of Multiple Deprivation (IMD) Rank (where 1 is most'}
    """
    found: dict[str, str] = {}
    for header in headers:
        figure = _figure_of(fold_header(header))
        if figure is None:
            continue
        if figure in found:
            raise InputError(
                f"columns {found[figure]!r} and {header!r} both look like {figure}: keep one edition in the file."
            )
        found[figure] = header
    return found


def _figure_of(words: str) -> str | None:
    if _CODE.match(words):
        return "zone_code"
    for figure, pattern in _PEOPLE.items():
        if re.match(pattern, words):
            return figure
    measure = None if _LESSER.search(words) else _MEASURE.match(_spell_out(words))
    if measure is None:
        return None
    domain = next((name for name, pattern in DOMAINS.items() if pattern.search(measure[1])), None)
    if domain is None:
        return None
    return f"{domain}_{'decile' if measure[2].startswith('dec') else measure[2]}"


def _spell_out(words: str) -> str:
    """Part the run-together headers of the shapefiles: ``imdrank0`` -> ``imd rank0``."""
    return re.sub(r"^([a-z]{3})(score|rank|decil|dec)(0?)$", r"\1 \2\3", words)
