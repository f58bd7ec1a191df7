"""A country's worth of walking access on one core: real deprivation figures on a synthetic map."""
