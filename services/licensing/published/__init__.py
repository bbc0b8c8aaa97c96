"""Events that the licensing service publishes: the published language, versioned."""

from datetime import UTC, date, datetime
from uuid import UUID

from services.licensing.published.payloads import (
    ACCESS_RECORDED,
    ALTERED,
    APPROVED,
    CANCELLED,
    COMPONENT_DECIDED,
    COMPONENT_OVERDUE,
    ISSUED,
    MADE,
    PREMISES_CHANGED,
    REFUSED,
    SUBMITTED,
    ApplicationApproved,
    ApplicationRefused,
    ApplicationSubmitted,
    CommitmentMade,
    ComponentDecided,
    ComponentOverdue,
    PermitAltered,
    PermitCancelled,
    PermitIssued,
    PermitPremisesChanged,
    RefusalReason,
)
from shared.messaging.access import AccessRecorded
from shared.messaging.contracts import Published

_ID = UUID("019c9d3e-5a00-7000-8000-000000000001")
_USCC = "91140881MA0KXE2X64"
_FIRE = "11140881MB9Y00083J"
_MATTER = "019c9d3e-5a00-7000-8000-0000000000aa"
_CASE = {"applicant": "p-7c1f", "case_no": "XK-140881-20260302-000001-H"}
_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
_IDENTIFIER = "1.2.156.3005.2.11140881MB9Y00016L002.11140881MB9Y00016L.ZH140881202603020000017.001.S"
_NEXT_IDENTIFIER = "1.2.156.3005.2.11140881MB9Y00016L002.11140881MB9Y00016L.ZH140881202603020000017.002.Q"

PUBLISHED: tuple[Published, ...] = (
    Published(
        SUBMITTED,
        ApplicationSubmitted,
        ApplicationSubmitted(
            application_id=_ID,
            matter_id=_MATTER,
            uscc=_USCC,
            industry_code="restaurant",
            components=["food_operation", "signboard", "fire_check"],
            division_code="140881001",
            **_CASE,
        ),
        "An application for one industry was accepted (许可申请受理)",
    ),
    Published(
        COMPONENT_DECIDED,
        ComponentDecided,
        ComponentDecided(
            application_id=_ID,
            matter_id=_MATTER,
            item="fire_check",
            agency_uscc=_FIRE,
            decision="granted",
            by="commitment",
            decided_at=_AT,
            **_CASE,
        ),
        "A component permit was granted or refused (单项许可决定)",
    ),
    Published(
        COMPONENT_OVERDUE,
        ComponentOverdue,
        ComponentOverdue(
            application_id=_ID, matter_id=None, item="fire_check", agency_uscc=_FIRE, due_at=_AT, **_CASE
        ),
        "An agency's time for a component permit ran out (单项许可超期)",
    ),
    Published(
        APPROVED,
        ApplicationApproved,
        ApplicationApproved(
            application_id=_ID,
            matter_id=_MATTER,
            uscc=_USCC,
            permit_number="ZH-140881-20260302-000001-7",
            **_CASE,
        ),
        "The comprehensive permit was granted (行业综合许可准予)",
    ),
    Published(
        REFUSED,
        ApplicationRefused,
        ApplicationRefused(
            application_id=_ID,
            matter_id=None,
            uscc=_USCC,
            reasons=[
                RefusalReason(
                    item="fire_check", reason_zh="安全出口被堵塞。", reason_en="An exit is blocked."
                )
            ],
            **_CASE,
        ),
        "The application was refused, with all reasons (不予许可)",
    ),
    Published(
        ISSUED,
        PermitIssued,
        PermitIssued(
            permit_number="ZH-140881-20260302-000001-7",
            kind="comprehensive",
            item=None,
            uscc=_USCC,
            industry_code="restaurant",
            application_id=_ID,
            matter_id=_MATTER,
            certificate_identifier=_IDENTIFIER,
            issuer_uscc="11140881MB9Y00016L",
            supervising_uscc="11140881MB9Y00024F",
            components=["DX-140881-20260302-000001-8"],
            valid_from=date(2026, 3, 2),
            valid_to=date(2031, 3, 1),
            verify_path=f"/licensing/v1/verify/{_IDENTIFIER}",
        ),
        "A permit was issued as an electronic certificate (许可证签发)",
    ),
    Published(
        CANCELLED,
        PermitCancelled,
        PermitCancelled(
            permit_number="ZH-140881-20260302-000001-7",
            item=None,
            uscc=_USCC,
            certificate_identifier=_IDENTIFIER,
            issuer_uscc="11140881MB9Y00016L",
            supervising_uscc="11140881MB9Y00024F",
            ended_on=date(2026, 6, 1),
            cancelled_at=_AT,
        ),
        "A permit ended together with its holder's licence (证照联合注销)",
    ),
    Published(
        ALTERED,
        PermitAltered,
        PermitAltered(
            permit_number="DX-140881-20260302-000001-8",
            kind="component",
            item="food_operation",
            uscc=_USCC,
            certificate_identifier=_NEXT_IDENTIFIER,
            associated_identifier=_IDENTIFIER,
            certificate_version=2,
            changed=["holder_name"],
            issuer_uscc="11140881MB9Y00024F",
            supervising_uscc="11140881MB9Y00024F",
            altered_at=_AT,
            verify_path=f"/licensing/v1/verify/{_NEXT_IDENTIFIER}",
        ),
        "A permit follows its holder's new name or address (许可证随登记变更)",
    ),
    Published(
        PREMISES_CHANGED,
        PermitPremisesChanged,
        PermitPremisesChanged(
            permit_number="DX-140881-20260302-000001-8",
            item="food_operation",
            uscc=_USCC,
            certificate_identifier=_IDENTIFIER,
            permitted_premises="山西省运城市永济市城东街道舜都大道1号",
            premises_changed_on=date(2026, 6, 1),
            apply_by=date(2026, 6, 15),
            issuer_uscc="11140881MB9Y00024F",
            supervising_uscc="11140881MB9Y00024F",
        ),
        "The holder of a permit left the premises that it was given for, or is back (许可场所变动)",
    ),
    Published(
        MADE,
        CommitmentMade,
        CommitmentMade(
            uscc=_USCC,
            item="fire_check",
            application_id=_ID,
            agency_uscc=_FIRE,
            made_at=_AT,
            check_due_on=date(2026, 3, 30),
        ),
        "A permit was granted on a commitment that is to be checked (告知承诺)",
    ),
    Published(
        ACCESS_RECORDED,
        AccessRecorded,
        AccessRecorded(
            reader="client:fire-rescue",
            client_id="fire-rescue",
            agency_uscc=_FIRE,
            on_behalf_of=None,
            resource="licensing.application",
            record_key=str(_ID),
            owner_subject="p-7f3c",
            fields=["contact_phone", "legal_representative_name"],
            purpose="permit_review",
            matter_id=_MATTER,
            grant_id=None,
            result="allowed",
            at=_AT,
        ),
        "An agency read protected fields of an application (访问记录)",
    ),
)
