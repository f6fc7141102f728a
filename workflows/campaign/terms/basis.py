"""The legal bases of lists as they are stated, held against the channels that the plan uses each on.

What is missing or does not carry its channel is told wherever somebody decides, and holds the negotiation up where policy wants that. Not
for who states it when: `stating` has that; nor for what is printed on the pieces: `data_protection.notice` reads that.
"""

from collections.abc import Callable
from dataclasses import asdict
from uuid import UUID

from workflows.campaign.brief import BasisRow
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import CampaignList
from workflows.campaign.terms.records import ListBasis
from workflows.campaign.values import BASIS, HOUSE_BASIS, refuse_values
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.legal_basis import BasisDoubt, Doubt, LegalBasis, doubts_on

CONTROL = "legal_basis"
"""Of a list: the channels that it is used on, and its basis."""


class BasisDaysUnclear(Refused):
    """It is said since when people were told or agreed, and until when where that has ended, in that order."""

    code = "terms.basis_days_unclear"


class BasisIsToCome(Refused):
    """People were told, and objections taken out, by today."""

    code = "terms.basis_is_to_come"


class ConsentUnclear(Refused):
    """Consent was given by some means."""

    code = "terms.consent_unclear"


def stated_of(facts: CampaignFacts, list_id: UUID) -> ListBasis | None:
    """What was stated of a list, last."""
    return next((one for one in facts.list_bases if one.list_id == list_id), None)


def channels_of(facts: CampaignFacts, list_id: UUID) -> tuple[str, ...]:
    """The channels that the plan uses a list on."""
    return tuple(dict.fromkeys(line.channel for line in facts.live_lines if line.list_id == list_id))


def doubts_about(facts: CampaignFacts, row: CampaignList) -> tuple[BasisDoubt, ...]:
    """Why a list should not go out as it stands: nothing is stated of it, or what is does not carry a channel."""
    stated, channels = stated_of(facts, row.id), channels_of(facts, row.id)
    if stated is None:
        return (BasisDoubt(Doubt.UNSTATED, channels),)
    return doubts_on(channels, facts.campaign.drop_day, LegalBasis(stated.legal_basis), partners_named=stated.partners_named)


def basis_row(stated: ListBasis) -> BasisRow:
    """What was stated, as a row of a brief."""
    return BasisRow(**{name: getattr(stated, name) for name in BasisRow.__dataclass_fields__})


def keep_basis(step: Step, row: CampaignList, said: BasisRow, *, on_behalf: bool) -> None:
    """Write down what is stated of a list, in place of what was.

    :raises ValueNotAllowed: for a word that is none of those known, or an existing relation with the people of somebody else's list.
    :raises BasisDaysUnclear: when the days of the collection are missing, or end before they begin.
    :raises BasisIsToCome: when one of the days is to come.
    :raises ConsentUnclear: when it is not said how people agreed.
    """
    refuse_values("terms", row.code, said, HOUSE_BASIS if row.is_house else BASIS)
    first_on, last_on, today = said.collected_from_on, said.collected_until_on, step.chain.today(step.now)
    if (first_on is None and said.legal_basis != LegalBasis.EXISTING_RELATION) or (last_on and (first_on is None or last_on < first_on)):
        raise BasisDaysUnclear(list=row.code)
    if any(day is not None and day > today for day in (first_on, last_on, said.objections_purged_on)):
        raise BasisIsToCome(list=row.code)
    if said.legal_basis == LegalBasis.CONSENT and not said.collected_through:
        raise ConsentUnclear(list=row.code)
    if earlier := stated_of(step.facts, row.id):
        earlier.to_seq = step.seq
        step.session.flush()
    step.session.add(
        ListBasis(
            **step.from_now_on(),
            **asdict(said),
            list_id=row.id,
            supplier_id=row.supplier_id,
            on_behalf=on_behalf,
            stated_by_id=step.actor.person_id,
            stated_at=step.now,
        )
    )
    step.session.flush()
    step.forget_facts()


def control_basis(step: Step, row: CampaignList) -> None:
    """Put on record what is stated of a list beside the channels that it is used on; nothing where nothing is stated."""
    facts: CampaignFacts = step.facts
    stated = stated_of(facts, row.id)
    if stated is not None:
        verdict = "warning" if doubts_about(facts, row) else "ok"
        step.control(f"{CONTROL}:{row.code}", expected=", ".join(channels_of(facts, row.id)), actual=stated.legal_basis, verdict=verdict)


def bases_are_stated(facts: CampaignFacts) -> Unmet | None:
    """Every list states its legal basis, where policy wants that."""
    lists = _refused(facts, lambda doubt: doubt is Doubt.UNSTATED)
    return Unmet(code="terms.basis_unstated", lifted_by=Role.PROJECT_MANAGER, params={"lists": lists}) if lists else None


def bases_carry_their_channels(facts: CampaignFacts) -> Unmet | None:
    """Every basis that is stated carries the channels of its list, where policy wants that."""
    lists = _refused(facts, lambda doubt: doubt is not Doubt.UNSTATED)
    return Unmet(code="terms.basis_too_weak", lifted_by=Role.PROJECT_MANAGER, params={"lists": lists}) if lists else None


def _refused(facts: CampaignFacts, counts: Callable[[Doubt], bool]) -> list[str]:
    """The lists of which there is such a doubt, by code; none where policy only has it told."""
    if not facts.campaign.policy.refuses_doubtful_bases:
        return []
    return [row.code for row in facts.live_lists if any(counts(one.doubt) for one in doubts_about(facts, row))]
