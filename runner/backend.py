"""JAX as a config asks for it; called before anything touches a device."""

import contextlib
import os
import warnings
from contextlib import AbstractContextManager
from pathlib import Path

import jax
from omegaconf import DictConfig

from runner.errors import ConfigError

HINT = "leave device out, or install 'runner[cuda]' for an NVIDIA GPU"


def configure(config: DictConfig) -> None:
    """Chooses the device, the width of floats and where compiled programs are kept.

    Raises ConfigError where JAX has no such device.
    """
    if config.device is not None:
        jax.config.update("jax_platforms", config.device)
    jax.config.update("jax_enable_x64", config.precision == "float64")
    # Where in Python an operation comes from: to write it, which nobody reads, takes a quarter of lowering.
    jax.config.update("jax_traceback_in_locations_limit", 0)
    jax.config.update("jax_enable_compilation_cache", config.compilation_cache)
    if config.compilation_cache:
        _keep_compiled()
    try:
        jax.devices(config.device)
    except RuntimeError as error:
        raise ConfigError(f"device={config.device}: JAX finds no such device here; {HINT}") from error


def width(config: DictConfig) -> AbstractContextManager[None]:
    """Inside, the current thread computes in floats as wide as the config asks for."""
    return jax.enable_x64(config.precision == "float64")


def use_every_core() -> None:
    """Makes each core of the CPU a device, so that lanes are trained on all of them.

    Called before anything touches a device; without effect afterwards, and for other devices than the CPU.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with contextlib.suppress(RuntimeError):
        jax.config.update("jax_num_cpu_devices", cores)


def cache_folder() -> Path:
    """The user's cache folder of ours."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "runner"


def _keep_compiled() -> None:
    # A program that a full disk or a kill kept from being stored whole is compiled again; no one need know.
    warnings.filterwarnings("ignore", "Error (reading|writing) persistent compilation cache entry")
    # Without these two, programs that compile in under a second, as most here do on a CPU, are not kept.
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    if jax.config.values["jax_compilation_cache_dir"] is None:
        jax.config.update("jax_compilation_cache_dir", str(cache_folder() / "compiled"))
