"""The HPARAMS page: a run's hyperparameters as TensorBoard's plugin reads them."""

# pyright: reportAttributeAccessIssue=false
# The names in generated protobuf modules exist only at run time.

from collections.abc import Mapping, Sequence

from tensorboard.plugins.hparams import api_pb2, metadata, plugin_data_pb2
from tensorboardX.proto.summary_pb2 import Summary

Value = str | float | bool


def experiment(domains: Mapping[str, Sequence[Value]], metrics: Mapping[str, str]) -> Summary:
    """The event that sets up the table: the values of each column, the shown name of each metric's tag."""
    content = api_pb2.Experiment(
        hparam_infos=[_column(name, values) for name, values in domains.items()],
        metric_infos=[
            api_pb2.MetricInfo(name=api_pb2.MetricName(tag=tag), display_name=shown)
            for tag, shown in metrics.items()
        ],
    )
    return _summary(metadata.EXPERIMENT_TAG, plugin_data_pb2.HParamsPluginData(experiment=content))


def session_start(values: Mapping[str, Value], name: str) -> Summary:
    """The event that opens a run's row, with its hyperparameters."""
    start = plugin_data_pb2.SessionStartInfo(group_name=name)
    for key, value in values.items():
        if isinstance(value, bool):
            start.hparams[key].bool_value = value
        elif isinstance(value, str):
            start.hparams[key].string_value = value
        else:
            start.hparams[key].number_value = value
    return _summary(
        metadata.SESSION_START_INFO_TAG, plugin_data_pb2.HParamsPluginData(session_start_info=start)
    )


def session_end(succeeded: bool) -> Summary:
    """The event that closes a run's row."""
    status = api_pb2.STATUS_SUCCESS if succeeded else api_pb2.STATUS_FAILURE
    end = plugin_data_pb2.SessionEndInfo(status=status)
    return _summary(metadata.SESSION_END_INFO_TAG, plugin_data_pb2.HParamsPluginData(session_end_info=end))


def _column(name: str, values: Sequence[Value]) -> api_pb2.HParamInfo:
    # A number is filtered by an interval: a box to tick for each of hundreds of values helps nobody.
    info = api_pb2.HParamInfo(name=name, differs=len(values) > 1)
    if all(isinstance(value, bool) for value in values):
        info.type = api_pb2.DATA_TYPE_BOOL
        info.domain_discrete.extend(values)
    elif all(isinstance(value, float) for value in values):
        info.type = api_pb2.DATA_TYPE_FLOAT64
        info.domain_interval.min_value, info.domain_interval.max_value = min(values), max(values)
    else:
        info.type = api_pb2.DATA_TYPE_STRING
        info.domain_discrete.extend(values)
    return info


def _summary(tag: str, content: plugin_data_pb2.HParamsPluginData) -> Summary:
    # The plugin reads only the metadata, but drops a value that is no tensor.
    plugin = metadata.create_summary_metadata(content)
    tensor = metadata.NULL_TENSOR
    value = Summary.Value(tag=tag)
    value.metadata.ParseFromString(plugin.SerializeToString())
    value.tensor.ParseFromString(tensor.SerializeToString())
    return Summary(value=[value])
