"""Plugins of ours, which Hydra imports at every start: nothing heavy is imported here."""
