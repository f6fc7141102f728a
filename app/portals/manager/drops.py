"""The calendar of drops: every drop by month and week with the lists it uses, too near uses of a list, and contact pressure.

Opened by a project manager who is about to promise a day, and on Mondays by one who looks which mailings press on each other. Next they
move a drop from its schedule, or agree other lists in its negotiation: each drop leads to both.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from app import i18n
from app.formats import local_date
from app.portals.manager.blueprint import blueprint
from app.portals.manager.rooms import clock_now, reading
from app.portals.shared.words import weak_day
from app.queries.drop_calendar import Drop, list_drops
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.parties.roles import Role

LOOKS_BACK_DAYS = 90
"""Drops that were longer ago are shown when they are asked for: what rests on them is in history."""


@blueprint.get("/drops")
@audience(Role.PROJECT_MANAGER)
def drops() -> str:
    """The drops from some months ago on; with `?all=1` every one there was."""
    with reading() as session:
        known = list_drops(session, current_actor())
    since = local_date(clock_now()) - timedelta(days=LOOKS_BACK_DAYS)
    shown = known if request.args.get("all") else tuple(one for one in known if one.drop_on >= since or not one.is_posted)
    return render_template(
        "manager/drops.html",
        months=list(_months(shown)),
        earlier=len(known) - len(shown),
        crowded=sum(bool(one.near) for one in shown),
        total=len(shown),
        has_caps=any(one.pressure.caps or one.pressure.gift_rest_days for one in shown),
        several_advertisers=len({one.advertiser_name for one in known}) > 1,
    )


def _months(drops: Iterable[Drop]) -> Iterable[dict[str, Any]]:
    for first, in_month in groupby(drops, key=lambda one: one.drop_on.replace(day=1)):
        weeks = [
            {
                "first": monday,
                "last": monday + timedelta(days=6),
                "number": monday.isocalendar().week,
                "drops": [_view(one) for one in those],
            }
            for monday, those in groupby(in_month, key=lambda one: one.drop_on - timedelta(days=one.drop_on.weekday()))
        ]
        yield {"on": first, "weeks": weeks, "windows": _windows(first, weeks)}


def _windows(first: date, weeks: Iterable[dict[str, Any]]) -> list[str]:
    """The days of a month on which mail should not drop, as the policies of its drops say it; each once."""
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    told: dict[str, None] = {}
    for view in (one for week in weeks for one in week["drops"]):
        for window in view["drop"].windows:
            for year in (first.year - 1, first.year):
                begins, ends = window.begun_in(year)
                if begins <= last and ends >= first:
                    words = window.words[i18n.language()]
                    told[str(_("%(first)s to %(last)s: %(words)s", first=i18n.day(begins), last=i18n.day(ends), words=words))] = None
    return list(told)


def _view(one: Drop) -> dict[str, Any]:
    return {"drop": one, "warnings": [weak_day(code, one.windows) for code in one.warnings], "caps": _caps(one)}


def _caps(one: Drop) -> list[tuple[str, int, int]]:
    return [(cap.kind, cap.days, cap.most) for cap in one.pressure.caps]
