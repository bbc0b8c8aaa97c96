"""A material (申请材料): a file handed in once, with its kind, its owner and its digest."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class MediaType(StrEnum):
    """Kinds of files that are taken; what one says it is must be what it is."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    JSON = "application/json"
    """Data of a certificate or form instead of its picture."""


class MaterialRole(StrEnum):
    """Why a material is in a case: the applicant handed it in, or a department made it."""

    SUBMITTED = "submitted"
    RESULT = "result"


@dataclass(frozen=True)
class Material:
    """`owner` is the opaque subject of a person, or the credit code of an enterprise or agency.

    A confidential one (保密要求) is shown to its owner and to the units that handle the case, to nobody else.
    """

    material_id: UUID
    owner: str
    kind: str
    name: str
    media_type: MediaType
    size: int
    digest: str
    is_confidential: bool
    handed_in_at: datetime
    handed_in_by: str


@dataclass(frozen=True)
class MaterialRef:
    """A material as a case refers to it; `part` names the department task whose result it is."""

    material_id: UUID
    kind: str
    name: str
    media_type: str
    size: int
    digest: str
    role: MaterialRole = MaterialRole.SUBMITTED
    part: str | None = None
    is_confidential: bool = False


@dataclass(frozen=True)
class File:
    """A material with its bytes."""

    material: MaterialRef
    content: bytes


@dataclass(eq=False)
class MaterialNotFound(Exception):
    """There is no such material, or it is not the caller's to know."""

    material_id: UUID


@dataclass(eq=False)
class MaterialInUse(Exception):
    """It is attached to a case: what a case refers to stays."""

    material_id: UUID


@dataclass(eq=False)
class FileNotTaken(Exception):
    """The bytes are not a file of the kind that they are said to be."""

    reason_code: str
