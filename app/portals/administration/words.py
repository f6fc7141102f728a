"""Administration's words: what suppliers do. Data in, sentences out."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from workflows.parties.roles import SupplierKind, VatStatus

SUPPLIER_KINDS: dict[SupplierKind, LazyString] = {
    SupplierKind.LIST_OWNER: _l("List owner"),
    SupplierKind.BROKER: _l("List broker"),
    SupplierKind.DEDUPE_BUREAU: _l("Dedupe bureau"),
    SupplierKind.PRINTER: _l("Printer"),
    SupplierKind.MAILER: _l("Mailing house"),
    SupplierKind.ESP: _l("E-mail sender"),
    SupplierKind.SMS: _l("SMS sender"),
    SupplierKind.CALL_CENTER: _l("Call centre"),
    SupplierKind.CAGING: _l("Response processing"),
}
VAT_STATUSES: dict[VatStatus, LazyString] = {
    VatStatus.STANDARD: _l("At the rate of the campaign"),
    VatStatus.NOT_LIABLE: _l("None: it is not liable for VAT"),
    VatStatus.REVERSE_CHARGE: _l("None: the advertiser pays it itself (reverse charge)"),
}
