"""``assetmap agenda`` and ``theory``: from a table to a check, a matrix and a drawing."""

import json

from tests.cli.program import run_here


def test_an_agenda_from_a_table_to_a_drawing(study, tmp_path):
    (tmp_path / "actions.csv").write_text("what,who,cost,level,outcome\nOpen the hall,,10,community,Nearer\n")
    assert run_here("agenda", "import", study, tmp_path / "actions.csv").worked().out == "actions.csv: 1 read, 1 kept\n"
    assert "actions without an owner: Open the hall" in run_here("agenda", "check", study).worked().out
    assert "status not known | no owner | no evidence" in run_here("agenda", "matrix", study).worked().out
    assert json.loads(run_here("agenda", "matrix", study, "--json").worked().out)[0]["owner"] is None
    assert "No indicator: Nearer" in run_here("theory", "draw", study).worked().out
    assert (study / "out" / "theory.svg").exists()


def test_what_is_not_there_is_one_line(study, tmp_path):
    run_here("theory", "draw", study).refused(2, "has no actions or outcomes yet")
    run_here("agenda", "import", study, tmp_path / "no.csv").refused(3, "does not exist")
    run_here("agenda", "check", tmp_path).refused(3, "is not a study")
