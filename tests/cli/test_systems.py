"""``assetmap systems``: import, ask, tie, export, in words and as JSON."""

import json
import random

import pytest

from tests.browser.payloads import HOSTILE
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


def test_a_map_in_which_everything_acts_on_everything_is_not_drawn_and_says_so(study, tmp_path):
    factors = [{"_id": f"e{n}", "attributes": {"label": f"Factor {n}"}} for n in range(60)]
    ends = [(a, b) for a in range(60) for b in range(60) if a != b]
    links = [{"_id": f"c{a}-{b}", "from": f"e{a}", "to": f"e{b}", "direction": "directed"} for a, b in ends]
    (tmp_path / "dense.json").write_text(json.dumps({"elements": factors, "connections": links, "maps": []}))
    said = run_here("systems", "import", study, tmp_path / "dense.json").worked()
    assert "60 factors and 3,540 links are too many to draw: the page lists them all" in said.err
    page = (study / "out" / "systems.html").read_text()
    assert "60 factors and 3,540 links are too many to draw" in page
    assert page.count("<li id=") == 60


@pytest.mark.slow
def test_a_map_of_five_thousand_factors_is_listed_whole_asked_within_bounds_and_not_drawn(study, tmp_path):
    chance = random.Random(6)
    ends = {tuple(chance.sample(range(5000), 2)) for _ in range(10_000)}
    words = [f"Factor {n} {HOSTILE[n % len(HOSTILE)]}" for n in range(5000)]
    factors = [{"_id": f"e{n}", "attributes": {"label": label}} for n, label in enumerate(words)]
    links = [
        {"_id": f"c{n}", "from": f"e{a}", "to": f"e{b}", "direction": "directed", "attributes": {"type": sign}}
        for n, ((a, b), sign) in enumerate(zip(sorted(ends), chance.choices("+-", k=len(ends)), strict=True))
    ]
    (tmp_path / "big.json").write_text(json.dumps({"elements": factors, "connections": links, "maps": []}))
    said = run_here("systems", "import", study, tmp_path / "big.json").worked()
    assert f"Read as big: 5,000 factors and {len(ends):,} links" in said.out
    assert f"5,000 factors and {len(ends):,} links are too many to draw: the page lists them all" in said.err
    page = (study / "out" / "systems.html").read_text()
    assert page.count("<li id=") == 5000
    assert "<svg" not in page
    assert len(page) < 5_000_000
    for question, words in (
        ("start", "other factors"),
        ("bottleneck", "these shares are estimated from 200 of them"),
        ("loops", "there are too many longer ones to look for"),
    ):
        assert words in run_here("systems", "ask", study, "--question", question).worked().out
    told = run_here("systems", "export", study, "--to", "svg", "--out", tmp_path / "big.svg").worked().out
    assert "can't hold: an order of 5,000 factors, which are too many: they stand in rows" in told
