"""Round lengths for scale bars."""

from __future__ import annotations

from assetmap.words import Words

__all__ = ["scale_length", "scale_words"]


def scale_length(longest_m: float) -> float:
    """Return the longest of 1, 2, 5, 10, 20, 50 … metres that isn't longer than `longest_m`.

    Examples
    --------
    >>> scale_length(340.0), scale_length(1999.0)
    (200.0, 1000.0)
    """
    power = 1.0
    while power * 10 <= longest_m:
        power *= 10
    return next(step * power for step in (5, 2, 1) if step * power <= longest_m or step == 1)


def scale_words(length_m: float, words: Words) -> str:
    """Return a length in words.

    Examples
    --------
    >>> from assetmap.words import words_for
    >>> scale_words(200.0, words_for("en")), scale_words(2000.0, words_for("en"))
    ('200 m', '2 km')
    """
    if length_m >= 1000:
        return words.phrase("unit_km", n=words.native(f"{length_m / 1000:g}"))
    return words.phrase("unit_m", n=words.native(f"{length_m:g}"))
