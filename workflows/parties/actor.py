"""The Actor: who asks, with every right that can matter to the answer. Not a table; built by sign-in, or `SYSTEM`."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from workflows.parties.roles import STAFF, Role


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One role for one advertiser; an approver carries a limit, a supplier's contact the supplier."""

    advertiser_id: UUID
    role: Role
    approval_limit_amount: Decimal | None = None
    supplier_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who asks. `person_id` is None for the machine alone."""

    person_id: UUID | None
    name: str = ""
    email: str = ""
    locale: str = "fr"
    grants: tuple[Grant, ...] = ()

    @property
    def is_system(self) -> bool:
        return self.person_id is None

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset({Role.SYSTEM}) if self.is_system else frozenset(grant.role for grant in self.grants)

    @property
    def staff_advertiser_ids(self) -> tuple[UUID, ...]:
        """Advertisers this person sees whole, in a stable order."""
        return tuple(sorted({grant.advertiser_id for grant in self.grants if grant.role in STAFF}))

    @property
    def supplier_ids(self) -> tuple[UUID, ...]:
        """Suppliers this person speaks for, in a stable order."""
        return tuple(sorted({grant.supplier_id for grant in self.grants if grant.supplier_id is not None}))

    def has_role(self, role: Role, advertiser_id: UUID) -> bool:
        """Whether this actor holds `role` for that advertiser; the machine holds `SYSTEM` for all of them."""
        if self.is_system:
            return role is Role.SYSTEM
        return any(grant.role is role and grant.advertiser_id == advertiser_id for grant in self.grants)

    def approval_limit_amount(self, advertiser_id: UUID) -> Decimal:
        """The largest budget this person may accept alone, in the advertiser's currency, without VAT; zero for none."""
        limits = [
            grant.approval_limit_amount
            for grant in self.grants
            if grant.role is Role.BUDGET_APPROVER and grant.advertiser_id == advertiser_id and grant.approval_limit_amount is not None
        ]
        return max(limits, default=Decimal(0))


SYSTEM = Actor(person_id=None, name="Jalon")
