"""The page with the results of a case, to be looked at and printed (自助打印), each with the code to verify it."""

from pathlib import Path
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gateway.deliveries.api.dependencies import SettingsInUse
from gateway.deliveries.domain.delivery import Delivery
from gateway.deliveries.domain.errors import DeliveryNotFound
from gateway.deliveries.domain.results import Result
from gateway.deliveries.store.deliveries import DeliveryStore
from gateway.identity.public import suite_pages
from shared.certificates.qr import qr_svg
from shared.database.unit_of_work import UnitOfWork
from shared.security.access import public
from shared.web.routes import InTransaction, Now

router = APIRouter(route_class=suite_pages.PageRoute, include_in_schema=False)

OWN_SESSION = public("the session's cookie says who it is; this page takes no token")
WORDS: Final[suite_pages.Words] = {
    "results_title": ("办理结果", "Results"),
    "case_number": ("受理编号", "Case number"),
    "pickup_code": ("取件码", "Code for the window"),
    "tracking_number": ("运单号", "Tracking number"),
    "business_licence": ("电子营业执照", "Electronic business licence"),
    "permit": ("许可证", "Permit"),
    "verification_code": ("验证码：", "Code to verify it:"),
    "verify": ("核验证照", "Verify the certificate"),
    "no_results": ("没有可查看的办理结果。", "There are no results to be shown."),
    "how_to_print": (
        "可用浏览器打印本页；扫描二维码或访问核验地址即可验证真伪。",
        "Print this page with the browser; whoever scans the code or opens its address verifies the certificate.",
    ),
}
_TEMPLATES: Final = suite_pages.TemplateSet(Path(__file__).parent / "templates", WORDS)


@router.get("/my/results/{delivery_id}", dependencies=[OWN_SESSION])
async def results_page(
    delivery_id: UUID, request: Request, settings: SettingsInUse, uow: InTransaction, now: Now
) -> Response:
    """Of the person who is signed in; another's looks like none."""
    visitor = await suite_pages.visitor_here(request, suite_pages.OwnPage.CASES, uow, now)
    delivery = await _own(delivery_id, visitor.principal.subject, uow)
    found = await DeliveryStore(uow.session).results([delivery.case_id]) if delivery else {}
    values = {
        "case_no": delivery.case_no if delivery else "—",
        "pickup_code": delivery.pickup_code if delivery else None,
        "tracking_number": delivery.order.tracking_number if delivery and delivery.order else None,
        "results": [
            _shown(result, settings.issuer) for result in found.get(delivery.case_id if delivery else "", ())
        ],
    }
    status, path = 200 if delivery else 404, f"/my/results/{delivery_id}"
    page = suite_pages.Page("results.html", values, status, path=path, template_set=_TEMPLATES)
    return await suite_pages.show_page(page, request)


async def _own(delivery_id: UUID, subject: str, uow: UnitOfWork) -> Delivery | None:
    try:
        delivery = await DeliveryStore(uow.session).read(delivery_id)
    except DeliveryNotFound:  # said on a page, to a person
        return None
    return delivery if delivery.recipient == subject else None


def _shown(result: Result, issuer: str) -> dict[str, str]:
    url = f"{issuer}{result.verify_path}"
    return {
        "kind": result.kind.value,
        "identifier": result.identifier,
        "verify_url": url,
        "qr": qr_svg(url),
    }
