"""Averages are of sums, and a signal that has nothing below its line is none."""

import numpy as np
import pytest

from runner.diagnostics.averages import averages


def test_above_is_divided_by_below_in_the_order_of_the_tags():
    found = averages(["late", "early", "none", "negative"], np.array([[3.0, 8.0, 5.0, 1.0], [2, 4, 0, -1]]))
    assert list(found.items()) == [("late", 1.5), ("early", 2.0)]


def test_what_is_not_finite_is_told():
    found = averages(["a", "b"], np.array([[np.nan, np.inf], [2.0, np.nan]]))
    assert found == pytest.approx({"a": np.nan, "b": np.nan}, nan_ok=True)
