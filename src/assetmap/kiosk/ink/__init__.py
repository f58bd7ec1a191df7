"""Ink told from print: what light fell on the sheet, what the pens took of it, and which pen it was."""
