"""An officer's office (职务) in requests and answers."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints

from shared.security.office import Office, OfficeLevel
from shared.web.fields import RequestModel, ResponseModel

RegionCode = Annotated[
    str, StringConstraints(min_length=6, max_length=12, pattern=r"^[0-9]{6}([0-9]{3}){0,2}$")
]
Post = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[a-z][a-z0-9_]*$")]


class OfficeIn(RequestModel):
    """Where an officer works, at any of the five levels, and the posts held there."""

    region: Annotated[RegionCode, Field(examples=["140881001"], description="Division code (行政区划代码)")]
    posts: Annotated[tuple[Post, ...], Field(max_length=20, examples=[["comprehensive_window"]])] = ()

    def office(self) -> Office:
        """As the domain knows it."""
        return Office(self.region, frozenset(self.posts))


class OfficeOut(ResponseModel):
    """Where an officer works: records of other places are not there for it."""

    region: Annotated[str, Field(examples=["140881001"])]
    level: Annotated[OfficeLevel, Field(examples=["town"])]
    posts: Annotated[list[str], Field(examples=[["comprehensive_window"]])]

    @classmethod
    def of(cls, office: Office) -> Self:
        """Shape an office."""
        return cls(region=office.region, level=office.level, posts=sorted(office.posts))
