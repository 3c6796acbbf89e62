"""Checks that train a little."""
