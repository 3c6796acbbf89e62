"""What to know before believing a comparison."""

from dataclasses import replace

from runner.comparison.cautions import cautions
from runner.comparison.differences import provenance_cautions
from runner.comparison.isolation import isolation
from runner.comparison.settings import ranked_settings
from runner.comparison.tuning import edge_cautions, untuned_cautions
from tests.comparison.made import ACCURACY, NO_RECORDS, SOURCE, run, seeds

RATE = "optimizer.learning_rate"
BY_TEST = ACCURACY._replace(tag="test/accuracy", at_best=False)


def sources(*changes):
    return [run(provenance=replace(SOURCE, **change)) for change in changes]


def grid(best, rates=(0.001, 0.01, 0.1), optimizers=("adam",)):
    """Runs whose best learning rate, for each optimizer, is `best[optimizer]`."""
    return [
        run(0.9 - abs(rates.index(rate) - rates.index(best[name])) / 10, 0, {"optimizer": name, RATE: rate})
        for name in optimizers
        for rate in rates
    ]


def edges(runs, by=None):
    varied = ["optimizer", RATE]
    settings = ranked_settings(runs, varied, ACCURACY)
    asked = None if by is None else isolation(by, settings, ACCURACY, NO_RECORDS)
    return edge_cautions(settings, varied, asked)


def test_runs_of_one_origin_need_no_caution():
    assert provenance_cautions(sources({}, {}), []) == []


def test_differences_of_origin_are_named():
    changes = [
        {},
        {},
        {
            "commit": "ffff000011112222",
            "fingerprint": "0123",
            "split_seed": 1,
            "device": "gpu",
            "versions": {"jax": "0.11.0"},
            "dirty": True,
        },
    ]
    data, split, code, device, jax, dirty = provenance_cautions(sources(*changes), [])
    assert data.startswith("data: the runs have 2 fingerprints (b534bfda (2), 0123 (1))")
    assert "changed between runs" in data
    assert split.startswith("split: the runs have 2 split seeds (0 (2), 1 (1))")
    assert code == "code: the runs have 2 commits (0ef274c9d1 (2), ffff000011 (1))"
    assert device.startswith("device: the runs have 2 devices (cpu (2), gpu (1))")
    assert jax == "jax: the runs have 2 versions (0.10.2 (2), 0.11.0 (1))"
    assert dirty == "code: 1 of 3 runs were made with changes that no commit holds"


def test_data_that_differ_by_choice_are_told_from_data_that_changed():
    (sentence,) = provenance_cautions(sources({}, {"fingerprint": "0123"}), ["dataset"])
    assert "changed" not in sentence


def test_a_best_value_inside_its_range_needs_no_caution():
    assert edges(grid({"adam": 0.01})) == []


def test_a_best_value_at_the_edge_of_its_range_is_named():
    (sentence,) = edges(grid({"adam": 0.1}))
    assert sentence == (
        f"{RATE}: the best value with optimizer=adam is 0.1, the highest that was tried; "
        "a better one may lie beyond"
    )


def test_two_values_and_zero_are_no_edge():
    assert edges(grid({"adam": 0.1}, rates=(0.01, 0.1))) == []
    assert edges(grid({"adam": 0.0}, rates=(0.0, 0.01, 0.1))) == [], "off is not one end of a range"


def test_each_value_of_the_isolated_option_has_a_range_of_its_own():
    runs = grid({"adam": 0.01, "sgd": 0.001}, optimizers=("adam", "sgd"))
    assert edges(runs) == []
    (sentence,) = edges(runs, by="optimizer")
    assert "with optimizer=sgd is 0.001, the lowest" in sentence


def test_options_compared_at_one_rate_are_named():
    rates = {"adam": 0.001, "sgd": 0.1}
    one = [run(options={"optimizer": name, RATE: rates[name], "epochs": n}) for name in rates for n in (1, 2)]
    varied = ["optimizer", "epochs"]
    (sentence,) = untuned_cautions(ranked_settings(one, varied, ACCURACY), varied)
    assert sentence.startswith("optimizer: compared at one untuned learning rate")
    tuned = grid({"adam": 0.01, "sgd": 0.01}, optimizers=("adam", "sgd"))
    assert untuned_cautions(ranked_settings(tuned, ["optimizer", RATE], ACCURACY), ["optimizer", RATE]) == []


def test_numbers_drawn_with_their_rate_are_no_untuned_option():
    runs = [run(options={"model.dropout": 0.1 * n, RATE: 0.01 * n}) for n in (1, 2, 3)]
    varied = ["model.dropout", RATE]
    assert untuned_cautions(ranked_settings(runs, varied, ACCURACY), varied) == []
    fixed = [run(options={"model.dropout": 0.1 * n, RATE: 0.01}) for n in (1, 2, 3)]
    assert len(untuned_cautions(ranked_settings(fixed, varied[:1], ACCURACY), varied[:1])) == 1


def said(runs, measure=ACCURACY):
    return cautions(runs, ranked_settings(runs, ["optimizer"], measure), ["optimizer"], measure, None)


def test_a_ranking_by_test_is_the_gravest():
    runs = seeds([0.9, 0.91], optimizer="adam")
    runs = [replace(one, metrics={"test/accuracy": 0.9}) for one in runs]
    assert said(runs, BY_TEST)[0].startswith("ranked by test/accuracy")


def test_runs_that_went_wrong_or_are_not_finished_are_counted_with_a_reason():
    runs = [
        run(0.9, 0),
        run(None, 1),
        run(None, 2, status="failed", error="out of memory"),
        run(None, 3, status="failed", error="out of memory"),
        run(0.5, 4, status="running"),
    ]
    sentences = said(runs)
    assert "2 of 5 runs failed; most often: out of memory" in sentences
    assert "1 of 5 runs diverged" in sentences
    assert "1 of 5 runs not finished: the values are those so far" in sentences


def test_few_seeds_are_named():
    assert said([run()])[0].startswith("one seed a setting")
    uneven = [*seeds([0.9, 0.91], optimizer="adam"), *seeds([0.8], optimizer="sgd")]
    assert any(sentence.startswith("settings have 1 to 2 seeds") for sentence in said(uneven))
