"""Tables as departments' spreadsheet programs read and write them, without letting a cell become a formula.

Source: RFC 4180; OWASP, CSV Injection.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it spreadsheet programs take UTF-8 for the machine's own encoding, and Chinese is lost."""
_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_QUOTE: Final = "'"
LONGEST_CELL: Final = 5000


@dataclass(eq=False)
class SheetNotReadable(Exception):
    """The file is no table with a first line that names its columns."""

    reason_code: str


def written(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """A table as text; a cell that a program would calculate is quoted."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([guarded(row.get(column, "")) for column in columns])
    return BYTE_ORDER_MARK + sheet.getvalue()


def read(raw: bytes, most_rows: int) -> list[dict[str, str]]:
    """The rows of a table by their columns, without empty cells. Raises: SheetNotReadable."""
    try:
        reader = csv.DictReader(io.StringIO(_decoded(raw)), restkey="", strict=True)
        names = [name.strip() for name in reader.fieldnames or ()]
        if not names or len(set(names)) != len(names):
            raise SheetNotReadable("no_columns")
        reader.fieldnames = names
        rows: list[dict[str, str]] = []
        for row in reader:
            if len(rows) == most_rows:
                raise SheetNotReadable("too_many_rows")
            rows.append(
                {
                    name: unguarded(cell)
                    for name, cell in row.items()
                    if isinstance(cell, str) and cell.strip()
                }
            )
    except csv.Error as error:
        raise SheetNotReadable("not_a_table") from error
    return rows


def guarded(cell: str) -> str:
    """A cell that no program calculates."""
    return _QUOTE + cell if cell.startswith(_BEGINS_A_FORMULA) else cell


def unguarded(cell: str) -> str:
    """What was meant."""
    is_guarded = cell.startswith(_QUOTE) and cell[1:].startswith(_BEGINS_A_FORMULA)
    return (cell[1:] if is_guarded else cell).strip()[:LONGEST_CELL]


def _decoded(raw: bytes) -> str:
    """UTF-8, or what spreadsheet programs write on Chinese machines (GB 18030)."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            decoded = raw.decode(encoding)
        except UnicodeDecodeError:
            continue  # the next encoding may fit
        if "\x00" in decoded:
            raise SheetNotReadable("not_text")
        return decoded
    raise SheetNotReadable("not_text")
