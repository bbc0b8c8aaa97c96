"""Refusals of the notices part."""

from dataclasses import dataclass


@dataclass(eq=False)
class NoticeNotFound(Exception):
    """There is no such notice, or it is another's."""

    notice_id: str


@dataclass(eq=False)
class NoLocalOutbox(Exception):
    """The local outbox is there in local mode only."""


@dataclass(eq=False)
class NoticesAuthorityOnly(Exception):
    """Only the data bureau (数据主管部门), which runs the suite, may do this."""
