"""How fast PyTorch multiplies matrices of float32 here.

    python torch_peak.py --threads 2

Prints JSON: floating-point operations a second, the best of several sizes.
"""

# pyright: reportMissingImports=false
# What it imports is in the environment of the peers.

import argparse
import json
import time

import torch

SIZES = (1024, 2048, 4096)
SECONDS = 1.0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--threads", type=int, required=True)
    torch.set_num_threads(parser.parse_args().threads)
    print(json.dumps({"rate": max(map(rate, SIZES))}))


def rate(size):
    """Of the fastest of some products."""
    left, right = torch.randn(2, size, size)
    product, fastest, until = torch.empty(size, size), float("inf"), time.perf_counter() + SECONDS
    while (began := time.perf_counter()) < until:
        torch.mm(left, right, out=product)
        fastest = min(fastest, time.perf_counter() - began)
    return 2 * size**3 / fastest


if __name__ == "__main__":
    main()
