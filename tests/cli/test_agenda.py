"""``assetmap agenda`` and ``theory``: from a table to a check, a matrix and a drawing."""

import json
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from tests.browser.payloads import HOSTILE
from tests.cli.program import run_apart, run_here


def test_an_agenda_from_a_table_to_a_drawing(study, tmp_path):
    (tmp_path / "actions.csv").write_text("what,who,cost,level,outcome\nOpen the hall,,10,community,Nearer\n")
    assert run_here("agenda", "import", study, tmp_path / "actions.csv").worked().out == "actions.csv: 1 read, 1 kept\n"
    assert "actions without an owner: Open the hall" in run_here("agenda", "check", study).worked().out
    assert "status not known | no owner | no evidence" in run_here("agenda", "matrix", study).worked().out
    assert json.loads(run_here("agenda", "matrix", study, "--json").worked().out)[0]["owner"] is None
    assert "No indicator: Nearer" in run_here("theory", "draw", study).worked().out
    assert (study / "out" / "theory.svg").exists()
    assert "The page is" in run_here("agenda", "page", study).worked().out


def test_what_is_not_there_is_one_line(study, tmp_path):
    run_here("theory", "draw", study).refused(2, "has no actions or outcomes yet")
    run_here("agenda", "page", study).refused(2, "has no actions or outcomes yet")
    run_here("agenda", "import", study, tmp_path / "no.csv").refused(3, "does not exist")
    run_here("agenda", "check", tmp_path).refused(3, "is not a study")


PLAIN_ACTIONS = """\
action,what,who,when,cost,level,priority,theme,place,assets,evidence,outcome,source
a1,Open the hall,Committee,,10,community,No room,,,,survey,Nearer,inputs/actions.csv
a2,Paint the door,,,3,,,,,,,,inputs/actions.csv
"""
PLAIN_OUTCOMES = "outcome,leads_to,indicator,source\nNearer,More trust,,inputs/outcomes.csv\n"


@pytest.fixture
def plain(fresh):
    """A study whose tables, written by hand, say nothing of status and of what was found."""
    (fresh / "engagement").mkdir(exist_ok=True)
    (fresh / "engagement" / "actions.csv").write_text(PLAIN_ACTIONS)
    (fresh / "engagement" / "outcomes.csv").write_text(PLAIN_OUTCOMES)
    (fresh / "inputs" / "actions.csv").write_text("id,what\na1,Open the hall\na2,Paint the door\n")
    return fresh


def test_an_agenda_without_a_status_is_read_and_nothing_is_said_that_it_does_not_say(plain):
    assert "actions without a status: Open the hall; Paint the door" in run_here("agenda", "check", plain).worked().out
    assert "status not known" in run_here("agenda", "matrix", plain).worked().out
    assert (plain / "engagement" / "actions.csv").read_text() == PLAIN_ACTIONS  # to look changes nothing


def test_an_import_adds_the_columns_that_are_lacking_and_keeps_all_of_it(plain, tmp_path):
    (tmp_path / "actions.csv").write_text("id,what,status,done on\na1,Open the hall,done,2026-05-14\n")
    said = run_here("agenda", "import", plain, tmp_path / "actions.csv").worked().out.splitlines()
    assert said == [
        "actions.csv: 1 read, 1 kept",
        "An earlier actions.csv stays in inputs/; this one is kept beside it as inputs/actions-2.csv.",
    ]
    table = pd.read_csv(plain / "engagement" / "actions.csv", dtype=str, keep_default_na=False)
    assert table[["action", "cost", "status", "done_on", "source"]].to_numpy().tolist() == [
        ["a2", "3", "", "", "inputs/actions.csv"],
        ["a1", "", "done", "2026-05-14", "inputs/actions-2.csv"],
    ]
    assert (plain / "inputs" / "actions.csv").read_text() == "id,what\na1,Open the hall\na2,Paint the door\n"
    (tmp_path / "o.csv").write_text("outcome,found,measured on\nNearer,38% are,2027-05\n")
    run_here("agenda", "import", plain, tmp_path / "o.csv").worked()
    assert "Nearer,,,38% are,2027-05,inputs/o.csv" in (plain / "engagement" / "outcomes.csv").read_text()
    before = (plain / "engagement" / "actions.csv").read_bytes()
    assert "inputs/actions-2.csv" in run_here("agenda", "import", plain, tmp_path / "actions.csv").worked().out
    assert (plain / "engagement" / "actions.csv").read_bytes() == before
    assert not (plain / "inputs" / "actions-3.csv").exists()


def test_a_table_that_somebody_has_spoilt_is_named_with_what_helps(plain, tmp_path):
    path = plain / "engagement" / "actions.csv"
    path.write_text(PLAIN_ACTIONS.replace("action,", "number,", 1))
    (tmp_path / "new.csv").write_text("what\nPlant trees\n")
    spoilt = path.read_bytes()
    run_here("agenda", "import", plain, tmp_path / "new.csv").refused(3, "has no column action", "move it away")
    assert path.read_bytes() == spoilt
    path.rename(tmp_path / "aside.csv")
    run_here("agenda", "import", plain, tmp_path / "new.csv").worked()


def test_versions_imported_at_once_are_all_kept(plain, tmp_path):
    for number in range(4):
        (tmp_path / str(number)).mkdir()
        table = pd.DataFrame([(f"n{number}", HOSTILE[number])], columns=["id", "what"])
        table.to_csv(tmp_path / str(number) / "actions.csv", index=False)
    with ThreadPoolExecutor(4) as pool:
        for ran in pool.map(
            lambda n: run_apart("agenda", "import", plain, tmp_path / str(n) / "actions.csv"), range(4)
        ):
            ran.worked()
    kept = pd.read_csv(plain / "engagement" / "actions.csv")["source"].tolist()
    assert sorted(kept[2:]) == [f"inputs/actions-{number}.csv" for number in range(2, 6)]
