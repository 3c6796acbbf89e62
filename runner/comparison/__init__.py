"""What a sweep says: its runs ranked, the effect of each option with its uncertainty, from files alone."""

from runner.comparison.analysis import compare

__all__ = ["compare"]
