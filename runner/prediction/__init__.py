"""Predictions of a trained run: inputs read in blocks, answered by the run, written as they come."""
