"""Refusals of the proxy's own, each of which says that it arose here."""

from collections.abc import Iterable, Mapping, Sequence

from starlette.types import Receive, Scope, Send

from shared.web.problems import FieldFault, ProblemType, prefers_english, problem_response


async def refuse(
    problem: ProblemType,
    scope: Scope,
    receive: Receive,
    send: Send,
    *,
    headers: Mapping[str, str] | None = None,
    faults: Sequence[FieldFault] = (),
    values: Mapping[str, object] | None = None,
    own_lines: Iterable[tuple[bytes, bytes]] = (),
) -> None:
    """Answer with a problem that says that it arose here, not at a service."""
    language = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    response = problem_response(
        problem,
        english=prefers_english(language),
        values=values,
        faults=faults,
        headers={"X-Tongban-Origin": "gateway", **(headers or {})},
    )
    response.raw_headers += own_lines
    await response(scope, receive, send)
