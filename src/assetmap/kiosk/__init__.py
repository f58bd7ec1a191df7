"""Paper to GIS and back: printed sheets, and marks read from their photographs. Needs ``assetmap[kiosk]``."""
