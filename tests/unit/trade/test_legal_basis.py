"""Which legal basis carries which channel."""

from datetime import date

import pytest

from workflows.trade.legal_basis import CALLS_NEED_CONSENT_FROM, BasisDoubt, Doubt, LegalBasis, doubts_on

CONSENT, INTEREST, RELATION = LegalBasis.CONSENT, LegalBasis.LEGITIMATE_INTEREST, LegalBasis.EXISTING_RELATION


def doubts(basis: LegalBasis, *channels: str, drop_on: date = date(2026, 10, 6), named: bool = False) -> tuple[BasisDoubt, ...]:
    return doubts_on(channels, drop_on, basis, partners_named=named)


@pytest.mark.parametrize("basis", list(LegalBasis))
def test_any_basis_carries_the_post(basis: LegalBasis) -> None:
    assert doubts(basis, "postal") == ()


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_e_mail_and_sms_need_consent_to_partners_by_name_but_for_one_s_own_customers(channel: str) -> None:
    assert doubts(INTEREST, channel) == (BasisDoubt(Doubt.CONSENT_NEEDED, (channel,)),)
    assert doubts(CONSENT, channel) == (BasisDoubt(Doubt.PARTNERS_UNNAMED, (channel,)),)
    assert doubts(CONSENT, channel, named=True) == ()
    assert doubts(RELATION, channel) == ()


def test_calls_need_consent_from_the_day_on_which_the_law_changed() -> None:
    assert doubts(INTEREST, "phone", drop_on=date(2026, 8, 10)) == ()
    assert doubts(INTEREST, "phone", drop_on=CALLS_NEED_CONSENT_FROM) == (BasisDoubt(Doubt.CALLS_NEED_CONSENT, ("phone",)),)
    assert doubts(CONSENT, "phone") == doubts(RELATION, "phone") == ()


def test_each_doubt_is_told_once_with_its_channels() -> None:
    assert doubts(INTEREST, "postal", "email", "phone", "sms") == (
        BasisDoubt(Doubt.CONSENT_NEEDED, ("email", "sms")),
        BasisDoubt(Doubt.CALLS_NEED_CONSENT, ("phone",)),
    )
