"""How far the tests go: `make campaign` asks for the full sizes."""

import os

FULL = os.environ.get("ASSETMAP_CAMPAIGN") == "full"
