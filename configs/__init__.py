"""The YAML that selects every part of an experiment: one folder a group, one file an option."""
