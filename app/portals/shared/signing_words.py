"""The signatures of a budget that waits, in sentences: its tier, who has signed, what is missing. Data in, sentences out."""

from flask_babel import gettext as _
from flask_babel import ngettext

from app import i18n
from app.portals.shared.policy_words import tier_range
from app.queries.signing import Signer, Signing


def signing_words(signing: Signing) -> list[str]:
    """What an approver knows of the signatures before giving one."""
    if not signing.needed:
        return [_("Policy lets nobody approve more than %(amount)s.", amount=i18n.money(signing.above_amount))]
    tier = ngettext(
        "Tier of this budget: %(tier)s. One approver signs: whoever approves it.",
        "Tier of this budget: %(tier)s. %(num)s different approvers sign: one by approving it, the others by their support.",
        signing.needed,
        tier=tier_range(signing.above_amount, signing.up_to_amount),
    )
    if signing.needed == 1:
        return [tier]
    signed = ", ".join(_signer(one) for one in signing.signers)
    return [
        tier,
        _("Signed so far: %(names)s.", names=signed) if signed else _("Nobody has signed yet."),
        ngettext("One signature is missing.", "%(num)s signatures are missing.", signing.missing)
        if signing.missing
        else _("Enough have signed: one whose limit covers the amount approves it."),
    ]


def _signer(signer: Signer) -> str:
    if not signer.stood_in_for:
        return signer.name
    return str(_("%(name)s in the place of %(absent)s", name=signer.name, absent=signer.stood_in_for))
