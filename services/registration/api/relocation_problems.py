"""Refusals of relocations and the problems that they are told as."""

from http import HTTPStatus
from typing import Final

from services.registration.domain import relocation_errors as errors
from shared.web.problems import ProblemTable, ProblemType

RELOCATION_PROBLEMS: Final[ProblemTable] = {
    errors.HandOverNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "relocation-not-found", "没有此迁移", "There is no such relocation"
    ),
    errors.HandOverNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "relocation-not-allowed",
        "迁移当前状态不允许此操作",
        "Where the relocation stands does not allow this",
        "当前状态为 {standing}，不能执行 {action}。",
        "It is {standing}; {action} is not possible.",
    ),
    errors.HandOverInProgress: ProblemType(
        HTTPStatus.CONFLICT,
        "relocation-in-progress",
        "该企业另有事项正在办理",
        "The enterprise is on its way already, or a filing about it is under review",
        "请先办结 {hand_over_id}。",
        "First comes {hand_over_id}.",
    ),
    errors.NotAKnownRegistrar: ProblemType(
        HTTPStatus.FORBIDDEN,
        "not-a-known-registrar",
        "仅限已对接的登记机关",
        "Only registrars with which files are exchanged may do this",
    ),
    errors.FileNotSound: ProblemType(
        HTTPStatus.CONFLICT,
        "file-not-sound",
        "移交的档案不能入册",
        "The file that was handed over cannot be entered",
        "请核对后重新移交，或者退回。",
        "Correct it and hand it over again, or take it back.",
    ),
    errors.MigrationRestricted: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "migration-restricted",
        "不得限制企业迁移",
        "Nobody is kept from moving",
        "企业申请住所变更或者迁移的，应当依法及时办理，不得限制。",
        "A change of address is handled promptly and may not be restricted.",
    ),
    errors.ReasonUnknown: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "reason-unknown",
        "不是本地区列明的理由",
        "That is none of the reasons that this region lists",
        "可用理由：{known}。",
        "Reasons: {known}.",
    ),
}
