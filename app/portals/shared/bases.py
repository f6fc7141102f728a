"""The legal basis of a list: one form for the supplier who states it and the project manager who states it for them; and in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from app import i18n
from app.documents.catalogue import catalogue
from app.portals.shared.fields import DayField
from app.portals.shared.kept_text import KeptTextForm
from app.queries.bases import BasisLine
from workflows.campaign.brief import BasisRow
from workflows.campaign.terms.records import ListBasis
from workflows.trade.legal_basis import CollectedThrough, DataRole, Doubt, LegalBasis

BASES: dict[LegalBasis, LazyString] = {
    LegalBasis.LEGITIMATE_INTEREST: _l("legitimate interest: people were told that their address is passed on, and could object"),
    LegalBasis.CONSENT: _l("consent: people agreed beforehand"),
    LegalBasis.EXISTING_RELATION: _l("existing relation: your own customers or donors"),
}
THROUGH: dict[CollectedThrough, LazyString] = {
    CollectedThrough.PAPER: _l("on a paper form"),
    CollectedThrough.WEB: _l("on a web form"),
    CollectedThrough.TELEPHONE: _l("by telephone"),
    CollectedThrough.IN_PERSON: _l("in person"),
}
ROLES: dict[DataRole, LazyString] = {
    DataRole.SEPARATE: _l("separate controllers: each decides for its own use"),
    DataRole.JOINT: _l("joint controllers: purposes are decided together (article 26)"),
    DataRole.PROCESSOR: _l("processor: the owner acts on instruction alone (article 28)"),
}
DOUBTS: dict[Doubt, str] = {
    Doubt.UNSTATED: _l("No legal basis is stated: %(lists)s."),
    Doubt.CONSENT_NEEDED: _l(
        "By e-mail and SMS people have to agree beforehand, unless the message sells nothing; legitimate interest is stated: %(lists)s."
    ),
    Doubt.PARTNERS_UNNAMED: _l("By e-mail and SMS consent counts for partners who were named when it was given; none was: %(lists)s."),
    Doubt.CALLS_NEED_CONSENT: _l(
        "Sales calls need consent since 11 August 2026, appeals for gifts do not; legitimate interest is stated: %(lists)s."
    ),
}


class BasisForm(KeptTextForm):
    """What is stated of a list of others."""

    legal_basis = RadioField(
        _l("On what basis may these addresses be used?"),
        [InputRequired(_l("Choose the legal basis."))],
        choices=[SelectChoice(code, word) for code, word in BASES.items() if code is not LegalBasis.EXISTING_RELATION],
    )
    collected_from_on = DayField(_l("Told, or agreed, from"), [InputRequired(_l("Write since when people were told, or agreed."))])
    collected_until_on = DayField(_l("Until"), [Optional()], description=_l("Empty where it goes on."))
    collected_through = SelectField(
        _l("By what means?"), choices=[SelectChoice("", "–"), *(SelectChoice(code, word) for code, word in THROUGH.items())], default=""
    )
    partners_named = BooleanField(_l("Those who agreed were told by name who would write to them"))
    objections_purged_on = DayField(
        _l("Objections last taken out on"),
        [InputRequired(_l("Write the day on which the list was last held against its opposition list."))],
        description=_l("The list was held against its owner’s opposition list that day; who objected is not in it."),
    )
    data_role = RadioField(
        _l("Owner and advertiser are"),
        [InputRequired()],
        choices=[SelectChoice(code, word) for code, word in ROLES.items()],
        default=DataRole.SEPARATE.value,
    )


class HouseBasisForm(BasisForm):
    """What is stated of a house list."""

    legal_basis = RadioField(
        _l("On what basis may these addresses be used?"),
        [InputRequired(_l("Choose the legal basis."))],
        choices=[SelectChoice(code, word) for code, word in BASES.items()],
        default=LegalBasis.EXISTING_RELATION.value,
    )
    collected_from_on = DayField(_l("Told, or agreed, from"), [Optional()])
    data_role = None


def said_in(form: BasisForm) -> dict[str, Any]:
    """What is stated, by the names of the command; the form is valid."""
    return {name: form[name].data for name in BasisRow.__dataclass_fields__ if name in form}


def before(stated: BasisRow | None) -> dict[str, Any]:
    """What was stated, by the names of the form's fields."""
    return {name: value for name, value in asdict(stated).items() if value not in (None, "")} if stated else {}


def stated_words(said: ListBasis | None) -> str:
    """What is stated of a list, in one line; nothing where nothing is."""
    if said is None:
        return ""
    words, days = catalogue(i18n.language()), ""
    if said.collected_from_on and said.collected_until_on:
        days = str(_("from %(first)s to %(last)s", first=i18n.day(said.collected_from_on), last=i18n.day(said.collected_until_on)))
    elif said.collected_from_on:
        days = str(_("since %(day)s", day=i18n.day(said.collected_from_on)))
    parts = [
        words.label("legal_basis", said.legal_basis),
        days,
        words.label("collected_through", said.collected_through) if said.collected_through else "",
        str(_("partners named")) if said.partners_named else "",
        str(_("objections taken out on %(day)s", day=i18n.day(said.objections_purged_on))),
        words.label("data_role", said.data_role) if said.data_role else "",
    ]
    told = " · ".join(filter(None, parts))
    return told[:1].upper() + told[1:]


def stated_rows(lines: Sequence[BasisLine]) -> list[tuple[BasisLine, str]]:
    """Every list with what is stated of it; none where nothing is of any, which a sentence says."""
    return [(line, stated_words(line.stated)) for line in lines] if any(line.stated for line in lines) else []


def doubt_words(lines: Iterable[BasisLine]) -> list[str]:
    """Why lists should not go out as they stand, one sentence for each reason with the lists that it is about."""
    about: Mapping[Doubt, list[str]] = {doubt: [] for doubt in DOUBTS}
    for line in lines:
        for one in line.doubts:
            about[one.doubt].append(f"{line.list_name} ({line.list_code})")
    return [str(DOUBTS[doubt]) % {"lists": ", ".join(names)} for doubt, names in about.items() if names]
