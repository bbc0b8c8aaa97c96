"""A register as a CSV file of any size: its encoding, digest, length and rows."""

import codecs
import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from deploy.local.refusals import Refused

COLUMNS: Final = (
    "企业名称",
    "统一社会信用代码",
    "注册日期",
    "企业类型",
    "注册资金",
    "经营范围",
    "所在省份",
    "地区",
    "注册地址",
)
EXTRA_COLUMNS: Final = ("登记状态", "法定代表人", "法定代表人证件号码")
"""Columns that some registers have besides; where one is there, the others may be missing."""
MAX_CELL: Final = 20_000
MAX_CELLS: Final = 40
_CHUNK: Final = 1 << 20
_MAX_FIELD: Final = 64 << 20


@dataclass(frozen=True)
class RegisterFile:
    """What was found out about the file before any row of it is sent; the header counts as line 1."""

    path: Path
    sha256: str
    encoding: str
    total_lines: int


@dataclass(frozen=True)
class FileRow:
    """A row by its number, as a spreadsheet counts."""

    line: int
    cells: list[str]


def examine_file(path: Path) -> RegisterFile:
    """Read the file once, in constant memory. Raises: Refused for a header without the columns."""
    csv.field_size_limit(_MAX_FIELD)
    digest = hashlib.sha256()
    utf8 = codecs.getincrementaldecoder("utf-8")()
    encoding = "utf-8-sig"
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            if encoding == "utf-8-sig" and not _decodes(utf8, chunk):
                encoding = "gb18030"
    with _open(path, encoding) as text:
        reader = csv.reader(text)
        _places(next(reader, []), path)
        total = 1 + sum(1 for _ in reader)
    return RegisterFile(path, digest.hexdigest(), encoding, total)


def read_rows(file: RegisterFile) -> Iterator[FileRow]:
    """Rows with their cells in the order of COLUMNS; a row of another width is given as it is."""
    with _open(file.path, file.encoding) as text:
        reader = csv.reader(text)
        header = next(reader)
        places, width = _places(header, file.path), len(header)
        for line, cells in enumerate(reader, start=2):
            fitting = [cells[at] if at is not None else "" for at in places] if len(cells) == width else cells
            yield FileRow(line, [_plain(cell) for cell in fitting[:MAX_CELLS]])


def _open(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, errors="replace", newline="")


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bool:
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError:  # then it is taken for GB 18030, the other encoding of Chinese registers
        return False
    return True


def _places(header: list[str], path: Path) -> list[int | None]:
    """Where each column stands; None for one that some registers have and this one has not."""
    names = [name.strip() for name in header]
    extra = [name for name in names if name in EXTRA_COLUMNS]
    if len(set(names)) != len(names) or set(names) != {*COLUMNS, *extra}:
        more = f" and may have {'、'.join(EXTRA_COLUMNS)}"
        raise Refused(f"{path.name}: the header must have the columns {'、'.join(COLUMNS)}{more}")
    wanted = (*COLUMNS, *EXTRA_COLUMNS) if extra else COLUMNS
    return [names.index(name) if name in names else None for name in wanted]


def _plain(cell: str) -> str:
    """Mark what no JSON reader takes, cut what no register has: the service refuses such a row by its line."""
    if cell.isprintable() and len(cell) <= MAX_CELL:
        return cell
    return "".join(
        "\ufffd" if (ch < " " and ch not in "\t\r\n") or ch == "\x7f" or "\ud800" <= ch <= "\udfff" else ch
        for ch in cell[:MAX_CELL]
    )
