"""`assetmap publish` as a person meets it."""

import json
from pathlib import Path
from shutil import copytree

import pandas as pd
import pytest

from tests.cli.program import run_here, snapshot


@pytest.fixture(scope="module")
def published(built, tmp_path_factory) -> Path:
    """The demo, published by the command. Look and don't touch."""
    study = Path(copytree(built, tmp_path_factory.mktemp("published") / "demo"))
    run_here("publish", study, "--quiet").worked()
    return study


@pytest.fixture
def given_out(published, tmp_path) -> Path:
    """A copy of it to change."""
    return Path(copytree(published, tmp_path / "given out"))


def test_it_says_what_it_has_withheld_why_and_where_everything_is(study):
    ran = run_here("publish", study, "--languages", "en").worked()
    assert ran.out.strip() == f"What may be given away is in {(study / 'out' / 'share').resolve()}"
    assert "withheld: 29 marks (its contributor has not agreed to this audience): ask the contributor" in ran.err
    assert "withheld: 1 words of marks (its words may tell of a person): decide in review.csv" in ran.err
    assert "no QR code" in ran.err
    assert "belongs to the team" in ran.err
    assert "Adeyemi" not in ran.out + ran.err


def test_as_json_it_tells_the_same(study):
    told = json.loads(run_here("publish", study, "--languages", "en", "--json", "--quiet").worked().out)
    assert told["withheld"] == {"marks": 29, "marks in squares": 7, "words of marks": 1}
    assert "map.en.html" in told["files"]


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["--languages", "en,xx"], 2, ["'xx'", "use en"]),
        (["--languages", ","], 2, ["names none"]),
        (["--for", "everyone"], 2, ["'everyone'"]),
        (["--approve", "nothing-there.csv"], 3, ["nothing-there.csv", "does not exist"]),
        (["--strict"], 5, ["nothing was published", "29 marks", "withheld.csv"]),
    ],
)
def test_what_cant_be_is_one_line_and_the_right_code(study, args, code, words):
    before = snapshot(study / "out")
    run_here("publish", study, "--quiet", *args).refused(code, *words)
    assert before.items() <= snapshot(study / "out").items()


HEAD = "item,checksum,found,original,proposed,decision,edited\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["empty"]),
        (b"\x00\xff\x00garbage" * 50, ["review.csv"]),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", ["review.csv"]),
        (b"name,decision\na,withhold\n", ["has no column item, checksum", "`publish` has written"]),
        ((HEAD + "a,1,name,x,y,yes please,\n").encode(), ["row 2 (a)", "'yes please' is unknown"]),
        ((HEAD + "a,1,name,x,y,withhold,\na,1,name,x,y,as proposed,\n").encode(), ["row 3", "decided twice"]),
        ((HEAD + "a,1,name,x,y,edited,\n").encode(), ["the column `edited` is empty"]),
        ((HEAD + "a,1,name,changed,y,as written,\n").encode(), ["the original was changed"]),
    ],
)
def test_a_review_that_is_none_is_refused_in_one_line_and_nothing_is_touched(study, tmp_path, content, words):
    review = tmp_path / "review.csv"
    review.write_bytes(content)
    before = snapshot(study)
    run_here("publish", study, "--quiet", "--approve", review).refused(3, *words)
    assert snapshot(study) == before


def test_what_a_person_writes_is_shown_as_text(given_out):
    study = given_out
    review = study / "out" / "review.csv"
    table = pd.read_csv(review, encoding="utf-8-sig", dtype="str", keep_default_na=False)
    table[["decision", "edited"]] = "edited", "=HYPERLINK(1)<script>alert(1)</script>"
    table.to_csv(review, index=False)
    run_here("publish", study, "--quiet", "--approve", review).worked()
    share = study / "out" / "share"
    assert "<script>alert" not in (share / "map.en.html").read_text(encoding="utf-8")
    cells = pd.read_csv(share / "data" / "comments.csv", encoding="utf-8-sig")["text"]
    assert cells[cells.str.contains("HYPERLINK")].tolist() == ["'=HYPERLINK(1)<script>alert(1)</script>"]
    # a row is added before the others, so that every mark has a new name: what was decided still holds
    marks = study / "inputs" / "tidewell_annotations.geojson"
    content = json.loads(marks.read_text(encoding="utf-8"))
    content["features"].insert(0, content["features"][-1])
    marks.write_text(json.dumps(content), encoding="utf-8")
    told = json.loads(run_here("publish", study, "--json", "--quiet", "--approve", review).worked().out)
    assert told["review"] is None


def test_several_reasons_stand_on_lines_of_their_own(given_out):
    study = given_out
    (study / "secret").write_text("11" * 32 + "\n")
    settings = (study / "assetmap.toml").read_text(encoding="utf-8")
    (study / "assetmap.toml").write_text(settings + '\n[disclosure]\nk = 8\ncounts = "nhs"\n', encoding="utf-8")
    ran = run_here("publish", study, "--quiet", "--strict")
    assert ran.code == 5
    *reasons, last = ran.err.splitlines()
    assert len(reasons) == 2
    assert "restore the file secret" in reasons[0]
    assert "--strict" in reasons[1]
    assert last == "assetmap: nothing was published: 2 reasons, each with its remedy, stand above."
