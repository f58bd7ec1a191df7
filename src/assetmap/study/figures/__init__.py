"""A study's figures: access, supply and equity of its zones and its frame, pockets, and what would change them."""
