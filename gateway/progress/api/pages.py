"""The pages on which a person sees where everything stands (我的办件), without an application of anybody's."""

from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter
from fastapi import Path as InPath
from starlette.requests import Request
from starlette.responses import Response

from gateway.identity.public import suite_pages
from gateway.progress.api.dependencies import InWords
from gateway.progress.api.page_views import Pen, ResultView
from gateway.progress.api.words import WORDS
from gateway.progress.domain.errors import CaseNotFound
from gateway.progress.use_cases.read_progress import ListCases, list_cases, read_progress
from shared.security.access import public
from shared.web.paging import Paged
from shared.web.routes import InTransaction, Now

router = APIRouter(route_class=suite_pages.PageRoute, include_in_schema=False)

OWN_SESSION = public("the session's cookie says who it is; these pages take no token")
_TEMPLATES: Final = suite_pages.TemplateSet(Path(__file__).parent / "templates", WORDS)
_CASES: Final = suite_pages.OwnPage.CASES


@router.get("/my/cases", dependencies=[OWN_SESSION])
async def cases_page(
    request: Request, wording: InWords, paged: Paged, uow: InTransaction, now: Now, response: Response
) -> Response:
    """What waits for the person first, then what is under way, then what has ended."""
    visitor = await suite_pages.visitor_here(request, _CASES, uow, now)
    after = (str(paged.after[0]), str(paged.after[1])) if paged.after else None
    found = await list_cases(ListCases(visitor.principal, after=after, limit=paged.fetch), uow)
    page = paged.page(found, lambda each: (each.case.opened_at.isoformat(), each.case.key.case_id), response)
    pen = Pen(wording, await suite_pages.speaks_english_here(request), now)
    shown = [pen.case(each) for each in page.entries]
    values = {
        "groups": [
            ("waits_for_you", [each for each in shown if each.waits]),
            ("under_way", [each for each in shown if not each.waits and not each.is_ended]),
            ("ended", [each for each in shown if each.is_ended]),
        ],
        "older": page.next_cursor,
        "is_empty": not shown,
    }
    return await suite_pages.show_page(
        suite_pages.Page("cases.html", values, path="/my/cases", template_set=_TEMPLATES), request
    )


@router.get("/my/cases/{reference}", dependencies=[OWN_SESSION])
async def case_page(
    reference: Annotated[str, InPath(min_length=1, max_length=64, pattern="^[A-Za-z0-9-]+$")],
    request: Request,
    wording: InWords,
    uow: InTransaction,
    now: Now,
) -> Response:
    """One case: what the person has to do, its parts, its results, all that happened."""
    visitor = await suite_pages.visitor_here(request, _CASES, uow, now)
    path = f"/my/cases/{reference}"
    try:
        told = await read_progress(reference, visitor.principal, wording, uow, now)
    except CaseNotFound:  # said on a page, to a person
        missing = suite_pages.Page("no_case.html", {}, 404, path=path, template_set=_TEMPLATES)
        return await suite_pages.show_page(missing, request)
    pen = Pen(wording, await suite_pages.speaks_english_here(request), now)
    matter = told.followed.case
    values = {
        "case": pen.case(told.followed),
        "to_do": pen.to_do(told),
        "parts": [pen.part(part, matter) for part in told.followed.parts],
        "results": [ResultView(document.number, document.path) for document in told.documents],
        "history": pen.history(told),
    }
    return await suite_pages.show_page(
        suite_pages.Page("case.html", values, path=path, template_set=_TEMPLATES), request
    )
