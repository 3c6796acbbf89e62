"""What the command and the composed config alone show to be wrong: one line, exit code 2, nothing written."""

from pathlib import Path

import pytest

from tests.conftest import Command

# The command line, and what its one line must say.
CASES = [
    ("trian", "did you mean train?"),
    ("frobnicate", "choose from"),
    ("--verison", "--verison: there is no such flag; did you mean --version?"),
    ("--halp train", "did you mean --help?"),
    ("list optimzer", "did you mean optimizer?"),
    ("list optimizer adam", "unrecognized arguments: adam"),
    ("list --config-dir nowhere", "there is no such folder"),
    ("-sc", "install=bash"),
    ("-sc install=powershell", "choose from bash, fish, zsh"),
    ("resume", "PATH is missing; usage: runner resume PATH [epochs=N | steps=N]"),
    ("resume epochs=10", "PATH is missing before epochs=10; usage: runner resume PATH"),
    ("resume --force run", "PATH is missing before --force"),
    ("resume nowhere", "nowhere: there is no such folder"),
    ("evaluate", "PATH is missing; usage: runner evaluate PATH"),
    ("evaluate dataset=digits", "PATH is missing before dataset=digits"),
    # names
    ("train optimizer=adm", "did you mean adam?"),
    ("train optimizer=qqq", "choose from adadelta"),
    ("train optimzer=adam", "did you mean optimizer?"),
    ("train model=mpl", "did you mean mlp?"),
    ("train experiment=fashion_ccn", "did you mean fashion_cnn?"),
    ("train dataset=[digits,fashion_mnist]", "takes one option"),
    ("train optimizer=null", "choose from adadelta"),
    ("train optimizer=3", "choose from adadelta"),
    ("train optimizer=", "choose from adadelta"),
    ("train ~optimizer", "optimizer=adam is the default"),
    ("train regularizer=[l2,dropuot]", "did you mean dropout?"),
    ("train optimizer.learning_rat=0.1", "did you mean optimizer.learning_rate?"),
    ("train optimizer={learning_rat:1}", "did you mean optimizer.learning_rate?"),
    ("train optimizer={a:1}", "optimizer.a: there is no such key; "),
    ("train learning_rate=0.1", "did you mean optimizer.learning_rate?"),
    ("train epoch=3", "did you mean epochs?"),
    ("train epochs.number=3", "epochs is 30, not a section"),
    ("train model.activation.slope=0.1", "model.activation is ${activation}, not a section"),
    ("train objective.metrics=val/loss", "did you mean objective.metric?"),
    ("train +epoch=3", "did you mean epochs?"),
    ("train +optimizr.nesterov=true", "did you mean optimizer.nesterov?"),
    ("train +early_stopping.min_delta=0.1", "nothing reads it"),
    ("train ~nothing", "there is no such key"),
    ("train ~epochs", "cannot be left out"),
    ("train hydra.runn.dir=x", "did you mean hydra.run.dir?"),
    ("train hydra/launcher=basics", "did you mean basic?"),
    # grammar and flags
    ("train epochs", "KEY=VALUE"),
    ("train model.hidden=[1", "grammar"),
    ("train --epochs=3", "KEY=VALUE, without dashes"),
    ("train --multrun", "did you mean --multirun?"),
    ("train --cfg jobs", "choose from 'job'"),
    ("train --cfg job -p optimizr", "did you mean optimizer?"),
    ("train -m --cfg job", "exclude each other"),
    ("train --resolve", "--resolve goes with --cfg"),
    ("train --config-dir nowhere", "there is no such folder"),
    ("train --config-name confg", "did you mean config?"),
    ("train optimizer.learning_rate=0.1,0.2", "add -m"),
    ("train seed=range(3)", "add -m"),
    # types
    ("train epochs=many", "a whole number of at least 1"),
    ("train epochs=1.5", "a whole number of at least 1"),
    ("train epochs=", "a whole number of at least 1"),
    ("train epochs={a:1}", "not a section"),
    ("train epochs=${nothing}", "'nothing' not found"),
    ("train epochs=true", "a whole number of at least 1"),
    ("train optimizer.learning_rate=fast", "greater than 0"),
    ("train optimizer.learning_rate=null", "greater than 0"),
    ("train optimizer.learning_rate=true", "greater than 0"),
    ("train optimizer.learning_rate='0.1'", "greater than 0"),
    ("train optimizer.b1=null", "from 0 to below 1"),
    ("train compilation_cache=1", "true or false"),
    ("train regularizer.penalties=3", "a section, not a value"),
    ("train model.activation=tanh", "like the default ${activation}"),
    ("train schedule=cosine schedule.alpha=low", "a finite number"),
    # ranges
    ("train epochs=0", "at least 1"),
    ("train epochs=null", "epochs and steps are both null"),
    ("train steps=-5", "at least 1"),
    ("train steps=50 epochs=3", "epochs=3 and steps=50: steps count instead of epochs; give one of them"),
    ("train -m steps=50,60 ++epochs=3", "epochs=3 and steps=50,60"),
    ("train batch_size=0", "or full"),
    ("train batch_size=half", "or full"),
    ("train seed=-1", "from 0 to 2147483647"),
    ("train seed=4294967296", "from 0 to 2147483647"),
    ("train dataset.split_seed=x", "from 0 to 2147483647"),
    ("train dataset.subset=0", "at least 1"),
    ("train dataset.val_fraction=1", "between 0 and 1"),
    ("train dataset.val_fraction=0.5 dataset.test_fraction=0.5", "less than 1"),
    ("train dataset.label_noise=2", "from 0 to 1"),
    ("train optimizer.learning_rate=-0.1", "greater than 0"),
    ("train optimizer.learning_rate=0", "greater than 0"),
    ("train optimizer.learning_rate=nan", "greater than 0"),
    ("train optimizer.learning_rate=inf", "greater than 0"),
    ("train optimizer.weight_decay=-1", "at least 0"),
    ("train optimizer.gradient_clip=-1", "at least 0"),
    ("train optimizer=momentum optimizer.momentum=1", "from 0 to below 1"),
    ("train optimizer.b2=1.5", "from 0 to below 1"),
    ("train optimizer.eps=0", "greater than 0"),
    ("train loss.label_smoothing=1", "from 0 to below 1"),
    ("train regularizer.dropout=1", "from 0 to below 1"),
    ("train regularizer.l2=-1", "at least 0"),
    ("train schedule=cosine schedule.alpha=nan", "a finite number"),
    ("train augmentation=flip augmentation.flip.probability=2", "from 0 to 1"),
    ("train augmentation=translate augmentation.translate.fraction=-1", "from 0 to 1"),
    ("train augmentation=rotate augmentation.rotate.degrees=200", "from 0 to 180"),
    ("train augmentation=elastic augmentation.elastic.sigma=0", "greater than 0"),
    ("train augmentation=mixup augmentation.mixup.alpha=-1", "at least 0"),
    ("train preprocessing=denoise preprocessing.denoise.size=2", "an odd whole number"),
    ("train preprocessing=zca preprocessing.zca.epsilon=0", "greater than 0"),
    ("train model.hidden=[0]", "a list of whole numbers"),
    ("train model.hidden=64", "a list of whole numbers"),
    ("train model=cnn model.width=0", "at least 1"),
    ("train model=cnn model.depth=1.5", "at least 1"),
    ("train precision=float16", "one of float32, bfloat16, float64"),
    ("train device=quantum", "one of cpu, gpu, cuda, tpu"),
    ("train eval_every=often", "3epochs"),
    ("train eval_every=0", "3epochs"),
    ("train eval_every=150%", "3epochs"),
    ("train log_every=-3epochs", "3epochs"),
    ("train objective.mode=maximum", "one of max, min"),
    ("train early_stopping.patience=0", "at least 1"),
    ("train checkpoint.seconds=-1", "at least 0"),
    ("train diagnostics.every=0", "3epochs"),
    ("train diagnostics.histograms=often", "3epochs"),
    ("train diagnostics.units=2", "true or false"),
    ("train init_from=nowhere", "the folder of a run"),
    ("train accumulate=3", "accumulate=3: expected a divisor of batch_size=64"),
    ("train accumulate=0", "expected a whole number of at least 1"),
    ("train ema=1", "expected a number from 0 to below 1"),
    ("train class_weights=even", "balanced or a list of numbers greater than 0"),
    ("train optimizer=schedule_free_adamw schedule=cosine", "use schedule=constant"),
    ("train schedule=step schedule.boundaries=[2]", "expected a list of numbers between 0 and 1"),
    ("train schedule=plateau schedule.factor=1", "expected a number between 0 and 1"),
    ("train schedule=plateau schedule.patience=0", "expected a whole number of at least 1"),
]


@pytest.mark.parametrize(("line", "hint"), CASES, ids=[line for line, _ in CASES])
def test_bad_input_is_one_line(line: str, hint: str, command: Command, empty: Path) -> None:
    code, out, err = command(*line.split())
    assert (code, out) == (2, "")
    assert err.startswith("runner: ") and err.count("\n") == 1 and err.endswith("\n"), err
    assert hint in err
    assert list(empty.iterdir()) == []


BROKEN_FILES = [
    ("optimizer/mine.yaml", "_target_: [", "optimizer=mine", "mine.yaml, line"),
    ("optimizer/mine.yaml", "_target_: optax.sgd\nlearning_rate: ???", "optimizer=mine", "must be given"),
    ("optimizer/mine.yaml", "_target_: optax.sgd\nlearning_rate: -1", "optimizer=mine", "greater than 0"),
    ("optimizer/mine.yaml", "learning_rate: 1", "optimizer=mine", "no option is chosen"),
    ("experiment/mine.yaml", "# @package _global_\nepochs: none", "experiment=mine", "at least 1"),
    (
        "experiment/mine.yaml",
        "# @package _global_\ndefaults: [override /modl: mlp]",
        "experiment=mine",
        "modl",
    ),
    (
        "experiment/mine.yaml",
        "# @package _global_\nseed: ${nothing}",
        "experiment=mine",
        "'nothing' not found",
    ),
    ("model/mine.yaml", "\xff", "model=mine", "mine"),
]


@pytest.mark.parametrize(("path", "text", "override", "hint"), BROKEN_FILES)
def test_broken_file_of_a_user_is_one_line(
    path: str, text: str, override: str, hint: str, command: Command, empty: Path
) -> None:
    file = empty / "conf" / path
    file.parent.mkdir(parents=True)
    file.write_bytes(text.encode("latin1"))
    code, out, err = command("train", "--config-dir", "conf", override)
    assert (code, out, err.count("\n")) == (2, "", 1), err
    assert hint in err
    assert [entry.name for entry in empty.iterdir()] == ["conf"]
