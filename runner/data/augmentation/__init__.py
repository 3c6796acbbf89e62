"""Augmentations: functions of a key, inputs and targets of a batch, inside the training step.

Inputs are images in [0, 1], [b, height, width, channels]; targets are [b, k]. Each example has a draw of
its own, the dtype stays, and what comes out lies in [0, 1] again. A strength may be a traced number.
"""

from runner.data.augmentation.affine import rotate, scale, shear
from runner.data.augmentation.colour import color
from runner.data.augmentation.elasticity import elastic
from runner.data.augmentation.erasing import cutout
from runner.data.augmentation.light import brightness, contrast
from runner.data.augmentation.mirror import flip
from runner.data.augmentation.mixing import cutmix, mixup
from runner.data.augmentation.noising import noise
from runner.data.augmentation.pooled import generated
from runner.data.augmentation.shifting import crop, translate

__all__ = [
    "brightness",
    "color",
    "contrast",
    "crop",
    "cutmix",
    "cutout",
    "elastic",
    "flip",
    "generated",
    "mixup",
    "noise",
    "rotate",
    "scale",
    "shear",
    "translate",
]
