"""Everything that touches the network. Nothing outside this package does.

Each ``fetch_`` function brings one thing into a folder, whole or not at all, with a record of where it
came from beside it; a second call finds it there and asks nobody.
"""
