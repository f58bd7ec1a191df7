"""System maps in a study: kept once, tied to places and themes, shown on a page, in the chain."""

from __future__ import annotations

import json
import shutil

import pytest

from assetmap.errors import InputError, UsageError
from assetmap.study.engagement.chaining import read_chain
from assetmap.study.engagement.system_export import export_system_map
from assetmap.study.engagement.system_maps import import_system_map, read_map, read_system_maps, read_ties
from assetmap.study.engagement.system_page import write_system_page
from assetmap.study.engagement.system_ties import tie_factor

LARDER = "osm:node/2916"


@pytest.fixture
def study(built, tmp_path):
    shutil.copytree(built, tmp_path / "study")
    return tmp_path / "study"


@pytest.fixture
def drawn(tmp_path):
    """A file with two factors and a link."""

    def writing(name="night.json", labels=("Street lighting", "Fear"), kind="+"):
        content = {
            "name": "Nights",
            "elements": [{"id": str(n), "label": label} for n, label in enumerate(labels)],
            "connections": [{"from": "0", "to": "1", "type": kind}],
        }
        (tmp_path / name).write_text(json.dumps(content))
        return tmp_path / name

    return writing


def test_a_map_is_kept_once_and_the_file_as_it_is(study, drawn):
    first = import_system_map(study, drawn())
    assert (first.name, first.known) == ("night", False)
    assert (study / "inputs" / "night.json").read_bytes() == drawn().read_bytes()
    before = (study / "engagement" / "systems" / "night.json").read_bytes()
    assert import_system_map(study, drawn()).known
    assert (study / "engagement" / "systems" / "night.json").read_bytes() == before
    assert list(read_system_maps(study)) == ["night"]


def test_another_map_of_one_name_goes_in_its_place_only_when_asked(study, drawn, tmp_path):
    import_system_map(study, drawn())
    tie_factor(study, "Fear", LARDER)
    other = drawn("other.json", labels=("Street lighting", "Trust"))
    with pytest.raises(UsageError, match="another system map 'night' already"):
        import_system_map(study, other, name="night")
    assert read_map(study)[1].factors["label"].tolist() == ["Street lighting", "Fear"]
    content = json.loads(other.read_text())
    content["elements"][1]["id"] = "2"
    content["connections"] = []
    other.write_text(json.dumps(content))
    found = import_system_map(study, other, name="Night", overwrite=True)
    assert found.loose == ("factor:night/1",)
    assert read_ties(study)["factor"].tolist() == ["factor:night/1"]  # nothing is lost


def test_a_newer_file_of_the_same_name_goes_in_its_place_only_when_asked(study, drawn):
    old = drawn().read_bytes()
    import_system_map(study, drawn())
    newer = drawn(labels=("Street lighting", "Trust"))
    with pytest.raises(UsageError, match="another system map 'night' already"):
        import_system_map(study, newer)
    assert (study / "inputs/night.json").read_bytes() == old
    import_system_map(study, newer, overwrite=True)
    assert (study / "inputs/night.json").read_bytes() == newer.read_bytes()
    assert read_map(study)[1].factors["label"].tolist() == ["Street lighting", "Trust"]


def test_a_file_of_another_map_stays_even_when_asked(study, drawn):
    import_system_map(study, drawn("other.json"), name="other")
    import_system_map(study, drawn())
    kept = (study / "inputs/other.json").read_bytes()
    with pytest.raises(UsageError, match=r"another file inputs/other\.json already"):
        import_system_map(study, drawn("other.json", labels=("Lamps", "Trust")), name="night", overwrite=True)
    assert (study / "inputs/other.json").read_bytes() == kept
    assert read_map(study, "night")[1].factors["label"].tolist() == ["Street lighting", "Fear"]


def test_a_file_that_is_no_map_changes_nothing(study, tmp_path):
    (tmp_path / "bad.prsm").write_text("{}")
    with pytest.raises(InputError):
        import_system_map(study, tmp_path / "bad.prsm")
    assert not (study / "engagement").exists()
    assert not (study / "inputs" / "bad.prsm").exists()


def test_a_stored_map_changed_by_hand_is_one_line(study, drawn):
    import_system_map(study, drawn())
    for text in ("", "{", "[]", '{"title": 1}', '{"factors": [], "links": [1], "title": "", "sha256": ""}'):
        (study / "engagement" / "systems" / "night.json").write_text(text)
        with pytest.raises(InputError, match=r"night\.json can't be read"):
            read_system_maps(study)


def test_the_study_s_words_for_signs_count(study, drawn):
    path = study / "assetmap.toml"
    path.write_text(path.read_text() + '\n[engagement]\npolarity = { drives = "positive" }\n')
    import_system_map(study, drawn(kind="Drives"))
    assert read_map(study)[1].links["polarity"].tolist() == ["positive"]


def test_ties_are_kept_once_and_can_be_undone(study, drawn):
    import_system_map(study, drawn())
    assert tie_factor(study, " street  LIGHTING", "Young people").tied_to == "theme:young-people"
    assert tie_factor(study, "night/0", LARDER).target_label == "The Larder on the Wharf"
    assert tie_factor(study, "factor:night/0", f"asset:{LARDER}").changed is False
    assert read_ties(study)["tied_to"].tolist() == ["theme:young-people", f"asset:{LARDER}"]
    assert tie_factor(study, "night/0", LARDER, untie=True).changed
    assert read_ties(study)["tied_to"].tolist() == ["theme:young-people"]
    with pytest.raises(UsageError, match="isn't tied to asset"):
        tie_factor(study, "night/0", LARDER, untie=True)


@pytest.mark.parametrize(
    ("factor", "target", "words"),
    [
        ("Fera", LARDER, "did you mean 'Fear'"),
        ("Fear", "osm:node/291", "there is no asset 'osm:node/291': did you mean osm:node/2916"),
        ("Fear", "outcome:x", "can't be tied to a outcome"),
        ("Fear", "!!", "neither a letter nor a digit"),
    ],
)
def test_what_is_not_there_cannot_be_tied(study, drawn, factor, target, words):
    import_system_map(study, drawn())
    with pytest.raises((UsageError, InputError), match=words):
        tie_factor(study, factor, target)
    assert read_ties(study).empty


def test_factors_of_one_name_have_to_be_told_apart(study, drawn):
    import_system_map(study, drawn(labels=("Fear", "fear")))
    with pytest.raises(UsageError, match="2 factors are called 'FEAR': name one of night/0, night/1"):
        tie_factor(study, "FEAR", LARDER)


def test_ties_stand_in_the_chain_both_ways(study, drawn):
    import_system_map(study, drawn())
    tie_factor(study, "Fear", LARDER)
    tie_factor(study, "Fear", "Young people")
    chain = read_chain(study)
    for start in ("factor:night/1", f"asset:{LARDER}"):
        assert {"factor:night/1", f"asset:{LARDER}", "theme:young-people"} <= {str(s.ref) for s in chain.path(start)}
    assert chain.named(f"asset:{LARDER}") == ("The Larder on the Wharf", "out/assets.parquet")


def test_the_page_is_for_the_team_and_loads_nothing(study, drawn):
    import_system_map(study, drawn(labels=("<b>Lighting</b>", "Fear")))
    tie_factor(study, "Fear", LARDER)
    page = write_system_page(study, today="2026-01-01").read_text()
    assert '<meta name="audience" content="team">' in page
    assert "<b>" not in page
    assert f'href="map.html#place={LARDER}"' in page
    assert page == write_system_page(study, today="2026-01-01").read_text()
    assert "Market Street</text>" in page  # the small map has streets, by name
    (study / "out" / "ground.parquet").unlink()  # as an older build has left it
    assert "Market Street</text>" not in write_system_page(study, today="2026-01-01").read_text()


def test_a_study_that_is_not_built_has_a_page_too(tmp_path, study, drawn):
    shutil.rmtree(study / "out")
    import_system_map(study, drawn())
    with pytest.raises(UsageError, match="has not been built yet"):
        tie_factor(study, "Fear", LARDER)
    assert "Street lighting" in write_system_page(study, today="2026-01-01").read_text()


def test_an_export_replaces_nothing_unasked(study, drawn, tmp_path):
    import_system_map(study, drawn())
    target = tmp_path / "x.svg"
    assert export_system_map(study, target, to="svg") == []
    with pytest.raises(UsageError, match="say --overwrite"):
        export_system_map(study, target, to="prsm")
    assert export_system_map(study, target, to="prsm", overwrite=True)
    with pytest.raises(UsageError, match="has no system map 'day': it has night"):
        export_system_map(study, tmp_path / "y", to="svg", name="day")
