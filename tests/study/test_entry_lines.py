"""An entry put into settings and taken out again leaves the text as it was; no line of the user's moves or goes."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetmap.errors import UsageError
from assetmap.sources.recognised import Recognised
from assetmap.study.entries import name_file
from assetmap.study.entry_lines import with_entries, without_file

SAID = {"category": None, "sheet": None, "raster": None}
NEW = "inputs/new file.csv"
NOTES = ["# Why: the street party.\n", "#file = 'inputs/later.csv'\n", "# [osm] comes later\n", "# [[lists]]\u2028x\n"]
TABLES = {
    "[place]\n": ["site = 'old-ford'  # ours\n"],
    "[access]\n": ["thresholds_m = [\n    400,  # five minutes\n    800,\n]\n", "profile = 'slow'\n"],
    "[population]\n": ["file = 'inputs/people.csv'\n"],
    "[deprivation]\n": ["edition = 2019\n"],
    "[osm]\n": ["file = 'inputs/town.osm'\n", "file = [\n  'inputs/a.json',  # west\n  'inputs/b.json',\n]\n"],
    "[zones]\n": ['file = "inputs/zones.gpkg"\n', "file = 'inputs/zones.gpkg'\ncode = 'c'\n"],
}
LISTED = {
    "[[lists]]\n": ['category = "library"\n', "postcodes = 'inputs/codes.csv'\n", "[lists.columns]\nname = 'Venue'\n"],
    " [[ green_space ]]  # walked\n": ["", "access_points = 'inputs/gates.geojson'\n"],
    "[[annotations]]\n": ["  columns = {text = 'Said'}\n"],
}  # fmt: skip


@st.composite
def settings_texts(draw):
    """Settings as people write them: in any order, with comments, kinds mixed, line ends of either system."""
    notes = st.lists(st.sampled_from(NOTES), max_size=2).map("".join)
    gap = st.sampled_from(["\n", "\n", "\n\n", "", "  \n"])
    lists = draw(st.lists(st.sampled_from(sorted(LISTED)), max_size=4))
    blocks = [
        f"{header}file = 'inputs/{n}.csv'\n{draw(notes)}{draw(st.sampled_from(LISTED[header]))}"
        for n, header in enumerate(lists)
    ]
    singles = draw(st.lists(st.sampled_from(sorted(TABLES)), unique=True))
    blocks += [header + draw(notes) + draw(st.sampled_from(TABLES[header])) for header in singles]
    blocks = ["[study]\nname = 'Bow' # as people say\nnotice = '''\n[lists] is a word\n\n'''\n", *blocks]
    blocks = draw(st.permutations(blocks))
    text = draw(notes) + "".join(block + draw(notes) + draw(gap) + draw(notes) for block in blocks)
    text = draw(st.sampled_from([text, text, text.rstrip("\n"), text + "\n\n"]))
    return draw(st.sampled_from([text, text.replace("\n", "\r\n")]))


KINDS = {
    "list": ("lists", {"file": NEW, "category": "library"}),
    "green_space": ("green_space", {"file": NEW}),
    "annotations": ("annotations", {"file": NEW}),
    "areas": ("lookups", {"file": NEW}),
    "osm": ("osm", {"file": NEW}),
    "zones": ("zones", {"file": NEW}),
    "deprivation": ("deprivation", {"file": NEW}),
    "lookup": ("deprivation", {"lookup": NEW}),
    "boundary": ("place", {"boundary": NEW}),
    "canopy": ("canopy", {"file": NEW, "values": "share"}),
    "grid": ("population", {"grid": NEW}),
    "postcodes": ("lists", {"postcodes": NEW}),
    "access_points": ("green_space", {"access_points": NEW}),
}


@pytest.fixture(scope="module")
def by_code(tmp_path_factory):
    """Every list of the settings: one that needs a postcode table."""
    path = tmp_path_factory.mktemp("lists") / "by_code.csv"
    path.write_text("Venue,Type,Postcode\nHall,Library,E3 5SJ\n")
    return path


def named(text, kind, by_code):
    """Return what the settings are to say with a file of a kind; None where there is no place for it."""
    wanted = tomllib.loads(text)
    raster = {"canopy": "canopy", "grid": "population"}.get(kind)
    found = Recognised("raster" if raster else kind, "", suggested={"category": "library"})
    try:
        name_file(wanted, Path(NEW), found, NEW, SAID | {"raster": raster}, where=lambda _: by_code)
    except UsageError:
        return None
    return wanted


@given(text=settings_texts(), kind=st.sampled_from(sorted(KINDS)))
def test_what_is_put_in_and_taken_out_again_leaves_the_text_letter_by_letter(by_code, text, kind):
    before = tomllib.loads(text)
    wanted = named(text, kind, by_code)
    if wanted is None or (kind == "boundary" and "place" not in before):  # an empty [place] stays, for its comments
        return
    found = with_entries(text, wanted)
    assert tomllib.loads(found) == wanted
    assert without_file(found, NEW)[0] == text
    assert tomllib.loads(text) == before
    table, entry = KINDS[kind]
    if kind != "postcodes":  # those may go into several lists
        assert_put_in_once(text, found)
    if table not in before or (kind in ("list", "green_space", "annotations", "areas")):
        assert_stands_alone(found, table, entry)


def assert_put_in_once(text, found):
    """The new text is the old one with something put in at one place."""
    more = len(found) - len(text)
    assert any(found[:at] + found[at + more :] == text for at in range(len(text) + 1))


def assert_stands_alone(found, table, entry):
    """Its header comes after an empty line, and an empty line or nothing comes after it."""
    lines = [line.strip() for line in found.replace("\r\n", "\n").split("\n")]
    last = lines.index(next(line for line in lines if NEW in line)) + len(entry) - 1
    first = last - len(entry)
    assert lines[first] in (f"[{table}]", f"[[{table}]]")
    assert lines[first - 1] == ""
    assert lines[last + 1 : last + 2] in ([], [""])


@given(settings_texts(), st.permutations(["lists", "lists", "annotations", "lookups", "canopy"]))
def test_several_at_once_are_put_in_beside_the_lines_of_the_user(text, tables):
    wanted = tomllib.loads(text)
    for n, table in enumerate(tables):
        entry = {"file": f"inputs/{n}.new"}
        wanted[table] = entry if table == "canopy" else [*wanted.get(table, []), entry]
    found = with_entries(text, wanted)
    assert tomllib.loads(found) == wanted
    left = iter(re.split("\r?\n", found))
    assert all(line in left for line in re.split("\r?\n", text.rstrip()))  # each, in their order


BY_HAND = """[study]
name = "Bow"
# Our halls.
[[lists]]
file = "inputs/halls.csv"

# How we walk.
[access]
profile = "slow"

[[lists]]
file = "inputs/shops.csv"

# The marks of May.
[[annotations]]
file = "inputs/may.geojson"
# [osm] comes later
"""


def test_it_stands_after_the_last_of_its_kind_above_the_comment_of_the_next():
    wanted = tomllib.loads(BY_HAND)
    wanted["lists"].append({"file": "inputs/clubs.csv", "category": "library"})
    above, below = BY_HAND.split("\n# The marks of May.")
    new = '\n[[lists]]\nfile = "inputs/clubs.csv"\ncategory = "library"\n'
    assert with_entries(BY_HAND, wanted) == f"{above}{new}\n# The marks of May.{below}"


@pytest.mark.parametrize("below", ["# June is to come\n", "# June is to come"])
def test_it_stands_below_the_comments_right_below_the_last_of_its_kind(below):
    text = f"{BY_HAND}{below}"
    wanted = tomllib.loads(text)
    wanted["annotations"].append({"file": "inputs/june.kml"})
    new = '\n[[annotations]]\nfile = "inputs/june.kml"\n'
    assert with_entries(text, wanted) == (text + new if below.endswith("\n") else f"{text}\n{new[:-1]}")
    more = "\n\n[osm]\nfile = 'inputs/a.osm'\n"
    above = text.removesuffix("\n")
    assert with_entries(above + more, wanted | tomllib.loads(more)) == f"{above}\n{new[:-1]}{more}"


def test_it_stands_at_the_end_where_the_last_of_its_kind_has_the_next_table_right_below_it():
    text = f"{BY_HAND}[osm]\nfile = 'inputs/a.osm'\n"
    wanted = tomllib.loads(text)
    wanted["annotations"].append({"file": "inputs/june.kml"})
    assert with_entries(text, wanted) == f'{text}\n[[annotations]]\nfile = "inputs/june.kml"\n'


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("file = 'inputs/a'  # west", "file = ['inputs/a', \"inputs/b\"]  # west"),
        ("file = ['inputs/c', 'inputs/a']", "file = ['inputs/c', 'inputs/a', \"inputs/b\"]"),
        (
            "file = [\n  'inputs/c',  # east\n  'inputs/a',\n]  # tiles",
            "file = [\n  'inputs/c',  # east\n  'inputs/a',\n  \"inputs/b\",\n]  # tiles",
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_one_more_name_of_several_leaves_quotes_and_comments(one, two, newline):
    before, after = (f"[osm]\n{line}\n# the end".replace("\n", newline) for line in (one, two))
    wanted = tomllib.loads(after)
    assert with_entries(before, wanted) == after
    assert without_file(after, "inputs/b")[0] == before


@pytest.mark.parametrize(
    "text",
    ["lists = [{file = 'inputs/a'}]\n", "lists = [\n  {file = 'inputs/a'},  # ours\n]\n"],
)
def test_a_list_written_in_one_setting_gets_one_more(text):
    wanted = {"lists": [{"file": "inputs/a"}, {"file": "inputs/b"}]}
    found = with_entries(text, wanted)
    assert tomllib.loads(found) == wanted
    assert tomllib.loads(without_file(found, "inputs/b")[0]) == tomllib.loads(text)


@pytest.mark.parametrize("text", ["osm.endpoint = 'x'\n", "osm = {endpoint = 'x'}\n"])
def test_a_table_written_without_a_header_gets_a_key(text):
    wanted = {"osm": {"endpoint": "x", "file": "inputs/a"}}
    assert tomllib.loads(with_entries(text, wanted)) == wanted
