"""The Actor: who asks, with every right that can matter to the answer. Not a table; built by sign-in, or `SYSTEM`."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from workflows.parties.roles import STAFF, Role


@dataclass(frozen=True, kw_only=True)
class Grant:
    """One role for one advertiser; an approver carries a limit, a supplier's contact the supplier.

    `stands_in_for` is the absent person whose role and limit it is, where it is not the actor's own.
    """

    advertiser_id: UUID
    role: Role
    approval_limit_amount: Decimal | None = None
    supplier_id: UUID | None = None
    stands_in_for: UUID | None = None


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

    @cached_property
    def roles(self) -> frozenset[Role]:
        return frozenset({Role.SYSTEM}) if self.is_system else frozenset(grant.role for grant in self.grants)

    @cached_property
    def staff_advertiser_ids(self) -> tuple[UUID, ...]:
        """Advertisers this person sees whole, in a stable order."""
        return tuple(sorted({grant.advertiser_id for grant in self.grants if grant.role in STAFF}))

    @cached_property
    def supplier_ids(self) -> tuple[UUID, ...]:
        """Suppliers this person speaks for, in a stable order."""
        return tuple(sorted({grant.supplier_id for grant in self.grants if grant.supplier_id is not None}))

    def only(self, *roles: Role) -> "Actor":
        """The same person with no more than these roles: a page or a way in opens nothing by what they are elsewhere."""
        return replace(self, grants=tuple(grant for grant in self.grants if grant.role in roles))

    def has_role(self, role: Role, advertiser_id: UUID) -> bool:
        """Whether this actor holds `role` for that advertiser; the machine holds `SYSTEM` for all of them."""
        if self.is_system:
            return role is Role.SYSTEM
        return any(grant.role is role and grant.advertiser_id == advertiser_id for grant in self.grants)

    def approval_limit_amount(self, advertiser_id: UUID) -> Decimal:
        """The largest budget this person may accept alone, in the advertiser's currency, without VAT; zero for none.

        Whoever stands in for an approver may accept what that approver may.
        """
        return max(self._limits(advertiser_id).values(), default=Decimal(0))

    def limit_standing_in_for(self, absent_id: UUID | None, advertiser_id: UUID) -> Decimal:
        """The limit under which this person approves in the place of `absent_id`; their own for None."""
        return self._limits(advertiser_id).get(absent_id, Decimal(0))

    def stands_in_for(self, roles: Collection[Role], advertiser_id: UUID, *, limit_amount: Decimal = Decimal(0)) -> UUID | None:
        """In whose place this person acts in one of these roles: nobody's where their own rights suffice.

        :param limit_amount: what an approver is to accept; somebody's limit has to reach it.
        """
        limits = self._limits(advertiser_id)
        for grant in sorted(self.grants, key=lambda grant: grant.stands_in_for is not None):
            suffices = grant.role is not Role.BUDGET_APPROVER or limits.get(grant.stands_in_for, Decimal(0)) >= limit_amount
            if grant.role in roles and grant.advertiser_id == advertiser_id and suffices:
                return grant.stands_in_for
        return None

    def hands(self, advertiser_id: UUID) -> frozenset[UUID]:
        """This person and everybody whom they stand in for: one pair of eyes, whatever the role."""
        absent = {grant.stands_in_for for grant in self.grants if grant.advertiser_id == advertiser_id}
        return frozenset(one for one in (self.person_id, *absent) if one is not None)

    def _limits(self, advertiser_id: UUID) -> dict[UUID | None, Decimal]:
        """Each limit by whose it is; None for one's own."""
        return {
            grant.stands_in_for: grant.approval_limit_amount
            for grant in self.grants
            if grant.role is Role.BUDGET_APPROVER and grant.advertiser_id == advertiser_id and grant.approval_limit_amount is not None
        }


SYSTEM = Actor(person_id=None, name="Jalon")
