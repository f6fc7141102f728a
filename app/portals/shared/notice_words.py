"""What a data-protection notice says, in words: each element that the law asks for, and what to write where it is missing."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class ElementWord:
    """An element's name, and what a notice that lacks it is to say."""

    label: LazyString
    add: LazyString


ELEMENTS: dict[str, ElementWord] = {
    "controller": ElementWord(_l("who writes"), _l("add the advertiser’s name, as it is registered")),
    "contact": ElementWord(_l("how to reach them"), _l("add an address, an e-mail, or the data protection officer’s")),
    "purpose": ElementWord(_l("what for"), _l("add what the data are used for, such as this appeal")),
    "legal_basis": ElementWord(_l("on what legal basis"), _l("add the legitimate interest, or the consent that was given")),
    "source": ElementWord(_l("where the address comes from"), _l("add the name of each list’s owner")),
    "categories": ElementWord(_l("which data"), _l("add which ones are used, such as name and postal address")),
    "recipients": ElementWord(_l("who receives them"), _l("add who, such as your services and those who print and mail for you")),
    "retention": ElementWord(_l("how long they are kept"), _l("add for how many months or years")),
    "rights": ElementWord(_l("the rights to one’s data"), _l("add that they can be accessed, corrected and erased")),
    "objection": ElementWord(_l("the right to object"), _l("add that one may object to further mail")),
    "free_means": ElementWord(_l("a way to object free of charge"), _l("add that it costs nothing, or an e-mail or a page to object by")),
    "authority": ElementWord(_l("the complaint to the authority"), _l("add that one may complain to the CNIL")),
}
"""By the elements' codes, in the order of the law."""
