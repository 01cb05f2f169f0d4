"""Duties: this person's own, and those on rows they see."""

from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from bihuan.foundation import access
from bihuan.foundation.access import Actor
from bihuan.foundation.grammar.views import RegisterView
from bihuan.foundation.models import Duty
from bihuan.portal.guarded.rows import within
from bihuan.portal.visits import Visit

WEEK = timedelta(days=7)

TAKEN_UP = ("review", "handoff", "document")
"""The kinds of duty that a person looks at and closes, where the others are met by the work itself."""


def owed_by(visit: Visit) -> Q:
    """The duties that are this person's: theirs by name, their office's own, and for supervisors and leaders those risen to them."""
    actor = visit.actor
    owed = Q(member=actor.username)
    if access.OFFICER in actor.roles and actor.office:
        owed |= Q(member="", office=actor.office)
    if access.ENTERPRISE in actor.roles and actor.enterprise:
        owed |= Q(entry__enterprise=actor.enterprise, member="")
    risen = Q(pk__in=[])
    for view in visit.catalogue.registers.values():
        for item in view.clocks.values():
            rungs = [number for number, rung in enumerate(item.shape.escalate, start=1) if rung.to in actor.roles & {access.SUPERVISOR, access.LEADER}]
            if rungs:
                risen |= Q(mechanism=f"{item.pack}.{item.mechanism}", name=item.key, level__gte=rungs[0])
    return owed | (risen & in_reach(actor))


def in_reach(actor: Actor) -> Q:
    """The duties of the offices an actor sees."""
    if actor.everywhere:
        return Q()
    return Q(office__in=sorted(actor.reach | {actor.office}))


def duties(visit: Visit, chosen: Q | None = None) -> QuerySet[Duty]:
    """This person's open duties by their due days, those only that match."""
    return Duty.objects.filter(owed_by(visit), chosen or Q(), closed_on__isnull=True).select_related("entry").order_by("due", "id")


def duty_counts(visit: Visit) -> dict[str, int]:
    """How many of this person's duties are open, due today, overdue, and to be taken up."""
    return Duty.objects.filter(owed_by(visit), closed_on__isnull=True).aggregate(
        all=Count("id"),
        today=Count("id", filter=Q(due=visit.day)),
        overdue=Count("id", filter=Q(due__lt=visit.day)),
        review=Count("id", filter=Q(kind__in=TAKEN_UP)),
    )


def reporting(visit: Visit, view: RegisterView, period: str) -> list[int]:
    """The rows in this person's charge that owe a report for a period, handed in already or not."""
    cadences = [(f"{item.pack}.{item.mechanism}", item.key) for item in view.cadences.values() if item.shape.met_by.figures]
    asked = Q(pk__in=[])
    for mechanism, name in cadences:
        asked |= Q(mechanism=mechanism, name=name)
    owed = Duty.objects.filter(asked, within([access.charge(visit.actor, view)]), kind="cadence", period=period, entry__withdrawn=False)
    return sorted(set(owed.exclude(outcome="cancelled").values_list("entry_id", flat=True)))


def duties_of_office(visit: Visit, office: str) -> QuerySet[Duty]:
    """The open duties of an office in this person's reach, by their due days."""
    return Duty.objects.filter(in_reach(visit.actor), office=office, closed_on__isnull=True).select_related("entry").order_by("due", "id")


def duties_by_office(visit: Visit) -> list[tuple[str, int, int, int]]:
    """The offices in this person's reach that owe something: how many duties are open, overdue and due within a week; most overdue first."""
    pending = Duty.objects.filter(in_reach(visit.actor), closed_on__isnull=True).exclude(office="").order_by()
    counted = pending.values("office").annotate(
        open=Count("id"), over=Count("id", filter=Q(due__lt=visit.day)), soon=Count("id", filter=Q(due__range=(visit.day, visit.day + WEEK))),
    )  # fmt: skip
    rows = counted.order_by("-over", "-open", "office").values_list("office", "open", "over", "soon")
    return [(str(office), pending_, over, soon) for office, pending_, over, soon in rows]


def duty_of(visit: Visit, number: int) -> Duty:
    """One open duty of this person or of a row they see; 404 otherwise."""
    duty = Duty.objects.select_related("entry").filter(pk=number, closed_on__isnull=True).first()
    if duty is None:
        raise Http404
    if duty.entry is None:
        if not Duty.objects.filter(owed_by(visit) | in_reach(visit.actor), pk=number).exists():
            raise Http404
        return duty
    view = visit.register(duty.entry.register)
    if view is None or not access.visible(visit.actor, view).holds(duty.entry):
        raise Http404
    return duty


