"""The PDFs themselves, read back: what must stand on them stands there, on every page, in both languages."""

import dataclasses
import functools
import hashlib
import io
import os
import re
import tomllib
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from app.documents import render
from app.documents.catalogue import LOCALES, TEMPLATE_FOLDER, catalogue
from app.documents.render import FatalURLFetchingError, render_html, render_pdf
from app.documents.typography import Typography
from tests.documents.samples import SAMPLES, service_dispute, service_order
from tests.documents.samples_negotiating import basis_terms
from tests.documents.samples_planning import budget_file, media_plan, purchase_order
from tests.documents.samples_production import dedupe_brief, dedupe_report, lot_plan, mailing_order, net_statement
from workflows.campaign.documents import KINDS, Check, DocumentContent, FollowUp, FormerDecision, Wording, content_sha256

CHAIN_HEAD = "9f2c" + "0a" * 30


@functools.cache
def pages_of(content: DocumentContent, locale: str = "fr", chain_head: str | None = CHAIN_HEAD) -> tuple[str, ...]:
    """Return the text of each page with every kind of blank as one space, so that it can be searched."""
    pdf = render_pdf(content.head.kind, content, locale, chain_head=chain_head)
    return tuple(re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages)


def spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", list(KINDS))
def test_every_page_carries_number_page_hash_and_chain_head(kind: str, locale: str) -> None:
    content = SAMPLES[kind]()
    pages = pages_of(content, locale)
    for index, page in enumerate(pages, start=1):
        assert f"Page {index} / {len(pages)}" in page
        assert content.head.number in page
        assert content_sha256(content) in page
        assert CHAIN_HEAD in page


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", list(KINDS))
def test_the_first_page_names_title_parties_and_date(kind: str, locale: str) -> None:
    content = SAMPLES[kind]()
    first = pages_of(content, locale)[0]
    assert catalogue(locale).text(f"title.{kind}") in first
    assert spaced(Typography(locale, "EUR").day(content.head.issued_on)) in first
    for party in (content.head.advertiser, content.head.recipient):
        if party is not None:
            assert all(part in first for part in (party.name.split()[0], party.siren, party.vat_number, party.postcode, party.town))


@pytest.mark.parametrize(("locale", "totals"), [("fr", ("3 074,05", "614,81", "3 688,86")), ("en", ("3,074.05", "614.81", "3,688.86"))])
def test_an_order_shows_its_totals_to_the_cent(locale: str, totals: tuple[str, ...]) -> None:
    text = " ".join(pages_of(purchase_order(), locale))
    assert all(total in text for total in totals)


def test_a_dispute_of_services_says_what_was_done_line_by_line_and_what_was_agreed() -> None:
    words = " ".join(pages_of(service_dispute()))

    assert "Ce qui a été réalisé, tel que justifié" in words
    assert "1 180,00" in words.replace("\u202f", " ")
    assert "rien de plus n’a été convenu par écrit" in words
    assert "ce qui reste après des avoirs de 12,00" in words.replace("\u00a0", " ")


@pytest.mark.parametrize("locale", LOCALES)
def test_an_order_prints_the_second_use_that_was_agreed_and_that_of_a_follow_up_asks_for_no_file(locale: str) -> None:
    order, text = purchase_order(), catalogue(locale).text
    assert order.list_terms is not None
    first = dataclasses.replace(order.list_terms, reuse_cpm=Decimal(90), reuse_until=date(2027, 3, 1), reuse_seconds=True)
    follow_up = FollowUp(campaign_code="26A", dropped_on=date(2026, 10, 13), order_number="BC-26A-001")
    again = dataclasses.replace(order.list_terms, use="follow_up", follow_up=follow_up)
    plain, lent, used = (
        render_html("purchase_order", dataclasses.replace(order, list_terms=terms), locale) for terms in (order.list_terms, first, again)
    )

    for page, said in ((plain, False), (lent, True), (used, False)):
        assert (text("purchase_order.reuse") in page) is (text("purchase_order.reuse_seconds") in page) is said
    for page, said in ((lent, True), (used, False)):
        assert (text("purchase_order.deliver_by") in page) is (text("purchase_order.deliver_to") in page) is said
        assert (text("purchase_order.nothing_to_deliver") in page) is not said
    assert "BC-26A-001" in used
    assert text("label.use.follow_up") in used


@pytest.mark.parametrize("locale", LOCALES)
def test_the_annex_of_a_list_order_says_the_legal_basis_and_roles_that_its_clause_does_not_have(locale: str) -> None:
    order, text = purchase_order(), catalogue(locale).text
    terms = order.list_terms
    assert terms is not None
    bases = basis_terms(), dataclasses.replace(basis_terms(), data_role="joint"), None
    stated, together, silent = (
        render_html("purchase_order", dataclasses.replace(order, list_terms=dataclasses.replace(terms, basis=basis)), locale)
        for basis in bases
    )

    annex = text("purchase_order.annex_controllers")
    assert text("label.legal_basis.legitimate_interest") in stated.partition(annex)[2]
    assert text("basis.prevails") not in stated
    assert text("basis.prevails") in together.partition(annex)[2]
    assert text("basis.basis") not in silent


def test_a_list_order_has_the_controllers_annex_and_a_service_order_the_processors() -> None:
    for_list, for_service = " ".join(pages_of(purchase_order())), " ".join(pages_of(service_order()))
    assert "de responsable à responsable" in for_list
    assert "article 28" not in for_list
    assert "article 28 du RGPD" in for_service
    assert "de responsable à responsable" not in for_service


@pytest.mark.parametrize(
    ("content", "heads"),
    [
        (purchase_order(segments=60), ("Critères", "Extraction")),
        (media_plan(repeat=5), ("Univers", "Conserv.")),
        (lot_plan(repeat=5), ("Code lot", "Taux attendu")),
    ],
    ids=["order", "plan", "lots"],
)
def test_a_long_table_repeats_its_head_on_the_next_page(content: DocumentContent, heads: tuple[str, ...]) -> None:
    pages = pages_of(content)
    assert len(pages) >= 3
    assert all(head in pages[1] for head in heads)


@pytest.mark.parametrize(
    ("locale", "most", "among"),
    [
        ("fr", "au-delà de 17\u202f196 adresses n’est pas facturable", "parmi les 87\u202f500 adresses du segment"),
        ("en", "above 17,196 addresses is not billable", "among the 87,500 addresses of the segment"),
    ],
)
def test_an_order_says_how_much_may_be_billed_and_out_of_what_is_drawn(locale: str, most: str, among: str) -> None:
    order = purchase_order()
    terms = order.list_terms
    assert terms is not None
    unnamed = tuple(dataclasses.replace(row, criteria="", universe_qty=87_500) for row in terms.selections)
    page = render_html("purchase_order", dataclasses.replace(order, list_terms=dataclasses.replace(terms, selections=unnamed)), locale)
    assert most in page
    assert among in page


@pytest.mark.parametrize(
    ("locale", "protected", "contract"),
    [
        (
            "fr",
            "aucun envoi d’un concurrent sur ces adresses du 28 septembre 2026 au 31 octobre 2026",
            "RGPD-2026-014, signé le 2 mars 2026",
        ),
        (
            "en",
            "no competing mailing to these addresses from 28 September 2026 to 31 October 2026",
            "RGPD-2026-014, signed on 2 March 2026",
        ),
    ],
)
def test_an_order_says_the_dates_that_are_protected_and_the_contract_of_a_processor(locale: str, protected: str, contract: str) -> None:
    order = purchase_order()
    service = service_order()
    assert order.list_terms is not None
    assert service.processing is not None
    processing = dataclasses.replace(service.processing, contract_reference="RGPD-2026-014", contract_signed_on=date(2026, 3, 2))
    unprotected = dataclasses.replace(order.list_terms, protected_from=None, protected_until=None)

    assert protected in " ".join(pages_of(order, locale))
    heading = catalogue(locale).text("purchase_order.protected")
    assert heading not in " ".join(pages_of(dataclasses.replace(order, list_terms=unprotected), locale))
    assert contract in " ".join(pages_of(dataclasses.replace(service, processing=processing), locale))
    assert contract not in " ".join(pages_of(service, locale))


@pytest.mark.parametrize("locale", LOCALES)
def test_an_order_without_a_guarantee_promises_no_refund(locale: str) -> None:
    order, name = purchase_order(), catalogue(locale).text("purchase_order.undeliverable")
    assert order.list_terms is not None
    without = dataclasses.replace(order, list_terms=dataclasses.replace(order.list_terms, undeliverable_warranty_rate=None))
    assert name in render_html("purchase_order", order, locale)
    assert name not in render_html("purchase_order", without, locale)


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("fr", "300 adresses, livrées au-delà de 99\u202f700 (quantité commandée et sa tolérance)"),
        ("en", "300 addresses, delivered above 99,700 (quantity ordered and its tolerance)"),
    ],
)
def test_a_statement_says_what_was_delivered_and_is_not_billable(locale: str, said: str) -> None:
    surplus = dataclasses.replace(net_statement(), surplus_qty=300, most_billable_qty=99_700)
    assert said in render_html("net_statement", surplus, locale)
    assert catalogue(locale).text("net_statement.surplus") not in render_html("net_statement", net_statement(), locale)


@pytest.mark.parametrize(("locale", "amount"), [("fr", "7,10"), ("en", "7.10")])
def test_a_results_report_says_how_much_is_claimed_back(locale: str, amount: str) -> None:
    assert f">{amount}<" in render_html("results_report", SAMPLES["results_report"](), locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_suppression_list_that_nobody_counted_has_no_count(locale: str) -> None:
    brief = dedupe_brief()
    uncounted = tuple(dataclasses.replace(row, file=dataclasses.replace(row.file, quantity=None)) for row in brief.suppressions)
    text = catalogue(locale).text
    counted, bare = (
        render_html("dedupe_brief", content, locale).partition(text("dedupe_brief.suppressions"))[2]
        for content in (brief, dataclasses.replace(brief, suppressions=uncounted))
    )
    assert text("file.records") in counted
    assert text("file.records") not in bare


@pytest.mark.parametrize(("locale", "written"), [("fr", "longueur fixe · Windows-1252"), ("en", "fixed width · Windows-1252")])
def test_how_a_file_is_written_is_said_in_words(locale: str, written: str) -> None:
    brief = dedupe_brief()
    first, *others = brief.files
    fixed = tuple(dataclasses.replace(file, layout="fixed", encoding="cp1252") for file in first.files)
    workbook = tuple(dataclasses.replace(file, layout="xlsx", encoding="xlsx") for file in first.files)
    page = render_html("dedupe_brief", dataclasses.replace(brief, files=(dataclasses.replace(first, files=fixed), *others)), locale)
    assert written in page
    page = render_html("dedupe_brief", dataclasses.replace(brief, files=(dataclasses.replace(first, files=workbook), *others)), locale)
    assert "xlsx" not in page


@pytest.mark.parametrize(
    ("locale", "purpose", "persons"),
    [
        ("fr", "Appel d’automne – Mise sous pli, Affranchissement", "≈ 83\u202f295"),
        ("en", "Appel d’automne – Inserting, Postage", "≈ 83,295"),
    ],
)
def test_a_processor_reads_its_work_in_words_and_about_how_many_persons_it_concerns(locale: str, purpose: str, persons: str) -> None:
    order = service_order()
    natures = ("mise_sous_pli", "affranchissement")
    processing = dataclasses.replace(order.processing, purpose="Appel d’automne", natures=natures, persons="", persons_qty=83_295)
    page = render_html("purchase_order", dataclasses.replace(order, processing=processing), locale)
    assert purpose in page
    assert persons in page
    assert order.processing.persons in render_html("purchase_order", order, locale), "an order of before"


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("fr", "CSV, séparateur «\u00a0;\u00a0», fins de ligne CR LF, une ligne de titres · UTF-8"),
        ("en", "CSV, separator “;”, line ends CR LF, one line of titles · UTF-8"),
    ],
)
def test_papers_that_go_with_the_mailing_files_say_how_these_are_written(locale: str, written: str) -> None:
    for kind, content in (("lot_plan", lot_plan()), ("mailing_order", mailing_order())):
        assert written in render_html(kind, content, locale).replace("\u202f", "\u00a0")


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("fr", ["Date de dépôt – la rentrée", "Date de dépôt – late december", "Date de dépôt – un jour où personne ne travaille"]),
        ("en", ["Drop date – back to school", "Drop date – late december", "Drop date – a day on which nobody works"]),
    ],
)
def test_a_weak_day_is_called_as_policy_called_it_when_the_paper_was_made(locale: str, written: list[str]) -> None:
    """A paper of before such words were kept has the window's name."""
    called = (Wording(language="en", text="back to school"), Wording(language="fr", text="la rentrée"))
    school = Check(code="drop", about="school", about_words=called, verdict="warning")
    others = tuple(Check(code="drop", about=code, verdict="warning") for code in ("late_december", "not_a_working_day"))
    page = render_html("media_plan", dataclasses.replace(media_plan(), targets=(school, *others)), locale)
    text = re.sub("<[^>]+>", "", page)
    assert [words for words in written if words not in text] == []


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("fr", ["Ce qui a été décidé de la révision précédente", "au plus 60 000,00 € HT en tout", "sans DOM, SOL"]),
        ("en", ["What was decided about the previous revision", "at most €60,000.00 excl. VAT in all", "without DOM, SOL"]),
    ],
)
def test_a_budget_file_says_under_which_conditions_the_one_before_was_signed(locale: str, written: list[str]) -> None:
    day, cap = date(2026, 8, 11), Decimal(60000)
    signed = FormerDecision(name="Solange Petit", decision="approved", decided_on=day, cap_amount=cap, excluded_lists=("DOM", "SOL"))
    text = "".join(pages_of(dataclasses.replace(budget_file(), former_decisions=(signed,)), locale))
    assert [words for words in written if words not in text] == []


def test_the_last_row_of_a_table_never_goes_to_the_next_page_alone() -> None:
    report = dedupe_report()
    for many in range(10, 22):
        checks = tuple(dataclasses.replace(report.checks[0], about=f"F{number}") for number in range(many))
        rows = [len(re.findall(r"– F\d", page)) for page in pages_of(dataclasses.replace(report, checks=checks))]
        assert sum(rows) == many
        assert 1 not in rows


@pytest.mark.parametrize(
    ("locale", "title", "last"),
    [("fr", "6. Garanties", "Certificat de destruction dû le"), ("en", "6. Warranties", "Certificate of destruction due on")],
)
@pytest.mark.parametrize("segments", [2, 6])
def test_the_sections_of_an_order_for_a_list_stay_whole(segments: int, locale: str, title: str, last: str) -> None:
    pages = pages_of(purchase_order(segments=segments), locale)
    (page,) = (page for page in pages if title in spaced(page))
    assert last in page


def test_without_a_chain_head_the_foot_does_not_speak_of_one() -> None:
    assert "maillon" not in " ".join(pages_of(purchase_order(), chain_head=None))


def test_the_next_revision_says_what_it_supersedes() -> None:
    assert "remplace BC-26A-001/1" in pages_of(purchase_order(revision=2))[0]


def test_the_same_content_is_the_same_file() -> None:
    first, second = (render_pdf("net_statement", SAMPLES["net_statement"](), "fr", chain_head=CHAIN_HEAD) for _ in range(2))
    assert first == second


def test_the_file_names_its_title_language_and_author() -> None:
    reader = PdfReader(io.BytesIO(render_pdf("purchase_order", purchase_order(), "fr")))
    assert reader.metadata is not None
    assert reader.metadata.title == "Bon de commande BC-26A-001"
    assert reader.metadata.author == "Entraide Clairval"
    assert reader.trailer["/Root"]["/Lang"] == "fr"


def test_the_papers_carry_their_own_typefaces() -> None:
    reader = PdfReader(io.BytesIO(render_pdf("purchase_order", purchase_order(), "fr")))
    fonts = {
        str(font["/BaseFont"]) for page in reader.pages for font in (entry.get_object() for entry in page["/Resources"]["/Font"].values())
    }
    assert any("Jalon" in name or "Plex" in name for name in fonts)


def test_the_committed_typefaces_are_those_of_the_manifest() -> None:
    folder = TEMPLATE_FOLDER / "fonts"
    manifest = tomllib.loads((folder / "MANIFEST.toml").read_text(encoding="utf-8"))["font"]
    assert {entry["file"]: entry["sha256"] for entry in manifest} == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.ttf")
    }


def test_markup_in_a_name_is_written_and_never_read() -> None:
    order = purchase_order()
    hostile = dataclasses.replace(order, remarks='<img src="http://127.0.0.1:9/x.png"> & <b>Dupont</b>')
    text = " ".join(pages_of(hostile))
    assert '<img src="http://127.0.0.1:9/x.png"> & <b>Dupont</b>' in text


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x.png", "https://localhost/x.css", "file:///etc/hostname", "ftp://localhost/x"])
def test_nothing_outside_the_document_is_fetched(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "render_html", lambda *_args, **_kwargs: f'<html lang="fr"><title>x</title><img src="{url}"></html>')
    with pytest.raises(FatalURLFetchingError):
        render_pdf("purchase_order", purchase_order(), "fr")


def test_the_content_of_another_kind_is_refused() -> None:
    with pytest.raises(TypeError):
        render_pdf("lot_plan", purchase_order(), "fr")


def test_a_language_without_a_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="de"):
        render_html("purchase_order", purchase_order(), "de")


def test_a_forked_child_draws_and_leaves_the_fonts_to_its_parent() -> None:
    render.warm_up()
    child = os.fork()
    if child == 0:
        done = 1
        try:
            done = 0 if render_pdf("net_statement", SAMPLES["net_statement"](), "fr").startswith(b"%PDF") else 1
        finally:
            render._fonts_and_style.cache_clear()
            os._exit(done)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert render_pdf("net_statement", SAMPLES["net_statement"](), "en").startswith(b"%PDF")
