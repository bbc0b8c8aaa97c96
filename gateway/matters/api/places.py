"""Where a matter was accepted and is handled, and which service items it is about."""

from pydantic import Field

from shared.web.fields import ResponseModel


class PlaceOut(ResponseModel):
    """A place: the region's code and the agency there."""

    region: str | None = Field(examples=["140881001"])
    agency_uscc: str | None


class ItemOut(ResponseModel):
    """A service item in the version that held when the matter was opened."""

    code: str = Field(examples=["matters.open_restaurant"])
    version: int
