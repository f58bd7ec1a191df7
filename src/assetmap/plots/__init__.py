"""Plots of measures: frames in, one picture out, with how to read it. Needs the extra ``[plots]``."""
