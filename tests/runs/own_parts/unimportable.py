"""Needs a library that is not there."""

from no_such_library import Net as Net
