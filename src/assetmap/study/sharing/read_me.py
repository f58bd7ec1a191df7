"""What a release's folder holds, for whoever opens it: one text in each of its languages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assetmap.encode import plain_text
from assetmap.maps import MapContent, SourceNote
from assetmap.maps.sheet import audience_words, draft_notes, made_words
from assetmap.words import Text, Words, words_for

__all__ = ["read_me", "read_me_name"]


def read_me_name(language: str, languages: Sequence[str]) -> str:
    """Return the file name of a language's text: ``README.txt`` for the first of a release's languages."""
    return "README.txt" if language == languages[0] else f"README.{language}.txt"


def read_me(
    content: MapContent,
    *,
    pages: Sequence[tuple[str, str]],
    handouts: Sequence[str],
    answers: Sequence[str],
    tables: Sequence[str],
) -> str:
    """Return the text in the content's language, which ends in a line feed.

    Parameters
    ----------
    content
        The map in one language.
    pages
        Language and file name of each page.
    handouts
        File names of the handouts in this language; may be empty.
    answers
        File names of what was done about residents' priorities; may be empty.
    tables
        Paths of the CSV tables within the folder, named as in `share_files.TABLES`.
    """
    words = words_for(content.language)
    lines = [
        _line(content.title),
        "",
        *([_line(content.notice), ""] if content.notice else []),
        *filter(None, [audience_words(content, words)]),
        _line(made_words(content, words)),
        *([words.phrase("contact", contact=_line(content.contact))] if content.contact else []),
        "",
        words.phrase("map"),
        *(f"  {file}  {words_for(other).name}" for other, file in pages),
        f"  {words.phrase('read_me_open')}",
        f"  {words.phrase('read_me_preview')}",
        "",
        *([words.phrase("read_me_paper"), f"  {', '.join(handouts)}", ""] if handouts else []),
        *([words.phrase("read_me_answers"), f"  {', '.join(answers)}", ""] if answers else []),
        words.phrase("read_me_tables"),
        *(f"  {name}  {words.phrase(f'read_me_table_{Path(name).stem}')}" for name in tables),
        "",
        words.phrase("read_me_left_out"),
        f"  {words.phrase('read_me_counts', column='hidden')}",
        f"  {words.phrase('read_me_marks')}",
        f"  {words.phrase('read_me_record', file='publish.json')}",
        "",
        words.phrase("sources"),
        *(f"  {_source(source, words)}" for source in content.sources),
        *(["", *(note for _, note in drafts)] if (drafts := draft_notes(words)) else []),
    ]
    return "\n".join(lines) + "\n"


def _source(source: SourceNote | tuple[Text, Text, Text, str], words: Words) -> str:
    title, attribution, licence, day = source
    parts = (words.say(part).rstrip(". ") for part in (title, attribution, licence))
    return _line(". ".join(filter(None, [*parts, words.date(day)])))


def _line(text: object) -> str:
    """Return a text as one line."""
    return " ".join(plain_text(text).split())
