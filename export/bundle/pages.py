"""The templates of a bundle's pages, filled with every value escaped."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("export", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template: str, **values: Any) -> str:
    """Return a filled template."""
    return _environment().get_template(template).render(style=asset("pages.css"), **values)


@cache
def asset(name: str) -> str:
    """Return a file that stands beside the templates, as it is."""
    return (files("export") / "templates" / name).read_text(encoding="utf-8")
