"""The persistent compilation cache: hit by whatever changes only numbers, and off when asked."""

from pathlib import Path

import jax
import pytest

from runner.cli import main


@pytest.fixture
def cache(here: Path, monkeypatch: pytest.MonkeyPatch):
    """An empty cache folder that JAX uses from now on."""
    from jax.experimental.compilation_cache import compilation_cache

    before = jax.config.values["jax_compilation_cache_dir"]
    monkeypatch.setenv("XDG_CACHE_HOME", str(here / "cache"))
    jax.config.update("jax_compilation_cache_dir", None)
    compilation_cache.reset_cache()
    yield here / "cache" / "runner" / "compiled"
    jax.config.update("jax_compilation_cache_dir", before)
    compilation_cache.reset_cache()


def programs(cache: Path) -> set[str]:
    return {path.name for path in cache.glob("jit_run-*-cache")}


def test_other_numbers_compile_nothing(cache):
    options = ["schedule=cosine", "regularizer=[l2,dropout]", "model.hidden=[16]"]
    assert main(["train", *options, "epochs=1"]) == 0
    compiled = programs(cache)
    assert len(compiled) == 5  # start, advance, assess, look and preview
    others = ["seed=5", "optimizer.learning_rate=0.01", "regularizer.dropout=0.4", "regularizer.l2=1e-3"]
    assert main(["train", *options, "epochs=2", "dataset.split_seed=1", *others]) == 0
    assert programs(cache) == compiled


def test_it_can_be_off(cache):
    assert main(["train", "epochs=1", "model.hidden=[8]", "compilation_cache=false"]) == 0
    assert programs(cache) == set()
