"""Let a court read what is held of an enterprise while its proceedings run (便利破产企业财产信息查询, REG-41).

A grant for this purpose opens nothing by itself (`needs_consent`). A ruling that opens proceedings stands, by law, in
the place of the consent of that one enterprise, for that court alone; the one that ends them ends it.
Source: 企业破产法 arts. 13, 15 and 25: the debtor's property and papers are the administrator's, under the court.
"""

from datetime import datetime
from typing import Final

from gateway.catalogue.data.domain.consent import BY_RULING, Consent, ConsentStatus, Notice, withdraw_consent
from gateway.catalogue.data.domain.grant import Grant, GrantStatus
from gateway.catalogue.data.published import consent_given, consent_withdrawn
from gateway.catalogue.data.store.consents import ConsentStore
from gateway.catalogue.data.store.grants import GrantFilters, GrantStore
from shared.database.unit_of_work import UnitOfWork
from shared.identifiers.uuid7 import new_uuid7

PURPOSE: Final = "bankruptcy_property_search"
_MOST: Final = 100
_RUNNING: Final = frozenset({"bankruptcy", "reorganisation", "bankrupt", "liquidation"})


async def follow_ruling(
    uscc: str, court_uscc: str, number: str, proceedings: str, uow: UnitOfWork, now: datetime
) -> None:
    """Open what the court's grants for the purpose name, of this enterprise, or close it; told again: nothing."""
    store = ConsentStore(uow.session)
    held = [
        each
        for each in await store.lock_of(uscc, PURPOSE)
        if each.is_by_ruling and each.status_at(now) is ConsentStatus.GIVEN
    ]
    if proceedings not in _RUNNING:
        for consent in held:
            closed = withdraw_consent(consent, by=f"{BY_RULING}{number}", at=now)
            await store.save(closed)
            uow.announce(consent_withdrawn(closed, now))
        return
    filters = GrantFilters(agency_uscc=court_uscc, status=GrantStatus.ISSUED)
    grants = await GrantStore(uow.session).newest(filters, now=now, before=None, limit=_MOST)
    open_already = {each.resource for each in held if each.agency_uscc == court_uscc}
    for grant in grants:
        terms = grant.terms
        if terms.purpose == PURPOSE and terms.needs_consent and terms.resource not in open_already:
            opened = _opened(grant, uscc, number, now)
            await store.add(opened)
            uow.announce(consent_given(opened))


def _opened(grant: Grant, uscc: str, number: str, now: datetime) -> Consent:
    terms = grant.terms
    return Consent(
        consent_id=new_uuid7(),
        subject=uscc,
        given_by=f"{BY_RULING}{number}",
        agency_uscc=terms.agency_uscc,
        resource=terms.resource,
        fields=terms.fields,
        purpose=terms.purpose,
        notice=Notice(
            content="依据人民法院裁定查询的企业信息",
            method="通过共享接口查询，逐次记录",
            use="破产、强制清算程序中的财产状况调查",
            scope=f"仅限本企业，程序终结即止（{number}）",
            rights_notice="依企业破产法查询，不以企业同意为前提；可查阅访问记录",
        ),
        given_at=now,
        valid_until=terms.valid_until,
    )
