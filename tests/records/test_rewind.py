"""Records go back to where a checkpoint left them."""

from runner.records.entry import Entry
from runner.records.jsonlines import JsonLines
from runner.records.rewind import positions, rewind
from runner.records.tensorboard import TensorBoard
from tests.runs.outcomes import written


def record(folder, steps) -> None:
    sinks = [JsonLines(folder), TensorBoard(folder, lambda: 0.0)]
    for sink in sinks:
        for step in steps:
            sink.write(Entry(step, step, {"val/loss": float(step)}, True))
        sink.close()


def test_what_came_after_is_gone_and_may_come_again(tmp_path):
    record(tmp_path, [1, 2])
    kept = positions(tmp_path)
    lines = (tmp_path / "metrics.jsonl").read_text()
    with (tmp_path / "metrics.jsonl").open("a") as file:
        file.write('{"step": 3, "val/lo')  # a line that a kill cut off
    record(tmp_path, [3, 4])
    rewind(tmp_path, kept)
    assert (tmp_path / "metrics.jsonl").read_text() == lines
    assert [step for _, step, _ in written(tmp_path)] == [1, 2]
    record(tmp_path, [3])
    assert sorted(step for _, step, _ in written(tmp_path)) == [1, 2, 3]


def test_without_a_checkpoint_nothing_is_left(tmp_path):
    record(tmp_path, [1])
    (tmp_path / "summary.json").write_text("{}")
    rewind(tmp_path, {})
    assert [path.name for path in tmp_path.iterdir()] == ["summary.json"]
