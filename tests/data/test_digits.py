"""The digits are scikit-learn's, without its import."""

import subprocess
import sys

import numpy as np

from runner.data.digits import digits


def test_they_are_scikit_learns():
    from sklearn.datasets import load_digits

    ours, theirs = digits(), load_digits()
    np.testing.assert_array_equal(ours.inputs[..., 0], theirs.images)
    np.testing.assert_array_equal(ours.targets, theirs.target)
    assert ours.classes == tuple(str(name) for name in theirs.target_names)
    assert ours.inputs.dtype == np.uint8
    assert ours.inputs.max() == ours.maximum


def test_scikit_learn_is_not_imported():
    code = "import sys; from runner.data.digits import digits; digits(); print('sklearn' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"
