"""The drawing of Tidewell Basin, the fictional neighbourhood that ships with assetmap."""
