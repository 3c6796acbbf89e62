"""Checks of the examples: functions from arrays to what there is to say."""
