"""Contracts with processors (article 28 of the GDPR): no order goes to whoever works on people's data before one is on record.

A contract is recorded in a campaign, so that it is a move on a chain that can be verified, and holds in every campaign of the advertiser.
It has to hold until the processing ends, on the day that the order names. Not for owners of lists and brokers: they are controllers of
their own (trade reference, section 9). Not for what one processing is about: its order says that.
"""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from workflows.campaign.any_stage.overriding import may_pass, override
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import KeptFile, store
from workflows.campaign.processors.holding import PROCESSORS, contract_with, processors, without_contract
from workflows.campaign.processors.records import ProcessorContract
from workflows.campaign.rules import NotOfThisCampaign, reason_is_given
from workflows.campaign.send.proofs import MOST_BYTES, MOST_MEGABYTES
from workflows.engine.command import Command, free_text
from workflows.engine.process import Move
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role

CONTROL = "processor_contract"
"""The control that policy may let somebody pass over, and the kind of the file."""


class NotAProcessor(Refused):
    """A contract is made with a supplier of the advertiser that works on people's data for it."""

    code = "contracts.not_a_processor"


class ContractIsToCome(Refused):
    """A contract is recorded once it is signed."""

    code = "contracts.is_to_come"


class ContractEndsBeforeSigned(Refused):
    """A contract holds on the day on which it is signed."""

    code = "contracts.ends_before_signed"


class ContractIncomplete(Refused):
    """A contract has a number by which it is found, and somebody who signed it."""

    code = "contracts.incomplete"


class ContractUnreadable(Refused):
    """A signed contract is a whole PDF."""

    code = "contracts.unreadable"


class ContractTooLarge(Refused):
    """A file that is larger than a signed contract need be."""

    code = "contracts.too_large"


class ContractsMissing(Refused):
    """Orders would go to processors without a contract, and nobody says why they go out all the same."""

    code = "contracts.reason_missing"


@dataclass(frozen=True, kw_only=True)
class RecordContract(Command):
    """Record the contract that a processor signed. Without `ends_on` it holds for good.

    `media_type` is what the bytes of the signed contract, if there are some, were found to be.
    """

    supplier_id: UUID
    number: str
    signed_on: date
    signatory: str = free_text()
    ends_on: date | None = None
    file: KeptFile | None = field(default=None, metadata={"unrecorded": True})
    media_type: str = ""


@dataclass(frozen=True, kw_only=True)
class WithdrawContract(Command):
    """Take back a contract that was recorded by mistake, or that was ended, and say why. It stays in the history."""

    contract_id: UUID
    reason: str = free_text()


def processors_are_under_contract(facts: CampaignFacts) -> Unmet | None:
    """Every processor has a contract, or somebody may let the orders go out without."""
    missing = without_contract(facts)
    if not missing or may_pass(facts, CONTROL):
        return None
    params = {"suppliers": [one.name for one in missing], "ends_on": facts.campaign.purge_on}
    if facts.campaign.policy.overrider(CONTROL) is None:
        return Unmet(code="contracts.missing", lifted_by=Role.PROJECT_MANAGER, params=params)
    return Unmet(code="contracts.missing_without_grant", lifted_by=Role.PROJECT_MANAGER, params=params)


def missing_contracts_have_a_reason(step: Step) -> None:
    """Pass over the contracts that are missing, where policy lets somebody do that.

    :raises ContractsMissing: when no reason is given.
    """
    facts: CampaignFacts = step.facts
    missing, reason = without_contract(facts), step.command.contract_reason
    if not missing:
        return
    if not reason.strip():
        raise ContractsMissing(suppliers=[one.name for one in missing])
    asked = len(processors(facts))
    override(step, CONTROL, about=", ".join(one.code for one in missing), expected=asked, actual=asked - len(missing), reason=reason)


def note_contracts(step: Step) -> None:
    """Write into the checkpoint under which contract each processor works; nothing where policy asks for none."""
    facts: CampaignFacts = step.facts
    if facts.campaign.policy.contracts_required:
        for one in processors(facts):
            if contract := contract_with(facts, one.id):
                step.control(f"{CONTROL}:{one.code}", expected=facts.campaign.purge_on.isoformat(), actual=contract.number, verdict="ok")


def record(step: Step) -> None:
    """Write the contract down, and keep its file where there is one.

    :raises NotAProcessor: when it is with nobody of the advertiser's who works on people's data.
    :raises ContractIncomplete: without its number or signatory.
    :raises ContractIsToCome: when it is not signed yet.
    :raises ContractEndsBeforeSigned: when it never held.
    :raises ContractUnreadable: when the file is no whole PDF.
    :raises ContractTooLarge: when it is larger than a contract need be.
    """
    command: RecordContract = step.command
    facts: CampaignFacts = step.facts
    supplier = facts.suppliers.get(command.supplier_id)
    if supplier is None or supplier.kind not in PROCESSORS:
        raise NotAProcessor()
    if not command.number.strip() or not command.signatory.strip():
        raise ContractIncomplete(supplier=supplier.name)
    if command.signed_on > facts.campaign.today(step.now):
        raise ContractIsToCome(signed_on=command.signed_on)
    if command.ends_on is not None and command.ends_on < command.signed_on:
        raise ContractEndsBeforeSigned(signed_on=command.signed_on, ends_on=command.ends_on)
    file = command.file
    if file is not None and (command.media_type != "application/pdf" or not file.size):
        raise ContractUnreadable(name=file.name)
    if file is not None and file.size > MOST_BYTES:
        raise ContractTooLarge(most=MOST_MEGABYTES)
    step.session.add(
        ProcessorContract(
            **step.from_now_on(),
            supplier_id=supplier.id,
            number=command.number.strip(),
            signed_on=command.signed_on,
            signatory=command.signatory.strip(),
            ends_on=command.ends_on,
            file_id=store(step, file, kind=CONTROL, supplier_id=supplier.id).id if file else None,
            recorded_by_id=step.actor.person_id,
            recorded_at=step.now,
        )
    )


def withdraw(step: Step) -> None:
    """End a contract that this campaign recorded.

    :raises NotOfThisCampaign: when it is another campaign's, or withdrawn already.
    """
    row = step.session.get(ProcessorContract, step.command.contract_id)
    if row is None or row.campaign_id != step.chain.id or row.to_seq is not None:
        raise NotOfThisCampaign()
    row.to_seq = step.seq


CONTRACTS = (
    Move(RecordContract, by=(Role.PROJECT_MANAGER, Role.DPO), event="campaign.contracts.recorded", do=record),
    Move(
        WithdrawContract, by=(Role.PROJECT_MANAGER, Role.DPO), event="campaign.contracts.withdrawn", checks=(reason_is_given,), do=withdraw
    ),
)
"""In every stage, and after the end: what one campaign recorded holds in others, until it is withdrawn where it was recorded."""
