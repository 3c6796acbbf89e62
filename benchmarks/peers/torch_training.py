"""Steps of training in PyTorch.

    python torch_training.py DATA --model cnn --steps 200 --threads 2 --compile

Written to be fast: data in memory as tensors, batches cut from them without a DataLoader, images and kernels
with channels last, a fused Adam, pinned threads, loss and accuracy summed up as tensors. Prints JSON: the
seconds of a step, without those of warming up.
"""

# pyright: reportMissingImports=false
# What it imports is in the environment of the peers.

import argparse
import json
import time

import numpy as np
import torch
import torch_models
from torch.nn.functional import cross_entropy

BATCH = 128
WARM_UP = 5
MODELS = {model.__name__: model for model in (torch_models.mlp, torch_models.cnn, torch_models.resnet)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--model", choices=MODELS, required=True)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--compile", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)

    with np.load(options.data) as file:
        x, y = torch.from_numpy(file["x"]), torch.from_numpy(file["y"]).long()
    model = MODELS[options.model]()
    if options.model != "mlp":
        x = x.reshape(-1, torch_models.SIDE, torch_models.SIDE, 1).permute(0, 3, 1, 2)
        model = model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, fused=True)

    def losses(x, y):
        logits = model(x)
        return cross_entropy(logits, y), (logits.argmax(-1) == y).float().mean()

    if options.compile:
        losses = torch.compile(losses)
    train(losses, optimizer, x, y, WARM_UP)
    began = time.perf_counter()
    train(losses, optimizer, x, y, options.steps)
    print(json.dumps({"seconds": (time.perf_counter() - began) / options.steps}))


def train(losses, optimizer, x, y, steps):
    """Mean loss and accuracy."""
    sums = torch.zeros(2)
    for batch in batches(len(x), steps):
        loss, accuracy = losses(x[batch], y[batch])
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        sums += torch.stack([loss.detach(), accuracy])
    return (sums / steps).tolist()


def batches(examples, steps):
    """The indices of each, a new order every epoch."""
    while True:
        for batch in torch.randperm(examples).split(BATCH)[: examples // BATCH]:
            if steps == 0:
                return
            yield batch
            steps -= 1


if __name__ == "__main__":
    main()
