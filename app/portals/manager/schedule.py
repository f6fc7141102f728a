"""The retroplanning of a campaign: what is planned, expected and done, and in words what moved the drop. Not for counting days."""

from typing import Any

from flask import Response
from flask_babel import LazyString, gettext, ngettext
from flask_babel import lazy_gettext as _l

from app import i18n
from app.portals.manager.blueprint import blueprint
from app.portals.manager.gantt import draw_gantt
from app.portals.manager.moving_drop import drop_views
from app.portals.manager.rooms import Here, room, show
from app.portals.manager.words import shorten
from app.portals.shared.words import label, weak_day
from app.queries.retroplanning import ListDates, RetroplanningView, get_retroplanning
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.parties.roles import Role
from workflows.trade.outlook import ControlOutlook, Outlook, PartOutlook, Shift, StepOutlook
from workflows.trade.working_days import Region

CONTROLS: dict[str, LazyString] = {
    "plan": _l("The plan is submitted"),
    "owner_approvals": _l("Every owner consents"),
    "budget": _l("The budget is approved"),
    "all_orders_confirmed": _l("Every order is confirmed"),
    "files_in": _l("Every file is here"),
    "dedupe_report": _l("The dedupe report is approved"),
    "lot_plan": _l("The lot plan is frozen"),
    "proof": _l("Every proof is signed"),
    "deposit": _l("The mail is deposited"),
    "mid_curve": _l("Half of the responses should be in"),
    "close": _l("The campaign is closed"),
}
"""What is looked at on each control point, by its name."""

CALENDARS = {
    Region.FRANCE: _l("Working days on the French calendar."),
    Region.ALSACE_MOSELLE: _l("Working days on the calendar of Alsace-Moselle, with Good Friday and 26 December."),
}


def _(sentence: str, **about: Any) -> str:
    return str(gettext(sentence, **about))


def _n(one: str, several: str, num: int, **about: Any) -> str:
    return str(ngettext(one, several, num, **about))


@room("schedule")
def fill(here: Here) -> dict[str, Any]:
    """What the retroplanning shows."""
    facts = CampaignFacts(here.session, here.campaign)
    view = get_retroplanning(facts, now=here.now)
    moving = drop_views(here, facts, view.outlook.drop_expected_on if view else None)
    if view is None:
        return {"view": None, **moving}
    return {
        **moving,
        "view": view,
        "outlook": view.outlook,
        "gantt": draw_gantt(view.outlook, view.windows),
        "sentences": [{"words": shift_words(shift), "tone": shift_tone(shift)} for shift in view.outlook.shifts],
        "harmless": [harmless_words(part) for part in view.outlook.harmless],
        "warnings": warning_words(view),
        "verdict": verdict(view),
        "path": " → ".join(step_word(step.step) for step in view.outlook.critical_path),
        "reserve": reserve_words(view.outlook),
        "steps": [{**step_row(step), "first_on": moving["drop"].first_ends.get(step.step)} for step in view.outlook.steps],
        "controls": [control_row(control) for control in view.outlook.controls],
        "lists": [list_row(row) for row in view.lists],
        "calendar": str(CALENDARS[view.region]),
        "step_word": step_word,
        "weak_word": lambda code: weak_day(code, view.windows),
    }


@blueprint.get("/campaigns/<code>/schedule")
@audience(Role.PROJECT_MANAGER)
def schedule(code: str) -> Response:
    """The retroplanning of a campaign."""
    return show("schedule", code)


def step_word(step: str) -> str:
    """A step's name, the same as on the media plan."""
    return label("stage", step, capital=True)


def verdict(view: RetroplanningView) -> str:
    """What the schedule comes to, in one sentence."""
    outlook = view.outlook
    planned, expected = i18n.day(outlook.drop_planned_on), i18n.day(outlook.drop_expected_on)
    if view.dropped_on is not None:
        if outlook.days_behind <= 0:
            return _("The mail dropped on %(day)s, as planned.", day=expected)
        return _n(
            "The mail dropped on %(day)s, %(num)s working day after the day planned.",
            "The mail dropped on %(day)s, %(num)s working days after the day planned.",
            outlook.days_behind,
            day=expected,
        )
    if outlook.drop_expected_on == outlook.drop_planned_on:
        return _("The drop holds on %(day)s.", day=planned)
    return _n(
        "The drop is expected on %(expected)s: %(num)s working day after %(planned)s.",
        "The drop is expected on %(expected)s: %(num)s working days after %(planned)s.",
        outlook.days_behind,
        expected=expected,
        planned=planned,
    )


def shift_words(shift: Shift) -> str:
    """What one step did to the drop, by what was late in it where that is known."""
    days = {"from_on": i18n.day(shift.from_on), "to_on": i18n.day(shift.to_on), "step": step_word(shift.step)}
    if shift.days < 0:
        return _n(
            "%(step)s: %(num)s working day made up for. The drop comes back from %(from_on)s to %(to_on)s.",
            "%(step)s: %(num)s working days made up for. The drop comes back from %(from_on)s to %(to_on)s.",
            -shift.days,
            **days,
        )
    if not shift.late:
        return _n(
            "%(step)s: %(num)s working day more than planned. The drop moves from %(from_on)s to %(to_on)s.",
            "%(step)s: %(num)s working days more than planned. The drop moves from %(from_on)s to %(to_on)s.",
            shift.days,
            **days,
        )
    late = max(part.days_late for part in shift.late)
    names = shorten([part.part.code for part in shift.late])
    if all(part.is_done for part in shift.late):
        return _n(
            "%(step)s: %(names)s came %(num)s working day late. The drop moves from %(from_on)s to %(to_on)s.",
            "%(step)s: %(names)s came %(num)s working days late. The drop moves from %(from_on)s to %(to_on)s.",
            late,
            names=names,
            **days,
        )
    if len(shift.late) == 1:
        return _n(
            "%(step)s: %(names)s is %(num)s working day late. The drop moves from %(from_on)s to %(to_on)s.",
            "%(step)s: %(names)s is %(num)s working days late. The drop moves from %(from_on)s to %(to_on)s.",
            late,
            names=names,
            **days,
        )
    return _n(
        "%(step)s: %(names)s are %(num)s working day late. The drop moves from %(from_on)s to %(to_on)s.",
        "%(step)s: %(names)s are %(num)s working days late. The drop moves from %(from_on)s to %(to_on)s.",
        late,
        names=names,
        **days,
    )


def shift_tone(shift: Shift) -> str:
    """Lost time that may still be made up for waits; time won back is done."""
    return "done" if shift.days < 0 else "wait" if shift.finished else "stop"


def harmless_words(part: PartOutlook) -> str:
    """A part that is late on its own day and moves nothing yet."""
    return _n(
        "%(step)s: %(name)s is %(num)s working day late. The drop still holds if it is here by %(day)s.",
        "%(step)s: %(name)s is %(num)s working days late. The drop still holds if it is here by %(day)s.",
        part.days_late,
        step=step_word(part.part.step),
        name=part.part.code,
        day=i18n.day(part.latest_on),
    )


def warning_words(view: RetroplanningView) -> list[str]:
    """What speaks against the day of the drop, as planned and as expected."""
    if view.dropped_on is not None:
        return []
    planned_on, expected_on = view.outlook.drop_planned_on, view.outlook.drop_expected_on
    words = [
        _("The drop planned for %(day)s falls on a weak date: %(about)s.", day=i18n.day(planned_on), about=weak_day(code, view.windows))
        for code in view.planned_warnings
    ]
    if expected_on != planned_on:
        words += [
            _(
                "The drop expected on %(day)s falls on a weak date: %(about)s.",
                day=i18n.day(expected_on),
                about=weak_day(code, view.windows),
            )
            for code in view.expected_warnings
        ]
    return words


def reserve_words(outlook: Outlook) -> str:
    """How much the way to the drop may still lose."""
    ahead = [step.slack for step in outlook.critical_path if step.stage not in ("responses", "analysis") and step.step != "inserting"]
    if not ahead:
        return ""
    if min(ahead) <= 0:
        return _("There is no reserve: a day lost on this way is a day lost for the drop.")
    return _n(
        "The way to the drop may lose %(num)s working day before the drop moves.",
        "The way to the drop may lose %(num)s working days before the drop moves.",
        min(ahead),
    )


def slack_words(slack: int, *, done: bool) -> str:
    """How many working days are left or lost; nothing is left to lose in what is done."""
    if slack < 0:
        return _n("%(num)s working day late", "%(num)s working days late", -slack)
    if slack == 0:
        return _("on the day")
    if done:
        return _n("%(num)s working day early", "%(num)s working days early", slack)
    return _n("%(num)s working day in reserve", "%(num)s working days in reserve", slack)


def _state(slack: int, *, done: bool) -> str:
    return "done" if done else "late" if slack < 0 else "on_time"


def step_row(step: StepOutlook) -> dict[str, Any]:
    """A step as the table takes it: the drawing in figures."""
    done = step.finished_on is not None
    return {
        "name": step_word(step.step),
        "note": _("on the critical path") if step.critical else "",
        "planned": _("%(start)s to %(end)s", start=i18n.day(step.planned_start_on), end=i18n.day(step.planned_finish_on)),
        "expected_on": None if done else step.expected_finish_on,
        "finished_on": step.finished_on,
        "slack": slack_words(step.slack, done=done),
        "state": _state(step.slack, done=done),
    }


def control_row(control: ControlOutlook) -> dict[str, Any]:
    """A control point as the table takes it."""
    passed = control.passed_on is not None
    return {
        "code": control.code,
        "what": str(CONTROLS[control.name]),
        "latest_on": control.latest_on,
        "expected_on": None if passed else control.expected_on,
        "passed_on": control.passed_on,
        "slack": slack_words(control.slack, done=passed),
        "state": _state(control.slack, done=passed),
    }


def list_row(row: ListDates) -> dict[str, Any]:
    """A list's way into the campaign as the table takes it."""
    file = row.file
    return {
        "code": row.code,
        "name": row.supplier or row.name,
        "order_by_on": row.order_by_on,
        "ordered_on": row.ordered_on,
        "due_on": file.part.due_on,
        "latest_on": file.latest_on,
        "expected_on": None if file.is_done else file.expected_on,
        "here_on": file.part.done_on,
        "standing": slack_words(file.slack, done=file.is_done),
        "state": "late" if file.days_late else "done" if file.is_done else "on_time",
    }
