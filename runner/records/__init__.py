"""Where a run's results go: sinks that compose."""
