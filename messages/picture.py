"""Drawings made pictures: SVG becomes the PNG that Slack shows. Imported only where one is drawn."""

from functools import cache
from importlib.resources import files

import resvg_py


def png(svg: str) -> bytes:
    """Draw an SVG at its own size, with a font of ours: a server has none."""
    return bytes(
        resvg_py.svg_to_bytes(svg_string=svg, font_files=_fonts(), skip_system_fonts=True, font_family="Roboto")
    )


@cache
def _fonts() -> list[str]:
    folder = files("font_roboto") / "files"
    return [str(folder / f"Roboto-{weight}.ttf") for weight in ("Regular", "Bold")]
