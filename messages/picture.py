"""Drawings made pictures: SVG becomes the PNG that Slack shows.

The drawing library keeps every other thread of its process waiting for as long as it draws, so it draws in a process of
its own: ``python -m messages.picture`` reads an SVG and writes a PNG.
"""

import os
import sys
from functools import cache
from pathlib import Path
from typing import Final

import font_roboto  # type: ignore[import-untyped]  # it has no stubs
import resvg_py

_PATIENCE: Final = 10  # a picture may wait for everything else that its machine does


def png(svg: str) -> bytes:
    """Draw an SVG at its own size, with a font of ours: a server has none."""
    return bytes(
        resvg_py.svg_to_bytes(svg_string=svg, font_files=_fonts(), skip_system_fonts=True, font_family="Roboto")
    )


@cache
def _fonts() -> list[str]:
    folder = Path(font_roboto.__file__).parent / "files"
    return [str(folder / f"Roboto-{weight}.ttf") for weight in ("Regular", "Bold")]


def main() -> None:
    """Draw what stands on stdin, with less claim to the processor than who asked for it."""
    os.nice(_PATIENCE)
    sys.stdout.buffer.write(png(sys.stdin.buffer.read().decode()))


if __name__ == "__main__":
    main()
