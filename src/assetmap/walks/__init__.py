"""Group walks: the track, the camera's clock, and where what was recorded was told. Frames in, frames out."""
