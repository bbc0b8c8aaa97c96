"""Reads the contracts of outside systems, once per process."""

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field

from gateway.integrations.domain.contract import (
    Call,
    Contracts,
    SentEvent,
    System,
    Text,
    WithoutInterface,
)

FILE: Final = Path(__file__).parent / "systems.yaml"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Text(_Entry):
    zh: str
    en: str

    def text(self) -> Text:
        return Text(self.zh, self.en)


class _Sent(_Entry):
    verb: Annotated[str, Field(pattern="^[a-z][a-z_]*$")]
    subject: str
    summary: _Text
    data: dict[str, str]
    example: dict[str, Any]
    open_to: tuple[str, ...]


class _Call(_Entry):
    method: str
    path: str
    scope: str | None = None
    why: _Text


class _System(_Entry):
    key: Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
    rows: tuple[str, ...]
    title: _Text
    agency: str
    purpose: _Text
    sends: tuple[_Sent, ...] = ()
    follows: tuple[str, ...] = ()
    calls: tuple[_Call, ...] = ()
    tasks: tuple[str, ...] = ()
    takes_files: bool = False


class _Without(_Entry):
    row: str
    reason: _Text


class _File(_Entry):
    systems: tuple[_System, ...]
    without_interface: tuple[_Without, ...]


@cache
def load_contracts() -> Contracts:
    """Read `systems.yaml`."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read = _File.model_validate(yaml.load(FILE.read_text(), Loader=loader))  # noqa: S506 - a safe loader
    return Contracts(
        systems=tuple(_system(each) for each in read.systems),
        without_interface=tuple(
            WithoutInterface(each.row, each.reason.text()) for each in read.without_interface
        ),
    )


def _system(read: _System) -> System:
    return System(
        key=read.key,
        rows=read.rows,
        title=read.title.text(),
        agency=read.agency,
        purpose=read.purpose.text(),
        sends=tuple(
            SentEvent(
                system=read.key,
                verb=each.verb,
                subject=each.subject,
                summary=each.summary.text(),
                data=each.data,
                example=each.example,
                open_to=each.open_to,
            )
            for each in read.sends
        ),
        follows=read.follows,
        calls=tuple(Call(each.method, each.path, each.scope, each.why.text()) for each in read.calls),
        tasks=read.tasks,
        takes_files=read.takes_files,
    )
