"""The record filing (备案申请) as JSON."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from services.registration.api.acts.base import ContentIn, Envelope
from services.registration.api.acts.shapes import (
    ArticlesIn,
    FurtherAddressIn,
    IdNumber,
    PersonIn,
    ServiceAddressIn,
)
from services.registration.domain.acts.record import ROLES, Contribution, Record, Term
from services.registration.domain.filing import Filing
from services.registration.domain.kinds import ContributionForm
from services.registration.domain.person import Person
from shared.web.fields import CivilDate, Fen, RequestModel, UsccField

RECORD_EXAMPLE: JsonDict = {
    "kind": "record",
    "uscc": "91140881MAE000002E",
    "decided_on": "2026-03-02",
    "service_address": {"text": "永济市蒲州镇鹳雀路8号", "recipient": "张三丰", "phone": "13800000000"},
}
People = Annotated[list[PersonIn], Field(max_length=220)]


class TermIn(RequestModel):
    """Until when it does business (经营期限); without a day there is no end to it."""

    until: CivilDate | None = None


class ContributionIn(RequestModel):
    """What somebody on file contributes (认缴、实缴出资额)."""

    id_number: IdNumber
    subscribed_fen: Fen | None = None
    paid_fen: Fen | None = None
    forms: Annotated[tuple[ContributionForm, ...], Field(max_length=7)] = ()
    contribute_by: CivilDate | None = None


class RecordIn(ContentIn):
    """A record filing (备案申请): every item that is recorded; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [RECORD_EXAMPLE]})

    kind: Literal["record"]
    uscc: UsccField
    decided_on: Annotated[CivilDate, Field(description="Day of the decision or of the event")]
    articles: ArticlesIn | None = None
    term: TermIn | None = None
    contributions: Annotated[list[ContributionIn], Field(min_length=1, max_length=200)] | None = None
    officers: People | None = None
    contacts: People | None = None
    beneficial_owners: People | None = None
    members: People | None = None
    family_members: People | None = None
    foreign_papers_recipients: People | None = None
    further_addresses: Annotated[list[FurtherAddressIn], Field(max_length=50)] | None = None
    service_address: ServiceAddressIn | None = None

    def content(self) -> Record:
        """The filing's content as the domain knows it."""
        return Record(
            uscc=self.uscc,
            decided_on=self.decided_on,
            articles=self.articles.articles() if self.articles else None,
            term=Term(self.term.until) if self.term else None,
            contributions=None
            if self.contributions is None
            else tuple(Contribution(**each.model_dump()) for each in self.contributions),
            further_addresses=None
            if self.further_addresses is None
            else tuple(each.address() for each in self.further_addresses),
            service_address=self.service_address.address() if self.service_address else None,
            officers=_people(self.officers),
            contacts=_people(self.contacts),
            beneficial_owners=_people(self.beneficial_owners),
            members=_people(self.members),
            family_members=_people(self.family_members),
            foreign_papers_recipients=_people(self.foreign_papers_recipients),
        )

    @classmethod
    def of(cls, filing: Filing) -> Self:
        """Shape what was filed."""
        filed = filing.content
        assert isinstance(filed, Record)  # noqa: S101 - the kind says so
        people = {name: getattr(filed, name) for name in ROLES}
        return cls(
            kind="record",
            matter_id=filing.matter_id,
            uscc=filed.uscc,
            decided_on=filed.decided_on,
            articles=ArticlesIn.model_validate(filed.articles, from_attributes=True)
            if filed.articles
            else None,
            term=TermIn(until=filed.term.until) if filed.term else None,
            contributions=None
            if filed.contributions is None
            else [ContributionIn.model_validate(each, from_attributes=True) for each in filed.contributions],
            further_addresses=None
            if filed.further_addresses is None
            else [FurtherAddressIn.model_validate(a, from_attributes=True) for a in filed.further_addresses],
            service_address=ServiceAddressIn.model_validate(filed.service_address, from_attributes=True)
            if filed.service_address
            else None,
            **{
                name: None if told is None else [PersonIn.of(person) for person in told]
                for name, told in people.items()
            },
        )


def _people(said: list[PersonIn] | None) -> tuple[Person, ...] | None:
    return None if said is None else tuple(each.person() for each in said)


class RecordFilingIn(Envelope, RecordIn):
    """A new record filing."""
