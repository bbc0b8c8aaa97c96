"""What the materials part declares to the gateway: routes, refusals, work by the clock; and to other parts.

A case refers to materials by `attach`, shows them by `materials_of`, and hands one out by `content_of` after it has
decided that the caller may read it. What a department made for a case is kept by `add_result`.
"""

from fastapi import APIRouter

from gateway.materials.api import files
from gateway.materials.api.files import CaseMaterialOut
from gateway.materials.api.problems import PROBLEMS
from gateway.materials.api.uploads import (
    DOWNLOAD,
    MEDIA_TYPES,
    UPLOAD,
    file_answer,
    media_type_of,
    read_upload,
)
from gateway.materials.domain.file_names import clean_name
from gateway.materials.domain.material import (
    File,
    FileNotTaken,
    MaterialNotFound,
    MaterialRef,
    MaterialRole,
    MediaType,
)
from gateway.materials.store.retention import PURGE_OF_CASES
from gateway.materials.use_cases.case_materials import (
    add_result,
    attach,
    content_of,
    keep_until,
    material_among,
    materials_of,
    materials_of_cases,
)
from gateway.materials.use_cases.forget_unattached import ForgetUnattached
from gateway.materials.use_cases.hand_in import HandIn
from gateway.settings import GatewaySettings
from shared.messaging.contracts import Published
from shared.messaging.topology import Consumer
from shared.region import RegionPack
from shared.worker import Errand, Sweep

__all__ = [
    "CONSUMERS",
    "DOWNLOAD",
    "MEDIA_TYPES",
    "PROBLEMS",
    "PUBLISHED",
    "PURGE_OF_CASES",
    "ROUTERS",
    "UPLOAD",
    "UPLOAD_PATH",
    "CaseMaterialOut",
    "File",
    "FileNotTaken",
    "HandIn",
    "MaterialNotFound",
    "MaterialRef",
    "MaterialRole",
    "MediaType",
    "add_result",
    "attach",
    "clean_name",
    "content_of",
    "errands",
    "file_answer",
    "keep_until",
    "material_among",
    "materials_of",
    "materials_of_cases",
    "media_type_of",
    "read_upload",
    "sweeps",
]

ROUTERS: tuple[APIRouter, ...] = (files.router,)
PUBLISHED: tuple[Published, ...] = ()
CONSUMERS: tuple[Consumer, ...] = ()
UPLOAD_PATH = files.router.prefix


def sweeps(settings: GatewaySettings, _region: RegionPack) -> tuple[Sweep, ...]:
    """What this part does by the clock."""
    return (Sweep("materials_forget_unattached", 3600.0, ForgetUnattached(settings.material_days)),)


def errands(_settings: GatewaySettings, _region: RegionPack) -> tuple[Errand, ...]:
    """What this part does by calling out."""
    return ()
