"""A user's own modules, beside packages named as ours are."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import models as ours
from runner.importing import make_importable

HERE = Path(ours.__path__[0])


def test_a_user_s_modules_and_models_are_found(empty: Path) -> None:
    (empty / "my_module_of_a_test.py").write_text("answer = 42\n")
    (empty / "models").mkdir()
    (empty / "models" / "mine_of_a_test.py").write_text("answer = 43\n")
    make_importable([empty])
    assert import_module("my_module_of_a_test").answer == 42
    assert import_module("models.mine_of_a_test").answer == 43
    assert import_module("models").__path__[0] == str(HERE)


def test_ours_win_over_the_current_folder(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text("raise SystemExit('the wrong models')\n")
    (tmp_path / "configs.py").write_text("raise SystemExit('the wrong configs')\n")
    code = "import sys; from runner.cli import main; main(['train', '--cfg', 'job']); import models;"
    done = subprocess.run(
        [sys.executable, "-c", code + "sys.exit(models.__path__[0])"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.stderr.strip() == str(HERE)


def test_python_m_runner(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "runner", "train", "--cfg", "job", "-p", "seed"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "0\n", "")
