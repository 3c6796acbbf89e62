"""One block's weights through the depth of a network."""

from collections.abc import Sequence

from flax import nnx


def share_weights(blocks: Sequence[nnx.Module], names: Sequence[str]) -> None:
    """Gives all blocks the layers that the first one has under these names, so that they learn as one.

    Dehghani et al. 2019, "Universal Transformers", arXiv 1807.03819. What is not named stays a block's own:
    normalization must, because what it sees differs from depth to depth, and so do its running statistics
    (Jastrzebski et al. 2018, arXiv 1710.04773).
    """
    for block in blocks[1:]:
        for name in names:
            setattr(block, name, getattr(blocks[0], name))
