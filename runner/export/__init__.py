"""A trained run as files that need no runner: its programs, an example, and what to read of them."""
