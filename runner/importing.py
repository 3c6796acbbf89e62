"""Makes a user's own modules importable, whatever they are called."""

import sys
from collections.abc import Iterable
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType

_ROOT = Path(__file__).resolve().parent.parent
_OURS = ("models", "configs")


def make_importable(folders: Iterable[Path]) -> None:
    """Lets `_target_` name what lies in `folders` or on Python's path, ours before what is named alike.

    A `models/` there extends our own, so that `models.mine.Net` is found in it.
    """
    for folder in (Path(folder).resolve() for folder in folders):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
    for name in _OURS:
        package = _our_package(name)
        for place in sys.path:
            _extend(package, Path(place).resolve() / name)


def _our_package(name: str) -> ModuleType:
    loaded = sys.modules.get(name)
    if loaded is not None and str(_ROOT / name) in getattr(loaded, "__path__", ()):
        return loaded
    # By location: `python -m` puts the current folder, and a user's models.py in it, before us on the path.
    spec = PathFinder.find_spec(name, [str(_ROOT)])
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    # Who has imported a package of their own by that name still finds in it what they found.
    for key, value in vars(loaded).items() if loaded is not None else ():
        module.__dict__.setdefault(key, value)
    return module


def _extend(package: ModuleType, folder: Path) -> None:
    if folder.is_dir() and str(folder) not in package.__path__:
        package.__path__.append(str(folder))
