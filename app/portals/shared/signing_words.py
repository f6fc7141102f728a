"""The signatures of a budget in sentences: its tier, who has signed, under which conditions, what is missing. Data in, sentences out."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from app import i18n
from app.portals.shared.policy_words import tier_range
from app.queries.signing import Signer, Signing
from workflows.trade.approval import Conditions


def signing_words(signing: Signing, names: Mapping[str, str]) -> list[str]:
    """What an approver knows of the signatures before giving one; `names` has the names of lists by their code."""
    if not signing.needed:
        return [_("Policy lets nobody approve more than %(amount)s.", amount=i18n.money(signing.above_amount))]
    tier = ngettext(
        "Tier of this budget: %(tier)s. One approver signs: whoever approves it.",
        "Tier of this budget: %(tier)s. %(num)s different approvers sign: one by approving it, the others by their support.",
        signing.needed,
        tier=tier_range(signing.above_amount, signing.up_to_amount),
    )
    bound = condition_words(signing.conditions, names)
    if bound:
        bound = [_("Conditions of those who signed so far: %(conditions)s", conditions=" ".join(bound))]
    if signing.needed == 1:
        return [tier, *bound]
    signed = ", ".join(_signer(one) for one in signing.signers)
    return [
        tier,
        _("Signed so far: %(names)s.", names=signed) if signed else _("Nobody has signed yet."),
        ngettext("One signature is missing.", "%(num)s signatures are missing.", signing.missing)
        if signing.missing
        else _("Enough have signed: one whose limit covers the amount approves it."),
        *bound,
    ]


def condition_words(conditions: Conditions, names: Mapping[str, str]) -> list[str]:
    """Under what a budget is signed, a sentence each; nothing for no condition."""
    words = []
    if conditions.cap_amount is not None:
        words.append(str(_("At most %(amount)s without VAT in all.", amount=i18n.money(conditions.cap_amount))))
    if conditions.excluded_lists:
        lists = ", ".join(f"{code} ({names[code]})" if code in names else code for code in conditions.excluded_lists)
        words.append(str(_("Without: %(lists)s.", lists=lists)))
    return words


def _signer(signer: Signer) -> str:
    if not signer.stood_in_for:
        return signer.name
    return str(_("%(name)s in the place of %(absent)s", name=signer.name, absent=signer.stood_in_for))
