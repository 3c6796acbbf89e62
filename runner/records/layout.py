"""The Custom Scalars page: what diagnostics record, by signal and by layer."""

# pyright: reportAttributeAccessIssue=false
# The names in generated protobuf modules exist only at run time.

import functools
import re
from collections.abc import Mapping, Sequence

from tensorboardX.proto import layout_pb2
from tensorboardX.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboardX.proto.tensor_pb2 import TensorProto
from tensorboardX.proto.tensor_shape_pb2 import TensorShapeProto

TAG = "custom_scalars__config__"
PREFIX = "diagnostics/"
NORM, GLOBAL = "gradient_norm", "global"
OVERALL = [f"{NORM}/{GLOBAL}", f"{NORM}/largest"]
"""Of the whole network."""

Signals = dict[str, dict[str, str]]
"""Tags by signal and what they are of: a layer most often."""


@functools.lru_cache(maxsize=256)
def layout(tags: tuple[str, ...]) -> Summary | None:
    """The event that lays out the page; None where none of the tags are of diagnostics.

    A chart a signal with a line a layer, in the order of the tags; then, folded, the charts of each layer.
    """
    signals = _by_signal([tag for tag in tags if tag not in OVERALL])
    if not signals:
        return None
    training = {"loss": ["train/loss", "val/loss"], "gradient norm": OVERALL}
    charts = {_words(signal): list(named.values()) for signal, named in signals.items()}
    categories = [_category("training", training), _category("diagnostics by signal", charts)]
    for layer in _layers(signals):
        own = {_words(signal): [named[layer]] for signal, named in signals.items() if layer in named}
        categories.append(_category(layer, own, closed=True))
    return _event(layout_pb2.Layout(category=categories))


def _by_signal(tags: Sequence[str]) -> Signals:
    found: Signals = {}
    for tag in tags:
        signal, slash, name = tag.removeprefix(PREFIX).partition("/")
        if slash and (tag.startswith(PREFIX) or signal == NORM):
            found.setdefault(signal, {})[name] = tag
    return found


def _layers(signals: Signals) -> list[str]:
    """What there are several signals of: a class has a loss and nothing else."""
    names = [name for named in signals.values() for name in named if name != GLOBAL]
    return [name for name in dict.fromkeys(names) if names.count(name) > 1]


def _words(signal: str) -> str:
    return signal.replace("_", " ")


def _category(title: str, charts: Mapping[str, list[str]], closed: bool = False) -> layout_pb2.Category:
    # Tags are regular expressions to TensorBoard.
    lines = {chart: [f"^{re.escape(tag)}$" for tag in tags] for chart, tags in charts.items()}
    drawn = [
        layout_pb2.Chart(title=chart, multiline=layout_pb2.MultilineChartContent(tag=tags))
        for chart, tags in lines.items()
    ]
    return layout_pb2.Category(title=title, chart=drawn, closed=closed)


def _event(content: layout_pb2.Layout) -> Summary:
    # tensorboardX's own function leaves no category folded.
    plugin = SummaryMetadata.PluginData(plugin_name="custom_scalars")
    tensor = TensorProto(
        dtype="DT_STRING", string_val=[content.SerializeToString()], tensor_shape=TensorShapeProto()
    )
    return Summary(
        value=[Summary.Value(tag=TAG, tensor=tensor, metadata=SummaryMetadata(plugin_data=plugin))]
    )
