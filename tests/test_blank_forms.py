"""Blank workbooks: filled in as their read-me says, they are read back word for word."""

from pathlib import Path

import openpyxl
import pytest

from assetmap.blank_forms import blank_forms, choices, write_blank_form
from assetmap.crs import BRITISH_GRID
from assetmap.errors import InputError, UsageError
from assetmap.sources.story_sheets import read_story_sheet
from assetmap.sources.tables import read_table
from assetmap.sources.voices import Voices, read_voices
from assetmap.study.create import create_study
from assetmap.study.engagement.agenda import import_agenda, read_actions, read_outcomes
from assetmap.study.engagement.voting import votes_of


def filled(folder: Path, kind: str, *rows: dict[str, str]) -> Path:
    """Write a blank form and fill it in with its own examples, changed by each of `rows`."""
    path = folder / f"{kind}.xlsx"
    write_blank_form(kind, path)
    book = openpyxl.load_workbook(path)
    sheet = book[kind]
    headers = [cell.value for cell in sheet[1]]
    examples = {column["header"]: column.get("example") for column in blank_forms()[kind]["columns"]}
    for row in rows or ({},):
        sheet.append([{**examples, **row}[header] or None for header in headers])
    book.save(path)
    return path


@pytest.mark.parametrize("kind", blank_forms())
def test_every_column_is_explained_and_its_example_is_one_to_choose(tmp_path, kind):
    path = filled(tmp_path, kind)
    book = openpyxl.load_workbook(path)
    told = [row[0].value for row in book["Read me"].iter_rows(min_row=6)]
    assert told == [cell.value for cell in book[kind][1]]
    lists = {str(rule.sqref): rule for rule in book[kind].data_validations.dataValidation if rule.type == "list"}
    for column in blank_forms()[kind]["columns"]:
        words = choices(column)
        assert not words or column["example"] in ("", *words)
        assert len(",".join(words)) <= 255  # the longest list that Excel takes
    assert len(lists) == sum(bool(choices(column)) for column in blank_forms()[kind]["columns"])
    assert len(read_table(path)) == 1


def read(path: Path) -> Voices:
    return read_voices(path, crs=BRITISH_GRID, secret=bytes(32))


def test_conversations_are_read_back(tmp_path):
    other = {"what was said": "Benches", "grid ref": "", "contributor": "8"}
    voices = read(filled(tmp_path, "conversations", {}, other))
    row = voices.marks.iloc[0]
    assert len(voices.marks) == 1
    assert row.text == "There's nowhere for us after school."
    assert (row.theme, row.sentiment, row.consent) == ("young people", "negative", "research")
    assert row.observed_on == "2026-05-04"
    assert voices.unplaced["text"].tolist() == ["Benches"]
    assert voices.sessions.iloc[0].tolist() == ["spring-fair", "2026-05-04", "Market Square", "conversation", "AM"]
    assert voices.people[["age", "sex"]].values.tolist() == [["16 to 24", "female"]] * 2
    assert voices.unused == ()


def test_cafe_tables_are_read_back(tmp_path):
    voices = read(filled(tmp_path, "cafe-tables"))
    assert voices.unplaced[["text", "theme"]].values.tolist() == [
        ["Open the hall in the evenings", "young people; places to meet"]
    ]
    assert voices.sessions["kind"].tolist() == ["café"]
    assert voices.unused == ()


def test_votes_are_read_back(tmp_path):
    read = votes_of(filled(tmp_path, "votes"), secret=bytes(32))
    assert (read.tally.read, read.tally.kept) == (1, 1)
    assert read.votes[["priority", "rank", "session", "place"]].values.tolist() == [
        ["no-room-for-young-people", "2", "spring-cafe", "Tidewell Basin"]
    ]


def test_actions_are_read_back(tmp_path):
    create_study(tmp_path / "study", lsoa21=["E01004222"])
    path = filled(tmp_path, "actions", {}, {"id": "a2", "status": "done", "done on": "2026-10-01"})
    (tally,), _ = import_agenda(tmp_path / "study", path)
    assert (tally.kept, tally.repaired) == (2, {})
    actions = read_actions(tmp_path / "study")
    assert actions["status"].tolist() == ["planned", "done"]
    assert actions["done_on"].tolist()[1] == "2026-10-01"
    assert actions.drop(columns="done_on").notna().all(axis=None)


def test_outcomes_are_read_back(tmp_path):
    create_study(tmp_path / "study", lsoa21=["E01004222"])
    path = filled(tmp_path, "outcomes", {}, {"outcome": "Shade", "found": "12 trees stand", "measured on": "2027-05"})
    (tally,), _ = import_agenda(tmp_path / "study", path)
    assert (tally.kept, tally.repaired) == (2, {})
    outcomes = read_outcomes(tmp_path / "study")
    assert outcomes["leads_to"].tolist() == ["More trust between young and old"] * 2
    assert outcomes[["found", "measured_on"]].values.tolist()[1] == ["12 trees stand", "2027-05"]
    assert outcomes.loc[0, ["found", "measured_on"]].isna().all()


def test_works_of_art_are_read_back(tmp_path):
    sheet, tally = read_story_sheet(filled(tmp_path, "arts"), crs=BRITISH_GRID)
    row = sheet.iloc[0]
    assert (row["file"], row.title, row.work, row.alt, row.credit, row.licence, row.consent) == (
        "IMG_0412.jpg", "Low tide", "postcard", "Boats on mud, painted in blue", "Young Filmmakers", "CC BY 4.0",
        "public",
    )  # fmt: skip
    assert tally.kept == 1


def test_a_blank_form_that_nobody_filled_in_is_one_line(tmp_path):
    write_blank_form("conversations", tmp_path / "blank.xlsx")
    with pytest.raises(InputError, match="no sheet with a table"):
        read(tmp_path / "blank.xlsx")


def test_what_can_t_be_written_is_said(tmp_path):
    for kind, name, words in (("ballots", "a.xlsx", "no blank form"), ("votes", "a.csv", "end it in .xlsx")):
        with pytest.raises(UsageError, match=words):
            write_blank_form(kind, tmp_path / name)
    write_blank_form("votes", tmp_path / "a.xlsx")
    with pytest.raises(UsageError, match="there already"):
        write_blank_form("votes", tmp_path / "a.xlsx")
