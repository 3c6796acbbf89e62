"""What goes wrong while a program trains, said by the runs that it trained."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.data.dataset import DataError
from runner.errors import RunError
from runner.memory import OutOfMemoryError, out_of_memory
from runner.session import Session


@contextmanager
def ending_badly(session: Session, folder: Path) -> Iterator[None]:
    """What goes wrong inside is said in the summary of every run that was still to be summed up.

    Raises RunError, with how to go on with `folder`, where the disk is at fault; else what was raised, such
    as the DataError of a streamed example. An OutOfMemoryError changes no status: fewer lanes may do.
    """
    try:
        with out_of_memory():
            yield
    except OutOfMemoryError:
        session.close()
        raise
    except DataError as error:
        session.fail("failed", str(error))
        raise
    except OSError as error:
        reason = f"{error.filename or folder}: {error.strerror or error}"
        session.fail("failed", reason)
        raise RunError(f"{reason}; go on with: runner resume {folder}") from error
    except KeyboardInterrupt:
        session.fail("interrupted", None)
        raise
    except BaseException as error:
        session.fail("failed", f"{type(error).__name__}: {error}")
        raise
