"""Numbers of a range test in words."""


def shown(rate: float) -> str:
    """A rate as it is typed: `0.0032`, `1e-05`."""
    return f"{rate:.3g}"


def factor(one: float, other: float) -> str:
    """How far two rates are apart: `2.5`, `100`."""
    return f"{float(f'{max(one / other, other / one):.2g}'):g}"
