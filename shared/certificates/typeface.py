"""The typeface of certificates on paper: a Chinese Song face under an open licence (Noto Serif SC, OFL 1.1).

The font file comes with a data-only wheel that only this module knows; another file of the kind takes its place here.
"""

from pathlib import Path
from typing import Final

import pylopdf_fonts_zh_cn

FAMILY: Final = "song"
GETA: Final = "〓"
"""Stands where the face lacks a character (下駄): seen at once, and explained beside it, never an empty box."""


def font_file() -> Path:
    """Where the font lies."""
    return pylopdf_fonts_zh_cn.serif_path()


def named(character: str) -> str:
    """How a character that cannot be drawn is told of."""
    return f"U+{ord(character):04X}"
