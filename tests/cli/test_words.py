"""`assetmap words` counts what is translated."""

from __future__ import annotations

import json

from tests.cli.program import run_here


def test_it_lists_every_language_with_its_status():
    ran = run_here("words").worked()
    assert "bn  বাংলা" in ran.out
    assert ran.out.count("machine draft, to be checked by a speaker") == 5


def test_one_language_as_json():
    (found,) = json.loads(run_here("words", "--language", "ur", "--json").worked().out)
    assert (found["language"], found["missing"], found["fuzzy"]) == ("ur", [], [])
    assert found["translated"] == found["phrases"]


def test_a_language_without_a_catalogue_is_refused_in_one_line():
    run_here("words", "--language", "xx").refused(2, "no catalogue for the language 'xx'", "use one of en, bn")
