"""A training run as pure functions of its numbers."""
