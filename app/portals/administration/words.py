"""Administration's words: what suppliers do. Data in, sentences out."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from workflows.parties.roles import SupplierKind

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
