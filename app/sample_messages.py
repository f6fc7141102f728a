"""The sentences behind what is refused or still open about sample mail pieces. A part of `messages`."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ABOUT_SAMPLES: dict[str, LazyString] = {
    "samples.unreadable": _l("%(name)s is no sample that can be shown: send a whole PDF, or a PNG or JPEG picture."),
    "samples.too_large": _l("A sample has at most %(most)s MB. Send one with pictures of a lower resolution."),
    "samples.unchanged": _l("This is the very file of version %(version)s of message %(message)s. Choose the one that changed."),
    "samples.outdated": _l(
        "A newer sample than the one that you looked at is here, of message %(messages)s. Look at it, then decide about %(list)s."
    ),
    "samples.already_approved": _l("The sample for %(list)s is approved. If it cannot stay so, write to the advertiser."),
    "samples.nothing_to_keep": _l(
        "The owner of %(list)s did not consent to another sample before, or the consent holds: nothing is to be let pass."
    ),
    "samples.owner_objected": _l(
        "The owner of %(list)s saw what changed and does not agree: no reason lets that pass. Attach another version, or leave it out."
    ),
    "samples.unapproved": _l(
        "A sample changed since the owner approved it: %(lists)s. The owner is asked again; or say why the change does not touch it."
    ),
}
