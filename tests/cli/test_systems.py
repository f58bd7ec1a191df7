"""``assetmap systems``: import, ask, tie, export, in words and as JSON."""

import json

from tests.cli.program import run_here


def test_a_map_from_file_to_file(study, shared_data, tmp_path):
    source = shared_data / "systems" / "clusterexamplemap.prsm"
    ran = run_here("systems", "import", study, source, "--name", "climate").worked()
    assert ran.out.startswith("Read as climate: 6 factors and 7 links. The page is ")
    assert "6 read, 6 kept" in ran.err
    assert run_here("systems", "import", study, source, "--name", "climate", "--quiet").worked().out.startswith("Known")
    asked = run_here("systems", "ask", study).worked().out
    assert "Climate change: a change here can reach 5 of the 5 other factors" in asked
    assert "There is no feedback loop." in asked
    answer = json.loads(run_here("systems", "ask", study, "--question", "start", "--json").worked().out)
    assert [one["question"] for one in answer["answers"]] == ["start"]
    assert answer["factors"][0]["leverage"] is None
    tied = run_here("systems", "tie", study, "Flooding", "osm:node/2916").worked().out
    assert "is tied to The Larder on the Wharf (asset:osm:node/2916)" in tied
    assert "is no longer tied" in run_here("systems", "tie", study, "Flooding", "osm:node/2916", "--undo").worked().out
    out = tmp_path / "again.prsm"
    told = run_here("systems", "export", study, "--to", "kumu", "--out", out).worked().out
    assert "This format can't hold: positions" in told
    run_here("systems", "export", study, "--to", "kumu", "--out", out).refused(2, "say --overwrite")
    again = run_here("systems", "import", study, out, "--name", "again", "--json", "--quiet").worked().out
    assert json.loads(again)["known"] is False


def test_what_is_not_there_is_one_line(study, tmp_path):
    run_here("systems", "ask", study).refused(2, "has no system map yet")
    run_here("systems", "ask", tmp_path).refused(3, "is not a study")
    run_here("systems", "import", study, tmp_path / "no.prsm").refused(3, "does not exist")
    run_here("systems", "tie", study, "Fear", "x").refused(2, "has no system map yet")
