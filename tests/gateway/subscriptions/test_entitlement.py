"""What agencies may follow says nothing of persons, and names its addressees where it has some."""

from gateway.published import PUBLISHED as OF_GATEWAY
from gateway.subscriptions.domain.entitlement import AGGREGATES, audience_of, is_open, is_own_only
from services.credit.published import PUBLISHED as OF_CREDIT
from services.licensing.published import PUBLISHED as OF_LICENSING
from services.registration.published import PUBLISHED as OF_REGISTRATION

PUBLISHED = (*OF_REGISTRATION, *OF_CREDIT, *OF_LICENSING, *OF_GATEWAY)
OF_PERSONS = {"applicant", "payer", "recipient", "owner_subject", "reader", "requester"}


def test_no_open_type_names_a_person() -> None:
    telling = {
        each.type.name: sorted(OF_PERSONS & set(each.payload.model_fields))
        for each in PUBLISHED
        if is_open(each.type.name) and OF_PERSONS & set(each.payload.model_fields)
    }

    assert telling == {}


def test_every_own_type_says_to_whom_it_is_addressed() -> None:
    silent = [
        each.type.name
        for each in PUBLISHED
        if is_own_only(each.type.name) and not {"audience", "agency_uscc"} & set(each.payload.model_fields)
    ]

    assert silent == []


def test_the_log_follows_every_aggregate_that_has_an_open_type() -> None:
    open_aggregates = {
        (each.type.service, each.type.aggregate) for each in PUBLISHED if is_open(each.type.name)
    }

    assert open_aggregates == set(AGGREGATES)


def test_an_event_for_several_agencies_reaches_each_of_them_once() -> None:
    answered = "cn.tongban.gateway.correction.answered.v1"

    assert audience_of(answered, {"audience": ["a", "b"], "agency_uscc": "a"}) == ("a", "b")
    assert audience_of("cn.tongban.registration.enterprise.registered.v1", {"agency_uscc": "a"}) is None
