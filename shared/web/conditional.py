"""Conditional requests: an ETag on every mutable resource, If-Match to change it."""

from typing import Annotated

from fastapi import Depends, Header, Response

from shared.web.problems import PRECONDITION_MISSING, STALE, Refusal


def etag_of(version: int) -> str:
    """The ETag of a resource at a version of its aggregate."""
    return f'"{version}"'


def set_etag(response: Response, version: int) -> None:
    """Put the ETag on an answer."""
    response.headers["ETag"] = etag_of(version)


class Precondition:
    """What the caller believes the resource's version to be."""

    def __init__(self, etag: str) -> None:
        self._etags = {part.strip() for part in etag.split(",")}

    def check(self, version: int) -> None:
        """Refuse with 412 where the resource has moved on; `*` accepts any version."""
        if "*" not in self._etags and etag_of(version) not in self._etags:
            raise Refusal(STALE)


async def _if_match(
    if_match: Annotated[
        str | None, Header(max_length=256, description="ETag of the version read (读取时的版本)")
    ] = None,
) -> Precondition:
    if if_match is None:
        raise Refusal(PRECONDITION_MISSING)
    return Precondition(if_match)


IfMatch = Annotated[Precondition, Depends(_if_match)]
