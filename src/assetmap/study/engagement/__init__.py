"""Engagement in a study: voices, walks, themes, votes, system maps, agenda and the chain that joins them."""
