"""What is trained: flax.nnx modules, one architecture a file; this package knows nothing of `runner`."""
