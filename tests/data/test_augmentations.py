"""What every option of the group keeps to."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from runner import groups
from runner.composition import compose
from runner.errors import ConfigError
from runner.experiment import as_arrays, blueprint, numbers_of
from runner.specs import Spec
from runner.training import program
from runner.training.batches import place

SPEC = Spec((8, 8, 3), 4, ("a", "b", "c", "d"), 1.0, 64)
IMAGES = np.random.default_rng(0).uniform(0, 1, (64, 8, 8, 3)).astype(np.float32)
IMAGES[:32] = IMAGES[:32].round()  # so that there is something to clip
LABELS = np.arange(64, dtype=np.int32) % 4
TARGETS = np.eye(4, dtype=np.float32)[LABELS]
OPTIONS = [
    option.name
    for option in groups.options("augmentation", groups.folders())
    if option.is_part and option.name != "generated"  # without its pool, it is off
]
MIXING = {"mixup", "cutmix"}
FOR_FEATURES = {"mixup"}


def built(names, *overrides):
    """The parts of a config with these augmentations, as a function of its numbers, and the numbers."""
    config = compose([f"augmentation=[{','.join(names)}]", "model.hidden=[4]", *overrides])
    numbers = numbers_of(config, 3)
    return blueprint(config, SPEC, numbers).build, numbers


@pytest.fixture(scope="module", params=OPTIONS)
def option(request):
    """An augmentation compiled with its strengths as inputs: a function of a seed, images and targets."""
    build, numbers = built([request.param])

    @jax.jit
    def apply(numbers, seed, images, targets):
        return build(numbers).augmentations[request.param](jax.random.key(seed), images, targets)

    return request.param, lambda *arguments: apply(numbers, *arguments)


def test_there_are_the_options_of_the_contract():
    promised = "flip translate crop rotate scale shear elastic brightness contrast color noise cutout"
    assert {*promised.split(), *MIXING} <= set(OPTIONS)


def test_an_option_draws_anew_for_each_example_and_seed(option):
    name, apply = option
    images, targets = apply(0, IMAGES, TARGETS)
    np.testing.assert_array_equal(images, apply(0, IMAGES, TARGETS)[0])
    assert not np.array_equal(images, apply(1, IMAGES, TARGETS)[0])
    assert np.min(images) >= 0 and np.max(images) <= 1
    np.testing.assert_allclose(np.sum(targets, axis=-1), 1, rtol=1e-6)
    assert np.array_equal(targets, TARGETS) == (name not in MIXING)
    alike = np.broadcast_to(IMAGES[40], IMAGES.shape)
    if name not in MIXING:
        assert len(np.unique(apply(0, alike, TARGETS)[0], axis=0)) > 1


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_keeps_the_dtype(name):
    build, numbers = built([name])
    with jax.enable_x64():
        for dtype, real in (("bfloat16", "float32"), ("float32", "float32"), ("float64", "float64")):
            traced = {key: array[0] for key, array in as_arrays([numbers], real).items()}
            for given in (numbers, traced):
                images, targets = IMAGES.astype(dtype), TARGETS.astype(dtype)
                found = jax.eval_shape(
                    lambda given, *batch: build(given).augmentations[name](jax.random.key(0), *batch),
                    given,
                    images,
                    targets,
                )
                assert [leaf.dtype for leaf in found] == [dtype, dtype]


@pytest.mark.parametrize("name", sorted(set(OPTIONS) - FOR_FEATURES))
def test_an_option_needs_images(name):
    build, numbers = built([name])
    with pytest.raises(ConfigError, match=f"augmentation={name} needs images"):
        build(numbers).augmentations[name](jax.random.key(0), jnp.zeros((3, 4)), TARGETS)


def test_color_needs_three_channels():
    build, numbers = built(["color"])
    with pytest.raises(ConfigError, match="and these images have 1 channel"):
        build(numbers).augmentations["color"](jax.random.key(0), jnp.zeros((3, 8, 8, 1)), TARGETS)


def test_the_augmentations_act_in_the_order_they_are_named():
    for names in (["noise", "flip", "mixup"], ["mixup", "flip", "noise"]):
        build, numbers = built(names)
        assert list(build(numbers).augmentations) == names


@pytest.mark.exhaustive
def test_all_of_them_train_together():
    build, numbers = built(OPTIONS, "batch_size=16")
    order = np.arange(64, dtype=np.int32)
    data = place(IMAGES, LABELS, order, 1.0, (), "float32")
    state = program.start(build)(numbers, data)
    advance = jax.jit(program.advance(build))
    after, record = advance(numbers, state, jnp.int32(0), jnp.int32(3), jnp.bool_(True), data)
    assert int(record.diverged) == -1 and np.isfinite(record.scalars["train/loss"])
    moved = jax.tree.map(lambda old, new: np.array_equal(old, new), state.optimizer, after.optimizer)
    assert not all(jax.tree.leaves(moved))
