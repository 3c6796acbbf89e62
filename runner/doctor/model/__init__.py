"""Checks of the model before it is trained, and of its gradients."""
