"""How many examples there are, and of what shape."""

from runner.data.dataset import Dataset
from runner.doctor.checked import Checked, counted, finding, percent

FEW = 50
"""Examples of val below which one of them moves an accuracy by more than two per cent."""


def check_shapes(dataset: Dataset) -> Checked:
    """The shapes of a data set; a remark where val is too small to tell settings apart."""
    sizes = ", ".join(f"{len(getattr(dataset, split)):,} {split}" for split in ("train", "val", "test"))
    inputs = f"inputs {list(dataset.input_shape)} {dataset.inputs.dtype}"
    asked = counted(dataset.outputs, "number") if dataset.classes is None else f"{dataset.outputs} classes"
    said = f"{sizes}; {inputs}; {asked}"
    size = len(dataset.val)
    if size >= FEW:
        return Checked(said)
    sentence = f"{counted(size, 'example')} of val: one of them is {percent(1 / size)} of an accuracy"
    found = finding("small_val", "remark", "val", sentence, "dataset.val_fraction=0.2", size=size)
    return Checked(said, [found])
