"""The request for counts of the sample appeal."""

from datetime import date

from tests.documents.parties import BROKER, OWNER, head
from workflows.campaign.documents import CountRequest, CountRow


def count_request() -> CountRequest:
    """Make a request to a broker for the counts of an owner's list."""
    return CountRequest(
        head=head("count_request", "DC-26A-ALZ", BROKER),
        list_code="ALZ",
        list_name="Alizés Presse – abonnés actifs",
        owner=OWNER,
        rows=(
            CountRow(segment="P12", quantity=8430, roles=("rollout", "test"), messages=("A", "B"), universe_qty=87_500),
            CountRow(segment="P24", quantity=7160, roles=("rollout",), messages=("A",)),
        ),
        channels=("postal",),
        offers=("A – Lettre, don libre", "B – Lettre, grille de montants"),
        mailing_from=date(2026, 10, 12),
        mailing_until=date(2026, 10, 23),
        answer_by=date(2026, 8, 25),
        exclusions="Adresses déjà louées pour 26P, collectivités, étranger.",
    )
