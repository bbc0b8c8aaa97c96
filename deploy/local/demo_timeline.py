"""The timeline that the demo prints: when, who, what, which event; in Chinese or English, or as one document."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text


@dataclass(frozen=True)
class Said:
    """A text for persons, in both languages."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Moment:
    """One line of the timeline; `event` is the type of the event that tells of it."""

    at: datetime
    who: Said
    what: Said
    event: str | None


@dataclass
class Timeline:
    """Prints each moment as it happens, or keeps all for one document."""

    language: str
    as_json: bool = False
    moments: list[Moment] = field(default_factory=list)
    _console: Console = field(default_factory=lambda: Console(highlight=False, soft_wrap=True))

    def tell(self, who: Said, what: Said, event: str | None = None, *, at: datetime | None = None) -> None:
        moment = Moment(at or datetime.now(UTC), who, what, event)
        self.moments.append(moment)
        if not self.as_json:
            line = Text()
            line.append(f"{moment.at.astimezone():%H:%M:%S.%f}"[:-3] + "  ", style="dim")
            line.append(who.in_language(self.language) + "  ", style="bold cyan")
            line.append(what.in_language(self.language))
            line.append(f"  [{event}]" if event else "", style="green")
            self._console.print(line)

    def heading(self, title: Said) -> None:
        if not self.as_json:
            self._console.print(Text(f"\n{title.in_language(self.language)}", style="bold"))

    def table(self, title: Said, columns: tuple[Said, ...], rows: Sequence[tuple[str, ...]]) -> None:
        if self.as_json:
            return
        names = [column.in_language(self.language) for column in columns]
        table = Table(*names, title=title.in_language(self.language), title_justify="left")
        for row in rows:
            table.add_row(*row)
        self._console.print(table)

    def note(self, text: Said) -> None:
        if not self.as_json:
            self._console.print(text.in_language(self.language), style="dim")

    def document(self, **results: Mapping[str, Any] | list[Any] | str | int) -> None:
        """Print all that was told, with the results, as one JSON document."""
        if self.as_json:
            moments = [asdict(moment) | {"at": moment.at.isoformat()} for moment in self.moments]
            json.dump({"timeline": moments, **results}, sys.stdout, ensure_ascii=False, indent=2)
            sys.stdout.write("\n")


def language_of(chosen: str | None) -> str:
    """`zh` or `en`: as chosen, else by the environment's LANG; Chinese where that says nothing else."""
    wanted = (chosen or os.environ.get("LC_ALL") or os.environ.get("LANG") or "zh").lower()
    return "en" if wanted.startswith(("en", "c.", "posix")) or wanted == "c" else "zh"
