"""Words that people's names are told by: lists of names, of titles, and of what is written large without being one."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import import_module, resources

__all__ = ["NameLists", "bare_word", "name_lists"]

_POSSESSIVE = re.compile(r"'s?$")


@dataclass(frozen=True)
class NameLists:
    """Sets of words, each folded by `bare_word`."""

    given: frozenset[str]
    family: frozenset[str]
    titles: frozenset[str]
    addresses: frozenset[str]
    openers: frozenset[str]
    doings: frozenset[str]
    ordinary: frozenset[str]
    capitalised: frozenset[str]
    place_words: frozenset[str]

    def knows(self, word: str) -> bool:
        """Whether a word is a name and isn't an ordinary word as well; of a double name, whether a part is."""
        return any(part in self.given or part in self.family for part in (word, *word.split("-"))) and (
            word not in self.ordinary
        )


def bare_word(word: str) -> str:
    """Return a word in small letters, without accents and the genitive's s.

    >>> bare_word("Zoë's"), bare_word("O’Brien".replace("’", "'"))
    ('zoe', "o'brien")
    """
    letters = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", word).casefold())
    return "".join(c for c in letters if not unicodedata.combining(c)).replace("ł", "l").replace("ı", "i")


@cache
def name_lists() -> NameLists:
    """Return the lists: names of Faker's providers for the locales of ``personal_words.toml``, and its words."""
    words = tomllib.loads(resources.files(__package__).joinpath("personal_words.toml").read_text(encoding="utf-8"))
    given, family = set(words["more_given"].split()), set(words["more_family"].split())
    for locale in words["locales"]:
        provider = import_module(f"faker.providers.person.{locale}").Provider
        for attribute in dir(provider):
            if attribute.startswith("first_names"):
                given |= _names(getattr(provider, attribute))
            elif re.match(r"(\w+_)?(last|middle)_names", attribute):
                family |= _names(getattr(provider, attribute))
    lists = ("titles", "addresses", "openers", "doings")
    blocks = ("ordinary", "capitalised", "place_words")
    return NameLists(
        given=frozenset(given),
        family=frozenset(family),
        **{name: frozenset(words[name]) for name in lists},
        **{name: frozenset(map(bare_word, words[name].split())) for name in blocks},
    )


def _names(listed: object) -> set[str]:
    if not isinstance(listed, list | tuple | dict):
        return set()
    return {bare_word(str(word)) for name in listed for word in str(name).split()}
