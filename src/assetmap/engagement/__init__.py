"""What people said and decided: voices, themes, priorities, actions, and the chain that ties them to places."""
