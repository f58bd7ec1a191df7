"""Every word that a reader sees, in the reader's language: gettext catalogues, plural forms, numbers and dates."""

from assetmap.words.catalogue import CHECKED, Catalogue, languages, read_catalogue
from assetmap.words.spoken import is_language, language_of
from assetmap.words.wording import Phrase, Text, Words, words_for

__all__ = [
    "CHECKED",
    "Catalogue",
    "Phrase",
    "Text",
    "Words",
    "is_language",
    "language_of",
    "languages",
    "read_catalogue",
    "words_for",
]
