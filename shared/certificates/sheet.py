"""A certificate on paper: a page of PDF/A-3 with an embedded Chinese font, a QR code and its signed content attached.

Units: millimetres on A4 landscape; on A3 everything is larger by the same ratio. Type sizes in points, likewise.
"""

import logging
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import segno
from fpdf import FPDF
from fpdf.enums import AssociatedFileRelationship, DocumentCompliance, TextMode

from shared.certificates.document import place_of_signature, sign_file
from shared.certificates.pdf_signing import DocumentSigner, sign_pdf
from shared.certificates.typeface import FAMILY, GETA, font_file, named
from shared.security.keys import SigningKey

WIDTH: Final = 297.0
HEIGHT: Final = 210.0
_POINTS_IN_MM: Final = 72 / 25.4
_MM_IN_POINT: Final = 25.4 / 72
# Marks that no line begins with, and those that none ends with (GB/T 15834, 标点避头尾).
_NOT_FIRST: Final = frozenset("，。、；：？！）】》」』”’·,.;:?!)]}%")
_NOT_LAST: Final = frozenset("（【《「『“‘([{")

_WORD: Final = re.compile(r"[0-9A-Za-z.\-]{1,20}|.", re.DOTALL)

Colour = tuple[int, int, int]
INK: Final[Colour] = (28, 26, 24)
GOLD: Final[Colour] = (176, 137, 62)
PALE_GOLD: Final[Colour] = (214, 190, 138)
FAINT_GOLD: Final[Colour] = (244, 236, 218)
RED: Final[Colour] = (178, 32, 38)
PALE_RED: Final[Colour] = (240, 205, 203)
GREY: Final[Colour] = (110, 104, 96)


class PaperSize(StrEnum):
    """Paper, landscape."""

    A4 = "a4"
    A3 = "a3"


@dataclass(frozen=True)
class Box:
    """A place on the page: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float


class Sheet:
    """The page while it is being drawn. Characters that the font lacks are collected in `missing`."""

    def __init__(self, title: str, size: PaperSize, at: datetime) -> None:
        logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells each step of subsetting at INFO
        self._scale = math.sqrt(2) if size is PaperSize.A3 else 1.0
        self._pdf = FPDF(
            orientation="landscape",
            unit=_POINTS_IN_MM * self._scale,
            format=(HEIGHT, WIDTH),
            enforce_compliance=DocumentCompliance.PDFA_3U,
        )
        self._pdf.set_creation_date(at)
        self._pdf.set_lang("zh-CN")
        self._pdf.set_title(title)
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.add_page()
        self._pdf.add_font(FAMILY, fname=font_file())
        self._pdf.set_font(FAMILY, size=12)
        self._known = self._pdf.fonts[FAMILY].cmap  # type: ignore[union-attr]
        self._size = 12.0
        self._advances: dict[str, float] = {}
        self.missing: dict[str, None] = {}

    def text(
        self, x: float, y: float, written: str, size: float, colour: Colour = INK, *, align: str = "left"
    ) -> None:
        """Write one line with its baseline at `y`; `x` is its left, centre or right."""
        shown = self._drawable(written)
        self._use(size, colour)
        left = x - {"left": 0.0, "centre": 0.5, "right": 1.0}[align] * self._width(shown)
        self._pdf.text(left, y, shown)

    def centred(
        self, box: Box, written: str, size: float, colour: Colour = INK, *, smallest: float = 4.5
    ) -> None:
        """Write one line in the middle of the box, smaller where it is long; it ends in an ellipsis at worst."""
        shown = self._drawable(written)
        self._size = size
        while self._width(shown) > box.width:
            if self._size <= smallest:
                shown = shown[:-2] + "…"
            else:
                self._size -= 0.25
        self.text(box.x + box.width / 2, box.y + box.height, shown, self._size, colour, align="centre")

    def bold(self, x: float, y: float, written: str, size: float, colour: Colour = INK) -> None:
        """Write one line around the centre `x`, its strokes thickened: the face has one weight."""
        with self._pdf.local_context(
            text_mode=TextMode.FILL_STROKE, line_width=size * 0.0065, draw_color=colour
        ):
            self.text(x, y, written, size, colour, align="centre")

    def spread(
        self, x: float, y: float, written: str, width: float, size: float, colour: Colour = INK
    ) -> None:
        """Write the characters over the whole width, as labels of certificates are set (分散对齐)."""
        self._use(size, colour)
        widths = [self._width(character) for character in written]
        gap = (width - sum(widths)) / max(len(written) - 1, 1)
        for character, own in zip(written, widths, strict=True):
            self._pdf.text(x, y, character)
            x += own + gap

    def paragraph(
        self, box: Box, written: str, size: float, colour: Colour = INK, *, smallest: float = 4.5
    ) -> float:
        """Fill the box from its top with as many lines as needed; the type shrinks until all of it fits.

        What does not fit in the smallest type either ends in an ellipsis. Returns the bottom of the last line.
        """
        shown = self._drawable(written)
        lines, leading = self._fitted(shown, box, size, smallest)
        self._use(self._size, colour)
        baseline = box.y + self._size * _MM_IN_POINT * 0.88
        for line in lines:
            self._pdf.text(box.x, baseline, line)
            baseline += leading
        return baseline - leading + self._size * _MM_IN_POINT * 0.2

    def rule(self, x1: float, y1: float, x2: float, y2: float, colour: Colour, width: float = 0.2) -> None:
        """Draw a line."""
        self._pdf.set_draw_color(*colour)
        self._pdf.set_line_width(width)
        self._pdf.line(x1, y1, x2, y2)

    def frame(self, box: Box, colour: Colour, width: float, *, fill: Colour | None = None) -> None:
        """Draw a rectangle."""
        self._pdf.set_draw_color(*colour)
        self._pdf.set_line_width(width)
        if fill is not None:
            self._pdf.set_fill_color(*fill)
        self._pdf.rect(box.x, box.y, box.width, box.height, style="D" if fill is None else "DF")

    def curve(self, points: Sequence[tuple[float, float]], colour: Colour, width: float) -> None:
        """Draw a line through all points."""
        self._pdf.set_draw_color(*colour)
        self._pdf.set_line_width(width)
        self._pdf.polyline(list(points))

    def qr(self, address: str, box: Box) -> None:
        """Draw the QR code of an address, in vectors."""
        matrix = segno.make(address, error="m", micro=False).matrix
        side = box.width / len(matrix)
        self._pdf.set_fill_color(*INK)
        for row, modules in enumerate(matrix):
            for first, length in _runs(modules):
                self._pdf.rect(
                    box.x + first * side, box.y + row * side, length * side, side * 1.02, style="F"
                )

    def slanted(self, x: float, y: float, written: str, size: float, colour: Colour, *, angle: float) -> None:
        """Write across the page, around a centre: marks of copies and of certificates that ended."""
        with self._pdf.rotation(angle, x, y):
            self.text(x, y, written, size, colour, align="centre")

    def signed(self, jws: str, signer: DocumentSigner, made_at: datetime, signed_at: datetime) -> bytes:
        """The document, with the certificate's signed content and a PDF signature over all of itself.

        Raises SigningUnavailable.
        """
        self._attach_content(jws, made_at)
        return sign_pdf(bytes(self._pdf.output()), signer, signed_at)

    def platform_signed(self, jws: str, key: SigningKey, made_at: datetime) -> bytes:
        """The same where nobody signs PDFs: the signature over all of it is one that only this suite verifies."""
        self._attach_content(jws, made_at)
        self._attach("signature.txt", place_of_signature(key), "text/plain", "Signature (文件签名)", made_at)
        return sign_file(bytes(self._pdf.output()), key)

    def _attach_content(self, jws: str, at: datetime) -> None:
        self._attach(
            "certificate.jws", jws.encode(), "application/jose", "Signed content (电子证照签名数据)", at
        )

    def _attach(self, name: str, content: bytes, media_type: str, description: str, at: datetime) -> None:
        self._pdf.embed_file(
            bytes=content,
            basename=name,
            mime_type=media_type,
            desc=description,
            creation_date=at,
            modification_date=at,
            associated_file_relationship=AssociatedFileRelationship.SOURCE.value,
        )

    def missing_note(self) -> str:
        """Which characters could not be drawn; empty where all could."""
        return "".join(f"{GETA}={named(character)} " for character in self.missing).strip()

    def _drawable(self, written: str) -> str:
        lacking = [character for character in written if ord(character) not in self._known]
        self.missing.update(dict.fromkeys(lacking))
        return "".join(GETA if character in lacking else character for character in written)

    def _use(self, size: float, colour: Colour) -> None:
        self._size = size
        self._pdf.set_font(FAMILY, size=size * self._scale)
        self._pdf.set_text_color(*colour)

    def _width(self, written: str) -> float:
        return sum(self._advance(character) for character in written) * self._size

    def _advance(self, character: str) -> float:
        """Width in type of one point; the face has no kerning here."""
        if character not in self._advances:
            self._pdf.set_font(FAMILY, size=100 * self._scale)
            self._advances[character] = float(self._pdf.get_string_width(character)) / 100
            self._pdf.set_font(FAMILY, size=self._size * self._scale)
        return self._advances[character]

    def _fitted(self, written: str, box: Box, size: float, smallest: float) -> tuple[list[str], float]:
        while True:
            self._size = size
            leading = size * _MM_IN_POINT * (1.55 if size > 8 else 1.38)
            lines = list(self._lines(written, box.width))
            room = max(1, int((box.height - size * _MM_IN_POINT) / leading) + 1)
            if len(lines) <= room:
                return lines, leading
            if size <= smallest:
                return [*lines[: room - 1], lines[room - 1][:-1] + "…"], leading
            size = max(smallest, size - 0.25)

    def _lines(self, written: str, width: float) -> Iterator[str]:
        line, used = "", 0.0
        for word in _words(written):
            own = self._width(word)
            if line and used + own > width and word not in _NOT_FIRST:
                carried = ""
                while len(line) > 1 and line[-1] in _NOT_LAST:
                    line, carried = line[:-1], line[-1] + carried
                yield line
                line, used = carried, self._width(carried)
            line, used = line + word, used + own
        if line:
            yield line


def _words(written: str) -> Iterator[str]:
    """What is not parted by a line's end: a short run of Latin letters and figures, or one character."""
    for found in _WORD.finditer(written):
        yield found.group()


def _runs(modules: bytearray | bytes) -> Iterator[tuple[int, int]]:
    """Stretches of dark modules: where each begins, and how long it is."""
    first: int | None = None
    for place, dark in enumerate([*modules, 0]):
        if dark and first is None:
            first = place
        if not dark and first is not None:
            yield first, place - first
            first = None
