"""The form of a policy, built from the policy itself: one field a value, of the kind its words say. Shape only."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import time
from decimal import Decimal
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from wtforms import Field, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, Regexp, ValidationError

from app.portals.administration.checklist_field import read_points, written_points
from app.portals.administration.lines_field import LinesField
from app.portals.administration.tiers_field import read_tiers, written_lines
from app.portals.administration.windows_field import read_windows, written_windows
from app.portals.shared.fields import CountField, NumberField, PointsField, RateField
from app.portals.shared.kept_text import KeptTextForm
from app.portals.shared.policy_words import (
    CERTIFICATES,
    CONTRACTS,
    ESCALATION,
    INVOICES,
    KINDS,
    LEGAL_BASES,
    OVERRIDERS,
    PRESSURE,
    PROOFS,
    REGIONS,
    SECTIONS,
    SERVICE_INVOICES,
    WEAK_TESTS,
    label_of,
    section_of,
)
from app.queries.policy import Place, list_values
from workflows.campaign.dedupe.pressure import LONGEST_DAYS
from workflows.trade.calling import read_hours, written_hours
from workflows.trade.retroplanning import DEFAULT_LEAD_TIMES, LeadTime

LONGEST_DELAY = 400
"""Days; more is a slip of the keyboard."""


_CHOICES: dict[str, Mapping[str, LazyString]] = {
    "region": REGIONS,
    "overrider": OVERRIDERS,
    "escalation": ESCALATION,
    "pressure": PRESSURE,
    "weak_tests": WEAK_TESTS,
    "legal_basis": LEGAL_BASES,
    "proof": PROOFS,
    "certificates": CERTIFICATES,
    "contracts": CONTRACTS,
    "invoices": INVOICES,
    "service_invoices": SERVICE_INVOICES,
}
_LINES = {"checklist": (written_points, read_points), "tiers": (written_lines, read_tiers), "windows": (written_windows, read_windows)}
"""How a value is written as lines, and read from them."""


class PolicyForm(KeptTextForm):
    """One field a value; `policy_form` adds them."""

    before: Mapping[str, Any]
    places: dict[str, Place]

    def sections(self) -> list[dict[str, Any]]:
        """The fields by section, in the order of the policy."""
        grouped: dict[str, list[Field]] = {section: [] for section in SECTIONS}
        for name, place in self.places.items():
            grouped.setdefault(section_of(place), []).append(self[name])
        return [
            {"name": section, "title": SECTIONS.get(section, section), "fields": fields} for section, fields in grouped.items() if fields
        ]

    def body(self) -> dict[str, Any]:
        """The policy as the form has it. A number that stayed the same keeps the way it was written, and so the policy its hash."""
        body = deepcopy(dict(self.before))
        for name, place in self.places.items():
            holder = body if len(place) == 1 else body[place[0]]
            field = self[name]
            holder[place[-1]] = (
                field.entries if isinstance(field, LinesField) else _written(field.data, holder[place[-1]], KINDS.get(place))
            )
        return body


def policy_form(before: Mapping[str, Any]) -> PolicyForm:
    """The form for the version that follows `before`, filled in with it or with what was sent."""
    places = {"__".join(place): place for place, _value in list_values(before)}
    fields = {name: _field(place) for name, place in places.items()}
    check: dict[str, Any] = {"validate_thresholds__segments_most": _segments_fit} if "thresholds__segments_most" in places else {}
    check |= {"validate_lots__test_power": _power_is_possible} if "lots__test_power" in places else {}
    check |= {"validate_pressure__gap_days": _gap_is_within_a_year} if "pressure__gap_days" in places else {}
    check |= {f"validate_lead_times__{lead.step}_finish": _step_ends_after_it_begins(lead) for lead in DEFAULT_LEAD_TIMES}
    data = {name: _read(place, value) for name, (place, value) in zip(places, list_values(before), strict=True)}
    form: PolicyForm = type("PolicyFormOfThisBody", (PolicyForm,), fields | check)(data=data)
    form.before, form.places = before, places
    return form


def _field(place: Place) -> Any:
    label, kind, filled = label_of(place), KINDS.get(place, "number"), InputRequired(_("Write a value."))
    match kind:
        case "checklist" | "tiers" | "windows":
            return LinesField(label, read=_LINES[kind][1], required=kind == "tiers")
        case _ if kind in _CHOICES:
            return SelectField(label, [filled], choices=[SelectChoice(name, word) for name, word in _CHOICES[kind].items()])
        case "time":
            return StringField(label, [filled, Regexp(r"([01]\d|2[0-3]):[0-5]\d", message=_("Write a time, such as 18:00."))])
        case "hours":
            return StringField(label, [_hours_are_hours])
        case "days":
            return CountField(
                label, [filled, NumberRange(max=LONGEST_DELAY, message=_("Write a whole number up to %(most)s.", most=LONGEST_DELAY))]
            )
        case "count":
            return CountField(label, [filled])
        case "share":
            return RateField(label, [filled, NumberRange(min=0, max=1, message=_("Write a percentage between 0 and 100."))])
        case "points":
            return PointsField(label, [filled, NumberRange(min=0, max=1, message=_("Write a number of points between 0 and 100."))])
    return NumberField(label, [filled, NumberRange(min=0, message=_("Write a number, 0 or more."))])


def _hours_are_hours(_form: PolicyForm, field: Field) -> None:
    try:
        read_hours(field.data or "")
    except ValueError:
        raise ValidationError(_("Write hours in their order, such as 10:00-13:00 14:00-20:00.")) from None


def _segments_fit(form: PolicyForm, field: Field) -> None:
    least = form["thresholds__segments_least"].data if "thresholds__segments_least" in form else None
    if field.data is not None and least is not None and field.data < least:
        raise ValidationError(_("The most cannot be below the least."))


def _power_is_possible(_form: PolicyForm, field: Field) -> None:
    if field.data is not None and not Decimal("0.5") <= field.data <= Decimal("0.99"):
        raise ValidationError(_("Write a percentage between 50 and 99: no test shows everything."))


def _gap_is_within_a_year(_form: PolicyForm, field: Field) -> None:
    """What was sent earlier is forgotten."""
    if field.data is not None and field.data > LONGEST_DAYS:
        raise ValidationError(_("Write a whole number up to %(most)s.", most=LONGEST_DAYS))


def _step_ends_after_it_begins(lead: LeadTime) -> Callable[[PolicyForm, Field], None]:
    def fits(form: PolicyForm, field: Field) -> None:
        begins, ends = form[f"lead_times__{lead.step}_start"].data, field.data
        if None not in (begins, ends) and (ends > begins if lead.is_before_drop else ends < begins):
            raise ValidationError(_("The step cannot end before it begins."))

    return fits


def _read(place: Place, value: Any) -> Any:
    if lines := _LINES.get(KINDS.get(place, "")):
        return lines[0](value)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if KINDS.get(place) in (*_CHOICES, "time", "hours") else Decimal(str(value))


def _written(value: Any, before: Any, kind: str | None) -> Any:
    if kind == "hours":
        return written_hours(read_hours(value or ""))
    if isinstance(before, bool):
        return value == "true"
    if isinstance(value, Decimal):
        if value == Decimal(str(before)):
            return before
        return int(value) if isinstance(before, int) else f"{value.normalize():f}"
    return time.fromisoformat(value).strftime("%H:%M") if ":" in value else value
