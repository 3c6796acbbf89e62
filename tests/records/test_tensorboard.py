"""What is written is what TensorBoard's own readers find."""

import io

import numpy as np
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import api_pb2, metadata, plugin_data_pb2

from runner.records.entry import Entry
from runner.records.tensorboard import PATTERN, TensorBoard


def read(folder) -> EventAccumulator:
    return EventAccumulator(str(folder), {"images": 0, "tensors": 0, "scalars": 0}).Reload()


def plugin(events: EventAccumulator, tag: str) -> plugin_data_pb2.HParamsPluginData:
    content = events.summary_metadata[tag].plugin_data.content
    return plugin_data_pb2.HParamsPluginData.FromString(content)


def test_scalars_come_back_with_their_steps_and_times(tmp_path):
    times = iter([10.0, 11.0])
    board = TensorBoard(tmp_path, lambda: next(times))
    board.write(Entry(3, 1.0, {"train/loss": 0.5, "val/loss": 0.25}, True))
    board.write(Entry(6, 2.0, {"train/loss": 0.125}, True))
    board.close()
    events = read(tmp_path)
    assert [(event.wall_time, event.step, event.value) for event in events.Scalars("train/loss")] == [
        (10.0, 3, 0.5),
        (11.0, 6, 0.125),
    ]
    assert [(event.wall_time, event.step, event.value) for event in events.Scalars("val/loss")] == [
        (10.0, 3, 0.25)
    ]


def test_pictures_come_back_pixel_by_pixel(tmp_path):
    picture = np.random.default_rng(0).integers(0, 256, (7, 9, 3), dtype=np.uint8)
    board = TensorBoard(tmp_path, lambda: 0.0)
    board.image("picture", picture, 4)
    board.close()
    (event,) = read(tmp_path).Images("picture")
    assert (event.step, event.height, event.width) == (4, 7, 9)
    found = np.asarray(Image.open(io.BytesIO(event.encoded_image_string)).convert("RGB"))
    np.testing.assert_array_equal(found, picture)


def test_histograms_come_back(tmp_path):
    board = TensorBoard(tmp_path, lambda: 0.0)
    counted = (np.float32(-1.0), np.float32(3.0), np.float32(2.5), np.float32(9.25), np.array([1, 0, 2, 1]))
    nothing = (np.inf, -np.inf, 0.0, 0.0, np.zeros(4))
    board.histograms({"weights/dense": counted, "weights/none": nothing}, 7)
    board.close()
    events = read(tmp_path)
    assert events.Tags()["histograms"] == ["weights/dense"]
    (event,) = events.Histograms("weights/dense")
    found = event.histogram_value
    assert (event.step, found.min, found.max, found.num) == (7, -1, 3, 4)
    assert (found.sum, found.sum_squares) == (2.5, 9.25)
    assert (found.bucket_limit, found.bucket) == ([0, 1, 2, 3], [1, 0, 2, 1])


def test_text_comes_back(tmp_path):
    board = TensorBoard(tmp_path, lambda: 0.0)
    board.text("config", "*seed* 3", 0)
    board.close()
    (event,) = read(tmp_path).Tensors("config/text_summary")
    assert event.tensor_proto.string_val[0] == b"*seed* 3"


def test_hyperparameters_open_a_row_and_the_end_closes_it(tmp_path):
    board = TensorBoard(tmp_path, lambda: 0.0)
    board.hparams({"optimizer": "adam", "rate": 0.1, "nesterov": True}, "day/run")
    board.end(False)
    board.close()
    events = read(tmp_path)
    start = plugin(events, metadata.SESSION_START_INFO_TAG).session_start_info
    assert start.group_name == "day/run"
    assert start.hparams["optimizer"].string_value == "adam"
    assert start.hparams["rate"].number_value == 0.1
    assert start.hparams["nesterov"].bool_value is True
    end = plugin(events, metadata.SESSION_END_INFO_TAG).session_end_info
    assert end.status == api_pb2.STATUS_FAILURE


def test_writers_of_one_second_do_not_share_a_file(tmp_path):
    for step in (1, 2):
        board = TensorBoard(tmp_path, lambda: 0.0)
        board.write(Entry(step, 1.0, {"val/loss": float(step)}, True))
        board.close()
    assert len(list(tmp_path.glob(PATTERN))) == 2
