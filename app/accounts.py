"""Creates accounts from the command line, where there is nobody yet to do it in the portal."""

from decimal import Decimal

from sqlmodel import select

from app.clock import SystemClock
from app.database import Database
from app.parties import grant, register_advertiser, register_person
from app.settings import Settings
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Supplier
from workflows.parties.roles import Role
from workflows.trade.money import NotANumber, parse_number


class NotPossible(ValueError):
    """Something about the account does not fit; the message says what."""


def create_user(
    settings: Settings,
    *,
    email: str,
    name: str,
    advertiser: str,
    role: Role,
    approval_limit: str | None,
    supplier: str | None,
    locale: str,
    password: str,
) -> None:
    """Register a person with a role; whoever is there already keeps name and password and gets the role.

    :raises NotPossible: for an unknown supplier, or a limit that is no amount.
    :raises Refused: as `register_person` and `grant` do.
    """
    limit = _limit(approval_limit)
    database = Database(settings)
    try:
        with database.writing(SYSTEM) as session:
            house = register_advertiser(session, name=advertiser, siren="", vat_number="", address="", postcode="", town="")
            supplier_id = None
            if supplier:
                found = session.exec(select(Supplier).where(Supplier.advertiser_id == house.id, Supplier.code == supplier)).first()
                if found is None:
                    raise NotPossible(f"{advertiser} has no supplier {supplier}")
                supplier_id = found.id
            elif role == Role.SUPPLIER:
                raise NotPossible("a supplier's contact needs --supplier CODE")
            person = register_person(session, email=email, name=name, locale=locale, password=password, now=SystemClock().now())
            grant(session, person.id, house.id, role, approval_limit_amount=limit, supplier_id=supplier_id)
    finally:
        database.close()


def _limit(text: str | None) -> Decimal | None:
    if not text:
        return None
    try:
        return parse_number(text)
    except NotANumber as error:
        raise NotPossible(f"{text} is no amount") from error
