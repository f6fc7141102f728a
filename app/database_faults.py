"""What whoever installs Jalon is told when the database refuses: what is wrong, what to do. Not for those who sign in: `app.errors`."""

from psycopg import Error, OperationalError
from psycopg.errors import InsufficientPrivilege, UndefinedObject
from sqlalchemy.exc import DBAPIError

from app.database import ROLE

NO_ROLE = (
    f"the role {ROLE} is missing, and the login of DATABASE_OWNER_URL may not create it. As an administrator of the server:"
    f" create role {ROLE} nologin nobypassrls; then try again"
)


def told(error: DBAPIError | Error) -> str | None:
    """A sentence for the faults of an installation, None for what is a fault of ours."""
    fault = error.orig if isinstance(error, DBAPIError) else error
    said = str(fault).strip().partition("\n")[0]
    if isinstance(fault, UndefinedObject) and ROLE in said:
        return NO_ROLE
    if isinstance(fault, InsufficientPrivilege) and ROLE in said:
        return f"the login of DATABASE_URL may not act as {ROLE}. As an administrator of the server: grant {ROLE} to that login"
    if isinstance(fault, OperationalError):
        return f"the database does not answer: {said}. Look at DATABASE_URL and DATABASE_OWNER_URL"
    return None
