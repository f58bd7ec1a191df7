"""A study folder: its settings, the flow from inputs to outputs, the manifest."""
