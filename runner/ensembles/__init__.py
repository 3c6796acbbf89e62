"""One model of several trained runs: how their predictions or weights are combined, and what that gains."""
