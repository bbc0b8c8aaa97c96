"""The body of each filing that a form makes, by the kind of the step."""

from dataclasses import dataclass
from typing import Final

from gateway.matters.domain.alteration_request import alteration_request
from gateway.matters.domain.establishment_request import establishment_request
from gateway.matters.domain.exit_request import (
    deregistration_request,
    notice_request,
    simple_deregistration_request,
)
from gateway.matters.domain.filing_request import (
    ADDRESS,
    CAPITAL,
    KIND,
    NAME,
    PHONE,
    PUBLISHED_KINDS,
    SCOPE,
    Body,
    FilingForm,
    Places,
    RegisterVocabulary,
)
from gateway.matters.domain.model import Finding, Json
from gateway.matters.domain.relocation_request import relocation_request
from gateway.matters.use_cases.form_checks import FormNotAccepted, field_of_source
from shared import region
from shared.region import FieldType, FilingKind, RegionPack
from shared.web.problems import FieldFault

Built = tuple[Body, Places, tuple[Finding, ...]]
WITHOUT_NOTICE: Final = "individual_business"
"""Leaves without a public notice. Source: 市场主体登记管理条例 art. 33."""
_HEAD: Final = "legal_representative"


@dataclass(frozen=True)
class Drafted:
    """What a filing is made of: the form, of which matter, and about which enterprise that is registered."""

    matter_id: str
    form: Json
    uscc: str | None
    known: Json

    @property
    def about(self) -> tuple[Json, str, str]:
        """Form, enterprise and matter, as a request about a registered enterprise is made of."""
        return self.form, self.uscc or "", self.matter_id


def filing_body(pack: RegionPack, step: region.Step, drafted: Drafted) -> tuple[Body, Places]:
    """Raises: FormNotAccepted for what cannot be read from the form."""
    body, places, findings = _built(pack, step, drafted)
    if findings:
        raise FormNotAccepted(
            tuple(FieldFault(each.pointer, each.rule, each.text_zh, each.text_en) for each in findings)
        )
    return body, places


def notice_body(drafted: Drafted) -> tuple[Body, Places]:
    """What the notice before a simple deregistration is given with."""
    return notice_request(*drafted.about)


def _built(pack: RegionPack, step: region.Step, drafted: Drafted) -> Built:
    match step.filing_kind:
        case FilingKind.RELOCATION:
            form, uscc, matter_id = drafted.about
            return relocation_request(form, uscc, _words(pack, []), matter_id)
        case FilingKind.ESTABLISHMENT:
            return _establishment(pack, step, drafted)
        case FilingKind.ALTERATION:
            return _alteration(pack, drafted)
        case FilingKind.SIMPLE_DEREGISTRATION:
            is_noticed = drafted.known.get(KIND) != WITHOUT_NOTICE
            body, places = simple_deregistration_request(*drafted.about, is_noticed=is_noticed)
            return body, places, ()
        case FilingKind.DEREGISTRATION:
            body, places = deregistration_request(*drafted.about)
            return body, places, ()


def _establishment(pack: RegionPack, step: region.Step, drafted: Drafted) -> Built:
    sources = (NAME, KIND, ADDRESS, SCOPE, CAPITAL, PHONE)
    fields = {source: field_of_source(pack, step.form_fields, source) for source in sources}
    people = next(name for name in step.form_fields if pack.form_field(name).type is FieldType.RECORDS)
    kind = pack.registration.kind(drafted.form[fields[KIND]])
    form = FilingForm(drafted.form, fields, people)
    return establishment_request(form, _words(pack, [kind] if kind else []), drafted.matter_id)


def _alteration(pack: RegionPack, drafted: Drafted) -> Built:
    kinds = [kind for kind in pack.registration.kinds if _published(kind) == drafted.known.get(KIND)]
    role = kinds[0].roles[0].key if kinds else _HEAD
    words = _words(pack, kinds or list(pack.registration.kinds))
    form, uscc, matter_id = drafted.about
    return alteration_request(form, uscc, role, words, matter_id)


def _words(pack: RegionPack, kinds: list[region.EnterpriseKind]) -> RegisterVocabulary:
    return RegisterVocabulary(
        region_name=pack.region.name.zh,
        region_prefixes=pack.registration.names.region_prefixes,
        trade_words=[trade.word for trade in pack.registration.names.trade_words],
        organisation_forms=[form for kind in kinds for form in kind.organisation_forms],
        towns={town.name: town.code for town in pack.region.towns},
    )


def _published(kind: region.EnterpriseKind) -> str:
    return PUBLISHED_KINDS.get(kind.key, kind.key)
