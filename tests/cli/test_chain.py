"""``assetmap chain`` prints what was said, what came of it, and what is missing."""

import json

from tests.cli.program import run_here


def test_the_chain_of_the_demo_is_its_marks_and_their_themes(built):
    first = run_here("chain", built, "--quiet").worked().out.splitlines()[0]
    assert "marks" in first
    assert "themes" in first
    steps = json.loads(run_here("chain", built, "--json", "--quiet").worked().out)["steps"]
    theme = next(step["ref"] for step in steps if step["kind"] == "theme")
    marks = [step["ref"] for step in steps if theme in [tie["to"] for tie in step["ties"]]]
    path = run_here("chain", built, "--of", theme, "--quiet").worked().out
    assert marks
    assert all(f"{mark}  " in path for mark in marks)
    assert theme in run_here("chain", built, "--of", marks[0], "--quiet").worked().out


def test_a_name_that_nothing_has_is_one_line(built):
    run_here("chain", built, "--of", "theme:nothing", "--quiet").refused(
        2, "nothing in the chain is called theme:nothing"
    )
    run_here("chain", built / "nowhere", "--quiet").refused(3, "is not a study")
