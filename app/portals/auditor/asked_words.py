"""What an entry holds of a command, in words: the fields by their labels, their values as a person reads them. Not for the names that are
hashed: those stand beside."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import i18n
from app.documents.catalogue import catalogue
from app.formats import NOTHING
from app.portals.shared.certificates import METHODS
from app.portals.shared.controls import encoding_word
from app.portals.shared.exchange_words import BASES, DIRECTIONS
from app.portals.shared.proposal_words import BASIS_WORDS, LOSS_WORDS
from app.portals.shared.returned_words import KINDS
from app.portals.shared.words import CONTROLS, PRIORITY_WORDS, STAGES
from app.queries.history import HistoryEntry
from workflows.trade.barring import Bar

FIELDS: dict[str, LazyString] = {
    "about": _l("About"),
    "allocation": _l("Who keeps a person of several lists"),
    "amount": _l("Amount owed, without VAT"),
    "answer_sha256": _l("Answer (hash)"),
    "as_of_seq": _l("Entries of the chain that were read"),
    "asked_by_id": _l("Asked by"),
    "attempts": _l("Attempts"),
    "available": _l("Addresses available by segment"),
    "barred_reason": _l("Why people are sent to whom the channel leaves alone"),
    "basis": _l("Counted"),
    "bar": _l("Why a channel leaves people alone"),
    "batch_id": _l("File of answers"),
    "billing_basis": _l("Least share counted on"),
    "body_sha256": _l("Results (hash)"),
    "brief_sha256": _l("Brief (hash)"),
    "brought_over": _l("Made of the files of the campaign before"),
    "budget_sha256": _l("Budget that was shown (hash)"),
    "campaign_code": _l("Code of the campaign"),
    "cap_amount": _l("Cap, without VAT"),
    "cells_sha256": _l("Lots (hash)"),
    "certificate_id": _l("Certificate of destruction"),
    "certificate_ids": _l("Certificates of destruction"),
    "claim_id": _l("Refund claim"),
    "settled_amount": _l("Agreed amount"),
    "collected_from_on": _l("People told or agreed since"),
    "collected_through": _l("By what means"),
    "collected_until_on": _l("People told or agreed until"),
    "comment": _l("Comment"),
    "comment_seq": _l("Entry of the comment"),
    "confirmed": _l("Confirmed"),
    "conforming": _l("Conforms"),
    "content_sha256": _l("Content of the document (hash)"),
    "contract_id": _l("Contract with a processor"),
    "contract_reason": _l("Why orders go out without a contract"),
    "control": _l("Control"),
    "copied_from_id": _l("Copied from"),
    "costs_sha256": _l("Costs (hash)"),
    "counts": _l("Rows by reason"),
    "cpm": _l("Price per thousand"),
    "criteria": _l("Criteria applied"),
    "dealt_on": _l("Day on which the addresses went over"),
    "declared_count": _l("Records announced"),
    "declared_encoding": _l("Encoding announced"),
    "declared_segments": _l("Records announced by segment"),
    "declared_sha256": _l("Fingerprint announced"),
    "data_role": _l("Roles towards the data"),
    "deliver_on": _l("To be delivered on"),
    "deposit_id": _l("Proof of sending"),
    "deposited_on": _l("Day on which it went out"),
    "destroyed_on": _l("Destroyed on"),
    "detail": _l("Why it cannot be read, in a sentence"),
    "direction": _l("Which way"),
    "drop_on": _l("Drop date"),
    "early_reason": _l("Why the answers are closed early"),
    "ended_on": _l("Last day of calls"),
    "ends_on": _l("Ends on"),
    "entry_id": _l("Entry of the exchange ledger"),
    "envelope_amount": _l("Envelope, without VAT"),
    "excluded_lists": _l("Lists not to order"),
    "exclusions": _l("To be left out of the count"),
    "expires_on": _l("Counts until"),
    "explanation": _l("Explanation"),
    "extracted_on": _l("Extracted on"),
    "fault": _l("Why it cannot be read"),
    "faults_sha256": _l("Rows that could not be read (hash)"),
    "file": _l("File"),
    "file_id": _l("File"),
    "file_name": _l("Name of the file"),
    "file_version": _l("Version"),
    "files": _l("Files of keys that were looked up"),
    "followed_code": _l("Campaign that is followed up"),
    "followed_id": _l("Campaign that is followed up"),
    "found": _l("People by lot whom its channel leaves alone"),
    "forecast_amount": _l("What the campaign is going to cost, without VAT"),
    "handling_amount": _l("Handling of an order or gift, without VAT"),
    "held_until_on": _l("Kept until"),
    "households": _l("Households"),
    "invoice_id": _l("Invoice"),
    "invoiced_on": _l("Date of the invoice"),
    "kind": _l("What the file holds"),
    "layout_sha256": _l("Record layout (hash)"),
    "legal_basis": _l("Legal basis"),
    "last_on": _l("Last report"),
    "left_id_sha256": _l("First record (hash)"),
    "left_source": _l("List of the first record"),
    "level": _l("One piece for each"),
    "list_id": _l("List"),
    "list_ids": _l("Lists"),
    "lists": _l("Lists"),
    "lists_sha256": _l("Lists (hash)"),
    "lot": _l("Lot"),
    "lot_plan_id": _l("Lot plan"),
    "lot_plan_sha256": _l("Lot plan that was shown (hash)"),
    "margin_rate": _l("Margin rate"),
    "media_type": _l("Kind of the file"),
    "message_id": _l("Message"),
    "mailing_sha256": _l("What is posted (hash)"),
    "messages_sha256": _l("Messages (hash)"),
    "method": _l("Method"),
    "min_billing_rate": _l("Least share that is invoiced"),
    "min_invoice_amount": _l("Least amount of an invoice"),
    "minimum_net_quantity": _l("Least net addresses"),
    "multi_buyers": _l("Lots of their own for people who stand in so many files"),
    "net_amount": _l("Amount without VAT"),
    "note": _l("A word with it"),
    "notice": _l("Data protection notice"),
    "number": _l("Number"),
    "objections_purged_on": _l("Objections last taken out on"),
    "offer_ends_on": _l("Offer ends on"),
    "offer_until_on": _l("Offer valid until"),
    "opened_by_id": _l("Opened by"),
    "operator": _l("Carried out by"),
    "order_number": _l("Order"),
    "override_id": _l("Control that was passed over"),
    "overrun_sha256": _l("Forecast that was shown (hash)"),
    "owed_amount": _l("Owed for what is cancelled"),
    "owner_seed_count": _l("Control addresses of the owner"),
    "partner_id": _l("Partner"),
    "partners_named": _l("Partners named to those who agreed"),
    "people": _l("People"),
    "person_id": _l("Person"),
    "persons": _l("People"),
    "pieces": _l("Pieces"),
    "plan_sha256": _l("Plan (hash)"),
    "point": _l("Point of the checklist"),
    "policy_number": _l("Version of the policy"),
    "policy_sha256": _l("Policy that was shown (hash)"),
    "priority": _l("Priority"),
    "proof_sha256": _l("Proof that was seen (hash)"),
    "proof_version": _l("Version of the proof"),
    "protected": _l("Protected lists"),
    "protected_from_on": _l("Protected from"),
    "protected_until_on": _l("Protected until"),
    "quality": _l("Kind of addresses"),
    "quantities": _l("Pieces by lot"),
    "quantity": _l("Quantity"),
    "question_id": _l("Question"),
    "reason": _l("Reason"),
    "record_count": _l("Records"),
    "record_id_sha256": _l("Record (hash)"),
    "references_sha256": _l("What lots carry (hash)"),
    "refused_reason": _l("Why it was refused"),
    "remaining": _l("Copies that remain"),
    "remaining_until_on": _l("Copies remain until"),
    "remark": _l("Remark"),
    "remarks": _l("Remarks"),
    "replaced": _l("Replaced by another order"),
    "report_sha256": _l("Report (hash)"),
    "reports_sha256": _l("Bounces and calls (hash)"),
    "responses_sha256": _l("Answers (hash)"),
    "reuse_cpm": _l("Follow-up, price per thousand"),
    "reuse_seconds": _l("Group seconds may be used"),
    "reuse_until_on": _l("Second use until"),
    "rest_follows": _l("The rest of these lots follows"),
    "right_id_sha256": _l("Second record (hash)"),
    "right_source": _l("List of the second record"),
    "rows_sha256": _l("Rows (hash)"),
    "run_charge_cpm": _l("Running charge per thousand"),
    "run_id": _l("Dedupe run"),
    "samples": _l("Samples that were seen (hashes)"),
    "seeds_sha256": _l("Monitor seeds (hash)"),
    "selection_cpm": _l("Selections per thousand"),
    "shortfall_reason": _l("Why it goes on though something falls short"),
    "signatory": _l("Signatory"),
    "signed_on": _l("Signed on"),
    "slip_number": _l("Number of the proof"),
    "source": _l("List"),
    "stage": _l("Stage"),
    "summary_sha256": _l("Summary (hash)"),
    "supplier_id": _l("Supplier"),
    "suppression": _l("Suppression file"),
    "suppressions": _l("Suppression files, in order"),
    "target_responses": _l("Responses wanted"),
    "target_roi": _l("Euros back for each euro spent"),
    "technical_fee": _l("Technical fee"),
    "tell": _l("Told by e-mail"),
    "title": _l("Title"),
    "total_amount": _l("Total with VAT"),
    "tranche": _l("Part"),
    "unbilled_reasons": _l("Never billed"),
    "undeliverables_sha256": _l("Undeliverables (hash)"),
    "until_on": _l("Until"),
    "vat_amount": _l("VAT"),
    "vat_rate": _l("VAT"),
    "weak_test_reason": _l("Why a test that cannot show anything is mailed"),
    "words": _l("Words"),
    "without_mailing": _l("Read once the mailing was destroyed"),
    "written_in": _l("Where that is written"),
}
"""Every name under which an entry holds a field or a text of a command."""

FILES: dict[str, LazyString] = {
    "attachment": _l("File put with a task"),
    "contact_keys": _l("Keys of whom the mail reached"),
    "at_rest_keys": _l("Keys of those who refused in a call"),
    "unreached_keys": _l("Keys of addresses and numbers at which nobody was reached"),
    "gave_keys": _l("Keys of those who gave"),
    "dedupe": _l("Result of the dedupe"),
    "delivery": _l("Delivered file"),
    "deposit_slip": _l("Proof of sending"),
    "destruction_certificate": _l("Signed certificate of destruction"),
    "invoice": _l("Invoice"),
    "lots": _l("Files of the lots"),
    "processor_contract": _l("Signed contract with a processor"),
    "proof": _l("Proof"),
    "objections": _l("File of objections and returns"),
    "purged": _l("Purged"),
    "responses": _l("File of answers"),
    "sample": _l("Sample mail piece"),
    "suppression": _l("Suppression file"),
    "undeliverables": _l("File of undeliverables"),
    "bounces": _l("File of bounces"),
    "calls": _l("File of calls"),
}
"""Files that an entry names, by the first word of their kind."""

BARS: dict[str, LazyString] = {
    Bar.AT_REST: _l("rest after a refusal in a call"),
    Bar.UNREACHED: _l("nobody was reached there"),
    Bar.GAVE: _l("rest after a gift"),
    Bar.AT_CAP: _l("cap of a channel"),
}
"""Why people are left alone."""

_WORDS: dict[str, Mapping[str, Any]] = {
    "stage": STAGES,
    "priority": PRIORITY_WORDS,
    "control": CONTROLS,
    "kind": KINDS,
    "method": METHODS,
    "bar": BARS,
    "billing_basis": BASIS_WORDS,
    "unbilled_reasons": LOSS_WORDS,
    "basis": BASES,
    "direction": DIRECTIONS,
}
_OF_PAPERS = ("allocation", "collected_through", "data_role", "legal_basis", "level")
"""Fields whose values are called as on paper."""
_PRICES = ("amount", "cpm", "technical_fee")


def field_word(name: str) -> str:
    """What a field of a command is called."""
    return str(FIELDS.get(name, name.replace("_", " ")))


def field_value(name: str, value: Any, names: Mapping[str, str]) -> str:
    """The value of a field as its kind is written; `names` are what ids stand for."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(field_value(name, one, names) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}\u00a0{field_value(name, one, names)}" for key, one in value.items())
    if isinstance(value, int):
        return i18n.number(value)
    if name in _WORDS:
        return str(_WORDS[name].get(value, value))
    if name in _OF_PAPERS:
        return str(catalogue(i18n.language()).label(name, value))
    if name.endswith(_PRICES):
        return i18n.money(Decimal(value))
    if name.endswith("_rate"):
        return i18n.percent(Decimal(value))
    if name.endswith("_on"):
        return i18n.day(date.fromisoformat(value))
    return encoding_word(value) if name == "declared_encoding" else names.get(value, str(value))


def field_rows(entry: HistoryEntry, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The command's own fields in words, beside the names under which the entry holds them; hashes as they are."""
    return [
        {
            "name": name,
            "word": field_word(name),
            "value": value if name.endswith("sha256") and value else field_value(name, value, names),
            "is_hash": name.endswith("sha256") and bool(value),
        }
        for name, value in sorted(entry.fields.items())
    ]


def file_word(kind: str) -> str:
    """A kind of file, with what it is called where there are several."""
    kind, _colon, name = kind.partition(":")
    word = str(FILES.get(kind, kind.replace("_", " ")))
    if not name:
        return word
    return str(_("%(what)s: %(about)s", what=word, about=file_word(name) if kind == "purged" else name))
