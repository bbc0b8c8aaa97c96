"""Tables of this part; they never leave `store/`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, LargeBinary
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.database.columns import instant


class MaterialsTable(SQLModel, registry=registry()):
    """Base of the part's table classes."""


class MaterialRow(MaterialsTable, table=True):
    __tablename__ = "material"

    material_id: UUID = Field(primary_key=True)
    owner: str
    kind: str
    name: str
    media_type: str
    size: int
    digest: str
    is_confidential: bool
    handed_in_at: datetime = instant()
    handed_in_by: str
    kept_until: datetime | None = instant(nullable=True)


class ContentRow(MaterialsTable, table=True):
    __tablename__ = "material_content"

    material_id: UUID = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class AttachmentRow(MaterialsTable, table=True):
    __tablename__ = "material_attachment"

    case_id: str = Field(primary_key=True)
    material_id: UUID = Field(primary_key=True)
    role: str
    part: str | None
    attached_at: datetime = instant()
