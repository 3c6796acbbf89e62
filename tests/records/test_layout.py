"""The Custom Scalars page has a chart a signal and a folded category a layer, as TensorBoard reads it."""

import re
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.custom_scalar import layout_pb2

from runner.records.entry import Entry
from runner.records.layout import TAG, layout
from runner.records.tensorboard import TensorBoard

LAYERS = [f"dense.hidden.{number}" for number in (0, 1, 10)]
TAGS = [
    "train/loss",
    "val/loss",
    "gradient_norm/global",
    *(f"gradient_norm/{layer}" for layer in [*LAYERS, "dense.logits"]),
    *(f"diagnostics/dead_units/{layer}" for layer in LAYERS),
    "diagnostics/class_loss/Ankle boot",
    "diagnostics/class_loss/T-shirt/top",
    "diagnostics/gradient_noise/global",
]


@pytest.fixture
def page(tmp_path: Path) -> layout_pb2.Layout:
    board = TensorBoard(tmp_path, lambda: 0.0)
    board.write(Entry(1, 0.5, {"train/loss": 1.0}, False))
    for step in (2, 3):
        board.write(Entry(step, 1.0, dict.fromkeys(TAGS, 1.0), True))
    board.close()
    events = EventAccumulator(str(tmp_path), {"tensors": 0}).Reload()
    assert events.summary_metadata[TAG].plugin_data.plugin_name == "custom_scalars"
    (event,) = events.Tensors(TAG)
    assert event.step == 2  # with the first signals, and once
    return layout_pb2.Layout.FromString(event.tensor_proto.string_val[0])


def drawn(category) -> dict[str, list[str]]:
    """The tags that each chart of a category draws, as TensorBoard matches them."""
    return {
        chart.title: [tag for pattern in chart.multiline.tag for tag in TAGS if re.match(pattern, tag)]
        for chart in category.chart
    }


def test_a_signal_has_a_chart_with_a_line_a_layer_by_depth(page):
    training, signals, *_ = page.category
    assert drawn(training) == {"loss": ["train/loss", "val/loss"], "gradient norm": ["gradient_norm/global"]}
    assert drawn(signals) == {
        "gradient norm": [f"gradient_norm/{layer}" for layer in [*LAYERS, "dense.logits"]],
        "dead units": [f"diagnostics/dead_units/{layer}" for layer in LAYERS],
        "class loss": ["diagnostics/class_loss/Ankle boot", "diagnostics/class_loss/T-shirt/top"],
        "gradient noise": ["diagnostics/gradient_noise/global"],
    }
    assert not training.closed and not signals.closed


def test_a_layer_has_its_signals_in_a_folded_category(page):
    assert [category.title for category in page.category[2:]] == LAYERS
    for category in page.category[2:]:
        layer = category.title
        assert category.closed
        assert drawn(category) == {
            "gradient norm": [f"gradient_norm/{layer}"],
            "dead units": [f"diagnostics/dead_units/{layer}"],
        }


def test_without_diagnostics_there_is_no_page():
    assert layout(("train/loss", "val/loss", "gradient_norm/global", "regularizer/zeros")) is None
