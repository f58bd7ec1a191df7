"""The map in the dark keeps its contrasts, and every palette its classes, for every kind of eye."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from assetmap.cartography.basemap import BASE_KINDS, base_classes, label_classes
from assetmap.cartography.night import night
from assetmap.cartography.palettes import contrast_ratio, mix_colours, palettes, sequential_colours
from assetmap.cartography.symbols import symbols
from tests.cartography.test_palettes import BLINDNESS, linear

SHADES = {
    "day": (palettes().ground, palettes().zone_opacity),
    "night": (night().ground, night().zone_opacity),
}
CLASSES = {"plum": 10, "amber": 5, "teal": 5, "slate": 5}


def lab(colour, eye):
    """Return CIELAB of what an eye sees of a colour (Machado, Oliveira and Fernandes 2009, severity 1)."""
    seen = np.clip(np.array(BLINDNESS.get(eye, np.eye(3))) @ linear(colour), 0, 1)
    coded = np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055)
    return rgb2lab(coded.reshape(1, 1, 3)).ravel()


@pytest.mark.parametrize("shade", SHADES)
@pytest.mark.parametrize("ramp", CLASSES)
@pytest.mark.parametrize("eye", ["usual", *BLINDNESS])
def test_neighbouring_classes_are_told_apart(shade, ramp, eye):
    """A difference of 2.3 is just noticed (Mahy et al. 1994, in CIELAB); legends need more: 5, a decile's tenth 3."""
    ground, opacity = SHADES[shade]
    count = CLASSES[ramp]
    laid = [mix_colours(colour, ground["paper"], opacity=opacity) for colour in sequential_colours(ramp, count)]
    seen = [lab(colour, eye) for colour in laid]
    apart = [float(deltaE_ciede2000(one, other)) for one, other in itertools.pairwise(seen)]
    assert min(apart) >= (3 if count == 10 else 5), apart
    assert float(deltaE_ciede2000(seen[0], seen[-1])) >= 25
    lightness = [colour[0] for colour in seen]
    assert lightness == sorted(lightness, reverse=True)  # darker is more, by day and by night


@pytest.mark.parametrize("shade", SHADES)
@pytest.mark.parametrize("ramp", CLASSES)
def test_figures_read_on_every_class(shade, ramp):
    """Words on zones have a rim of the ground's colour, and either they or the rim stand out from the class."""
    ground, opacity = SHADES[shade]
    assert contrast_ratio(ground["ink"], ground["paper"]) >= 7
    for colour in sequential_colours(ramp, CLASSES[ramp]):
        laid = mix_colours(colour, ground["paper"], opacity=opacity)
        assert max(contrast_ratio(ground["ink"], laid), contrast_ratio(ground["paper"], laid)) >= 3


def test_every_kind_of_ground_and_name_has_a_colour_in_the_dark():
    assert tuple(night().base) == BASE_KINDS
    assert set(night().labels) == set(label_classes())
    assert set(night().ground) == set(palettes().ground)


def test_words_read_on_every_ground_in_the_dark():
    ground, base = night().ground, night().base
    for ink in ("ink", "quiet", "boundary", "focus"):
        assert contrast_ratio(ground[ink], ground["paper"]) >= 4.5, ink
    assert contrast_ratio("#ffffff", ground["marks"]) >= 4.5
    areas = [look.kind for look in base_classes() if look.shape == "area"]
    for kind, colour in night().labels.items():
        assert contrast_ratio(colour, ground["paper"]) >= 4.5, kind  # every name has a rim of this colour
        assert all(contrast_ratio(colour, base[area][0]) >= 4.5 for area in areas), kind


def test_symbols_and_their_names_stand_out_in_the_dark():
    fills = [night().ground["paper"], *(fill for fill, _ in night().base.values())]
    for symbol in symbols().values():
        name = mix_colours("#ffffff", symbol.colour, opacity=0.65)
        assert contrast_ratio(name, night().ground["paper"]) >= 4.5, symbol.group
        assert contrast_ratio("#ffffff", symbol.colour) >= 4.5  # the glyph
        # a symbol has a white rim: what lies between it and the ground is that rim
        assert all(contrast_ratio("#ffffff", fill) >= 3 for fill in fills)


def test_ways_stand_out_from_the_land_in_the_dark():
    land = night().ground["paper"]
    for kind in ("street", "street_major", "path", "steps", "rail"):
        assert contrast_ratio(night().base[kind][0], land) >= 1.5, kind
    assert contrast_ratio(night().base["street_major"][0], night().base["street"][0]) >= 1.2
