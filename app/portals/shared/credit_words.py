"""By what answers are credited, in words, in the order of the cascade."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ATTRIBUTIONS: dict[str, LazyString] = {
    "lot_code": _l("by the lot's code"),
    "typed_lot_code": _l("by a lot's code typed with a slip"),
    "unique_id": _l("by the person's number"),
    "tracked": _l("by a telephone number, address or QR code of one lot"),
    "name_and_postcode": _l("by name and postcode"),
    "held_out": _l("to people held out of the mailing, by name and postcode"),
    "unattributed": _l("to nobody"),
    "set_aside": _l("set aside"),
}
