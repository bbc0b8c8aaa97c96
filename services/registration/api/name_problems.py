"""Refusals about names, and the problems that they are told as."""

from http import HTTPStatus

from services.registration.domain import name_errors as errors
from shared.web.problems import ProblemTable, ProblemType

NAME_PROBLEMS: ProblemTable = {
    errors.NameUnfit: ProblemType(
        HTTPStatus.CONFLICT,
        "name-unfit",
        "名称不符合规定",
        "The name breaks rules",
        "请按所列各项修改名称。",
        "Change the name as listed.",
    ),
    errors.TooManyReserved: ProblemType(
        HTTPStatus.CONFLICT,
        "too-many-names-reserved",
        "保留的名称过多",
        "Too many names are reserved",
        "每名申请人同时保留的名称不超过 {most} 个，请先放弃不用的名称。",
        "One may have {most} names reserved at a time: give back what is not needed.",
    ),
    errors.ReservationNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "name-reservation-not-found",
        "没有此名称保留",
        "There is no such reservation of a name",
    ),
    errors.ReservationActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "name-reservation-action-not-allowed",
        "名称保留当前状态不允许此操作",
        "The reservation's status does not allow this",
        "当前状态为 {reservation_status}，不能执行 {action}。",
        "The reservation is {reservation_status}; {action} is not possible.",
    ),
    errors.AnotherNameReserved: ProblemType(
        HTTPStatus.CONFLICT,
        "another-name-reserved",
        "申请的名称不是所保留的名称",
        "The name filed is not the one that is reserved",
        "保留的名称为“{reserved_name}”。",
        "Reserved is “{reserved_name}”.",
    ),
    errors.DisputeNotFound: ProblemType(
        HTTPStatus.NOT_FOUND,
        "name-dispute-not-found",
        "没有此名称争议",
        "There is no such dispute over a name",
    ),
    errors.DisputeActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "name-dispute-action-not-allowed",
        "名称争议当前状态不允许此操作",
        "The dispute's status does not allow this",
        "当前状态为 {dispute_status}，不能执行 {action}。",
        "The dispute is {dispute_status}; {action} is not possible.",
    ),
    errors.DisputeRunning: ProblemType(
        HTTPStatus.CONFLICT,
        "name-dispute-running",
        "对该名称的争议尚未裁决",
        "A dispute over this name is not ruled on yet",
        "请等待争议 {dispute_id} 裁决，或者先撤回它。",
        "Wait for the ruling on dispute {dispute_id}, or withdraw it first.",
    ),
    errors.DisputeWithItself: ProblemType(
        HTTPStatus.CONFLICT,
        "name-dispute-with-itself",
        "不能对本企业名称提出争议",
        "An enterprise cannot dispute its own name",
    ),
}
