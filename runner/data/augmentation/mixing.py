"""Two examples made one, targets and all; the partners of a batch are a permutation of it."""

import jax
import jax.numpy as jnp

from runner.data.augmentation.erasing import covered, rectangles
from runner.data.augmentation.images import Batch, refuse_features

Number = jax.Array | float


def mixup(key: jax.Array, inputs: jax.Array, targets: jax.Array, *, alpha: Number) -> Batch:
    """l x + (1 - l) x', and the same of the targets; l ~ Beta(alpha, alpha), one an example.

    After Zhang et al. (2017, arXiv 1710.09412). Inputs may be features [b, d] too. An `alpha` of 0 is off.
    """
    if _off(alpha):
        return inputs, targets
    shares, partners = _drawn(key, inputs, alpha)

    def mixed(values: jax.Array) -> jax.Array:
        share = shares.reshape(-1, *[1] * (values.ndim - 1))
        return (share * values + (1 - share) * values[partners]).astype(values.dtype)

    return mixed(inputs), mixed(targets)


def cutmix(key: jax.Array, inputs: jax.Array, targets: jax.Array, *, alpha: Number) -> Batch:
    """Pastes a rectangle of another image, and mixes the targets by the area that was really pasted.

    After Yun et al. (2019, arXiv 1905.04899): l ~ Beta(alpha, alpha), one an example; the rectangle has
    sqrt(1 - l) of each side, rounded down to whole pixels, about any pixel, and what of it lies outside is
    lost. An `alpha` of 0 is off.

    Raises:
        DataError: the inputs are not images.
    """
    refuse_features("cutmix", inputs)
    if _off(alpha):
        return inputs, targets
    mixing, *places = jax.random.split(key, 3)
    shares, partners = _drawn(mixing, inputs, alpha)
    inside = []
    for own, side in zip(places, inputs.shape[1:3], strict=True):
        length = (side * jnp.sqrt(1 - shares)).astype(jnp.int32)
        centre = jax.random.randint(own, (len(inputs),), 0, side)
        inside.append(covered(centre - length // 2, length, side))
    pasted = rectangles(*inside)
    area = jnp.mean(pasted, axis=(1, 2), dtype=targets.dtype)
    mixed = (1 - area) * targets + area * targets[partners]
    return jnp.where(pasted, inputs[partners], inputs), mixed


def _off(alpha: Number) -> bool:
    return isinstance(alpha, int | float) and alpha == 0


def _drawn(key: jax.Array, inputs: jax.Array, alpha: Number) -> Batch:
    first, second = jax.random.split(key)
    dtype = jnp.promote_types(inputs.dtype, jnp.float32)
    shares = jax.random.beta(first, alpha, alpha, (len(inputs),), dtype)
    return shares, jax.random.permutation(second, len(inputs))
