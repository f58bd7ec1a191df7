"""The chain is walked both ways, and says what is missing."""

import pandas as pd
import pytest

from assetmap.engagement.chain import Chain, ChainPart, join_parts
from assetmap.engagement.marks import marks_part
from assetmap.engagement.references import Reference, parse_reference, slug_of
from assetmap.errors import InputError, SchemaError, UsageError

# Two stories that share an action: S1:1 and S2:1 on youth, S3:1 on lighting. The factor stands beside youth, the hall
# beside the factor and the action.
LINKS = [
    ("mark:S1:1", "session:café", "told in", "a"),
    ("mark:S1:1", "theme:youth", "coded as", "a"),
    ("mark:S2:1", "theme:youth", "coded as", "a"),
    ("mark:S3:1", "theme:light", "coded as", "a"),
    ("theme:youth", "priority:youth", "ranked as", "v"),
    ("theme:light", "priority:light", "ranked as", "v"),
    ("factor:m/1", "theme:youth", "about", "m"),
    ("factor:m/1", "asset:hall", "about", "m"),
    ("action:a1", "priority:youth", "answers", "p"),
    ("action:a1", "priority:light", "answers", "p"),
    ("action:a1", "asset:hall", "uses", "p"),
    ("action:a1", "outcome:o1", "leads to", "p"),
    ("outcome:o1", "outcome:o2", "leads to", "t"),
    ("outcome:o1", "figure:near_hall", "measured by", "t"),
    ("outcome:o2", "figure:near_hall", "measured by", "t"),
]
REFS = sorted({ref for start, end, *_ in LINKS for ref in (start, end)})
AFTER_YOUTH = {"priority:youth", "action:a1", "outcome:o1", "outcome:o2", "figure:near_hall"}
BESIDE = {"factor:m/1", "asset:hall"}


def chain(links=LINKS, items=REFS):
    return Chain(ChainPart.of(links, [(ref, f"words of {ref}", "a") for ref in items]))


def path(ref, of=None):
    return {str(step.ref) for step in (of or chain()).path(ref)}


def test_from_a_mark_the_path_leads_to_what_came_of_it_and_not_to_other_marks():
    assert path("mark:S1:1") == {"mark:S1:1", "session:café", "theme:youth", *AFTER_YOUTH, *BESIDE}
    assert "session:café" not in path("mark:S2:1")


def test_from_the_far_end_the_path_leads_back_to_everything_that_was_said():
    assert path("figure:near_hall") == set(REFS)
    assert [str(step.ref) for step in chain().path("outcome:o2")][:4] == [
        "session:café", "mark:S1:1", "mark:S2:1", "mark:S3:1",
    ]  # fmt: skip


@pytest.mark.parametrize("ref", ["factor:m/1", "asset:hall", "session:café"])
def test_what_stands_beside_the_chain_leads_into_it(ref):
    assert {"mark:S1:1", "theme:youth", *AFTER_YOUTH} <= path(ref)


def test_a_thing_in_the_middle_has_both_sides():
    assert path("theme:light") == {
        "mark:S3:1", "theme:light", "priority:light", "action:a1", "asset:hall",
        "outcome:o1", "outcome:o2", "figure:near_hall",
    }  # fmt: skip


def test_the_whole_chain_has_no_gap():
    assert chain().gaps() == []


@pytest.mark.parametrize(
    ("without", "gap", "at"),
    [
        (("mark:S2:1", "theme:youth"), "marks without a theme", "mark:S2:1"),
        (("mark:S3:1", "theme:light"), "themes that nobody spoke of", "theme:light"),
        (("theme:light", "priority:light"), "themes that nobody ranked", "theme:light"),
        (("theme:light", "priority:light"), "priorities without a theme", "priority:light"),
        (("action:a1", "priority:light"), "priorities that no action answers", "priority:light"),
        (("action:a1", "outcome:o1"), "actions without an outcome", "action:a1"),
        (("action:a1", "outcome:o1"), "outcomes that nothing leads to", "outcome:o1"),
        (("outcome:o2", "figure:near_hall"), "outcomes without a figure", "outcome:o2"),
    ],
)
def test_every_kind_of_gap_is_told_where_it_is(without, gap, at):
    left = [link for link in LINKS if link[:2] != without]
    assert {found.what: found.refs for found in chain(left).gaps()}[gap] == (at,)


def test_an_action_that_answers_nothing_and_a_story_without_a_theme_are_gaps():
    gaps = {gap.what: gap.refs for gap in chain([], ["action:x", "story:y"]).gaps()}
    assert gaps == {
        "stories without a theme": ("story:y",),
        "actions that answer no priority": ("action:x",),
        "actions without an outcome": ("action:x",),
    }


def test_a_link_to_nowhere_is_a_gap_and_stays_in_the_path():
    torn = chain(items=[ref for ref in REFS if ref != "asset:hall"])
    assert [(gap.what, gap.refs) for gap in torn.gaps()] == [
        ("things that a link names and no file holds", ("asset:hall",))
    ]
    assert "asset:hall" in path("action:a1", torn)


def test_an_outcome_that_leads_back_to_itself_ends():
    ring = chain([*LINKS, ("outcome:o2", "outcome:o1", "leads to", "t")])
    assert {"outcome:o1", "outcome:o2"} <= path("mark:S1:1", ring)


def test_an_unknown_reference_is_refused_with_what_is_near():
    with pytest.raises(UsageError, match=r"Did you mean priority:youth\?"):
        chain().path("priorities:youth")


def test_marks_are_tied_to_their_themes_whatever_the_spelling():
    columns = ["annotation_id", "text", "kind", "theme", "session_id", "source"]
    rows = [
        ("S1:1", "no room", "point", "Young  People", "s1", "f.csv"),
        ("S1:2", None, "line", "young people!", None, "f.csv"),
        ("S1:3", "=1+1 <b>", "point", "?", None, "f.csv"),
    ]
    found = Chain(marks_part(pd.DataFrame(rows, columns=columns)))
    assert path("theme:young-people", found) == {"mark:S1:1", "mark:S1:2", "session:s1", "theme:young-people"}
    assert found.named("mark:S1:2")[0] == "(line without words)"
    assert found.named("theme:young-people") == ("Young People", "f.csv")
    assert {gap.what: gap.refs for gap in found.gaps()}["marks without a theme"] == ("mark:S1:3",)


def test_parts_are_joined_and_the_first_one_names():
    first = ChainPart.of([], [("theme:a", "A, as the codebook has it", "codebook.toml")])
    second = ChainPart.of([("mark:1", "theme:a", "coded as", "m")], [("theme:a", "a", "m"), ("mark:1", "x", "m")])
    joined = Chain(join_parts([first, second, second]))
    assert joined.named("theme:a") == ("A, as the codebook has it", "codebook.toml")
    assert len(joined.part.links) == 1
    assert Chain(join_parts([])).counts() == {}


def test_a_reference_of_no_kind_is_refused():
    assert parse_reference("factor:map one/7") == Reference("factor", "map one/7")
    for wrong in ("youth", "thing:youth", "theme:", "theme: \n"):
        with pytest.raises(InputError, match=r"no reference|can't name"):
            parse_reference(wrong)
    with pytest.raises(InputError, match="no reference"):
        join_parts([ChainPart.of([], [("thing:x", "x", "f")])])
    with pytest.raises(SchemaError, match="relation"):
        ChainPart.of([("mark:1", "theme:a", "likes", "f")], [])


def test_a_slug_keeps_letters_of_every_script():
    assert slug_of("তরুণদের  মাঠ") == "তরুণদের-মাঠ"
    assert slug_of("نوجوانوں کے لیے") == "نوجوانوں-کے-لیے"
    assert slug_of("<script>alert(1)</script>") == "script-alert-1-script"
    with pytest.raises(InputError, match="neither a letter"):
        slug_of("!?")
