"""The documents a campaign issues, as content: plain frozen values with one canonical form and one hash.

A stage decides *that* a document is issued and makes its content here; the content's canonical bytes are stored and their SHA-256 is
what is printed, acknowledged and approved. How it looks is not decided here: the renderer of the application draws it from
this content and nothing else. To add a kind: a content class in one of the modules beside, a line in ``KINDS``, a template of
the same name, and its words in both languages.
"""

import hashlib
from typing import Any

from workflows.campaign.documents.claiming import RefundClaim, ReturnRow
from workflows.campaign.documents.counting import CountRequest, CountRow
from workflows.campaign.documents.destruction import DestructionCertificate, PurgeCertificate
from workflows.campaign.documents.head import (
    Check,
    DocumentContent,
    DocumentHead,
    FileReference,
    MarginUsed,
    Measure,
    Party,
    Wording,
    count,
    money,
    ratio,
    share,
    words,
)
from workflows.campaign.documents.invoicing import InvoiceDispute, InvoicePoint
from workflows.campaign.documents.mailing import (
    CallingRow,
    ComponentRow,
    LotPlan,
    LotRow,
    MailingChange,
    MailingOrder,
    MessageRow,
    PieceRow,
    ProofRow,
    SendingRow,
    ServiceRow,
    TestPair,
    UnsentRow,
)
from workflows.campaign.documents.negotiating import BasisTerms, SampleRow, TermsRow, TermsSheet
from workflows.campaign.documents.ordering import (
    Defect,
    DropMoved,
    FollowUp,
    ListTerms,
    NonConformity,
    OrderRow,
    ProcessingTerms,
    PurchaseOrder,
    SelectionRow,
)
from workflows.campaign.documents.planning import (
    ApprovalTierRow,
    ApproverRow,
    BudgetChange,
    BudgetFile,
    BudgetListRow,
    BudgetRow,
    FormerDecision,
    MediaPlan,
    PlanLineRow,
    Responsibility,
    RetroplanningRow,
    Scenario,
)
from workflows.campaign.documents.processing import (
    BillingPart,
    BriefFile,
    ContactCap,
    Deduction,
    DedupeBrief,
    DedupeFileRow,
    DedupeReport,
    EarlierSend,
    NetStatement,
    RejectRow,
    SuppressionFile,
)
from workflows.campaign.documents.record import ContentInvalid, ContentUnbalanced
from workflows.campaign.documents.results import (
    CreditRow,
    CurvePoint,
    CurveUsed,
    FunnelStep,
    InvoiceRow,
    KpiRow,
    Lesson,
    ResultRow,
    ResultsReport,
    SharedRow,
    TestVerdict,
    UpliftBasis,
    UpliftRow,
    UpliftSide,
    WarrantyRow,
)
from workflows.engine.canonical import canonical_json, read_json

CONTENT_VERSION = 1
"""The ``v`` of the canonical content: raised when an old content can no longer be read as it stands."""

KINDS: dict[str, type[DocumentContent]] = {
    content.kind_name(): content
    for content in (
        MediaPlan,
        CountRequest,
        TermsSheet,
        BudgetFile,
        PurchaseOrder,
        NonConformity,
        DedupeBrief,
        DedupeReport,
        NetStatement,
        LotPlan,
        MailingOrder,
        DestructionCertificate,
        InvoiceDispute,
        RefundClaim,
        PurgeCertificate,
        ResultsReport,
    )
}
"""Every kind of document and its content; the kind is also the name of its template."""


class UnknownDocumentKind(LookupError):
    """No document of this kind is issued.

    :ivar kind: the name that was asked for.
    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def content_class(kind: str) -> type[DocumentContent]:
    """Return the content class of a kind.

    :raises UnknownDocumentKind: when there is none.
    """
    try:
        return KINDS[kind]
    except KeyError:
        raise UnknownDocumentKind(kind) from None


def canonical_content(content: DocumentContent) -> bytes:
    """Return the canonical JSON of a document's content, with its version ``v``: what is stored and hashed.

    :raises ContentInvalid: when the head names another kind than the content's.
    """
    if content.head.kind != content.kind_name():
        raise ContentInvalid("DocumentHead.kind", f"{content.head.kind} is not {content.kind_name()}")
    return canonical_json({"v": CONTENT_VERSION, **content.as_json()})


def content_sha256(content: DocumentContent) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of the canonical content."""
    return hashlib.sha256(canonical_content(content)).hexdigest()


def content_from_json(kind: str, data: bytes | str | dict[str, Any]) -> DocumentContent:
    """Make a document's content again from its canonical JSON, as bytes, text or already parsed.

    :raises UnknownDocumentKind: for a kind that is not issued.
    :raises ContentInvalid: when the data is another kind's, of another version, or breaks the content's form.
    :raises ContentUnbalanced: when its figures do not add up.
    """
    values = dict(data if isinstance(data, dict) else read_json(data))
    content_type = content_class(kind)
    if (version := values.pop("v", None)) != CONTENT_VERSION:
        raise ContentInvalid("v", f"{version} is not a version this release reads")
    content = content_type.from_json(values)
    if content.head.kind != kind:
        raise ContentInvalid("DocumentHead.kind", f"{content.head.kind} is not {kind}")
    return content


__all__ = [
    "KINDS",
    "ApprovalTierRow",
    "ApproverRow",
    "BasisTerms",
    "BillingPart",
    "BriefFile",
    "BudgetChange",
    "BudgetFile",
    "BudgetListRow",
    "BudgetRow",
    "CallingRow",
    "Check",
    "ComponentRow",
    "ContactCap",
    "ContentInvalid",
    "ContentUnbalanced",
    "CountRequest",
    "CountRow",
    "CreditRow",
    "CurvePoint",
    "CurveUsed",
    "Deduction",
    "DedupeBrief",
    "DedupeFileRow",
    "DedupeReport",
    "Defect",
    "DestructionCertificate",
    "DocumentContent",
    "DocumentHead",
    "DropMoved",
    "EarlierSend",
    "FileReference",
    "FollowUp",
    "FormerDecision",
    "FunnelStep",
    "InvoiceDispute",
    "InvoicePoint",
    "InvoiceRow",
    "KpiRow",
    "Lesson",
    "ListTerms",
    "LotPlan",
    "LotRow",
    "MailingChange",
    "MailingOrder",
    "MarginUsed",
    "Measure",
    "MediaPlan",
    "MessageRow",
    "NetStatement",
    "NonConformity",
    "OrderRow",
    "Party",
    "PieceRow",
    "PlanLineRow",
    "ProcessingTerms",
    "ProofRow",
    "PurchaseOrder",
    "PurgeCertificate",
    "RefundClaim",
    "RejectRow",
    "Responsibility",
    "ResultRow",
    "ResultsReport",
    "RetroplanningRow",
    "ReturnRow",
    "SampleRow",
    "Scenario",
    "SelectionRow",
    "SendingRow",
    "ServiceRow",
    "SharedRow",
    "SuppressionFile",
    "TermsRow",
    "TermsSheet",
    "TestPair",
    "TestVerdict",
    "UnknownDocumentKind",
    "UnsentRow",
    "UpliftBasis",
    "UpliftRow",
    "UpliftSide",
    "WarrantyRow",
    "Wording",
    "canonical_content",
    "content_class",
    "content_from_json",
    "content_sha256",
    "count",
    "money",
    "ratio",
    "share",
    "words",
]
