"""Which columns of a study's tables count people, or follow from such a count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from assetmap.errors import DisclosureError

__all__ = ["Figure", "columns_of_people", "figures_behind"]


class Figure(NamedTuple):
    """One count of people: what is counted, of which kind of place, and in which group of zones."""

    name: str
    """``people``, ``within 400m``, ``reached``, ``unreached``, ``met walk``, ``aged population_0_15`` …"""
    subject: str
    """Category, or criterion; empty for ``people``."""
    group: str
    """A zone's code, ``neighbourhood``, or ``decile 3``."""


_ACCESS = (
    (r"people|origins|edge_origins", ("people",)),
    (r"people_(?P<t>\d+m)", ("within {t}",)),
    (r"(share|mean_count)_(?P<t>\d+m)", ("within {t}", "people")),
    (r"mean_m|median_m|euclid_mean_m", ("reached",)),
    (r"unreached_(people|origins)", ("unreached",)),
)
_COLUMNS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "access_by_zone": _ACCESS,
    "access_by_deprivation": _ACCESS,
    "standards": (
        (r"people|origins", ("people",)),
        (r"people_met", ("met {mode}",)),
        (r"people_not_known|origins_not_known", ("not known {mode}",)),
        (r"share_at_least", ("met {mode}", "people")),
        (r"share_at_most", ("not met {mode}", "people")),
    ),
    "zones": (
        (r"population|origins|green_m2_per_person|green_near_m2_per_person|green_ha_per_1000", ("people",)),
        (r"(?P<column>population_\w+)", ("aged {column}",)),
        (r"\w+_e2sfca_\w+", ("people",)),
        (r"(?P<subject>\w+)_(share|mean_count)_(?P<t>\d+m)", ("within {t}", "people")),
        (r"(?P<subject>\w+)_median_m", ("reached",)),
    ),
    "equity": (),
}
"""Table -> patterns of its columns and the counts that each shows or follows from. What isn't named isn't about
counts of people: scores, areas, names."""
_SUSPECT = re.compile(r"people|population|person|resident|household")


def figures_behind(table: str, column: str) -> tuple[tuple[str, str], ...]:
    """Return the counts of people that a column of a table shows or follows from: it is hidden with any of them.

    Returns
    -------
    tuple of (str, str)
        Name and subject of each; the subject is empty where the table's rows say it. Empty for a column that
        isn't about counts of people.

    Raises
    ------
    DisclosureError
        If the column's name speaks of people and nobody has declared what it counts.

    Examples
    --------
    >>> figures_behind("access_by_zone", "share_400m")
    (('within 400m', ''), ('people', ''))
    >>> figures_behind("zones", "cafe_share_800m")
    (('within 800m', 'cafe'), ('people', ''))
    >>> figures_behind("zones", "imd_score")
    ()
    """
    for pattern, names in _COLUMNS[table]:
        if match := re.fullmatch(pattern, column):
            told = match.groupdict()
            told.setdefault("mode", "{mode}")
            subject = told.get("subject", "")
            return tuple((name.format(**told), "" if name == "people" else subject) for name in names)
    if table != "equity" and _SUSPECT.search(column):
        raise DisclosureError(
            f"{table}.csv: column {column} seems to count people, and nobody has declared how: leave it out."
        )
    return ()


def columns_of_people(table: str, columns: Iterable[str]) -> list[str]:
    """Return the columns of a table that show counts of people or follow from them.

    Examples
    --------
    >>> columns_of_people("zones", ["zone_code", "population", "imd_score", "cafe_median_m"])
    ['population', 'cafe_median_m']
    """
    return [column for column in columns if figures_behind(table, column)]
