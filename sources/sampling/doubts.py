"""What of the simulated programme is to be doubted: good rows that are wrong all the same.

One of each, planted where a world makes each mistake once (`Plan.bad_share` is None). They are
well typed and break no rule, so they load and count; what the programme then adds up to counts
them too. Each is planted where no other mistake is made and where the rest of the data says that it
is one: an amount whose other quarters are alike, an enterprise that is in two clusters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from sources.sampling.world import Activity, Enterprise, Membership

#: Mistakes in rows are made from the third quarter on, and what is doubted stands before.
QUARTERS = (0, 1)
_LEAST_SATANG = 50_000
_QUARTERS_A_YEAR = 4
_PARTICIPANTS_TOO_MANY = 2


@dataclass(frozen=True)
class Doubt:
    """One thing that is to be doubted, by what a warehouse knows it by.

    Attributes:
        rule: why.
        enterprises: ids of the enterprises it is about; none for an activity.
        clusters: codes of the clusters it stands in.
        quarter: fiscal year and quarter of an outcome.
        measure: of an outcome.
        activity: the activity's id.
    """

    rule: str
    enterprises: frozenset[str] = frozenset()
    clusters: frozenset[str] = frozenset()
    quarter: tuple[int, int] | None = None
    measure: str | None = None
    activity: str | None = None


_OF_ACTIVITIES = (
    "spent_above_budget",
    "more_participants_than_people",
    "activity_outside_fiscal_year",
)


class Cells(NamedTuple):
    """What is reported, as arrays of one length: a member, a period, a measure, an amount each."""

    member: np.ndarray
    period: np.ndarray
    measure: np.ndarray
    amount: np.ndarray


class Mistake(NamedTuple):
    """An amount as it is typed by mistake, at a position in the cells."""

    rule: str
    position: int
    amount: int


def mistakes_in_amounts(
    cells: Cells, memberships: Sequence[Membership], baht: Sequence[int], most: int
) -> list[Mistake]:
    """Returns amounts that are wrong: thousands typed as baht, a decimal point, a second copy.

    Args:
        cells: what is sent.
        memberships: what `cells.member` points into.
        baht: the measures in baht, as `cells.measure` numbers them; the last is the steadiest.
        most: satang that a mistaken amount may come to, so that the programme's figures stay
            what they are; where that is too little, the mistake is made the other way round.
    """
    single = _of_single_enterprises(memberships)
    found: list[Mistake] = []
    for rule, measures, times, unlike in (
        ("unit_slip", baht[:-1], 1_000, 4),
        ("amount_out_of_line", baht[-1:], 10, 2),
    ):
        position = _smallest_with_history(cells, single, measures, unlike)
        if position is not None:
            amount = int(cells.amount[position])
            typed = amount * times if amount * times <= most else amount // times
            found.append(Mistake(rule, position, typed))
    copy = _copied(cells, memberships, baht[0])
    return found if copy is None else [*found, copy]


def _of_single_enterprises(memberships: Sequence[Membership]) -> np.ndarray:
    """Whether a membership is its enterprise's only one."""
    ids, counts = np.unique([m.enterprise.id for m in memberships], return_counts=True)
    once = set(ids[counts == 1].tolist())
    return np.array([m.enterprise.id in once for m in memberships])


def _smallest_with_history(
    cells: Cells, single: np.ndarray, measures: Sequence[int], unlike: int
) -> int | None:
    """Returns the smallest amount that all of the year is like, within a factor `unlike`."""
    best: tuple[int, int] | None = None
    among = (
        single[cells.member] & np.isin(cells.measure, measures) & (cells.amount >= _LEAST_SATANG)
    )
    positions = np.flatnonzero(among)
    series = cells.member[positions] * 10 + cells.measure[positions]
    for one in np.unique(series):
        its = positions[series == one]
        amounts = cells.amount[its]
        early = its[np.isin(cells.period[its], QUARTERS)]
        if len(its) < _QUARTERS_A_YEAR or amounts.max() > unlike * amounts.min() or not len(early):
            continue
        smallest = int(early[np.argmin(cells.amount[early])])
        if best is None or cells.amount[smallest] < best[0]:
            best = (int(cells.amount[smallest]), smallest)
    return None if best is None else best[1]


def _copied(cells: Cells, memberships: Sequence[Membership], measure: int) -> Mistake | None:
    """Returns an amount that an enterprise in two clusters reports in the second as well."""
    by_enterprise: dict[tuple[str, int], list[int]] = {}
    among = (cells.measure == measure) & np.isin(cells.period, QUARTERS) & (cells.amount > 0)
    for position in np.flatnonzero(among).tolist():
        key = (memberships[cells.member[position]].enterprise.id, int(cells.period[position]))
        by_enterprise.setdefault(key, []).append(position)
    twice = [sorted(positions) for positions in by_enterprise.values() if len(positions) > 1]
    if not twice:
        return None
    first, second, *_ = min(twice, key=lambda pair: int(cells.amount[pair[0]]))
    return Mistake("counted_twice", second, int(cells.amount[first]))


def registered_twice(memberships: Sequence[Membership]) -> tuple[int, Enterprise] | None:
    """Returns the position of a membership and its enterprise, named like another by mistake.

    The other is the company of the same province and cluster before it, whose name it has but for
    a letter.
    """
    single = _of_single_enterprises(memberships)
    before: dict[tuple[str, str], Enterprise] = {}
    for position, membership in enumerate(memberships):
        enterprise = membership.enterprise
        if not single[position] or enterprise.legal_form != "limited_company":
            continue
        place = (membership.cluster.code, enterprise.province)
        if place in before:
            words = before[place].name.split(" ")
            words[1] = words[1][:-1]
            return position, replace(enterprise, name=" ".join(words))
        before[place] = enterprise
    return None


def named_alike(memberships: Sequence[Membership]) -> frozenset[str]:
    """Returns the ids of the two enterprises that :func:`registered_twice` made look like one."""
    companies = [m.enterprise for m in memberships if m.enterprise.legal_form == "limited_company"]
    ids: dict[str, set[str]] = {}
    for company in companies:
        ids.setdefault(company.name.split(" ")[2], set()).add(company.id)
    return frozenset(next((pair for pair in ids.values() if len(pair) > 1), ()))


def doubtful_activities(
    activities: Sequence[Activity], clusters: frozenset[str], last_day: date
) -> dict[str, Activity]:
    """Returns activities that say what cannot be, by the rule that doubts them.

    Args:
        activities: all of the world's.
        clusters: codes of the clusters in whose reports no mistake is made.
        last_day: the last day of the programme.
    """
    found: dict[str, Activity] = {}
    left = [activity for activity in activities if activity.cluster.code in clusters]
    for rule in _OF_ACTIVITIES:
        for activity in left:
            wrong = _doubtful(activity, rule, last_day)
            if wrong is not None:
                found[rule] = wrong
                left.remove(activity)
                break
    return found


def _doubtful(activity: Activity, rule: str, last_day: date) -> Activity | None:
    """Returns the activity as the rule would doubt it; None where it has not what that takes."""
    if rule == "spent_above_budget" and activity.budget and activity.spent:
        return replace(activity, spent=activity.budget * 6 // 5)
    if rule == "more_participants_than_people" and activity.people:
        people = len(activity.participants) - _PARTICIPANTS_TOO_MANY
        return replace(activity, people=people) if people > 0 else None
    if rule == "activity_outside_fiscal_year" and activity.end_date:
        # The year after, as it is often typed in January; a 29 February there is none of.
        end = activity.end_date.replace(day=min(activity.end_date.day, 28))
        end = end.replace(year=end.year + 1)
        return replace(activity, end_date=end) if end > last_day else None
    return None
