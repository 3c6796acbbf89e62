"""TensorBoard's own readers and its HPARAMS plugin find the comparison."""

import io
from types import SimpleNamespace

import pytest
from PIL import Image
from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
from tensorboard.context import RequestContext
from tensorboard.plugins.hparams import api_pb2, backend_context, get_experiment, list_session_groups

from runner.comparison import compare
from runner.comparison.tensorboard import write_tensorboard
from tests.comparison.sample import METRIC, sample
from tests.comparison.sweep_files import write_run


def hparams(place):
    """What TensorBoard's HPARAMS page asks for: the experiment, and all session groups."""
    multiplexer = EventMultiplexer().AddRunsFromDirectory(str(place)).Reload()
    provider = MultiplexerDataProvider(multiplexer, str(place))
    context = backend_context.Context(SimpleNamespace(data_provider=provider))
    asked, request = RequestContext(), api_pb2.ListSessionGroupsRequest(start_index=0, slice_size=10_000)
    request.allowed_statuses.extend(api_pb2.Status.values())
    experiment = get_experiment.Handler(asked, context, "", api_pb2.GetExperimentRequest()).run()
    request.col_params.extend(api_pb2.ColParams(hparam=info.name) for info in experiment.hparam_infos)
    request.col_params.extend(api_pb2.ColParams(metric=info.name) for info in experiment.metric_infos)
    return experiment, list_session_groups.Handler(asked, context, "", request).run().session_groups


@pytest.fixture(scope="module")
def comparison(tmp_path_factory):
    return sample(tmp_path_factory.mktemp("sweeps") / "sweep", target=0.8)


@pytest.fixture(scope="module")
def place(comparison, tmp_path_factory):
    place = tmp_path_factory.mktemp("comparison")
    write_tensorboard(comparison, place)
    return place


def test_figures_and_text_are_in_one_run(place, comparison):
    events = EventAccumulator(str(place / "figures"), {"images": 0, "tensors": 0}).Reload()
    assert {tag.partition("/")[0] for tag in events.Tags()["images"]} == {
        "1_effects",
        "2_at_its_best",
        "3_pairs",
        "4_curves",
        "5_parallel_coordinates",
        "6_time_to_target",
    }
    for tag in events.Tags()["images"]:
        (event,) = events.Images(tag)
        assert Image.open(io.BytesIO(event.encoded_image_string)).convert("L").getextrema()[0] < 100
    (text,) = events.Tensors("comparison/text_summary")
    assert comparison.winner.reproduce.encode() in text.tensor_proto.string_val[0]


def test_every_run_is_a_row_with_its_options_and_results(place, comparison):
    experiment, groups = hparams(place)
    assert [info.name for info in experiment.hparam_infos] == ["optimizer", "optimizer.learning_rate", "seed"]
    assert experiment.metric_infos[0].display_name == METRIC
    assert len(groups) == len(comparison.runs)
    best = comparison.winner.run
    (row,) = [group for group in groups if group.sessions[0].name.endswith(f"hparams/{best.name}")]
    assert row.hparams["optimizer"].string_value == best.config["optimizer"]
    assert row.hparams["seed"].number_value == best.seed
    assert row.metric_values[0].value == pytest.approx(best.best_value)


def test_a_run_that_diverged_is_a_row_that_failed(place, comparison):
    _, groups = hparams(place)
    failed = [group for group in groups if group.sessions[0].status == api_pb2.STATUS_FAILURE]
    assert len(failed) == sum(run.went_wrong for run in comparison.runs) > 0


def test_nulls_and_mixed_types_lose_no_row(tmp_path):
    for number, clip in enumerate(("null", "0.5", "1.0")):
        write_run(tmp_path / str(number), [f"optimizer.gradient_clip={clip}"], 0, 0.9)
    for number, size in enumerate(("32", '"full"'), start=3):
        write_run(tmp_path / str(number), [f"batch_size={size}"], 0, 0.8)
    comparison = compare([tmp_path])
    write_tensorboard(comparison, tmp_path / "comparison")
    experiment, groups = hparams(tmp_path / "comparison")
    assert len(groups) == 5
    types = {info.name: info.type for info in experiment.hparam_infos}
    assert types["batch_size"] == api_pb2.DATA_TYPE_STRING
    assert types["optimizer.gradient_clip"] == api_pb2.DATA_TYPE_FLOAT64


def test_again_replaces_what_was_there_and_nothing_else(comparison, tmp_path):
    training = tmp_path / "events.out.tfevents.1.host.0"
    training.write_bytes(b"")
    (tmp_path / "hparams/mine").mkdir(parents=True)
    write_tensorboard(comparison, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "hparams").rglob("*.comparison")}
    write_tensorboard(comparison, tmp_path)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "hparams").rglob("*.comparison")} == before
    assert len(list((tmp_path / "figures").iterdir())) == 1
    assert training.exists()


def test_a_run_no_longer_compared_has_no_row(comparison, tmp_path):
    write_tensorboard(comparison, tmp_path)
    alone = compare([comparison.runs[0].folder, comparison.runs[1].folder])
    write_tensorboard(alone, tmp_path)
    assert sorted(path.name for path in (tmp_path / "hparams").iterdir()) == ["0", "1"]
