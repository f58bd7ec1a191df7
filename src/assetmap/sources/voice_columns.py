"""Which column of an export of voices is which, and what the words in it mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from assetmap.sources.annotations import ANNOTATION_COLUMNS
from assetmap.sources.columns import find_columns
from assetmap.sources.forms import last_word_of

__all__ = ["SESSION_KIND_WORDS", "VOICE_COLUMNS", "find_voice_columns"]

_A = ANNOTATION_COLUMNS
VOICE_COLUMNS: dict[str, tuple[str, ...]] = {
    "submission": (
        "uuid",
        "key",  # before the instance's, which ODK Central changes when a submission is edited
        "meta instanceid",
        "instanceid",
        "docid",
        "submission id",
        "post id",
        "response id",
        "answer id",
    ),
    **_A,
    "text": (
        *(name for name in _A["text"] if name not in {"name", "title", "label"}),
        "what was said",
        "what did they say",
        "in their words",
        "story",
        "your story",
        "idea",
        "suggestion",
        "response",
        "message",
        "content",
        "title",
    ),
    "theme": (*_A["theme"], "themes", "categories", "tags", "layer", "layer name", "category name"),
    "consent": (*_A["consent"], "consent given", "do you consent", "i agree", "may we share this"),
    "contributor": (
        *_A["contributor"],
        "respondent id",
        "contact id",
        "contact",
        "phone",
        "phone number",
        "email",
        "e mail",
        "full name",
        "your name",
        "first name",
        "author",
        "name",
    ),
    "date": (
        *_A["date"],
        "session date",
        "today",
        "submissiondate",
        "submission time",
        "created utc",
        "post date utc",
        "createdat",
        "first active time",
        "start",
    ),
    "session_kind": ("session kind", "kind of session", "event type", "type of event"),
    "session_place": ("venue", "held at", "session place", "where it was held"),
    "facilitator": ("facilitator", "interviewer", "note taker", "led by", "submittername", "submitted by", "username"),
    "age": ("age", "age group", "age band", "your age", "how old are you"),
    "sex": ("sex", "gender", "sex or gender", "your gender"),
    "ethnicity": ("ethnicity", "ethnic group", "ethnic background", "your ethnic group"),
    "postcode": ("postcode", "post code", "postcode of the place"),
}
"""Field -> the folded headers it goes by. A respondent's name is a contributor here, and never the words."""

SESSION_KIND_WORDS: dict[str, str] = {
    "kiosk": "kiosk",
    "mapping kiosk": "kiosk",
    "cafe": "café",
    "café": "café",
    "world cafe": "café",
    "world café": "café",
    "walk": "walk",
    "group walk": "walk",
    "workshop": "workshop",
    "whole-system workshop": "workshop",
    "conversation": "conversation",
    "street conversation": "conversation",
    "interview": "conversation",
    "outreach": "conversation",
    "survey": "survey",
    "form": "survey",
    "map": "map",
    "online map": "map",
}
"""What a session is called -> its kind."""


def find_voice_columns(headers: Iterable[str], mapping: Mapping[str, str], *, what: str) -> dict[str, str]:
    """Return field -> header: as the user says, by the usual names, by the usual names inside a form's groups.

    Raises
    ------
    SettingsError, InputError
        As `find_columns`.

    Examples
    --------
    >>> find_voice_columns(["_uuid", "about_you/age", "talk/comment"], {}, what="export.csv")
    {'submission': '_uuid', 'text': 'talk/comment', 'age': 'about_you/age'}
    """
    headers = [str(header) for header in headers]
    found = find_columns(headers, VOICE_COLUMNS, mapping=mapping, what=what)
    short = {last_word_of(header): header for header in headers if header not in found.values()}
    wanted = {field: names for field, names in VOICE_COLUMNS.items() if field not in found}
    more = find_columns(short, wanted, what=what)
    both = {**found, **{field: short[name] for field, name in more.items()}}
    return {field: both[field] for field in VOICE_COLUMNS if field in both}
