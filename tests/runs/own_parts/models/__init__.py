"""A user's package, named as ours is."""
