"""What differs between runs beside their options: where their numbers come from."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from runner.comparison.model import Provenance, Run

NAMED = 3


def provenance_cautions(runs: Sequence[Run], varied: Sequence[str]) -> list[str]:
    """A sentence for each difference of data, split, commit, device or version between the runs.

    Data that differ because the data set is one of the varied options are told apart from data that changed.
    """
    chosen = any(key.startswith("dataset") for key in varied)
    reads = "the varied data set" if chosen else "one data set that changed between runs"
    found = [
        _differing(runs, "data", lambda source: source.fingerprint, f"fingerprints: {reads}"),
        _differing(runs, "split", _split_seed, "split seeds: other examples are val and test"),
        _differing(runs, "code", _commit, "commits"),
        _differing(runs, "device", lambda source: source.device, "devices: times do not compare"),
        *_versions(runs),
        _dirty(runs),
    ]
    return [sentence for sentence in found if sentence is not None]


def _differing(
    runs: Iterable[Run], what: str, read: Callable[[Provenance], str | None], words: str
) -> str | None:
    counts = Counter(value for run in runs if (value := read(run.provenance)) is not None)
    if len(counts) < 2:
        return None
    named = ", ".join(f"{value} ({count})" for value, count in counts.most_common(NAMED))
    more = f", and {len(counts) - NAMED} more" if len(counts) > NAMED else ""
    noun, _, rest = words.partition(":")
    return f"{what}: the runs have {len(counts)} {noun} ({named}{more}){':' * bool(rest)}{rest}"


def _versions(runs: Sequence[Run]) -> list[str | None]:
    packages = dict.fromkeys(name for run in runs for name in run.provenance.versions)
    return [
        _differing(runs, name, lambda source, name=name: source.versions.get(name), "versions")
        for name in packages
    ]


def _dirty(runs: Sequence[Run]) -> str | None:
    count = sum(run.provenance.dirty is True for run in runs)
    if not count:
        return None
    return f"code: {count} of {len(runs)} runs were made with changes that no commit holds"


def _split_seed(source: Provenance) -> str | None:
    return None if source.split_seed is None else str(source.split_seed)


def _commit(source: Provenance) -> str | None:
    return None if source.commit is None else source.commit[:10]
