"""The sentences behind refusals about accounts: people, their roles and ways in, and the suppliers they speak for. A part of `messages`."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ABOUT_ACCOUNTS: dict[str, LazyString] = {
    "parties.name_missing": _l("Write the name."),
    "parties.email_malformed": _l("%(email)s is no e-mail address."),
    "parties.password_too_short": _l("The password is too short: it has at least %(least)s characters."),
    "parties.password_wrong": _l("This is not your password. Write the one with which you sign in today."),
    "parties.password_moved_on": _l("The password was changed meanwhile. Sign in with it, or ask for another link."),
    "parties.siren_wrong": _l("%(siren)s is no SIREN: it has nine digits, and the last one checks the others."),
    "parties.vat_number_wrong": _l("%(vat_number)s is no French VAT number: it is FR, two figures and the SIREN."),
    "parties.vat_status_unknown": _l("No supplier stands with VAT as “%(status)s”."),
    "parties.einvoice_address_malformed": _l(
        "%(address)s is no address of electronic invoices: it is the SIREN, with what the supplier’s platform adds after a “_”."
    ),
    "parties.postcode_wrong": _l("%(postcode)s is no French postcode: it has five digits."),
    "parties.supplier_code_taken": _l("Another supplier has this code."),
    "parties.supplier_kind_unknown": _l("No supplier is a %(kind)s."),
    "parties.payment_days_wrong": _l("Payment is due 0 to 60 days after the invoice, not %(days)s."),
    "parties.limit_not_for_role": _l("Only an approver has a limit, and it is not below zero."),
    "parties.supplier_for_contact_only": _l("A supplier's contact speaks for one supplier; nobody else for any."),
    "parties.own_role": _l("You cannot change your own rights. Ask another administrator."),
    "parties.policy_moved_on": _l("Another version of the policy was saved while you were writing. Compare with it, then save again."),
    "parties.policy_unchanged": _l("Nothing differs from the version before, so nothing was saved."),
    "parties.works_elsewhere": _l(
        "This person also works, or has worked, for another advertiser, so this is not to be decided here. Ask whoever operates Jalon."
    ),
    "parties.substitute_is_oneself": _l("Nobody stands in for themselves."),
    "parties.substitute_unknown": _l("A substitute works for the same advertiser."),
    "parties.role_not_held": _l("Nobody hands on a role that they do not hold."),
    "parties.absence_days_wrong": _l("An absence ends after it begins, and not before today."),
    "passkey.refused": _l("This passkey was not accepted. Try again, or use your password."),
    "passkey.unknown": _l("This passkey is not known here: it was removed, or is somebody else’s. Use another, or your password."),
    "passkey.too_late": _l("The passkey was asked for too long ago, or has answered already. Start again."),
    "passkey.copied": _l(
        "The passkey %(name)s counts fewer uses than it did, as a copy of it would. Come in by your password and remove it."
    ),
    "passkey.added_before": _l("This passkey stands here already."),
    "passkey.too_many": _l("You have %(most)s passkeys already. Remove one that is no longer used."),
    "provider.away": _l(
        "%(provider)s does not answer. Try again in a moment; if it lasts, tell whoever looks after that sign-in in your organisation."
    ),
    "provider.not_believed": _l(
        "What %(provider)s answered does not hold, so nobody is signed in. Start again; if it lasts, tell whoever operates Jalon."
    ),
    "provider.denied": _l("%(provider)s did not let you in, or you turned back. Start again, or ask there for access to Jalon."),
    "provider.too_late": _l("This sign-in was begun too long ago or in another browser, or has ended already. Start again."),
    "provider.address_not_verified": _l(
        "%(provider)s does not say that it verified your e-mail address. Have it verified there, then start again."
    ),
    "provider.address_not_its_own": _l(
        "%(provider)s signs in its own organisation’s people, and %(email)s is none of its addresses. Sign in another way, or ask your "
        "administrator."
    ),
    "provider.person_unknown": _l(
        "%(provider)s knows you as %(email)s, but nobody with this address holds a role here. Ask your administrator to register you."
    ),
    "provider.other_account_tied": _l(
        "%(email)s is tied to another account at %(provider)s. Ask your administrator to remove that tie, then start again."
    ),
    "provider.required": _l(
        "Your organisation has its people sign in with %(provider)s. Use its button: a password or a passkey does not open your account."
    ),
    "api.too_many_tokens": _l("You have %(most)s tokens already. End one that is no longer used."),
}
