"""What a department says about its task: what came of it, what is wrong, why somebody should come."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from gateway.matters.domain.tasks import Demand
from shared.web.fields import Code, RequestModel, ShortText

ResultKey = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]


class CompletionIn(RequestModel):
    """What came of the task, for the applicant: numbers, places, dates."""

    result: Annotated[dict[ResultKey, ShortText], Field(max_length=20)] = Field(
        examples=[{"seal_number": "1408810012345", "pick_up_at": "市政务服务大厅"}]
    )


class FindingIn(RequestModel):
    """One thing to correct: a field of the form that the task received, or a kind of material."""

    form_field: Code | None = Field(default=None, examples=["seal_kinds"])
    material: Code | None = Field(default=None, description="Code of the material (材料编码)")
    text_zh: ShortText = Field(examples=["印章种类与企业类型不符"])
    text_en: ShortText | None = Field(
        default=None, examples=["These seals do not fit the kind of enterprise"]
    )
    defect: ShortText | None = Field(
        default=None,
        description="What is wrong with the file that is there; without it none is asked for again",
    )

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if (self.form_field is None) == (self.material is None):
            raise ValueError(
                "one_of|指明一个表单字段或一种材料|name either a field of the form or a kind of material"
            )
        if self.defect is not None and self.material is None:
            raise ValueError("defect|仅材料可注明缺陷|only a material has a defect")
        return self

    @property
    def demand(self) -> Demand:
        return Demand(
            name=self.form_field or self.material or "",
            is_material=self.material is not None,
            text_zh=self.text_zh,
            text_en=self.text_en or self.text_zh,
            defect=self.defect,
        )


class ReturnIn(RequestModel):
    """Why the department cannot go on; the applicant reads it, so it says what to correct."""

    reason: ShortText = Field(examples=["印章种类与企业类型不符"])
    findings: Annotated[list[FindingIn], Field(max_length=30)] = Field(
        default=[], examples=[[{"form_field": "seal_kinds", "text_zh": "印章种类与企业类型不符"}]]
    )


class VisitIn(RequestModel):
    """What cannot be done without the applicant there."""

    reason: ShortText = Field(examples=["领取时须当面核对证件原件"])


class RefusalIn(RequestModel):
    """A final no: why, and by which law."""

    reason: ShortText = Field(examples=["法定代表人被列入不得担任的名单"])
    legal_basis: ShortText = Field(examples=["公司法第一百七十八条"])
