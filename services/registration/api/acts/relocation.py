"""The relocation filing (迁移登记申请) as JSON."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from services.registration.api.acts.base import ContentIn, Envelope
from services.registration.api.acts.shapes import DomicileIn, IdNumber, PersonName
from services.registration.domain.acts.relocation import ComingFrom, Relocation
from services.registration.domain.addresses import Domicile
from services.registration.domain.filing import Filing
from services.registration.domain.kinds import EnterpriseKind
from shared.web.fields import CivilDate, RequestModel, ShortText, UsccField

RELOCATION_EXAMPLE: JsonDict = {
    "kind": "relocation",
    "uscc": "91140881MAE000002E",
    "domicile": {"division_code": "140881104", "street": "鹳雀路8号", "commitment": True},
    "moves_on": "2026-04-01",
}


class ComingFromIn(RequestModel):
    """Where the enterprise stands in the register so far, and who stands for it there."""

    registrar_uscc: UsccField
    name: ShortText
    enterprise_kind: EnterpriseKind
    representative_name: PersonName
    representative_id_number: IdNumber


class RelocationIn(ContentIn):
    """A relocation filing (迁移登记申请), made at the registrar of the new address before moving."""

    model_config = ConfigDict(json_schema_extra={"examples": [RELOCATION_EXAMPLE]})

    kind: Literal["relocation"]
    uscc: UsccField
    domicile: DomicileIn
    moves_on: Annotated[CivilDate, Field(description="The day from which the new address is used")]
    coming_from: ComingFromIn | None = None

    def content(self) -> Relocation:
        """The filing's content as the domain knows it."""
        coming = self.coming_from
        return Relocation(
            uscc=self.uscc,
            domicile=Domicile(**self.domicile.model_dump()),
            moves_on=self.moves_on,
            coming_from=ComingFrom(**coming.model_dump()) if coming else None,
        )

    @classmethod
    def of(cls, filing: Filing) -> Self:
        """Shape what was filed."""
        filed = filing.content
        assert isinstance(filed, Relocation)  # noqa: S101 - the kind says so
        coming = filed.coming_from
        return cls(
            kind="relocation",
            matter_id=filing.matter_id,
            uscc=filed.uscc,
            domicile=DomicileIn.model_validate(filed.domicile, from_attributes=True),
            moves_on=filed.moves_on,
            coming_from=ComingFromIn.model_validate(coming, from_attributes=True) if coming else None,
        )


class RelocationFilingIn(Envelope, RelocationIn):
    """A new relocation filing."""
