"""Large blocks of memory come in large pages.

XLA asks for a program's working memory at each call and gives it back at the end, and the system hands it out
page by page: for the 84 MB of a small convolution 21,520 waits, 80 ms. Of pages of 2 MB there are 42. Where
Linux hands them out on request alone, glibc requests them if a variable said so when the process began.
"""

import os
import sys
from pathlib import Path

VARIABLE, TUNABLE = "GLIBC_TUNABLES", "glibc.malloc.hugetlb"
OFFERED = Path("/sys/kernel/mm/transparent_hugepage/enabled")


def use_huge_pages() -> None:
    """Begins the process's program anew where that gets it huge pages; called before it has done anything.

    It keeps its number, files and arguments. Who has set the variable otherwise is left alone.
    """
    said = os.environ.get(VARIABLE, "")
    if TUNABLE in said or not _on_request() or not sys.executable:
        return
    os.environ[VARIABLE] = ":".join(filter(None, (said, f"{TUNABLE}=1")))
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def _on_request() -> bool:
    try:
        return "[madvise]" in OFFERED.read_text(encoding="ascii")
    except OSError:
        return False
