"""The region pack's rules on reports, publicity and the list of abnormal operations, as the domain goes by them."""

from services.registration.domain.publicity_policy import (
    CivilDay,
    FieldKind,
    ListingPolicy,
    Publicity,
    PublicityPolicy,
    ReportField,
    ReportPart,
    ReportPolicy,
)
from services.registration.domain.wording import Wording
from shared.region import RegionPack
from shared.region import publicity as written


def publicity_policy(pack: RegionPack) -> PublicityPolicy:
    """Read the section; times are the pack's named limits."""
    rules = pack.registration.publicity
    authority = pack.agency(rules.authority)
    return PublicityPolicy(
        authority_uscc=authority.uscc,
        authority_name=Wording(authority.name.zh, authority.name.en),
        report=_report(pack, rules.annual_report),
        listing=_listing(pack, rules.listing),
        disclosure=pack.limit(rules.disclosure_limit).limit,
        order=pack.limit(rules.order_limit).limit,
    )


def _report(pack: RegionPack, rules: written.AnnualReportRules) -> ReportPolicy:
    return ReportPolicy(
        opens=CivilDay(rules.opens.month, rules.opens.day),
        closes=CivilDay(rules.closes.month, rules.closes.day),
        prompts=tuple(sorted(set(rules.prompts), reverse=True)),
        parts=tuple(
            ReportPart(
                key=part.key,
                title=Wording(part.title.zh, part.title.en),
                agency_uscc=pack.agency(part.department).uscc,
                fields=tuple(_field(field) for field in part.fields),
            )
            for part in rules.parts
        ),
    )


def _field(field: written.ReportField) -> ReportField:
    return ReportField(
        key=field.key,
        title=Wording(field.title.zh, field.title.en),
        kind=FieldKind(field.type.value),
        publicity=Publicity(field.publicity.value),
        is_required=field.is_required,
        minimum=field.minimum,
        maximum=field.maximum,
        max_length=field.max_length,
        choices=field.choices,
    )


def _listing(pack: RegionPack, rules: written.ListingRules) -> ListingPolicy:
    return ListingPolicy(
        is_automatic=rules.is_automatic,
        decision=pack.limit(rules.decision_limit).limit,
        removal=pack.limit(rules.removal_limit).limit,
        objection=pack.limit(rules.objection_limit).limit,
        objection_answer=pack.limit(rules.objection_answer_limit).limit,
        serious_after=pack.limit(rules.serious_after).limit,
        failed_attempts=rules.failed_attempts,
        letters_apart_least=rules.letters_apart_least_days,
        letters_apart_most=rules.letters_apart_most_days,
    )
