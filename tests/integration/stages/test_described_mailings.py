"""What the mailer has to know of the pieces: said once lots are made, printed on its order, ordered again when it changes."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.queries.brief import brief_of
from tests.integration.stages.followed import open_one
from tests.integration.stages.played import Played
from tests.integration.stages.test_send import deposit, of_two_channels, pieces  # noqa: F401 - a fixture
from workflows.campaign.as_written import mailing_of
from workflows.campaign.brief import MailingRow, MailPieceRow
from workflows.campaign.documents import MailingChange, Measure, share, words
from workflows.campaign.model import Message
from workflows.campaign.send.describing import DescribeMailing, MailingIsPosted, MailingUnchanged, missing
from workflows.campaign.send.records import MailingDescription
from workflows.campaign.stages.plan import OpenCampaign, RevisePlan
from workflows.campaign.stages.send import ConfirmDrop, OrderMailing
from workflows.campaign.values import ValueNotAllowed
from workflows.campaign.writing import UnknownMessage
from workflows.engine.canonical import read_json
from workflows.engine.refusals import NotYourMove

Campaigns = Callable[[str], Played]
PIECE_A = MailPieceRow(
    message="A",
    format="C5, 162 × 229 mm",
    weight_grams=Decimal("24.5"),
    thickness_mm=Decimal("1.8"),
    components=("lettre 2 pages", "bulletin de don", "enveloppe retour T"),
)
SAID = MailingRow(
    postal_product="Destineo, contrat 123",
    postal_sort="départements",
    deposit_site="Villefranche",
    spoilage_rate=Decimal("0.03"),
    return_name="Centre de traitement",
    return_address="BP 12",
    return_postcode="01001",
    return_town="BOURG EN BRESSE CEDEX",
    undeliverable="recorded",
    contact="Marion Vidal, 04 00 00 00 00",
    remarks="Ne pas plier le bulletin.",
    pieces=(PIECE_A, replace(PIECE_A, message="B", format="C5", weight_grams=Decimal(26), thickness_mm=Decimal(2))),
)


def describe(campaign: Played, said: MailingRow = SAID, **by: Any) -> None:
    campaign.ask(DescribeMailing(subject_id=campaign.campaign_id, mailing=said), **by)


def newest(campaign: Played) -> Any:
    return campaign.issued("mailing_order")[-1].content


def test_an_order_prints_what_is_said_and_each_lot_with_its_spoilage_rounded_up(played: Campaigns) -> None:
    campaign = played("lots")
    describe(campaign)
    campaign.freeze_lots()
    campaign.order_mailing()

    order = newest(campaign)
    assert (order.postal_product, order.postal_sort, order.deposit_site) == ("Destineo, contrat 123", "départements", "Villefranche")
    assert [(row.message, row.format, row.weight_grams, row.thickness_mm) for row in order.mail_pieces] == [
        ("A", "C5, 162 × 229 mm", Decimal("24.50"), Decimal("1.80")),
        ("B", "C5", Decimal("26.00"), Decimal("2.00")),
    ]
    assert [(row.fold_rank, row.label) for row in order.components if row.message == "A"] == [
        (1, "lettre 2 pages"),
        (2, "bulletin de don"),
        (3, "enveloppe retour T"),
    ]
    assert [lot.printed for lot in order.lots] == [lot.pieces + -(-lot.pieces * 3 // 100) for lot in order.lots]
    for row in order.components:
        assert row.quantity + row.spoilage_qty == sum(lot.printed for lot in order.lots if lot.message == row.message)
    assert order.undeliverable_to.address == "BP 12"
    assert (order.undeliverable, order.contact, order.remarks) == ("recorded", SAID.contact, SAID.remarks)
    assert order.changes == (), "nothing was ordered before"


def test_an_order_of_a_mailing_of_which_nothing_was_said_has_no_field_more(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()

    (issued,) = campaign.issued("mailing_order")
    content = read_json(issued.document.content)
    assert content.keys().isdisjoint({"spoilage_rate", "mail_pieces", "undeliverable", "contact", "changes", "postal_sort", "remarks"})
    assert not any("spoilage_qty" in lot for lot in content["lots"])
    assert [row["fold_rank"] for row in content["components"]] == [1, 1]


def test_without_a_share_for_spoilage_policy_s_holds(played: Campaigns) -> None:
    campaign = played("send")
    describe(campaign, MailingRow(deposit_site="Villefranche"))
    campaign.order_mailing()

    order = newest(campaign)
    assert order.spoilage_rate == Decimal("0.02")
    assert [lot.printed for lot in order.lots] == [lot.pieces + -(-lot.pieces // 50) for lot in order.lots]
    assert order.undeliverable_to.name == order.head.advertiser.name
    assert {row.fold_rank for row in order.components} == {1}


def test_what_changes_after_the_order_is_ordered_again_with_the_difference(played: Campaigns) -> None:
    campaign = played("send")
    describe(campaign)
    campaign.order_mailing()
    heavier = replace(SAID, undeliverable="", pieces=(replace(PIECE_A, weight_grams=Decimal(31)), SAID.pieces[1]))

    describe(campaign, heavier)
    describe(campaign, replace(heavier, deposit_site="Mâcon"))

    assert campaign.unmet("record_deposit") == {"send.order_of_another_mailing": {}}
    assert "send.order_of_another_mailing" in campaign.unmet("confirm_drop")
    assert campaign.tasks().count(("order_mailing", "")) == 1
    campaign.ask(OrderMailing(subject_id=campaign.campaign_id))

    order = newest(campaign)
    assert (order.head.revision, order.head.supersedes) == (2, f"{order.head.number}/1")
    assert order.changes == (
        MailingChange(field="deposit_site", before=words("Villefranche"), after=words("Mâcon")),
        MailingChange(
            field="weight_grams",
            message="A",
            before=Measure(unit="grams", value=Decimal("24.5")),
            after=Measure(unit="grams", value=Decimal(31)),
        ),
        MailingChange(field="undeliverable", before=words("recorded"), after=None),
    )
    deposit(campaign, pieces(campaign), by=campaign.actors["S-ROU"])
    campaign.ask(ConfirmDrop(subject_id=campaign.campaign_id))


def test_spoilage_that_is_no_more_said_changes_to_policy_s(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    two_percent = Decimal("0.02")
    for rate in (two_percent, Decimal("0.03"), None):
        describe(campaign, MailingRow(contact="M. Vidal", spoilage_rate=rate))
        campaign.ask(OrderMailing(subject_id=campaign.campaign_id))

    told = [[(one.field, one.before, one.after) for one in paper.content.changes] for paper in campaign.issued("mailing_order")]
    rate, more = share(two_percent), share(Decimal("0.03"))
    assert told == [[], [("contact", None, words("M. Vidal"))], [("spoilage_rate", rate, more)], [("spoilage_rate", more, rate)]]


def test_a_mailer_proves_nothing_under_an_order_of_another_mailing(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    describe(campaign)

    mailer = campaign.actors["S-ROU"]
    assert [one.code for one in campaign.move("record_deposit", by=mailer).unmet] == ["send.order_of_another_mailing"]


def test_once_something_is_posted_it_stays_as_it_was_said(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    first = next(iter(pieces(campaign)))
    deposit(campaign, {first: pieces(campaign)[first]})

    with pytest.raises(MailingIsPosted):
        describe(campaign)
    assert campaign.rows(MailingDescription) == []


def test_saying_it_again_is_no_version_and_every_version_is_kept(played: Campaigns) -> None:
    campaign = played("send")
    with pytest.raises(MailingUnchanged):
        describe(campaign, MailingRow())
    describe(campaign)
    with pytest.raises(MailingUnchanged):
        describe(campaign)
    describe(campaign, replace(SAID, deposit_site="Mâcon"))

    first, second = campaign.rows(MailingDescription, order=MailingDescription.from_seq)
    assert (first.to_seq, second.to_seq) == (second.from_seq, None)
    assert (first.body["deposit_site"], second.body["deposit_site"]) == ("Villefranche", "Mâcon")


@pytest.mark.parametrize(
    ("faulty", "place"),
    [
        ({"spoilage_rate": Decimal("0.21")}, ("mailing", "26A", "spoilage_rate")),
        ({"return_town": " "}, ("mailing", "26A", "return_town")),
        ({"return_postcode": "1001"}, ("mailing", "26A", "return_postcode")),
        ({"undeliverable": "burnt"}, ("mailing", "26A", "undeliverable")),
        ({"deposit_site": "x" * 201}, ("mailing", "26A", "deposit_site")),
        ({"postal_product": "two\nlines"}, ("mailing", "26A", "postal_product")),
        ({"pieces": (replace(PIECE_A, weight_grams=Decimal(0)),)}, ("mail_pieces", 1, "weight_grams")),
        ({"pieces": (replace(PIECE_A, weight_grams=Decimal(3001)),)}, ("mail_pieces", 1, "weight_grams")),
        ({"pieces": (replace(PIECE_A, weight_grams=Decimal("1.005")),)}, ("mail_pieces", 1, "weight_grams")),
        ({"pieces": (replace(PIECE_A, thickness_mm=Decimal(51)),)}, ("mail_pieces", 1, "thickness_mm")),
        ({"pieces": (replace(PIECE_A, components=("lettre", " ")),)}, ("mail_pieces", 1, "components")),
        ({"pieces": (replace(PIECE_A, components=("lettre",) * 21),)}, ("mail_pieces", 1, "components")),
        ({"pieces": (PIECE_A, PIECE_A)}, ("mail_pieces", 2, "code")),
    ],
)
def test_what_no_mailing_can_be_is_refused_where_it_stands(played: Campaigns, faulty: dict[str, Any], place: tuple[Any, ...]) -> None:
    campaign = played("send")
    with pytest.raises(ValueNotAllowed) as refused:
        describe(campaign, replace(SAID, **faulty))
    assert tuple(refused.value.params[name] for name in ("part", "place", "field")) == place


def test_pieces_are_of_a_message_that_the_campaign_has_and_a_manager_says_what_is_posted(played: Campaigns) -> None:
    campaign = played("send")
    with pytest.raises(UnknownMessage):
        describe(campaign, replace(SAID, pieces=(MailPieceRow(message="Z"),)))
    with pytest.raises(NotYourMove):
        describe(campaign, by=campaign.president)


def test_what_is_missing_is_told_until_it_is_said(played: Campaigns) -> None:
    campaign = played("send")
    with campaign.reading() as session:
        lacking = [(one.field, one.message) for one in missing(campaign.facts(session))]
    of_a_piece = ("format", "weight_grams", "thickness_mm", "components")
    assert lacking == [
        ("postal_product", ""),
        ("postal_sort", ""),
        ("deposit_site", ""),
        *((one, code) for code in "AB" for one in of_a_piece),
    ]

    describe(campaign, replace(SAID, deposit_site="", pieces=SAID.pieces[:1]))
    with campaign.reading() as session:
        lacking = [(one.field, one.message) for one in missing(campaign.facts(session))]
    assert lacking == [("deposit_site", ""), *((one, "B") for one in of_a_piece)]


def test_without_an_address_of_the_advertiser_the_mailer_asks_where_pieces_come_back_to(played: Campaigns) -> None:
    campaign = played("send")
    with campaign.behind_the_engine() as connection:
        connection.execute("update advertiser set address = ''")
    with campaign.reading() as session:
        assert "return_address" in {one.field for one in missing(campaign.facts(session))}
    describe(campaign)
    with campaign.reading() as session:
        assert list(missing(campaign.facts(session))) == []


def test_what_goes_by_another_channel_is_no_mail_piece(of_two_channels: Played) -> None:  # noqa: F811
    campaign = of_two_channels
    describe(campaign)
    campaign.ask(OrderMailing(subject_id=campaign.campaign_id))

    by_channel = {one.content.channel: one.content for one in campaign.issued("mailing_order")}
    assert {row.message for row in by_channel["postal"].mail_pieces} == {"A"}
    assert {one.message for one in by_channel["postal"].changes} == {"", "A"}
    assert (by_channel["email"].spoilage_rate, by_channel["email"].deposit_site) == (None, "")


def test_a_copy_is_posted_as_the_campaign_before(played: Campaigns) -> None:
    campaign = played("send")
    describe(campaign)
    with campaign.reading() as session:
        brief = replace(brief_of(campaign.facts(session)), code="27C")
    campaign.campaign_id = campaign.ask(OpenCampaign(subject_id=campaign.advertiser_id, campaign_code="27C", brief=brief)).subject.id

    (copied,) = campaign.rows(MailingDescription)
    assert mailing_of(copied.body) == SAID


def test_of_a_message_that_is_no_more_nothing_is_said_and_the_campaign_is_still_copied(played: Campaigns) -> None:
    campaign = played("plan")
    with campaign.reading() as session:
        brief = replace(brief_of(campaign.facts(session)), code="27C", mailing=SAID)
    campaign.campaign_id = campaign.ask(OpenCampaign(subject_id=campaign.advertiser_id, campaign_code="27C", brief=brief)).subject.id
    lines = tuple(replace(line, message="A") for line in brief.plan)
    kept = tuple(message for message in brief.messages if message.code == "A")
    campaign.ask(RevisePlan(subject_id=campaign.campaign_id, messages=kept, plan=lines))

    with campaign.reading() as session:
        brief = replace(brief_of(campaign.facts(session)), code="27D")
    assert brief.mailing == replace(SAID, pieces=(PIECE_A,))
    campaign.ask(OpenCampaign(subject_id=campaign.advertiser_id, campaign_code="27D", brief=brief))


def test_a_follow_up_is_posted_as_the_campaign_before_with_the_messages_that_it_sends(played: Campaigns) -> None:
    campaign = played("lots")
    describe(campaign)
    campaign.reach("responses")
    campaign.campaign_id = open_one(campaign, "MAI").id

    (brought,) = campaign.rows(MailingDescription)
    used = {message.code for message in campaign.rows(Message)}
    assert mailing_of(brought.body) == replace(SAID, pieces=tuple(piece for piece in SAID.pieces if piece.message in used))


def test_a_brief_that_says_something_no_mailing_can_be_opens_nothing(played: Campaigns) -> None:
    campaign = played("plan")
    with campaign.reading() as session:
        brief = replace(brief_of(campaign.facts(session)), code="27C", mailing=replace(SAID, spoilage_rate=Decimal(1)))
    before = campaign.trace()
    with pytest.raises(ValueNotAllowed):
        campaign.ask(OpenCampaign(subject_id=campaign.advertiser_id, campaign_code="27C", brief=brief))
    assert campaign.trace() == before
