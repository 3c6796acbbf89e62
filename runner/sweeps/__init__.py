"""Many runs at once: planned, trained as lanes of compiled programs, resumed, pruned and summed up."""
