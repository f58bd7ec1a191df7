"""Who was heard: the people behind the voices, beside those who live here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from scipy.stats import binomtest

from assetmap.ages import age_band, age_told

__all__ = ["ATTRIBUTES", "LEVEL", "Heard", "band_within", "chance_of", "compare_heard", "group_of"]

ATTRIBUTES = ("age", "sex", "ethnicity")
LEVEL = 0.05
"""Chance of as few or fewer voices, if everyone were as likely to be heard, below which a group is named."""
_SAME: Mapping[str, str] = {
    "f": "female",
    "woman": "female",
    "women": "female",
    "girl": "female",
    "females": "female",
    "m": "male",
    "man": "male",
    "men": "male",
    "boy": "male",
    "males": "male",
}


@dataclass(frozen=True)
class Heard:
    """One attribute of those who were heard, beside the census."""

    attribute: str
    table: pd.DataFrame
    """``group``, ``heard``, ``residents``, ``share_heard``, ``share_residents``, ``chance`` (of as few or fewer voices)
    and ``under`` (whether that chance is below `LEVEL`)."""
    untold: int | None
    """People who didn't say, or weren't asked; None where that is hidden."""
    unmatched: Mapping[str, int]
    """Words that are of none of the census's groups -> how many people."""


def compare_heard(attribute: str, said: Sequence[str | None], residents: Mapping[str, float]) -> Heard:
    """Compare the people who were heard with the people who live here, group by group.

    A group is under-represented where as few voices, or fewer, would come by chance in less than 5 of 100 such
    samples (exact binomial test, one-sided; Clopper and Pearson 1934, Biometrika 26(4), 404-413). With few voices
    nothing can be told, and then no group is named.

    Parameters
    ----------
    attribute
        One of `ATTRIBUTES`.
    said
        What each person said, or None.
    residents
        Group -> residents. For ages the groups are bands, such as ``16 to 64``.

    Examples
    --------
    >>> found = compare_heard("sex", ["male"] * 9 + ["f"], {"female": 500, "male": 500})
    >>> found.table[["group", "heard", "chance", "under"]].round(4).values.tolist()
    [['female', 1, 0.0107, True], ['male', 9, 0.999, False]]
    """
    groups = list(residents)
    told = [word.strip() for word in said if word and not pd.isna(word)]
    found = [group_of(attribute, word, groups) for word in told]
    counts = pd.Series([group for group in found if group is not None], dtype="str").value_counts()
    heard, living = int(counts.sum()), float(sum(residents.values()))
    rows = []
    for group in groups:
        n, share = int(counts.get(group, 0)), residents[group] / living if living else float("nan")
        chance = chance_of(n, heard, share)
        rows.append((group, n, residents[group], n / heard if heard else float("nan"), share, chance, chance < LEVEL))
    columns = ["group", "heard", "residents", "share_heard", "share_residents", "chance", "under"]
    lost = pd.Series(
        [word for word, group in zip(told, found, strict=True) if group is None], dtype="str"
    ).value_counts()
    unmatched = {str(word): int(count) for word, count in lost.items()}
    return Heard(attribute, pd.DataFrame(rows, columns=columns), len(said) - len(told), unmatched)


def chance_of(few: int, heard: int, share: float) -> float:
    """Return how likely `few` voices or fewer of `heard` are to be of a group that is a `share` of the residents.

    Examples
    --------
    >>> round(chance_of(0, 20, 0.2), 6), round(0.8**20, 6)
    (0.011529, 0.011529)
    """
    return float(binomtest(few, heard, share, alternative="less").pvalue) if heard and 0 < share < 1 else 1.0


def group_of(attribute: str, word: str, groups: Sequence[str]) -> str | None:
    """Return which of the groups a word is of, or None.

    Examples
    --------
    >>> group_of("age", "16-24", ["0 to 15", "16 to 64", "65 and over"])
    '16 to 64'
    >>> group_of("age", "10-20", ["0 to 15", "16 to 64"]) is None
    True
    """
    if attribute == "age":
        band = age_told(word)
        return next((group for group in groups if band and band_within(band, age_band(group))), None)
    plain = " ".join(word.casefold().split())
    by_word = {" ".join(group.casefold().split()): group for group in groups}
    return by_word.get(plain) or by_word.get(_SAME.get(plain, plain))


def band_within(band: tuple[int, int], outer: tuple[int, int] | None) -> bool:
    """Whether a band of ages lies within another."""
    return outer is not None and outer[0] <= band[0] and band[1] <= outer[1]
