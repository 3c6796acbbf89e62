"""The same example more than once: in two splits, or with two labels."""

import hashlib

import numpy as np

from runner.data.dataset import Dataset
from runner.diagnostics.findings import Finding, Severity
from runner.doctor.checked import Checked, counted, finding, percent

LEAK, AT_LEAST = 0.01, 3
"""The share of a split, and the number of its examples, from which copies in train are a leak."""
MANY = 0.05


def contents(inputs: np.ndarray) -> np.ndarray:
    """A number of each example, int64 [n]: the same for examples that are equal to the byte."""
    known: dict[bytes, int] = {}
    hashes = (hashlib.blake2b(example.tobytes(), digest_size=16).digest() for example in inputs)
    return np.fromiter((known.setdefault(digest, len(known)) for digest in hashes), np.int64, len(inputs))


def check_copies(dataset: Dataset, content: np.ndarray) -> Checked:
    """Examples of val or test that are trained on too; copies in train; the same input with two labels.

    Args:
        dataset: whose examples.
        content: the number of each, from `contents`.
    """
    train = content[dataset.train]
    found: list[Finding] = []
    for split in ("val", "test"):
        indices = getattr(dataset, split)
        shared = int(np.isin(content[indices], train).sum())
        if shared:
            found.append(_leak(split, shared, len(indices)))
    kinds, first = np.unique(train, return_index=True)
    copies = len(train) - len(kinds)
    if copies:
        share = copies / len(train)
        grave: Severity = "warning" if share >= MANY else "remark"
        sentence = f"{counted(copies, 'copy', 'copies')} among the training examples ({percent(share)})"
        found.append(finding("duplicates", grave, "train", sentence, copies=copies, share=share))
    found += _contradictions(train, dataset.targets[dataset.train], first, len(train)) if copies else []
    sizes = len(dataset.train) + len(dataset.val) + len(dataset.test)
    return Checked(f"{sizes:,} examples: none of val or test is in train, none repeats another", found)


def _leak(split: str, shared: int, of: int) -> Finding:
    share = shared / of
    grave: Severity = "problem" if share >= LEAK and shared >= AT_LEAST else "remark"
    sentence = f"{shared:,} of {of:,} examples of {split} ({percent(share)}) are in train too"
    return finding("leak", grave, split, sentence, examples=shared, share=share)


def _contradictions(content: np.ndarray, targets: np.ndarray, first: np.ndarray, of: int) -> list[Finding]:
    """Training examples whose target is not that of the first one with the same input."""
    kinds = np.searchsorted(content[first], content)
    own = targets.reshape(len(targets), -1)
    other = int((own != own[first[kinds]]).any(axis=1).sum())
    if not other:
        return []
    grave: Severity = "warning" if other / of >= LEAK else "remark"
    sentence = f"{counted(other, 'training example')} of another label than a copy ({percent(other / of)})"
    return [finding("contradictions", grave, "train", sentence, examples=other, share=other / of)]
