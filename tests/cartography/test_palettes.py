"""Colours keep their contrasts, for every kind of eye."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from assetmap.cartography.basemap import base_classes, label_classes
from assetmap.cartography.palettes import contrast_ratio, mix_colours, palettes, sequential_colours
from assetmap.cartography.symbols import symbols

# Machado, Oliveira and Fernandes 2009, severity 1, on linear sRGB.
BLINDNESS = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def linear(colour):
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def luminance(rgb):
    return float(np.array([0.2126, 0.7152, 0.0722]) @ np.clip(rgb, 0, 1))


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#ffffff", "#767676", 4.54), ("#777777", "#ffffff", 4.48), ("#ff0000", "#ffffff", 4.0)]
)
def test_contrast_is_what_wcag_says(one, other, ratio):
    assert contrast_ratio(one, other) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize("ramp", palettes().ramps)
@pytest.mark.parametrize("eye", ["usual", *BLINDNESS])
def test_ramps_darken_step_by_step_for_every_eye(ramp, eye):
    ground, opacity = palettes().ground["paper"], palettes().zone_opacity
    matrix = np.array(BLINDNESS.get(eye, np.eye(3)))
    laid = [mix_colours(colour, ground, opacity=opacity) for colour in sequential_colours(ramp, 5)]
    levels = [luminance(matrix @ linear(colour)) for colour in laid]
    assert all((high + 0.05) / (low + 0.05) > 1.1 for high, low in itertools.pairwise(levels))


def test_one_class_takes_the_middle():
    assert sequential_colours("plum", 1) == (palettes().ramps["plum"][1],)


def test_words_read_on_the_page_and_on_every_ground():
    ground = palettes().ground
    for ink in (ground["ink"], ground["quiet"], ground["boundary"], ground["marks"], ground["focus"]):
        assert contrast_ratio(ink, ground["paper"]) >= 4.5
    assert contrast_ratio("#ffffff", ground["marks"]) >= 4.5
    for label, base in itertools.product(label_classes().values(), base_classes()):
        assert contrast_ratio(label.colour, base.fill) >= 4.0, (label.kind, base.kind)
    for label in label_classes().values():
        assert contrast_ratio(label.colour, ground["paper"]) >= 4.5  # every name has a rim of this colour


def test_symbols_stand_out_from_every_ground():
    for symbol, base in itertools.product(symbols().values(), base_classes()):
        assert contrast_ratio(symbol.colour, base.fill) >= 3.0, (symbol.group, base.kind)
