"""A comparison on the terminal, at whatever width it has."""

from runner.comparison.terminal.page import show, show_files, show_in_brief

__all__ = ["show", "show_files", "show_in_brief"]
