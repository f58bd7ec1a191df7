"""Who walks and how, in the drawn world: the same answer whichever profile the study has."""

from __future__ import annotations

import shutil

import pandas as pd

from assetmap.study.flow import build_study


def test_each_profile_is_measured_alike_whichever_is_the_study_s(built, tmp_path):
    study = shutil.copytree(built, tmp_path / "study")
    settings = study / "assetmap.toml"
    settings.write_text(settings.read_text().replace('profile = "standard"', 'profile = "step_free"'))
    build_study(study, today="2026-05-04")
    one, other = (pd.read_csv(folder / "out" / "access_by_walker.csv") for folder in (built, study))
    pd.testing.assert_frame_equal(one, other)
    minutes = one.pivot_table(index=["category", "weights"], columns="profile", values="mean_minutes")
    assert (minutes["step_free"] >= minutes["standard"] - 1e-3).all()
    assert (minutes["slow"] / minutes["standard"]).round(3).eq(round(4 / 2.4, 3)).all()
    assert set(one["weights"]) == {"all", "children", "65plus"}
