"""The phrases that the page's scripts say, and how they count in the map's language."""

from __future__ import annotations

from typing import Any

from assetmap.maps.placelist import FACTS
from assetmap.words import Words

__all__ = ["SCRIPT_COUNTS", "SCRIPT_WORDS", "script_words"]

SCRIPT_WORDS = (
    *(
        "close",
        "copy_link",
        "find_me",
        "find_me_failed",
        "hide_all",
        "find_me_note",
        "kind",
        "link_copied",
        "north_letter",
        "north_up",
        "on_system_map",
    ),
    *("not_its_people", "population", "search_none", "show_all", "stop_next", "stop_of"),
    *("stop_previous", "to_dark", "to_light", "unit_km", "unit_m", "whole_map", "wrong_here"),
    *("wrong_subject", "you_are_here", "zoom_in", "zoom_out", *FACTS),
)
"""Phrases that the scripts say; a test reads which those are."""
SCRIPT_COUNTS = ("several_here", "search_found")


def script_words(words: Words) -> dict[str, Any]:
    """Return the phrases that the page's scripts say, and how they count in the language.

    For counts: which plural form each number up to 199 takes. From 100 on, the forms of every language that we
    have repeat after a hundred.
    """
    return {
        "lang": words.language,
        "digits": words.digits,
        "forms": "".join(str(words.catalogue.form(number)) for number in range(200)),
        **{key: words.texts[key] for key in SCRIPT_WORDS},
        **{key: _counted(words, key) for key in SCRIPT_COUNTS},
    }


def _counted(words: Words, key: str) -> list[str]:
    """Return a phrase's plural forms; where it isn't translated, the English ones in their places."""
    if key in words.catalogue.phrases:
        return list(words.forms(key))
    one, many = words.forms(key)
    return [one, *[many] * max(words.catalogue.form(number) for number in range(200))]
