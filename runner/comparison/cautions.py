"""What to know before believing a comparison."""

from collections import Counter
from collections.abc import Sequence

from runner.comparison.differences import provenance_cautions
from runner.comparison.measure import Measure
from runner.comparison.model import Isolation, Run, Setting
from runner.comparison.tuning import edge_cautions, untuned_cautions
from runner.comparison.wording import plural


def cautions(
    runs: Sequence[Run],
    settings: Sequence[Setting],
    varied: Sequence[str],
    measure: Measure,
    isolation: Isolation | None,
) -> tuple[str, ...]:
    """Sentences, the gravest first; `isolation` is the one that was asked for."""
    return (
        *_on_test(measure),
        *_wrong(runs),
        *_unfinished(runs),
        *_findings(runs),
        *provenance_cautions(runs, varied),
        *_seeds(settings),
        *edge_cautions(settings, varied, isolation),
        *untuned_cautions(settings, varied),
    )


def _on_test(measure: Measure) -> list[str]:
    if not measure.tag.startswith("test/"):
        return []
    return [f"ranked by {measure.tag}: chosen on test, the winner's test result is too good to be true"]


def _wrong(runs: Sequence[Run]) -> list[str]:
    counts = Counter(run.status for run in runs if run.went_wrong)
    reasons = Counter(run.error for run in runs if run.status == "failed" and run.error)
    sentences = [f"{count} of {plural(len(runs), 'run')} {status}" for status, count in counts.most_common()]
    named = [f"; most often: {error}" for error, _ in reasons.most_common(1)]
    return [sentence + "".join(named) * ("failed" in sentence) for sentence in sentences]


def _unfinished(runs: Sequence[Run]) -> list[str]:
    count = sum(run.is_unfinished for run in runs)
    if not count:
        return []
    return [f"{count} of {plural(len(runs), 'run')} not finished: the values are those so far"]


def _findings(runs: Sequence[Run]) -> list[str]:
    having = [run for run in runs if any(found.severity == "problem" for found in run.findings)]
    if not having:
        return []
    names = Counter(found.name for run in having for found in run.findings if found.severity == "problem")
    told = ", ".join(f"{name} in {count}" for name, count in names.most_common())
    return [f"{len(having)} of {plural(len(runs), 'run')} with a problem: {told}"]


def _seeds(settings: Sequence[Setting]) -> list[str]:
    counts = [len(setting.runs) for setting in settings]
    if max(counts, default=0) == 1:
        return ["one seed a setting: chance is not told from effect; add seed=0,1,2,3,4"]
    if min(counts, default=0) < max(counts, default=0):
        return [f"settings have {min(counts)} to {max(counts)} seeds: a mean of few is the less certain one"]
    return []
