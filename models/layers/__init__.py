"""The pieces that architectures share, one a file."""
