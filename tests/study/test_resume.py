"""A build that is interrupted goes on from what it had measured; anything doubtful is measured again."""

from __future__ import annotations

import pytest

from assetmap.measures.regions import measure_part
from assetmap.study import flow
from assetmap.study.built import last_build
from assetmap.study.create import create_demo, sample_folder
from assetmap.study.engagement.system_maps import import_system_map
from assetmap.study.engagement.system_ties import tie_factor
from assetmap.study.flow import build_study
from assetmap.study.settings import read_settings


@pytest.fixture
def interrupted(tmp_path, monkeypatch):
    """A demo whose first build dies while it draws the map."""
    create_demo(tmp_path)

    def die(content):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(flow, "map_html", die)
        with pytest.raises(KeyboardInterrupt):
            build_study(tmp_path, today="2026-11-22")
    return tmp_path


def counted():
    """A measuring of access, and the list to which it adds a 1 each time that it is asked."""
    calls = []

    def measured(*args, **kwargs):
        calls.append(1)
        return measure_part(*args, **kwargs)

    return calls, measured


def test_it_goes_on_and_the_outputs_are_those_of_one_go(interrupted, tmp_path_factory):
    calls, measure = counted()
    assert not (interrupted / "out" / "map.html").exists()
    resumed = build_study(interrupted, today="2026-11-22", measure=measure)
    assert not calls
    fresh = tmp_path_factory.mktemp("fresh")
    create_demo(fresh)
    assert resumed.outputs == build_study(fresh, today="2026-11-22").outputs
    assert not (interrupted / "out" / ".unfinished").exists()


def test_changed_settings_and_torn_tables_are_measured_again(interrupted):
    calls, measure = counted()
    kept = interrupted / "out" / ".unfinished" / "access.parquet"
    kept.write_bytes(kept.read_bytes()[:-100])
    build_study(interrupted, today="2026-11-22", measure=measure)
    assert len(calls) == 1
    toml = interrupted / "assetmap.toml"
    toml.write_text(toml.read_text().replace('profile = "standard"', 'profile = "slow"'))
    build_study(interrupted, today="2026-11-22", measure=measure)
    assert len(calls) == 2


def test_a_tie_draws_the_map_anew_and_measures_nothing(tmp_path):
    calls, measure = counted()
    study, place = tmp_path / "study", "osm:node/2916"

    def build(**said):
        return build_study(study, today="2026-11-22", measure=measure, **said)

    create_demo(study)
    import_system_map(study, sample_folder() / "engagement" / "tidewell_system_map.json")
    first = build()
    tie_factor(study, "Lamps on the towpath", "theme:dark-streets")
    assert build() == first  # no card leads to a theme
    tie_factor(study, "Lamps on the towpath", place)
    assert last_build(study, read_settings(study)) == first  # no figure has changed: reports are as good as before
    tied = build()
    assert len(calls) == 1
    assert {name for name in first.outputs if first.outputs[name] != tied.outputs[name]} == {"map.html"}
    assert build() == tied
    assert build(overwrite=True).outputs == tied.outputs
    assert len(calls) == 2
    tie_factor(study, "Lamps on the towpath", place, untie=True)
    assert build().outputs == first.outputs
    assert len(calls) == 2
