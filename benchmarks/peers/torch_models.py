"""The networks of the jobs in PyTorch: the shapes, initial weights and shortcuts of the runner's."""

# pyright: reportMissingImports=false
# What it imports is in the environment of the peers.

from itertools import pairwise

import torch
from torch import nn
from torch.nn.functional import pad, relu

SIDE, CLASSES = 28, 10


def mlp():
    """Of [n, 784]."""
    return initialized(
        nn.Sequential(
            nn.Linear(SIDE * SIDE, 256),
            nn.ReLU(),
            nn.Linear(256, 128),
            nn.ReLU(),
            nn.Linear(128, 100),
            nn.ReLU(),
            nn.Linear(100, CLASSES),
        )
    )


def cnn():
    """Of [n, 1, 28, 28]."""
    return initialized(
        nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(64 * (SIDE // 4) ** 2, 128),
            nn.ReLU(),
            nn.Linear(128, CLASSES),
        )
    )


class Block(nn.Module):
    """Two normalized convolutions and a shortcut that has no parameters (He et al. 2015, option A)."""

    def __init__(self, inputs, features, stride):
        super().__init__()
        self.first = normalized_convolution(inputs, features, stride)
        self.second = normalized_convolution(features, features, 1)
        self.stride, self.more = stride, features - inputs

    def forward(self, x):
        y = self.second(relu(self.first(x)))
        if self.more:
            x = pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.more))
        return relu(y + x)


def normalized_convolution(inputs, features, stride):
    """A convolution whose bias the normalization would remove has none."""
    convolution = nn.Conv2d(inputs, features, 3, stride=stride, padding=1, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(features))


def resnet(width=16, blocks=3):
    """Of [n, 1, 28, 28]: 6 blocks + 2 layers."""
    features = [width, *(width * 2**stage for stage in range(3) for _ in range(blocks))]
    layers = [Block(fan_in, fan_out, 1 if fan_in == fan_out else 2) for fan_in, fan_out in pairwise(features)]
    stem = normalized_convolution(1, width, 1)
    head = nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4 * width, CLASSES)
    return initialized(nn.Sequential(stem, nn.ReLU(), *layers, *head))


def initialized(model):
    """He-normal kernels, biases of 0."""
    for layer in model.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight)
            if layer.bias is not None:
                torch.nn.init.zeros_(layer.bias)
    return model
