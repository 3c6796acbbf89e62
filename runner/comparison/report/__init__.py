"""The HTML report of a comparison."""

from runner.comparison.report.page import write_report

__all__ = ["write_report"]
