"""Each group of places has a symbol of its own, told apart without colour."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from assetmap.cartography.palettes import contrast_ratio
from assetmap.cartography.symbols import symbol_of, symbol_svg, symbols
from assetmap.taxonomy import taxonomy


def test_every_group_of_the_taxonomy_has_a_symbol():
    assert set(taxonomy().groups) | {"other"} == set(symbols())
    assert symbol_of("something new") is symbols()["other"]


def test_no_two_groups_share_a_shape_a_glyph_or_a_colour():
    for one, other in itertools.combinations(symbols().values(), 2):
        assert one.shape != other.shape
        assert one.glyph != other.glyph
        near = [int(c[i : i + 2], 16) for c in (one.colour, other.colour) for i in (1, 3, 5)]
        assert np.abs(np.array(near[:3]) - near[3:]).max() > 20, (one.group, other.group)


@pytest.mark.parametrize("group", symbols())
def test_symbols_read_in_white_and_are_silent_to_screen_readers(group):
    assert contrast_ratio(symbols()[group].colour, "#ffffff") >= 4.5
    drawn = ET.fromstring(symbol_svg(group, 20))
    assert drawn.attrib["aria-hidden"] == "true"
    assert [child.attrib["d"] for child in drawn] == [symbols()[group].shape, symbols()[group].glyph]
