"""docs/catalogue.md is what the options say of themselves."""

import runpy
from pathlib import Path

import pytest

from runner import groups

DOCS = Path(__file__).parents[2] / "docs"
OPTIONS = {
    f"{group}={option.name}": option
    for group in groups.names([groups.CONFIGS])
    if group not in ("experiment", "sweep")
    for option in groups.options(group, [groups.CONFIGS])
}


def test_the_page_is_what_would_be_written():
    written = runpy.run_path(str(DOCS / "make_catalogue.py"))["catalogue"]()
    assert (DOCS / "catalogue.md").read_text(encoding="utf-8") == written, (
        "run: python docs/make_catalogue.py"
    )


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_says_what_it_is_and_when_to_use_it(name):
    option = OPTIONS[name]
    assert len(option.description) > 10
    assert option.advice
