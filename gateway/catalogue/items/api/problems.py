"""Refusals of the item catalogue as problems."""

from http import HTTPStatus
from typing import Final

from gateway.catalogue.items.domain.errors import (
    ItemActionNotAllowed,
    ItemExists,
    ItemFlawed,
    ItemNotFound,
    NationalListOnly,
    NothingDrafted,
    NotItemOwner,
    ProofCancelled,
    ProofExists,
    ProofListKeeperOnly,
    ProofNotFound,
)
from shared.web.problems import ProblemTable, ProblemType

PROBLEMS: Final[ProblemTable] = {
    ItemNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "item-not-found", "目录中没有该事项", "No such service item"
    ),
    ItemExists: ProblemType(
        HTTPStatus.CONFLICT,
        "item-exists",
        "该事项已有统一标准",
        "The item has its standard already",
        "同一事项在同一层级只有一个标准，由主管部门修订，各办理机构不得另行规定。",
        "An item has one standard at all offices of a level; its owner revises it, and no office has its own.",
    ),
    NotItemOwner: ProblemType(
        HTTPStatus.FORBIDDEN,
        "not-item-owner",
        "仅事项主管部门可以拟定、发布和取消该事项",
        "Only the department that owns the item drafts, publishes and withdraws it",
        "本单位没有该事项；下级机构和其他部门不得另行规定受理条件、材料、时限和审查标准。",
        "The item is not the caller's; no office and no other department sets conditions, materials or limits.",
    ),
    ItemFlawed: ProblemType(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "item-flawed",
        "事项标准不符合要求",
        "The standard of the item cannot stand so",
    ),
    ItemActionNotAllowed: ProblemType(
        HTTPStatus.CONFLICT,
        "item-action-not-allowed",
        "事项的当前状态不允许此操作",
        "The item's status does not allow this",
        "事项状态为 {item_status}。",
        "The item is {item_status}.",
    ),
    NothingDrafted: ProblemType(
        HTTPStatus.NOT_FOUND, "nothing-drafted", "该事项没有待发布的草案", "The item has no draft"
    ),
    ProofNotFound: ProblemType(
        HTTPStatus.NOT_FOUND, "proof-not-found", "清单中没有该证明事项", "The list has no such proof"
    ),
    ProofExists: ProblemType(
        HTTPStatus.CONFLICT, "proof-exists", "清单中已有该证明事项", "The list has this proof already"
    ),
    ProofCancelled: ProblemType(
        HTTPStatus.CONFLICT, "proof-cancelled", "该证明事项已取消", "The proof was cancelled already"
    ),
    ProofListKeeperOnly: ProblemType(
        HTTPStatus.FORBIDDEN,
        "proof-list-keeper-only",
        "仅清单管理单位可以更新证明事项清单",
        "Only the keeper of the list of proofs changes it",
    ),
    NationalListOnly: ProblemType(
        HTTPStatus.FORBIDDEN,
        "national-list-only",
        "市场准入负面清单由国家统一制定，各地不得增设",
        "The market-access list is the nation's; no locality adds to it",
    ),
}
