"""Where each point of a printed map lies in a photograph of it, how that is known, and how far off it may be."""
