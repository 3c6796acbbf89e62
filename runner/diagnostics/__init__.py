"""Signals taken inside the training step."""
