"""Where the sample and the known sites are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assetmap.errors import MissingInputError, UsageError
from assetmap.files import read_toml

__all__ = ["LSOA_CODE", "Place", "known_places", "place", "sample_folder"]

LSOA_CODE = r"[EW]01\d{6}"
"""A lower layer super output area of England or Wales."""


@dataclass(frozen=True)
class Place:
    """A site that assetmap knows by its zones."""

    site: str
    name: str
    local_authority: str
    local_authority_code: str
    health_system: str
    lsoa21: tuple[str, ...]
    note: str


def sample_folder() -> Path:
    """Return the read-only sample data: inside the installed package, or in the checkout it runs from."""
    package = Path(__file__).resolve().parent
    for folder in (package / "data", package.parent.parent / "data"):
        if (folder / "boundaries" / "places.toml").exists():
            return folder
    raise MissingInputError("the sample data that travels with assetmap is missing: install assetmap again.")


def known_places() -> dict[str, Place]:
    """Return the sites of places.toml by their short names."""
    content = read_toml(sample_folder() / "boundaries" / "places.toml", "table of sites")
    return {
        site: Place(
            site,
            entry["name"],
            entry["local_authority"],
            entry["local_authority_code"],
            entry["health_system"],
            tuple(entry["lsoa21"]),
            entry["note"],
        )
        for site, entry in content.items()
    }


def place(site: str) -> Place:
    """Return one known site.

    Raises
    ------
    UsageError
        Naming the sites there are.
    """
    places = known_places()
    if site not in places:
        raise UsageError(f"no site is called {site!r}: the known ones are {', '.join(places)}; or give --lsoa codes.")
    return places[site]
