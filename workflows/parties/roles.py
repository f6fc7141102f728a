"""The roles a person may hold for an advertiser, and the one machines hold. Not for rights: each move names its audience."""

from enum import StrEnum


class Role(StrEnum):
    """A role held for one advertiser; `SYSTEM` is held by service tasks alone and can be granted to nobody."""

    PROJECT_MANAGER = "project_manager"
    BUDGET_APPROVER = "budget_approver"
    SUPPLIER = "supplier"
    AUDITOR = "auditor"
    DPO = "dpo"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


STAFF = frozenset(Role) - {Role.SUPPLIER, Role.SYSTEM}
"""Roles that see the whole of an advertiser; a supplier sees only its own."""


class SupplierKind(StrEnum):
    """What a supplier does in a campaign (section 2 of the trade reference)."""

    LIST_OWNER = "list_owner"
    BROKER = "broker"
    DEDUPE_BUREAU = "dedupe_bureau"
    PRINTER = "printer"
    MAILER = "mailer"
    ESP = "esp"
    SMS = "sms"
    CALL_CENTER = "call_center"
    CAGING = "caging"


class VatStatus(StrEnum):
    """How a supplier stands with VAT: it bills it, is not liable for it, or leaves it to its customer (trade reference, section 9)."""

    STANDARD = "standard"
    NOT_LIABLE = "not_liable"
    REVERSE_CHARGE = "reverse_charge"
