"""What a campaign follows up, and which follow it up, in one sentence each: the same for managers, approvers and auditors."""

from flask_babel import gettext as _
from flask_babel import ngettext

from app import i18n
from app.portals.shared.words import state_word
from app.queries.follow_up import Kin, Relative


def kin_words(kin: Kin) -> list[str]:
    """Up to two sentences, none for a campaign that stands alone."""
    words = []
    if kin.follows:
        words.append(
            _(
                "A follow-up of %(code)s · %(title)s, dropped on %(day)s.",
                code=kin.follows.code,
                title=kin.follows.title,
                day=i18n.day(kin.follows.drop_on),
            )
        )
    if kin.followed_by:
        named = ", ".join(_named(one) for one in kin.followed_by)
        words.append(
            ngettext(
                "Followed up by %(campaigns)s.", "Followed up by %(num)s campaigns: %(campaigns)s.", len(kin.followed_by), campaigns=named
            )
        )
    return words


def _named(one: Relative) -> str:
    return str(
        _(
            "%(code)s (%(state)s, drop on %(day)s)",
            code=one.code,
            state=str(state_word(one.state).word).lower(),
            day=i18n.day(one.drop_on),
        )
    )
