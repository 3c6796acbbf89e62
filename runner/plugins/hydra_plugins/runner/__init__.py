"""Where Hydra, which imports every module of the namespace `hydra_plugins`, finds plugins of ours."""
