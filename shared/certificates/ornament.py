"""Ornament of a certificate's page: a frame of interlaced waves with rosettes, and a faint rosette behind the text."""

import math
from typing import Final

from shared.certificates.sheet import (
    FAINT_GOLD,
    GOLD,
    HEIGHT,
    PALE_GOLD,
    WIDTH,
    Box,
    Sheet,
)

_MARGIN: Final = 9.0
_BAND: Final = 9.0
_STRANDS: Final = 5
_STEPS: Final = 360


def draw_frame(sheet: Sheet) -> None:
    """Paper tint, two lines, and between them waves that cross one another; rosettes at the corners."""
    outer = Box(_MARGIN, _MARGIN, WIDTH - 2 * _MARGIN, HEIGHT - 2 * _MARGIN)
    inner = _inset(outer, _BAND)
    sheet.frame(_inset(outer, -1.6), GOLD, 0.25)
    sheet.frame(outer, GOLD, 0.8)
    _waves(sheet, outer)
    sheet.frame(inner, GOLD, 0.5)
    sheet.frame(_inset(inner, 1.2), PALE_GOLD, 0.2)
    half = _BAND / 2
    for x in (outer.x + half, outer.x + outer.width - half):
        for y in (outer.y + half, outer.y + outer.height - half):
            sheet.frame(Box(x - half, y - half, _BAND, _BAND), GOLD, 0.4, fill=(255, 253, 248))
            _rosette(sheet, x, y, half * 0.9, petals=8)


def draw_background(sheet: Sheet) -> None:
    """A large faint rosette in the middle."""
    x, y = WIDTH / 2, HEIGHT / 2 + 10
    for radius, petals in ((58.0, 24), (41.0, 18), (25.0, 12)):
        for sign in (1, -1):
            sheet.curve(_flower(x, y, radius, petals, 0.8, sign * 0.2), FAINT_GOLD, 0.35)


def draw_crest(sheet: Sheet, x: float, y: float, radius: float) -> None:
    """A rosette at the head of the page; the emblem of the state is the state's to put there, not ours."""
    _rosette(sheet, x, y, radius, petals=16)
    _rosette(sheet, x, y, radius * 0.62, petals=12)
    _rosette(sheet, x, y, radius * 0.32, petals=8)


def _waves(sheet: Sheet, outer: Box) -> None:
    half, swing = _BAND / 2, _BAND * 0.36
    top, bottom = outer.y + half, outer.y + outer.height - half
    left, right = outer.x + half, outer.x + outer.width - half
    across, down = outer.width - 2 * _BAND, outer.height - 2 * _BAND
    for strand in range(_STRANDS):
        phase = 2 * math.pi * strand / _STRANDS
        colour, width = (GOLD, 0.22) if strand % 2 else (PALE_GOLD, 0.28)
        for y in (top, bottom):
            sheet.curve(
                [(outer.x + _BAND + s, y + w) for s, w in _wave(across, 34, swing, phase)], colour, width
            )
        for x in (left, right):
            sheet.curve(
                [(x + w, outer.y + _BAND + s) for s, w in _wave(down, 22, swing, phase)], colour, width
            )


def _wave(length: float, periods: int, swing: float, phase: float) -> list[tuple[float, float]]:
    count = periods * 12
    return [
        (length * step / count, swing * math.sin(2 * math.pi * periods * step / count + phase))
        for step in range(count + 1)
    ]


def _rosette(sheet: Sheet, x: float, y: float, radius: float, *, petals: int) -> None:
    for sign in (1, -1):
        sheet.curve(_flower(x, y, radius, petals, 0.72, sign * 0.28), GOLD, 0.2)


def _flower(
    x: float, y: float, radius: float, petals: int, middle: float, swing: float
) -> list[tuple[float, float]]:
    return [
        _polar(x, y, radius * (middle + swing * math.cos(petals * _turn(step))), step)
        for step in range(_STEPS + 1)
    ]


def _polar(x: float, y: float, radius: float, step: int) -> tuple[float, float]:
    return x + radius * math.cos(_turn(step)), y + radius * math.sin(_turn(step))


def _turn(step: int) -> float:
    return 2 * math.pi * step / _STEPS


def _inset(box: Box, by: float) -> Box:
    return Box(box.x + by, box.y + by, box.width - 2 * by, box.height - 2 * by)
