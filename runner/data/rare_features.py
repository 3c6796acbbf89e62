"""Features that are mostly 0: few of them common, many of them rare, as words are in texts."""

import numpy as np

from runner.data.dataset import DataError, Source


def rare_features(*, samples: int, common: int, rare: int, present: int, seed: int) -> Source:
    """Examples of two classes that rare features decide.

    Inputs are float32 [samples, common + rare], each 0 or 1. A common feature is 1 in half of the examples
    and says nothing. Of the rare ones, `present` are 1 in an example, drawn one after another without putting
    back, the j-th with a probability in proportion to 1 / j (Zipf 1949). They belong to the two classes by
    turns; an example has the class that most of its rare features belong to.

    Args:
        samples: how many examples.
        common: how many features say nothing.
        rare: how many features decide.
        present: how many of those an example has; an odd number, so that none is undecided.
        seed: fixes the examples, whatever the seed of the run.

    Raises:
        DataError: `present` is even, or more than there are.
    """
    if present % 2 == 0 or present > rare:
        raise DataError(f"dataset.present={present}: expected an odd number up to dataset.rare={rare}")
    random = np.random.default_rng(seed)
    filler = random.random((samples, common)) < 0.5
    # The largest of log p + Gumbel noise are a draw without putting back (Yellott 1977).
    scores = random.gumbel(size=(samples, rare)) - np.log(np.arange(1, rare + 1))
    drawn = np.argpartition(-scores, present - 1, axis=1)[:, :present]
    words = np.zeros((samples, rare), bool)
    np.put_along_axis(words, drawn, True, axis=1)
    labels = (2 * (drawn % 2).sum(axis=1) > present).astype(np.int32)
    return Source(np.hstack([filler, words]).astype(np.float32), labels, ("first", "second"), 1.0)
