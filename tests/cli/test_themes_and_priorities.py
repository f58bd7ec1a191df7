"""From notes to themes to priorities, on the demo, by the commands."""

import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.cli.program import run_here


@pytest.fixture(scope="module")
def marks(built: Path) -> list[str]:
    steps = json.loads(run_here("chain", built, "--json", "--quiet").worked().out)["steps"]
    return [step["ref"].removeprefix("mark:") for step in steps if step["kind"] == "mark"][:10]


def sheet(folder: Path, rows: list[tuple[str, str]], name: str) -> Path:
    path = folder / name
    path.write_text("\n".join(["annotation_id,themes", *(f"{a},{b}" for a, b in rows), ""]), encoding="utf-8")
    return path


def test_two_coders_are_compared_and_their_codes_counted(fresh, tmp_path, marks):
    # The codes of tests/engagement/test_themes.py: kappa 0.36 / 0.66.
    ana = sheet(tmp_path, list(zip(marks, "aaaabbbccc", strict=True)), "ana.csv")
    ben = sheet(tmp_path, list(zip(marks, "aaabbbaccb", strict=True)), "ben.csv")
    book = tmp_path / "book.toml"
    book.write_text('[[themes]]\nname = "A"\ndefinition = "first"\n[[themes]]\nname = "B"\n', encoding="utf-8")
    said = run_here("themes", "code", fresh, ana, "--coder", "Ana", "--codebook", book).worked()
    assert said.out == "10 rows of ana.csv coded into 3 themes.\n"
    assert "not in the codebook, and kept: c" in said.err
    run_here("themes", "agreement", fresh).refused(2, "has 1 (Ana)")
    for _ in range(2):
        run_here("themes", "code", fresh, ben, "--coder", "Ben").worked()
    found = json.loads(run_here("themes", "agreement", fresh, "--json").worked().out)
    assert found["whole"] == {"kappa": pytest.approx(0.36 / 0.66), "observed": pytest.approx(0.7), "n": 10}
    assert "kappa 0.55, alike 70%" in run_here("themes", "agreement", fresh).worked().out
    table = json.loads(run_here("themes", "table", fresh, "--json").worked().out)
    rows = [row for row in table if row["theme"] == "a"]
    assert all(len(row["refs"]) == row["notes"] for row in table)
    assert (sum(row["notes"] for row in rows), sum(row["agreed"] for row in rows)) == (5, 3)
    path = run_here("chain", fresh, "--of", f"mark:{marks[0]}", "--quiet").worked().out
    assert "theme:a  A  [codebook]" in path


def test_a_later_sheet_of_a_coder_holds_and_forgetting_takes_codes_along(fresh, tmp_path, marks):
    run_here(
        "themes", "code", fresh, sheet(tmp_path, [(marks[0], "a; b"), (marks[1], "a")], "1.csv"), "--coder", "x"
    ).worked()
    run_here("themes", "code", fresh, sheet(tmp_path, [(marks[0], "c")], "2.csv"), "--coder", "x").worked()
    codes = (fresh / "engagement" / "codes.csv").read_text(encoding="utf-8")
    assert [line.split(",")[:2] for line in codes.splitlines()[1:]] == [[marks[1], "a"], [marks[0], "c"]]
    run_here("forget", fresh, "--mark", marks[0]).worked()
    left = (fresh / "engagement" / "codes.csv").read_text(encoding="utf-8")
    assert [line.split(",")[0] for line in left.splitlines()[1:]] == [marks[1]]


def test_what_can_t_be_used_of_a_sheet_is_counted(fresh, tmp_path, marks):
    rows = [(marks[0], "=cmd|a"), (marks[1], ""), ("S9:99", "a"), ("", "a")]
    said = run_here("themes", "code", fresh, sheet(tmp_path, rows, "x.csv"), "--coder", "x").worked()
    assert "4 read, 1 kept, 3 dropped (no note named 1, no note of that name in the study 1, not coded 1)" in said.err
    run_here("themes", "code", fresh, sheet(tmp_path, [("S9:9", "a")], "y.csv"), "--coder", "x").refused(
        3, "not one note"
    )
    run_here("themes", "code", fresh, sheet(tmp_path, rows, "z.csv"), "--coder", " ").refused(2, "a coder needs a name")


VOTES = """\
voter,priority,rank,session,place
v1,No room for young people,2,s1,North
v1,Dark streets,1,s1,North
v2,Dark streets,1,s1,North
v3,No room for young people,1,s2,South
v3,=HYPERLINK(1),2,s2,South
"""


def test_votes_are_ranked_and_the_chain_says_how(fresh, tmp_path):
    path = tmp_path / "votes.csv"
    path.write_text(VOTES, encoding="utf-8")
    assert run_here("priorities", "import", fresh, path).worked().out.startswith("5 votes read; 0 of them")
    assert run_here("priorities", "import", fresh, path).worked().out.startswith("5 votes read; 5 of them")
    stored = (fresh / "engagement" / "votes.csv").read_text(encoding="utf-8")
    assert "'=HYPERLINK(1)" in stored
    assert ",v1," not in stored.replace("\n", ",")
    ranked = json.loads(
        run_here("priorities", "rank", fresh, "--rule", "borda", "--by", "session", "--json").worked().out
    )
    whole = {row["priority"]: row["score"] for row in ranked["rows"] if row["part"] == ""}
    # v1: dark 2, room 1; v2: dark 2, room and hyperlink share 1; v3: room 2, hyperlink 1.
    assert whole == {"dark-streets": 4, "no-room-for-young-people": 3.5, "hyperlink-1": 1.5}
    said = run_here("priorities", "rank", fresh, "--rule", "plurality", "--decide").worked().out
    assert said.splitlines()[:3] == ["All votes:", "    1. Dark streets: 2", "    2. No room for young people: 1"]
    path = run_here("chain", fresh, "--of", "priority:no-room-for-young-people", "--quiet").worked().out
    assert "No room for young people (ranked 2 of 3 by plurality)" in path
    assert "mark:" in path
    gaps = run_here("chain", fresh, "--quiet").worked().out
    assert "Gap: priorities without a theme: 2 (priority:dark-streets, priority:hyperlink-1)" in gaps


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("voter,rank\nv1,1\n", "no column priority"),
        ("priority,votes\nA,many\n", "holds no vote"),
        ("priority\nA\n", "holds no vote"),
        ("priority,votes\n", "holds no vote"),
    ],
)
def test_votes_that_are_none_are_one_line(fresh, tmp_path, text, words):
    path = tmp_path / "votes.csv"
    path.write_text(text, encoding="utf-8")
    run_here("priorities", "import", fresh, path).refused(3, words)
    run_here("priorities", "rank", fresh, "--rule", "borda").refused(2, "nothing has been voted on")


def test_a_torn_workbook_of_votes_is_one_line(fresh, tmp_path):
    openpyxl.Workbook().save(tmp_path / "whole.xlsx")
    (tmp_path / "torn.xlsx").write_bytes((tmp_path / "whole.xlsx").read_bytes()[:-200])
    run_here("priorities", "import", fresh, tmp_path / "torn.xlsx").refused(3, "torn.xlsx")


def test_the_sheet_to_code_is_read_back(fresh, tmp_path):
    form = tmp_path / "form.csv"
    form.write_text("_uuid,comment\nu1,=HYPERLINK(1)\nu2,<b>Benches</b>\n", encoding="utf-8")
    run_here("voices", "import", fresh, form).worked()
    path = tmp_path / "to-code.xlsx"
    assert "not for sharing" in run_here("themes", "sheet", fresh, "--out", path).worked().out
    book = openpyxl.load_workbook(path)
    rows = {row[0].value: row for row in book["codes"].iter_rows(min_row=2)}
    assert rows["u1"][1].value == "'=HYPERLINK(1)"
    assert all(cell.data_type != "f" for row in rows.values() for cell in row)
    for cells in rows.values():
        cells[4].value = "seats; rest"
    book.save(path)
    said = run_here("themes", "code", fresh, path, "--coder", "x").worked().out
    assert said == f"{len(rows)} rows of to-code.xlsx coded into 2 themes.\n"
    assert "mark:u2  <b>Benches</b>" in run_here("chain", fresh, "--of", "theme:rest", "--quiet").worked().out
    run_here("themes", "sheet", fresh, "--out", path).refused(2, "there already")


def test_eight_imports_of_votes_and_codes_at_once_all_succeed(fresh, tmp_path, marks):
    command = [sys.executable, "-m", "assetmap.cli.main"]
    runs = []
    for n in range(4):
        votes = tmp_path / f"votes-{n}.csv"
        votes.write_text(f"voter,priority,rank\nv{n},A,1\nshared,B,1\n", encoding="utf-8")
        codes = sheet(tmp_path, [(marks[0], f"theme {n}")], f"codes-{n}.csv")
        for words in (["priorities", "import", fresh, votes], ["themes", "code", fresh, codes, "--coder", f"c{n}"]):
            args = [*command, *map(str, words)]
            runs.append(subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    ends = [(*run.communicate(), run.returncode) for run in runs]
    assert [code for *_, code in ends] == [0] * 8, ends
    ranked = json.loads(run_here("priorities", "rank", fresh, "--rule", "plurality", "--json").worked().out)
    assert {row["priority"]: row["score"] for row in ranked["rows"]} == {"a": 4, "b": 1}
    path = run_here("chain", fresh, "--of", f"mark:{marks[0]}", "--quiet").worked().out
    assert all(f"theme:theme-{n} " in path for n in range(4))


def test_a_voter_can_be_forgotten_and_stays_so(fresh, tmp_path):
    path = tmp_path / "votes.csv"
    path.write_text(VOTES, encoding="utf-8")
    run_here("priorities", "import", fresh, path).worked()
    stored = fresh / "engagement" / "votes.csv"
    who = {line.split(",")[0] for line in stored.read_text(encoding="utf-8").splitlines() if "hyperlink" in line}.pop()
    assert "engagement/votes.csv" in run_here("forget", fresh, "--contributor", who).worked().err
    assert who not in stored.read_text(encoding="utf-8")
    said = run_here("priorities", "import", fresh, path).worked()
    assert "forgotten 2" in said.err
    assert who not in stored.read_text(encoding="utf-8")


def test_a_grid_of_votes_is_said_how_it_was_understood_and_asked_about_where_it_is_not(fresh, tmp_path):
    path = tmp_path / "grid.csv"
    path.write_text("priority,Table 1,Table 2\nBenches,2,1\nTrees,1,2\n", encoding="utf-8")
    run_here("priorities", "import", fresh, path).refused(3, "--cells ranks or --cells votes")
    assert not (fresh / "engagement" / "votes.csv").exists()
    said = run_here("priorities", "import", fresh, path, "--cells", "votes").worked()
    assert "read as a grid: a row for each of 2 priorities, a column for each of 2 sessions" in said.err
    assert said.out.startswith("4 votes read; 0 of them")
    assert run_here("priorities", "import", fresh, path, "--cells", "votes").worked().out.startswith("4 votes read; 4")
    run_here("priorities", "import", fresh, path, "--cells", "dots").refused(2, "is none of ranks, votes, ticks")


def test_agreement_in_a_folder_that_is_no_study(tmp_path):
    run_here("themes", "agreement", tmp_path / "none").refused(3, "is not a study")
