"""Whether somebody is known to houses that whoever asks does not administer: their account is then not theirs to close. Not for rights."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlmodel import Session, SQLModel, col

from app.parties import WorksElsewhere
from workflows.engine.checkpoints import Checkpoint


def refuse_if_known_elsewhere(session: Session, person_id: UUID, houses: Sequence[UUID]) -> None:
    """Refuse where somebody holds a role, or did something, for another advertiser; read as the machine.

    The account is one: emptied for these houses, it would leave the others' history without the name.

    :raises WorksElsewhere: when somebody does or did.
    """
    if session.execute(select(or_(*_elsewhere(person_id, houses)))).scalar_one():
        raise WorksElsewhere()


def _elsewhere(person_id: UUID, houses: Sequence[UUID]) -> Iterator[ColumnElement[bool]]:
    """Every reference to a person in a row of another advertiser, and every entry that somebody made there."""
    for table in SQLModel.metadata.sorted_tables:
        if "advertiser_id" in table.columns:
            strangers = table.c.advertiser_id.notin_(houses)
            for key in table.foreign_keys:
                if key.column.table.name == "person":
                    yield exists().where(and_(key.parent == person_id, strangers))
    named = func.position(func.convert_to(literal(str(person_id)), "UTF8").op("in")(col(Checkpoint.body))) > 0
    yield exists().where(and_(col(Checkpoint.advertiser_id).notin_(houses), named))
