"""One HTML file that holds everything: it opens offline, and anywhere."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from runner.comparison.model import Comparison
from runner.comparison.plots import bands
from runner.comparison.plots.featured import explanation
from runner.comparison.plots.labels import brief, option_of
from runner.comparison.plots.landscapes import Landscape
from runner.comparison.report import sentences
from runner.comparison.report.figures import as_json
from runner.comparison.report.view import view
from runner.comparison.wording import counts, duration, number, plural, span

NAME = "report.html"
TEMPLATES = files("runner.comparison.report") / "templates"
STYLE = "page.css"
SCRIPTS = ("plots.js", "sorting.js", "copying.js")
FILTERS = {"number": number, "span": span, "duration": duration, "counts": counts, "plural": plural}


def write_report(comparison: Comparison, place: Path, landscapes: Sequence[Landscape] = ()) -> Path:
    """Writes `report.html` into the folder `place`, which is made; returns its path."""
    page = render(comparison, landscapes)
    place.mkdir(parents=True, exist_ok=True)
    path = place / NAME
    path.write_text(page, encoding="utf-8")
    return path


def render(comparison: Comparison, landscapes: Sequence[Landscape] = ()) -> str:
    """The page's text."""
    sections = view(comparison, landscapes)
    settings = [one.setting for one in sections.named.values()]
    return (
        _environment()
        .get_template("page.html")
        .render(
            comparison=comparison,
            view=sections,
            facts=sentences.facts(comparison),
            answer=sentences.answer(comparison),
            ranking=sentences.ranking(comparison, len(sections.top)),
            featured=explanation(comparison),
            band=bands.explanation(settings),
            figures=as_json(sections.figures),
            style=_text(STYLE),
            plotly=(files("plotly") / "package_data/plotly.min.js").read_text(encoding="utf-8"),
            scripts="\n".join(map(_text, SCRIPTS)),
        )
    )


def _environment():
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= FILTERS
    environment.globals |= {"brief": brief, "option_of": option_of}
    return environment


def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")
