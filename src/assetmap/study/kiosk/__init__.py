"""The kiosk in a study: its sheets, readings, reviews, and what is blanked when a mark is forgotten."""
