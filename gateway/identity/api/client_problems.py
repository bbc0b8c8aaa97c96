"""Refusals of the registers of clients and systems as problems."""

from http import HTTPStatus
from typing import Final

from gateway.identity.domain.client_refusals import (
    ClientActionNotAllowed,
    ClientIdTaken,
    ClientNotFound,
    ClientNotPossible,
    ClientsOnly,
    KeyNotFound,
    LastKey,
    OwnStandingUntouched,
    SystemIdTaken,
    SystemNotFound,
    SystemNotPossible,
    TooManyKeys,
)
from shared.web.problems import ProblemTable, ProblemType

CLIENT_PROBLEMS: Final[ProblemTable] = {
    ClientsOnly: ProblemType(
        HTTPStatus.FORBIDDEN,
        "clients-only",
        "仅接入方本身可以调用",
        "Only a client in its own name may do this",
    ),
    ClientNotFound: ProblemType(HTTPStatus.NOT_FOUND, "client-not-found", "未找到该接入方", "No such client"),
    ClientIdTaken: ProblemType(
        HTTPStatus.CONFLICT,
        "client-id-taken",
        "接入方标识已被使用",
        "The client id is taken",
        "标识 {client_id} 已被使用，包括已注销的接入方。",
        "{client_id} is or was another client's id.",
    ),
    ClientNotPossible: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "client-not-possible",
        "不能如此登记接入方",
        "A client cannot be registered so",
    ),
    ClientActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "client-action-not-allowed",
        "接入方的当前状态不允许此操作",
        "The client's standing does not allow this",
        "接入方状态为 {standing}，不能执行 {action}。",
        "The client is {standing}; {action} is not possible.",
    ),
    OwnStandingUntouched: ProblemType(
        HTTPStatus.CONFLICT,
        "own-client",
        "不能停用或注销正在使用的接入方",
        "The client by which you call cannot be suspended or closed",
        "请由其他管理方操作 {client_id}。",
        "Let another administrator do this to {client_id}.",
    ),
    TooManyKeys: ProblemType(
        HTTPStatus.CONFLICT,
        "too-many-keys",
        "公钥数量已达上限",
        "The client has as many keys as it may",
        "最多 {most} 个有效公钥；请先移除一个。",
        "{most} living keys are the most; remove one first.",
    ),
    LastKey: ProblemType(
        HTTPStatus.CONFLICT,
        "last-key",
        "不能移除最后一个有效公钥",
        "The last good key cannot be removed",
        "请先添加新的公钥；密钥泄露时请停用接入方。",
        "Add its successor first; where the key is compromised, have the client suspended.",
    ),
    KeyNotFound: ProblemType(HTTPStatus.NOT_FOUND, "key-not-found", "未找到该公钥", "No such key"),
    SystemNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "system-not-found", "未找到该业务系统", "No such system"
    ),
    SystemIdTaken: ProblemType(
        HTTPStatus.CONFLICT,
        "system-id-taken",
        "业务系统标识已被使用",
        "The system id is taken",
        "标识 {system_id} 已被使用。",
        "{system_id} is another system's id.",
    ),
    SystemNotPossible: ProblemType(
        HTTPStatus.BAD_REQUEST,
        "system-not-possible",
        "不能如此登记业务系统",
        "A system cannot be registered so",
    ),
}
