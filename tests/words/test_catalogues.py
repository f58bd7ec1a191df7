"""Every phrase has a translation that fits, or is counted as missing; none is silently English."""

from __future__ import annotations

import re

import pytest

from assetmap.taxonomy import taxonomy
from assetmap.words import Phrase, Words, languages, read_catalogue, words_for
from assetmap.words.catalogue import parse_catalogue

FORMS = {"en": 2, "bn": 2, "pl": 3, "ro": 3, "so": 2, "ur": 2}
ENGLISH = {"greeting": ("Hello {who}",), "dogs": ("{n} dog", "{n} dogs"), "bye": ("Bye",)}
HEADER = 'msgid ""\nmsgstr ""\n"Language: pl\\n"\n"Plural-Forms: {plural}\\n"\n{status}\n'
POLISH = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
BODY = """
msgctxt "greeting"
msgid "Hello {who}"
msgstr "Witaj {who}"

#, fuzzy
msgctxt "bye"
msgid "Bye"
msgstr "Pa"

msgctxt "dogs"
msgid "{n} dog"
msgid_plural "{n} dogs"
msgstr[0] "{n} pies"
msgstr[1] "{n} psy"
msgstr[2] "{n} psów"
"""


def braces(text):
    return set(re.findall(r"\{\w+\}", text))


def catalogue_of(body, status=""):
    header = HEADER.replace("{plural}", POLISH).replace("{status}", status and f'"X-Assetmap-Status: {status}\\n"')
    return parse_catalogue((header + body).encode(), "pl", ENGLISH)


@pytest.mark.parametrize("language", languages())
def test_a_catalogue_is_whole_its_forms_are_as_many_as_it_needs_and_its_braces_fit(language):
    catalogue = read_catalogue(language)
    assert catalogue.untranslated == ()
    assert max(catalogue.form(number) for number in range(1000)) == FORMS[language] - 1
    for key, english in catalogue.english.items():
        forms = catalogue.phrases[key]
        assert len(forms) == (1 if len(english) == 1 else FORMS[language]), key
        for form in forms:
            assert braces(form) == braces(english[-1]), (key, form)
            assert form == form.strip(), key


@pytest.mark.parametrize("language", languages()[1:])
def test_what_a_machine_has_drafted_is_marked_so(language):
    assert words_for(language).status == "machine draft"


@pytest.mark.parametrize("language", languages()[1:])
def test_translations_are_no_copies_of_the_english(language):
    catalogue = read_catalogue(language)
    same = {key for key, forms in catalogue.phrases.items() if forms[-1] == catalogue.english[key][-1]}
    assert {key for key in same if not key.startswith("unit_")} <= {
        *("source_osm", "source_on", "and_then", "paper_said", "north_letter", "category_park", "category_pub"),
        *("category_dentist", "cost", "sheet_facilitator", "work_film"),
    }


def test_scripts_of_their_own_are_used():
    for language, letters in {"bn": "\u0980-\u09ff", "ur": "\u0600-\u06ff"}.items():
        for key, forms in read_catalogue(language).phrases.items():
            assert key in ("and_then", "source_on", "paper_said") or re.search(f"[{letters}]", forms[0]), (
                language,
                key,
            )


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        # the plural rules of CLDR, for whole numbers
        ("pl", {0: 2, 1: 0, 2: 1, 4: 1, 5: 2, 12: 2, 21: 2, 22: 1, 112: 2, 122: 1, 1004: 1}),
        ("ro", {0: 1, 1: 0, 2: 1, 19: 1, 20: 2, 100: 2, 101: 1, 119: 1, 120: 2}),
        ("bn", {1: 0, 2: 1}),
        ("so", {1: 0, 2: 1}),
        ("ur", {1: 0, 2: 1}),
    ],
)
def test_numbers_take_the_form_that_the_language_gives_them(language, forms):
    assert {number: read_catalogue(language).form(number) for number in forms} == forms


@pytest.mark.parametrize("language", languages())
def test_from_a_hundred_on_the_forms_repeat_as_the_page_s_scripts_take_for_granted(language):
    form = read_catalogue(language).form
    assert all(form(number) == form(100 + number % 100) for number in range(200, 3000))


def test_a_fuzzy_or_missing_phrase_is_counted_and_said_in_english():
    catalogue = catalogue_of(BODY)
    assert (catalogue.untranslated, catalogue.fuzzy) == (("bye",), ("bye",))
    words = Words(catalogue)
    assert words.phrase("greeting", who="Ala") == "Witaj Ala"
    assert words.phrase("bye") == "Bye"
    assert [words.plural("dogs", number) for number in (1, 3, 5)] == ["1 pies", "3 psy", "5 psów"]


def test_a_translation_of_an_older_english_is_used_no_more():
    catalogue = catalogue_of(BODY.replace("Hello {who}", "Hi {who}"))
    assert catalogue.untranslated == ("greeting", "bye")
    assert "greeting" in catalogue.fuzzy


def test_a_plural_with_a_form_left_out_counts_as_missing():
    catalogue = catalogue_of(BODY.replace('"{n} psy"', '""'))
    assert "dogs" in catalogue.untranslated
    assert [Words(catalogue).plural("dogs", number) for number in (1, 3)] == ["1 dog", "3 dogs"]


@pytest.mark.parametrize(
    ("said", "status"),
    [("", "machine draft"), ("machine draft", "machine draft"), ("checked", "checked"), ("Checked?", "machine draft")],
)
def test_only_a_header_that_says_checked_ends_the_draft(said, status):
    assert catalogue_of(BODY, said).status == status


def test_the_english_of_groups_and_categories_is_the_taxonomy_s():
    english = read_catalogue("en").english
    known = {f"group_{code}": (label,) for code, label in taxonomy().groups.items()}
    known |= {f"category_{code}": (category.label,) for code, category in taxonomy().categories.items()}
    there = {key: forms for key, forms in english.items() if key.startswith(("group_", "category_"))}
    assert there == known | {"group_other": ("Other places",)}


def test_braces_in_what_fills_a_phrase_stay_as_they_are():
    words = words_for("en")
    assert words.phrase("made_by", who="{date} {who} {x}", date="May") == "Made by {date} {who} {x} on May."


def test_phrases_hold_phrases_and_numbers():
    nested = Phrase("and_then", {"first": Phrase("zones_count", count=4), "second": 12_345})
    assert words_for("en").say(nested) == "4 areas, 12,345"
    assert words_for("bn").say(nested) == "৪টি এলাকা, ১২,৩৪৫"
    assert words_for("ur").say(nested) == "4 علاقے، 12,345"


def test_numbers_shares_and_dates_are_written_as_the_language_writes_them():
    written = {
        code: (words.number(1234.5, 1), words.percent(0.5), words.date("2026-03-01"))
        for code, words in ((code, words_for(code)) for code in languages())
    }
    assert written == {
        "en": ("1,234.5", "50%", "1 March 2026"),
        "bn": ("১,২৩৪.৫", "৫০%", "১ মার্চ, ২০২৬"),
        "pl": ("1\N{NO-BREAK SPACE}234,5", "50%", "1 marca 2026"),
        "ro": ("1.234,5", "50\N{NO-BREAK SPACE}%", "1 martie 2026"),
        "so": ("1,234.5", "50%", "Maarso 1, 2026"),
        "ur": ("1,234.5", "50%", "1 مارچ، 2026"),
    }
