"""An agenda is taken in, checked, laid out and drawn with its figures; what is wrong in it is told."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from defusedxml.ElementTree import fromstring
from selectolax.lexbor import LexborHTMLParser

from assetmap.engagement.agenda import agenda_matrix, total_cost
from assetmap.errors import InputError, UsageError
from assetmap.study.engagement.agenda import check_study_agenda, import_agenda, read_actions
from assetmap.study.engagement.agenda_page import write_agenda_page
from assetmap.study.engagement.chaining import read_chain
from assetmap.study.engagement.system_maps import import_system_map
from assetmap.study.engagement.theory import draw_theory
from assetmap.study.engagement.voting import import_votes
from tests.browser.payloads import HOSTILE

SHARE = "access_by_zone.csv/share_800m/community_centre"
HEADS = ("id", "what", "who", "when", "cost", "level", "priority", "theme", "assets", "evidence", "outcome")
HALL = ("a1", "Open the hall", "Hall committee", "2026-09-30", "£4,200.10", "community", "No room", "young people")
TRAINING = ("a2", "Train volunteers", "", "", "0.20", "Organisational development", "No room", "", "", "")
ACTIONS = [
    HEADS,
    (*HALL, "osm:node/2890", "mark:S1:5; 12 notes", "Nearer a hall"),
    (*TRAINING, "Nearer a hall; More trust"),
]
OUTCOMES = [("outcome", "leads to", "indicator"), ("Nearer a hall", "More trust", SHARE), ("More trust", "", "")]


def write_book(path, actions=ACTIONS, outcomes=OUTCOMES):
    book = openpyxl.Workbook()
    book.active.title = "Actions"
    other = book.create_sheet("Outcomes")
    for sheet, rows in ((book.active, actions), (other, outcomes)):
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def study(built, tmp_path):
    shutil.copytree(built, tmp_path / "study")
    return tmp_path / "study"


def test_an_agenda_taken_in_twice_is_there_once(study, tmp_path):
    path = write_book(tmp_path / "agenda.xlsx")
    assert [tally.kept for tally in import_agenda(study, path)[0]] == [2, 2]
    once = read_actions(study)
    import_agenda(study, path)
    pd.testing.assert_frame_equal(read_actions(study), once)
    assert once["level"].tolist() == ["community", "organisation"]
    assert total_cost(once) == Decimal("4200.30")  # floats would make 4200.299999


def test_what_is_missing_is_told(study, tmp_path):
    settings = study / "assetmap.toml"
    settings.write_text(settings.read_text() + "\n[engagement]\nbudget = 4200\n")
    import_agenda(study, write_book(tmp_path / "agenda.xlsx"))
    found = {finding.what: finding.at for finding in check_study_agenda(study)}
    assert found == {
        "actions without an owner": ("Train volunteers",),
        "actions without evidence": ("Train volunteers",),
        "actions without a status": ("Open the hall", "Train volunteers"),
        "levels without an action": ("system change",),
        "the actions cost £4,200.30, £0.30 more than the budget of £4,200.00": (),
    }


def test_a_priority_that_was_voted_and_not_answered_is_an_orphan(study, tmp_path):
    (tmp_path / "votes.csv").write_text("priority,votes\nNo room,7\nCleaner canal,3\n")
    import_votes(study, tmp_path / "votes.csv")
    import_agenda(study, write_book(tmp_path / "agenda.xlsx"))
    found = {finding.what: finding.at for finding in check_study_agenda(study)}
    assert found["priorities that no action answers"] == ("Cleaner canal",)


def test_the_matrix_has_every_level_and_every_action(study, tmp_path):
    import_agenda(study, write_book(tmp_path / "agenda.xlsx"))
    matrix = agenda_matrix(read_actions(study))
    assert matrix["level"].tolist() == ["community development", "organisational development", "system change"]
    assert matrix["action"].tolist() == ["Open the hall", "Train volunteers", None]
    assert matrix["status"].tolist() == [None, None, None]


STATUSES = """\
id,what,who,cost,level,priority,evidence,outcome,when,status,done on
a,Open the hall,Committee,100,community,No room,survey,Nearer a hall,June 2027,Planned,
b,Train volunteers,Committee,20,organisation,No room,survey,,2026-09,in progress,
c,Paint the door,Committee,3,system,No room,survey,,2026-05,Completed,14/05/2026
d,Build a pool,Committee,9000,system,A pool,survey,A pool,2026-05,cancelled,
e,Write a letter,Committee,1,system,No room,survey,,2026-05-01,,
f,Hold a fair,Committee,2,system,No room,survey,,,done,2026-04
g,Ask the mayor,Committee,4,system,No room,survey,,,nearly,soon
"""


@pytest.fixture
def with_statuses(study, tmp_path):
    (tmp_path / "actions.csv").write_text(STATUSES)
    return study, import_agenda(study, tmp_path / "actions.csv")[0][0]


def test_a_status_is_read_by_its_usual_words_and_a_day_as_a_day_month_or_year(with_statuses):
    study, tally = with_statuses
    read = read_actions(study).astype(object).where(lambda table: table.notna(), None)
    assert read["status"].tolist() == ["planned", "under way", "done", "dropped", None, "done", None]
    assert read["done_on"].tolist() == [None, None, "2026-05-14", None, None, "2026-04", None]
    assert tally.repaired == {"status not understood, left empty": 1, "done on not understood, left empty": 1}


def test_what_was_dropped_costs_nothing_and_answers_nothing(with_statuses, tmp_path):
    study, _ = with_statuses
    (tmp_path / "votes.csv").write_text("priority,votes\nNo room,7\nA pool,3\n")
    import_votes(study, tmp_path / "votes.csv")
    assert total_cost(read_actions(study)) == Decimal(100 + 20 + 3 + 1 + 2 + 4)
    found = {finding.what: finding.at for finding in check_study_agenda(study)}
    assert found == {
        "priorities that no action answers": ("A pool",),
        "actions without a status": ("Write a letter", "Ask the mayor"),
        "dropped actions whose cost isn't counted": ("Build a pool",),
    }
    gaps = {gap.what: gap.refs for gap in read_chain(study).gaps()}
    assert gaps["priorities that no action answers"] == ("priority:a-pool",)
    assert "action:d" not in gaps["actions without an outcome"]


def test_a_status_that_does_not_fit_its_day_is_told(study, tmp_path):
    (tmp_path / "actions.csv").write_text("what,status,done on\nOpen the hall,done,\nPlant trees,planned,2026-05-01\n")
    import_agenda(study, tmp_path / "actions.csv")
    (tmp_path / "outcomes.csv").write_text("outcome,found,measured on\nShade,,2026-06\nTrust,as before,\n")
    import_agenda(study, tmp_path / "outcomes.csv")
    found = {finding.what: finding.at for finding in check_study_agenda(study)}
    assert found["actions that are done, without the day"] == ("Open the hall",)
    assert found["actions with the day they were done, and another status"] == ("Plant trees",)
    assert found["outcomes with a day of measuring, without what was found"] == ("Shade",)


def test_the_chain_says_how_far_each_action_is(with_statuses):
    study, _ = with_statuses
    told = {str(step.ref): step.told for step in read_chain(study).path("priority:no-room")}
    assert {ref: words for ref, words in told.items() if ref.startswith("action:")} == {
        "action:a": "planned",  # June 2027 isn't an ISO month: it stays in the table
        "action:b": "under way by 2026-09",
        "action:c": "done on 2026-05-14",
        "action:e": "by 2026-05-01",
        "action:f": "done on 2026-04",
        "action:g": "",
    }


def test_what_was_dropped_is_not_in_the_theory_and_each_action_has_its_status(with_statuses):
    study, _ = with_statuses
    text = " ".join("".join(fromstring(draw_theory(study)[0].read_text()).itertext()).split())
    assert "Build a pool" not in text
    assert "planned" in text
    assert "status not known" in text


def test_costs_and_levels_that_are_none_are_counted(study, tmp_path):
    rows = [ACTIONS[0], ("x", "Do it", "", "", "a lot", "street", *[""] * 5), ("x", "Do more", *[""] * 9)]
    tally = import_agenda(study, write_book(tmp_path / "agenda.xlsx", rows))[0][0]
    assert tally.repaired == {"cost not understood, left empty": 1, "level not understood, left empty": 1}
    assert tally.dropped == {"an id that another action has": 1}


def test_the_agenda_stands_in_the_chain(study, tmp_path):
    import_agenda(study, write_book(tmp_path / "agenda.xlsx"))
    path = {str(step.ref) for step in read_chain(study).path("action:a1")}
    assert {"priority:no-room", "asset:osm:node/2890", "outcome:nearer-a-hall", f"figure:{SHARE}"} <= path


def test_the_theory_is_drawn_with_the_study_s_figure_before_and_after(study, tmp_path):
    import_agenda(study, write_book(tmp_path / "agenda.xlsx"))
    table = pd.read_csv(study / "out" / "access_by_zone.csv")
    now = table.query("group == 'neighbourhood' and category == 'community_centre'").iloc[0]
    tried = {
        "category": "community_centre",
        "within_m": 800.0,
        "people": now.people,
        "people_within_after": now.people / 2,
    }
    (tmp_path / "summary.json").write_text(json.dumps(tried))
    target, figures, bare = draw_theory(study, after=tmp_path / "summary.json")
    assert (figures[0].before, figures[0].after) == (now.share_800m, 0.5)
    assert bare == ["More trust"]
    text = " ".join("".join(fromstring(target.read_text()).itertext()).split())
    assert figures[0].words.endswith("97.2% now, 50.0% expected")
    assert "50.0%" in text
    assert "Open the hall → Nearer a hall" in text
    later = draw_theory(study, after=study / "out")[1][0]
    assert later.after == now.share_800m
    assert "measured after" in later.words
    assert not figures[0].measured
    tried["within_m"] = 400.0
    (tmp_path / "summary.json").write_text(json.dumps(tried))
    assert draw_theory(study, after=tmp_path / "summary.json")[1][0].after is None  # another distance: no figure


def test_the_page_tells_of_each_action_its_level_its_place_and_the_figure(study, tmp_path):
    import_agenda(study, write_book(tmp_path / "agenda.xlsx"))
    path, figures = write_agenda_page(study, today="2026-01-01", after=study / "out")
    page = LexborHTMLParser(path.read_text(encoding="utf-8"))
    told = {
        level.text(): [card.css_first("h4").text() for card in level.next.next.css("li")]
        for level in page.css(".level")
    }
    assert told == {
        "community development": ["Open the hall"],
        "organisational development": ["Train volunteers"],
        "system change": [],
    }
    facts = [
        dict(zip((n.text() for n in card.css("dt")), (n.text() for n in card.css("dd")), strict=True))
        for card in page.css("section[aria-labelledby=actions] li")
    ]
    assert facts[0] == {
        "who": "Hall committee",
        "when": "2026-09-30",
        "cost": "£4,200.10",
        "answers": "No room",
        "about": "young people",
        "rests on": "1 mark; 12 notes",
        "leads to": "Nearer a hall",
        "uses": "Tidewell Community Centre",
    }
    assert page.css_first("a[href='map.html#place=osm:node/2890']").text() == "Tidewell Community Centre"
    assert (facts[1]["who"], facts[1]["rests on"]) == ("not known", "not known")
    assert page.css_first(".figure").text(separator=" ", strip=True) == "97.2% → 97.2% measured"
    assert [figure.name for figure in figures] == [SHARE]
    assert "Actions without an owner: Train volunteers" in page.css_first("section[aria-labelledby=missing]").text()


def test_a_page_of_nothing_and_of_dropped_actions_alone(study, tmp_path):
    with pytest.raises(UsageError, match="has no actions or outcomes yet"):
        write_agenda_page(study, today="2026-01-01")
    (tmp_path / "dropped.csv").write_text("what,status\nBuild a pool,dropped\n")
    import_agenda(study, tmp_path / "dropped.csv")
    page = LexborHTMLParser(write_agenda_page(study, today="2026-01-01")[0].read_text(encoding="utf-8"))
    assert page.css_first(".drawing") is None
    assert "1 actions" not in page.text()


def test_a_theory_that_goes_in_a_circle_is_refused_and_nothing_is_lost(study, tmp_path):
    import_agenda(study, write_book(tmp_path / "agenda.xlsx"))
    before = draw_theory(study)[0].read_bytes()
    (tmp_path / "more.csv").write_text("outcome,leads to,indicator\nMore trust,Nearer a hall,\n")
    import_agenda(study, tmp_path / "more.csv")
    with pytest.raises(InputError, match=r"goes in a circle: (Nearer a hall|More trust) → "):
        draw_theory(study)
    assert (study / "out" / "theory.svg").read_bytes() == before


def test_theories_that_people_have_drawn(study, shared_data):
    for name in ("npctheoryofchange191", "clusterexamplemap"):
        import_system_map(study, shared_data / "systems" / f"{name}.prsm")
    assert draw_theory(study, name="clusterexamplemap")[0].exists()
    with pytest.raises(InputError, match=r"in a circle: .*(sense of progress|feel supported)"):
        draw_theory(study, name="npctheoryofchange191")


@pytest.mark.parametrize(
    "indicator", ["nonsense", "access_by_zone.csv/no_such/park", "access_by_zone.csv/share_800m/nothing"]
)
def test_an_indicator_that_is_none_is_one_line(study, tmp_path, indicator):
    import_agenda(study, write_book(tmp_path / "agenda.xlsx", outcomes=[OUTCOMES[0], ("Trust", "", indicator)]))
    with pytest.raises(UsageError):
        draw_theory(study)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"category": 1}'])
def test_a_summary_that_is_none_is_one_line(study, tmp_path, text):
    import_agenda(study, write_book(tmp_path / "agenda.xlsx"))
    (tmp_path / "summary.json").write_text(text)
    with pytest.raises(InputError):
        draw_theory(study, after=tmp_path / "summary.json")


def test_an_after_that_isnt_built_is_named_with_what_to_build(study, tmp_path):
    import_agenda(study, write_book(tmp_path / "agenda.xlsx"))
    other = tmp_path / "<b>other"
    (other / "out").mkdir(parents=True)

    def refusal(after: Path) -> str:
        with pytest.raises(UsageError) as told:
            write_agenda_page(study, today="2026-01-01", after=after)
        return str(told.value)

    none = "holds no access_by_zone.csv"
    assert refusal(other) == f"{other} {none}: give the folder out/ of a study that is built."
    assert refusal(study) == f"{study} {none}: give the folder {study / 'out'}."
    (other / "assetmap.toml").write_text('[study]\nname = "Other"\n')
    assert refusal(other / "out") == f"{other / 'out'} {none}: run `assetmap build {other}` first."
    first = f"run `assetmap build {other}` first, then give the folder {other / 'out'}."
    assert refusal(other) == f"{other} {none}: {first}"
    (other / "out" / "access_by_zone.csv").write_text("name,lat\nx,1\n")
    with pytest.raises(InputError, match="isn't as a build wrote it"):
        draw_theory(study, after=other / "out")
    (study / "out" / "access_by_zone.csv").unlink()
    assert refusal(other / "out").endswith(f"run `assetmap build {study}` first.")


def test_hostile_words_are_words(study, tmp_path):
    texts = [text for text in HOSTILE if any(char.isalnum() for char in text) and text.isprintable() and text[0] != "="]
    rows = [ACTIONS[0], *((f"a{n}", text, *[text] * 8, f"Outcome {n}") for n, text in enumerate(texts))]
    import_agenda(study, write_book(tmp_path / "agenda.xlsx", rows))
    root = fromstring(draw_theory(study)[0].read_text())
    assert not any(element.tag.endswith("script") for element in root.iter())
    assert read_actions(study)["what"].tolist() == [" ".join(t.split("\n")).strip() for t in texts]
    read_chain(study)


def test_a_table_of_something_else(study, tmp_path):
    (tmp_path / "x.csv").write_text("name,lat\nx,1\n")
    with pytest.raises(InputError, match="has neither actions"):
        import_agenda(study, tmp_path / "x.csv")
