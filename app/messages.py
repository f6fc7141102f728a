"""The sentences behind refusal codes and unmet conditions: what is wrong, in the reader's words. Not for when they are raised.

A sentence may name the refusal's parameters, `%(limit)s`. Amounts, dates, numbers and roles are written in the reader's language
before they are put in. Every code has its sentence here: a test walks all refusals.
"""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.account_messages import ABOUT_ACCOUNTS
from app.cancellation_messages import ABOUT_CANCELLATIONS
from app.lot_messages import ABOUT_LOTS
from app.mailing_messages import ABOUT_CONFIRMED, ABOUT_MAILINGS
from app.sample_messages import ABOUT_SAMPLES

SENTENCES: dict[str, LazyString] = {
    "refused": _l("This cannot be done."),
    "engine.not_found": _l("This does not exist, or is not open to you."),
    "engine.not_your_move": _l("This step is for somebody with another role."),
    "engine.move_not_open": _l("This step is not open now: the campaign stands elsewhere."),
    "engine.stale": _l("Somebody changed this while you were reading. Look at it again, then decide."),
    "engine.key_reused": _l("This was sent before with something else in it. Open the page anew, then send it again."),
    "engine.key_malformed": _l("An Idempotency-Key has 1 to %(most)s printable characters."),
    "engine.conditions_unmet": _l("This step is still closed. What it waits for is listed here."),
    "engine.target_state_unknown": _l("No stage is called %(state)s today."),
    "engine.process_changed": _l("The process changed since this campaign was started. An administrator has to move it to today's form."),
    "engine.paused": _l("The campaign is on hold: nothing of it moves until it is resumed."),
    "document.drawn_from_other_words": _l("The document says something else by now: it is drawn anew."),
    "document.drawn_already": _l("The document's PDFs are there already."),
    "campaign.on_hold": _l("The campaign is on hold."),
    "campaign.cancelled": _l("The campaign was cancelled: nothing of it moves any more."),
    **ABOUT_CANCELLATIONS,
    "override.not_allowed": _l("Policy lets nobody pass over this control."),
    "override.needs_grant": _l("Policy asks an approver to grant this beforehand."),
    "override.overrider_may_not_review": _l("You passed over this control or gave leave to, so somebody else has to review that."),
    "override.nothing_to_review": _l("There is nothing left to review here."),
    "rework.no_way_back": _l("From here the campaign cannot go back to that stage."),
    "rework.mail_is_posted": _l("Something of this campaign has gone out: nothing before it can be made anew."),
    "campaign.reason_missing": _l("Write the reason: it is kept with the decision."),
    "campaign.not_of_this_campaign": _l("This belongs to another campaign."),
    "campaign.value_not_allowed": _l("%(part)s, %(place)s, %(field)s: “%(value)s” cannot be. Allowed: %(allowed)s."),
    "plan.campaign_code_malformed": _l("%(code)s is no code: up to 20 letters, digits, dots, hyphens and underscores."),
    "plan.drop_beyond_calendar": _l("No campaign drops on %(drop_on)s: check the year."),
    "drop.not_ahead": _l("%(drop_on)s is not ahead. The drop is planned for a day to come."),
    "drop.unchanged": _l("The drop is planned for %(drop_on)s already."),
    "drop.has_begun": _l("Something of this campaign has gone out: its drop moves no more."),
    "order.window_not_cleared": _l("The drop was moved. The new mailing window still has to be accepted by the owners of: %(lists)s."),
    "order.window_refused": _l(
        "The new mailing window was refused by the owners of: %(lists)s. Move the drop again, or go on without these lists."
    ),
    "plan.campaign_code_taken": _l("Another campaign already has the code %(code)s. Choose another one."),
    "plan.not_a_member": _l("This person does not work for this advertiser. An administrator can add them."),
    "plan.unknown_stage": _l("There is no stage called %(stage)s."),
    "plan.unknown_supplier": _l("There is no supplier %(supplier)s at this advertiser. An administrator can add it."),
    "plan.unknown_list_segment": _l("Row %(row)s: no list offers the segment %(segment)s of %(list)s."),
    "plan.unknown_message": _l("Row %(row)s: the campaign has no message %(message)s."),
    "plan.list_segment_in_use": _l(
        "Line %(row)s of the plan is for segment %(segment)s of %(list)s, which the new lists lack. Keep it, or replace the plan first"
        " by one without that line."
    ),
    "plan.message_in_use": _l(
        "Line %(row)s of the plan (%(list)s, segment %(segment)s) sends message %(message)s, which the new messages lack. Keep it, or"
        " replace the plan first by one without that line."
    ),
    "plan.no_lines": _l("The plan has no list left: add at least one."),
    "plan.no_costs": _l("The plan has no costs: add printing, postage and the other services."),
    "plan.list_without_supplier": _l("Nobody to order from is named for: %(lists)s."),
    "negotiation.terms_not_agreed": _l("The terms of %(list)s are not agreed yet. The owner is asked for consent after that."),
    "negotiation.list_already_settled": _l("The terms of %(list)s are settled. Reopen them first."),
    "contracts.not_a_processor": _l(
        "A contract is recorded with a supplier that works on people’s data for you: no owner of lists, no broker."
    ),
    "contracts.is_to_come": _l("%(signed_on)s is still to come. Record the contract once it is signed."),
    "contracts.ends_before_signed": _l("It would end on %(ends_on)s, before the day on which it was signed: %(signed_on)s."),
    "contracts.incomplete": _l("Write the reference of the contract with %(supplier)s, and who signed it."),
    "contracts.unreadable": _l("%(name)s is no whole PDF. Scan the signed contract as a PDF."),
    "contracts.too_large": _l("A signed contract has at most %(most)s MB. Scan it with a lower resolution."),
    "contracts.reason_missing": _l(
        "No contract that holds until the processing ends is on record for: %(suppliers)s."
        " Record it, or write why the orders go out without."
    ),
    "contracts.missing": _l(
        "No contract of article 28 that holds until the processing ends, on %(ends_on)s, is on record for: %(suppliers)s. Record it."
    ),
    "contracts.missing_without_grant": _l(
        "No contract of article 28 that holds until the processing ends, on %(ends_on)s, is on record for: %(suppliers)s."
        " Record it, or ask an approver for leave to go on without."
    ),
    "terms.offer_has_ended": _l("The offer for %(list)s ended on %(valid_until)s. Ask its owner for another, or how long it holds now."),
    "terms.protected_dates_unclear": _l("Write the first and the last of the protected dates of %(list)s, in this order, or neither."),
    "terms.drop_unprotected": _l("The protected dates of %(list)s leave out the drop, on %(drop_on)s."),
    "terms.offers_end_early": _l(
        "The orders are planned to go out on %(orders_on)s; by then the offer has ended for: %(lists)s."
        " Have it prolonged and agree the terms again, or do without the list."
    ),
    "terms.offers_ended": _l(
        "The offer has ended for: %(lists)s. Go back to the negotiation to have it prolonged, or to do without the list."
    ),
    "terms.basis_days_unclear": _l(
        "Write since when the people of %(list)s were told or agreed, and until when where that has ended, in this order."
    ),
    "terms.basis_is_to_come": _l("What is stated of %(list)s has happened: none of its days is after today."),
    "terms.consent_unclear": _l("Write how the people of %(list)s gave their consent."),
    "terms.basis_unstated": _l("The legal basis is not stated of: %(lists)s. Have it stated, or do without the list."),
    "terms.basis_too_weak": _l(
        "The legal basis that is stated does not carry its channel for: %(lists)s."
        " Have it corrected, plan another channel, or do without the list."
    ),
    "terms.reuse_unclear": _l(
        "A second use of %(list)s takes its last day, and a price or its group seconds. Write both, or neither for a single use."
    ),
    "terms.reuse_ends_before_drop": _l("A second use of %(list)s comes after the drop, on %(drop_on)s: agree a later last day."),
    "follow_up.single_use": _l("%(owner)s lent %(list)s for one use: no second one was agreed. Leave the list out."),
    "follow_up.reuse_ended": _l(
        "%(owner)s agreed to a second use of %(list)s until %(until_on)s, before the drop on %(drop_on)s."
        " Choose an earlier drop, or leave the list out."
    ),
    "follow_up.used_already": _l("%(list)s of %(owner)s is used again already, by %(campaign)s: a second use is one. Leave the list out."),
    "follow_up.nobody_left": _l("Of %(list)s nobody is left to write to. Leave the list out."),
    "follow_up.no_list": _l("Choose the lists to write to again: one at least."),
    "follow_up.files_gone": _l("The addresses of this mailing were destroyed on %(purge_on)s: nobody can be written to again."),
    "follow_up.files_end_before": _l(
        "For that drop the addresses would be taken on %(taken_on)s, and they are destroyed on %(purge_on)s."
        " Choose a drop on %(latest_on)s at the latest."
    ),
    "follow_up.list_not_brought_over": _l(
        "A follow-up writes to the lists that it was opened with, as their owners lent them. %(list)s is none of them."
    ),
    "follow_up.reuse_ends_early": _l(
        "The drop is planned for %(drop_on)s; by then the second use has ended of: %(lists)s. Plan it earlier, or do without the list."
    ),
    "follow_up.addresses_end": _l(
        "The addresses of %(campaign)s are destroyed on %(purge_on)s, before they are planned to be taken, on %(taken_on)s: %(lists)s."
        " Plan an earlier drop, or do without the list."
    ),
    "follow_up.addresses_gone": _l("The addresses of %(campaign)s were destroyed on %(purge_on)s. Go on without: %(lists)s."),
    "delivery.list_is_brought_over": _l(
        "The file of %(list)s is made of those of the campaign before: nobody delivers it. Go on without the list, if it is not to be used."
    ),
    "exchanges.beyond_limit": _l(
        "With what is to come, the balance of addresses exchanged with %(partners)s passes your limit of %(most)s."
        " Record what was given in return, order fewer, or do without the list."
    ),
    "exchanges.partner_unknown": _l("This campaign exchanges no list with that partner."),
    "exchanges.empty": _l("Write how many addresses went over: at least one."),
    "exchanges.unknown": _l("Addresses are given or received, and counted gross or net: %(direction)s, %(basis)s is neither."),
    "exchanges.is_to_come": _l("%(dealt_on)s is still to come. Record what went over once it has."),
    "exchanges.expired_before_dealt": _l("It would count until %(expires_on)s, before the day on which it went over: %(dealt_on)s."),
    "exchanges.was_posted": _l("The results posted this entry: it changes when they are published anew."),
    "negotiation.lists_open": _l("Still to be agreed or refused: %(lists)s."),
    "negotiation.owners_asked": _l("Owners still to approve the mail piece: %(lists)s."),
    "budget.above_envelope": _l(
        "The budget comes to %(amount)s, above the envelope of %(limit)s. "
        "Negotiate lower terms, or return to the plan to order less or to raise the envelope."
    ),
    "budget.differs": _l("The budget changed since you read it. Look at it as it stands now, then decide."),
    "budget.approver_limit_exceeded": _l("The amount, %(amount)s, is above what you may accept alone: %(limit)s."),
    "budget.above_tiers": _l("The total, %(amount)s, is above the most that policy lets anybody approve: %(limit)s."),
    "budget.signatures_missing": _l(
        "A budget of %(amount)s takes the signatures of %(needed)s different approvers, whoever approves it included; given so far: "
        "%(given)s. A substitute and the person stood in for count once."
    ),
    "budget.nothing_written": _l("Write it in words."),
    "budget.question_closed": _l("This question was answered, or its budget waits no more."),
    "budget.cap_out_of_range": _l("A cap is above zero and at most the budget’s total, %(limit)s; this one is %(amount)s."),
    "budget.list_not_in_budget": _l("The budget has no list %(list)s."),
    "budget.nothing_left": _l("Every list would be excluded. Refuse the budget instead, and say why."),
    "budget.preparer_may_not_decide": _l("You prepared this budget, so somebody else has to decide about it."),
    "budget.not_current": _l("The plan changed since the budget was submitted: submit it again."),
    "budget.approval_void": _l("What would be ordered is no longer what was approved: it has to be approved again."),
    "order.withheld": _l("The orders are not out yet: see what they wait for."),
    "order.nothing_withheld": _l("No order waits to be sent."),
    "order.lists_excluded": _l(
        "The approval excludes these lists, which are still in: %(lists)s. Leave them out, or go back for another budget."
    ),
    "order.above_cap": _l(
        "The campaign comes to %(amount)s; it was approved up to %(limit)s. Leave lists out, or go back for another budget."
    ),
    "order.list_stays": _l("No condition of the approval asks to leave out %(list)s."),
    "order.not_accepted": _l("Not accepted by its supplier yet: %(orders)s."),
    "order.nothing_proposed": _l("Name another quantity, day or price, or write what should change."),
    "order.not_a_lists_order": _l("Order %(number)s is for services: write in words what should change."),
    "order.proposal_waits": _l("The change proposed to %(number)s waits for the project manager’s answer."),
    "order.no_proposal": _l("No change proposed to %(number)s waits for an answer."),
    "order.content_differs": _l("Order %(number)s was reissued. Read the latest version, then acknowledge it."),
    "counts.nobody_to_ask": _l("%(list)s is not to be counted: it is the house’s own, left out, or ordered already."),
    "counts.nothing_asked": _l("Name at least one list to be counted."),
    "counts.incomplete": _l("Write how many addresses there are of each segment, 0 where there is none. Missing: %(segments)s."),
    "counts.segment_not_wanted": _l("Nobody asked about %(segments)s."),
    "counts.below_zero": _l("There are no fewer than 0 addresses."),
    "counts.held_until_past": _l("%(held_until_on)s is past: name a day from today on, or none."),
    "counts.nothing_short": _l("What was counted of %(list)s is enough, or these figures were let pass already."),
    "counts.short": _l(
        "Fewer addresses counted than wanted: %(lists)s. Want fewer in the plan, do without the list, or say why it is ordered as planned."
    ),
    **ABOUT_SAMPLES,
    "delivery.nothing_accepted": _l("No file of this list has been accepted. Accept one, or leave the list out of the campaign."),
    "delivery.below_floor": _l("%(accepted)s of %(planned)s addresses were accepted, less than %(share)s. Write why to go on."),
    "delivery.lists_open": _l("Still expected or undecided: %(lists)s."),
    "delivery.addresses_gone": _l(
        "The addresses of %(lists)s were destroyed on %(purge_on)s, their last day. Leave these lists out, or cancel the campaign."
    ),
    "delivery.suppressions_missing": _l("Suppression files still missing: %(files)s."),
    "delivery.suppressions_unreadable": _l("Suppression files that cannot be read: %(files)s. Bring each again."),
    "suppressions.replaced": _l("Another suppression file came in the place of this one: what was found in it is not kept."),
    "delivery.list_not_ordered": _l("The order for this list has not been accepted yet: acknowledge it first."),
    "delivery.tranche_already_accepted": _l("Tranche %(tranche)s has an accepted version already."),
    "delivery.version_already_delivered": _l("Version %(version)s of tranche %(tranche)s was delivered before. Give the file a new one."),
    "delivery.not_conforming": _l("The file does not match its note or its order: a new version is needed from its supplier."),
    "dedupe.run_void": _l("This result belongs to a dedupe that no longer counts."),
    "dedupe.accounting_broken": _l("The records of %(list)s do not add up: %(actual)s instead of %(expected)s. The incident is recorded."),
    "dedupe.net_below_minimum": _l("%(net)s addresses are left and the brief asks for %(minimum)s. Write why the campaign goes on."),
    "dedupe.unknown_setting": _l("The dedupe has no %(given)s to choose here. Choose among: %(known)s."),
    "dedupe.unknown_source": _l("%(source)s is no file of this dedupe; they are %(known)s."),
    "dedupe.comparison_lapsed": _l("This comparison belongs to a dedupe that no longer counts, or has been answered."),
    "dedupe.not_done": _l("The dedupe is still running."),
    "pressure.contacts_kept": _l("The keys of this send are kept already."),
    "pressure.barred_kept": _l("The keys of those whom this file bars are kept already."),
    "send.nothing_to_hand_over": _l("There is no file %(file)s to hand over, or its time is over."),
    "send.mailing_not_ordered": _l("The sending is not ordered yet: the files are handed over with the order."),
    "send.notice_incomplete": _l("The data protection notice lacks: %(elements)s."),
    "send.source_unnamed": _l("The data protection notice lacks: %(elements)s. Name as the origin of the addresses: %(owners)s."),
    "send.proof_unreadable": _l("%(name)s is no proof: send a whole PDF, or a PNG or JPEG picture."),
    "send.proof_too_large": _l("A proof has at most %(most)s MB. Send one with pictures of a lower resolution."),
    "send.proof_unchanged": _l("This is the very file of version %(version)s of message %(message)s. Choose the corrected one."),
    "send.proof_missing": _l("No proof of message %(message)s was deposited yet: policy wants one before it is signed off."),
    "send.proof_outdated": _l(
        "Version %(version)s is the newest proof of message %(message)s, and not the one that you looked at. Look at it, then decide."
    ),
    "send.proof_was_returned": _l(
        "Version %(version)s of message %(message)s was returned with remarks: another version has to come first."
    ),
    "send.remarks_missing": _l("Write what is to be corrected: whoever makes the proof reads it."),
    "send.proof_too_late": _l("Something of this campaign has gone out: its proofs change no more."),
    **ABOUT_LOTS,
    **ABOUT_MAILINGS,
    "send.unknown_lot": _l("Lot %(lot)s is not among those to be sent."),
    "send.lot_posted": _l("Lot %(lot)s: %(pieces)s have gone out. It cannot be left unsent any more."),
    "send.nothing_left_to_send": _l("Without lot %(lot)s nothing would be mailed. To mail nothing at all, ask to cancel the campaign."),
    "send.lot_not_left_unsent": _l("Lot %(lot)s was not left unsent."),
    "send.deposit_empty": _l("Write a quantity for at least one lot."),
    "send.deposit_not_positive": _l("Lot %(lot)s: %(pieces)s is no quantity. Leave out what did not go out."),
    "send.deposit_is_to_come": _l("%(deposited_on)s is still to come. Prove what went out once it has."),
    "send.deposit_of_several_ways": _l("What was posted, messages sent and calls made are proved apart: give a proof for each."),
    "send.deposit_ends_otherwise": _l("Calls alone have a last day, and not one before the first."),
    "send.deposit_is_over": _l("Proof of sending %(number)s was corrected or refused meanwhile. Look at what stands in its place."),
    "send.deposit_unchanged": _l("Nothing of proof of sending %(number)s is changed. Change what was wrong, or leave it as it is."),
    "send.posting_is_confirmed": _l(
        "What went out is confirmed: the project manager alone corrects it now, with a reason and the file that shows what is right."
    ),
    **ABOUT_CONFIRMED,
    "send.deposit_outside_window": _l(
        "%(deposited_on)s is outside the window for which the files were lent, %(first)s to %(last)s. Write why it went out then."
    ),
    "send.deposit_deviates": _l("Lot %(lot)s: %(actual)s proved for %(expected)s handed over. Write why, or say that the rest follows."),
    "send.proofs_awaited": _l("Proofs still to come: %(messages)s."),
    "send.proofs_unsigned": _l("Proofs still to be signed off: %(messages)s."),
    "overrun.above_approved": _l(
        "The campaign is going to cost %(amount)s; %(approved_amount)s was approved, which with the tolerance allows %(limit)s. "
        "An approver accepts it first, or the lots are made anew for less."
    ),
    "overrun.none_waits": _l("No overrun of the budget waits for a decision."),
    "overrun.differs": _l("The campaign is going to cost %(amount)s, not what you read. Look at it as it stands now, then decide."),
    "send.lots_not_deposited": _l("Not proved yet: %(lots)s."),
    "send.lots_deposited_in_part": _l("Proved in part: %(lots)s. Still missing: %(pieces)s."),
    "responses.unknown_kind": _l("A file holds responses, undeliverables, bounces or calls; %(kind)s is none of these."),
    "responses.not_theirs_to_bring": _l(
        "Such files come from others: answers and returned mail from who opens the mail, bounces and calls from who sent or called."
    ),
    "responses.nothing_sent_so": _l(
        "Nothing of this campaign went out so: bounces are of e-mails and messages, reports of calls of lots that are called."
    ),
    "responses.batch_already_imported": _l("%(name)s was imported before, so nothing was counted twice."),
    "responses.batch_not_waiting": _l("This file was already recorded."),
    "responses.being_read": _l("A file of responses is still being read."),
    "responses.none_imported": _l("No file of responses has been imported yet."),
    "objections.overtaken": _l("Files of objections and returns written from later answers are there already."),
    "objections.nothing_to_take": _l("There is no such file for you, it is not handed over, or its time is over."),
    "objections.nothing_waits": _l("No file of objections and returns waits to be handed over."),
    "dedupe.pressure_outdated": _l(
        "The drop was moved to a day on which the caps count earlier sends that the dedupe left out (%(campaigns)s). Run the dedupe again."
    ),
    "certificates.not_awaited": _l("This certificate was given, or is waited for no more."),
    "certificates.method_unknown": _l("No file is destroyed by the method %(method)s. Choose one of the list."),
    "certificates.is_to_come": _l("%(destroyed_on)s is still to come. Certify once the files are destroyed."),
    "certificates.before_handed": _l("The files were handed over on %(handed_on)s, so they cannot be destroyed since %(destroyed_on)s."),
    "certificates.names_missing": _l("Write who destroyed the files, and who signs for it."),
    "certificates.remainder_incomplete": _l(
        "Write which copies remain and until when: a day that is not before the files were destroyed. Or say that none remains."
    ),
    "certificates.paper_missing": _l("A certificate that came by post is recorded with the signed paper, as a PDF."),
    "certificates.paper_unreadable": _l("%(name)s is no whole PDF. Scan the signed certificate as a PDF."),
    "certificates.paper_too_large": _l("A signed certificate has at most %(most)s MB. Scan it with a lower resolution."),
    "certificates.missing": _l("Certificates of destruction still to come by %(due_on)s: %(suppliers)s."),
    "responses.too_early": _l(
        "Day %(days)s of %(longest)s: by the curve of answers %(share)s are in. Wait, or write why they are closed now."
    ),
    "responses.no_undeliverables": _l("The undeliverables have not been imported yet."),
    "responses.no_bounces": _l("The bounces of e-mails and messages have not been imported yet."),
    "responses.no_calls": _l("The reports of calls have not been imported yet."),
    "invoices.number_missing": _l(
        "An invoice or a credit note has a number, of at most %(most)s characters, and an invoice names its order."
    ),
    "invoices.amount_wrong": _l(
        "%(number)s: the amount without VAT is more than zero, VAT and total are no less, and all are to the cent."
    ),
    "invoices.unreadable": _l("%(name)s is no invoice: send a whole PDF, or the XML of an electronic invoice (UBL or CII)."),
    "invoices.too_large": _l("The file of an invoice has at most %(most)s MB."),
    "invoices.unknown_biller": _l("No order of this campaign is with this supplier."),
    "invoices.repeated": _l("Invoice %(number)s is here already, the very same: nothing is counted twice."),
    "invoices.number_used": _l(
        "Another invoice or credit note %(number)s of this supplier is here already, of %(invoiced_on)s, %(amount)s with VAT. An invoice "
        "that was sent does not change: a corrected one has a number of its own."
    ),
    "invoices.credit_repeated": _l("Credit note %(number)s is here already, the very same: nothing is taken back twice."),
    "invoices.credit_too_large": _l(
        "Of invoice %(number)s %(net_amount)s without VAT, %(vat_amount)s of VAT and %(quantity)s addresses are left: no credit note takes "
        "back more."
    ),
    "invoices.credit_day_wrong": _l(
        "Credit note %(number)s is of no day that it can be of: its invoice is of %(first)s, and today is %(last)s."
    ),
    "invoices.not_open": _l("Invoice %(number)s waits for no decision any more."),
    "invoices.without_order": _l(
        "Invoice %(number)s names order %(order)s, under which nothing is due to this supplier: it can only be disputed."
    ),
    "claims.nothing_to_claim": _l("Of list %(list)s no more came back than its owner stands for: there is nothing to claim."),
    "claims.too_late": _l(
        "A refund for list %(list)s could be claimed until %(last)s: its owner takes no claim after that. "
        "Write to the supplier if you think it should make an exception."
    ),
    "claims.made": _l("A refund for list %(list)s is claimed already: settle or drop that claim."),
    "claims.returns_not_handed_over": _l(
        "The supplier of list %(list)s has not got the ids that came back: hand the objections and returns over first, in the responses."
    ),
    "claims.answered": _l("Claim %(number)s waits for no answer any more."),
    "claims.settled_above": _l("Claim %(number)s is of %(claimed_amount)s without VAT: it is settled for that or less."),
    "claims.closed": _l("Claim %(number)s is settled or dropped already."),
    "invoices.nothing_owed": _l(
        "Order %(order)s was withdrawn before anything was due: by its cancellation terms it owes nothing, and no invoice is taken for it. "
        "Write to the advertiser if you see it otherwise."
    ),
    "invoices.above_fee": _l(
        "Invoice %(number)s bills more than the withdrawn order %(order)s still owes by its cancellation terms, %(amount)s without VAT. "
        "Dispute it: its supplier is told what is due."
    ),
    "invoices.nothing_to_waive": _l("No invoice is missing for order %(order)s."),
    "invoices.missing": _l("Invoices are missing for the orders %(orders)s. They are expected by %(due_on)s."),
    "invoices.undecided": _l("Still to be accepted or disputed, by %(due_on)s: invoices %(invoices)s."),
    "invoices.above_budget": _l("An approver still has to decide, by %(due_on)s, about invoices above the budget: %(invoices)s."),
    "analysis.lesson_empty": _l("Write the lesson in words."),
    "analysis.not_computed": _l("The results are still being computed."),
    "analysis.no_lesson": _l("Nobody has written yet what was learned."),
    "analysis.not_published": _l("The results are not published to the next plans yet."),
    "erasure.spelling_too_short": _l(
        "%(words)s is too short to be looked for: much that means somebody else would go with it. Write at least %(least)s letters."
    ),
    "plan.envelope_not_positive": _l("An envelope is more than nothing: write what may be spent."),
    "policy.not_newer": _l("The campaign follows version %(number)s of the policy already."),
    "policy.not_newest": _l("Version %(number)s of the policy was saved meanwhile. Compare with it first."),
    "user_task.not_overdue": _l("The task is not overdue so long, or somebody was told already."),
    "user_task.nothing_said": _l("Write what is to be said."),
    "user_task.mention_unknown": _l(
        "Nobody who sees this task is called %(name)s, so nobody would be told. Write another name, or leave out the @."
    ),
    "user_task.out_of_sight": _l(
        "%(name)s does not see this task, so nobody would be told. Mention somebody who does, or leave out the @."
    ),
    "user_task.mention_ambiguous": _l("%(name)s may be %(people)s. Write the whole name, or the e-mail address."),
    "user_task.not_mentioned": _l("Nobody has mentioned you since you looked."),
    "user_task.file_too_large": _l("A file put with a task has at most %(most)s MB."),
    "user_task.file_is_empty": _l("The file is empty."),
    "user_task.file_ending_unknown": _l("%(name)s cannot be put with a task. Known are: %(known)s."),
    "user_task.too_many_files": _l("The task has %(most)s files already. Take one away first."),
    "user_task.file_of_somebody_else": _l("Somebody else put this file here. They can take it away, or a project manager can."),
    "user_task.points_unticked": _l("Still to be ticked on the checklist: %(points)s."),
    "user_task.point_unknown": _l("The checklist has no such point any more. Open the page anew."),
    "user_task.point_ticked": _l("%(who)s has ticked this already."),
    "user_task.point_not_ticked": _l("This is not ticked, so there is nothing to take back."),
    "user_task.not_a_colleague": _l("Comments are told to the advertiser’s own people only."),
    "user_task.not_a_candidate": _l("%(who)s does not hold the role that this task is for."),
    "user_task.in_other_hands": _l("%(who)s has this task in hand."),
    "user_task.in_nobodys_hands": _l("Nobody has this task in hand. Take it first."),
    "user_task.not_delegated": _l("Nobody handed this task on, so it cannot be given back."),
    "user_task.already_theirs": _l("%(who)s has this task in hand already."),
    "user_task.priority_unknown": _l("No task has the priority %(priority)s."),
    "user_task.day_is_past": _l("A task rests until a day to come, not until %(day)s."),
    **ABOUT_ACCOUNTS,
}
