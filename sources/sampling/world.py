"""The simulated programme: enterprises, memberships, activities and outcomes of real clusters.

The clusters are the programme's own (the one ``clusters.csv`` beside the datasets says what of them
is stated and what inferred); everything else is made up and says so in its names. A world is a
function of its :class:`Plan` alone. What is typed how, and into which file, is not decided here but
in the datasets' ``sample.py``; who sends for which clusters, and how that person types, is the
plan's list of coordinators.

Ids are valid by their check digit and yet nobody's: their second and third digit, the province of
registration, are 98, which no province has. Money is satang, as ``int``.
"""

from __future__ import annotations

import calendar
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np

from sources.sampling import doubts
from sources.sampling.doubts import Cells, Doubt
from sources.sampling.forms import BUDDHIST_ERA_OFFSET, SATANG, Habit, random_of
from sources.sampling.writers import Layout

PROGRAMME_YEAR = 2558
# The release's two targets, in baht; what is simulated is a share of them.
EXPANSION_TARGET = 530_000_000
COST_REDUCTION_TARGET = 65_000_000
EXPANSION_SHARE = (0.74, 0.92)
COST_REDUCTION_SHARE = (0.86, 1.02)

MEASURES = ("sales_increase", "new_investment", "cost_reduction", "jobs_created")
SALES, INVESTMENT, COSTS, JOBS = range(4)

# Of the members' quarters, those reported; of the clusters' quarters, those sent late; of the
# sales, those that fell; of the amounts, those given to the satang.
REPORTING_SHARE, LATE_SHARE, FALLING_SHARE, EXACT_SHARE = 0.92, 0.15, 0.03, 0.3

# How far enterprises differ in size, and one's quarters from each other, on a log scale: a tenth
# of the members make as much as half of them, and a quarter is a fifth up or down. Investments
# come in lumps: some invest much, and nobody evenly.
SIZE_SPREAD, QUARTER_SPREAD = 0.95, 0.2
LUMP, LUMP_SPREAD, LUMP_QUARTER_SPREAD = -1.33, 0.8, 0.5

# A code that no cluster has, and the province of registration that no province is.
UNKNOWN_CLUSTER = "C99"
NO_PROVINCE = "98"

_SOURCES = Path(__file__).parent.parent

# Of the enterprises, the share of each legal form, and what their names look like.
LEGAL_FORMS = {
    "limited_company": (0.50, "บริษัท ตัวอย่าง{word} {number:04d} จำกัด"),
    "public_company": (0.01, "บริษัท ตัวอย่าง{word} {number:04d} จำกัด (มหาชน)"),
    "partnership": (0.12, "ห้างหุ้นส่วนจำกัด ตัวอย่าง{word} {number:04d}"),
    "community_enterprise": (0.22, "วิสาหกิจชุมชนตัวอย่าง{word} {number:04d}"),
    "cooperative": (0.07, "สหกรณ์ตัวอย่าง{word} {number:04d} จำกัด"),
    "sole_proprietor": (0.08, "นางสาวสมมติ นามสมมุติ {number:04d}"),
}
# The fourth digit of a juristic id, by legal form; the others have no such id.
_JURISTIC_KINDS = {"partnership": 3, "cooperative": 4, "limited_company": 5, "public_company": 7}

_FASHION = ("ผ้าทอ", "เสื้อผ้า", "สิ่งทอ", "เครื่องแต่งกาย")
_DECOR = ("ของตกแต่ง", "เซรามิก", "ของที่ระลึก", "หัตถกรรม")
_AGRO = ("แปรรูป", "อาหาร", "ผลไม้", "ผลิตผลเกษตร")
_OTHER = ("โลหะ", "ตัวถัง", "ชิ้นส่วน", "บรรจุภัณฑ์")
_WORDS = {
    "fashion": _FASHION,
    "household_decor": _DECOR,
    "agro_processing": _AGRO,
    "other": _OTHER,
}
_TSIC = {
    "fashion": ("13110", "13120", "14110", "15120"),
    "household_decor": ("16290", "23930", "32900", "47740"),
    # Growers keep their crop's code, whose leading zero a spreadsheet loses.
    "agro_processing": ("10301", "10612", "01220", "01120"),
    "other": ("25990", "29200", "25910", "46620"),
}


def check_digit(twelve: str) -> int:
    """Return the thirteenth digit of a Thai juristic or national id."""
    return (11 - sum(int(d) * (13 - i) for i, d in enumerate(twelve)) % 11) % 10


def juristic_id(number: int, kind: int = 5) -> str:
    """Return the number-th id of an invented juristic person of a kind, the fourth digit."""
    year, serial = 530 + number % 28, number // 28
    twelve = f"0{NO_PROVINCE}{kind}{year}{serial:05d}"
    return f"{twelve}{check_digit(twelve)}"


def natural_id(number: int) -> str:
    """Return the number-th national id of an invented person; its first digit is 1 to 8."""
    twelve = f"{1 + number % 8}{NO_PROVINCE}{number:09d}"
    return f"{twelve}{check_digit(twelve)}"


def community_code(number: int) -> str:
    """Return the number-th registration code of an invented community enterprise."""
    district, serial = divmod(number, 9_000)
    subdistrict = 1 + district % 99
    return f"4-{NO_PROVINCE}-{1 + district // 99:02d}-{subdistrict:02d}/1-{1 + serial:04d}"


def _id_of(legal_form: str, number: int) -> str:
    if legal_form == "sole_proprietor":
        return natural_id(number)
    if legal_form == "community_enterprise":
        return community_code(number)
    return juristic_id(number, _JURISTIC_KINDS[legal_form])


@dataclass(frozen=True)
class Coordinator:
    """Who sends the files of some clusters, and how.

    Attributes:
        number: from 1; in the folder's name.
        clusters: positions in the world's list of clusters.
        habit: how the person types.
        layout: how the person's files are laid out.
        file_per_cluster: whether members come in one file a cluster.
    """

    number: int
    clusters: tuple[int, ...]
    habit: Habit
    layout: Layout
    file_per_cluster: bool = False

    @property
    def folder(self) -> str:
        """The folder this coordinator's files stand in."""
        return f"ผู้ประสานงาน {self.number:02d}"


@dataclass(frozen=True)
class Plan:
    """What a world is made from.

    Attributes:
        seed: the same plan with the same seed is the same world.
        members: memberships, over all clusters.
        activities: activities, over all years.
        outcomes: outcomes that are sent; fewer where so many cannot be.
        coordinators: every cluster's position stands in exactly one.
        years: fiscal years (BE).
        bad_share: share of bad rows, 0 to 1; None: each mistake once, in rows and in files, and
            some rows sent again later.
    """

    seed: int
    members: int
    activities: int
    outcomes: int
    coordinators: tuple[Coordinator, ...]
    years: tuple[int, ...] = (PROGRAMME_YEAR,)
    bad_share: float | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster of the programme, with simulated days and an invented coordinator."""

    position: int
    code: str
    name_th: str
    name_en: str
    branch: str
    provinces: tuple[str, ...]
    coordinator_name: str
    registered_on: date
    submitted_on: date


@dataclass(frozen=True, slots=True)
class Enterprise:
    """An invented enterprise; a natural person where ``legal_form`` is sole_proprietor."""

    id: str
    name: str
    legal_form: str
    province: str
    business_type: str
    tsic_code: str | None
    employees: int | None
    revenue: int | None
    assets: int | None
    contact_name: str
    contact_phone: str
    contact_email: str


@dataclass(frozen=True, slots=True)
class Membership:
    """An enterprise in a cluster."""

    enterprise: Enterprise
    cluster: Cluster
    role: str
    registered_on: date
    submitted_on: date
    withdrawn_on: date | None


@dataclass(frozen=True, slots=True)
class Activity:
    """Something a cluster did, and with whom."""

    id: str
    cluster: Cluster
    activity_type: str
    title: str
    start_date: date
    end_date: date | None
    province: str | None
    participants: tuple[Membership, ...]
    people: int | None
    partner_name: str | None
    partner_type: str | None
    budget: int | None
    spent: int | None
    submitted_on: date


class Outcome(NamedTuple):
    """What a member reports of one measure in one fiscal quarter."""

    membership: Membership
    fiscal_year: int
    quarter: int
    measure: str
    amount: int
    submitted_on: date


def _happens(random: Random, share: float) -> bool:
    return random.random() < share


def quarter_end(fiscal_year: int, quarter: int) -> date:
    """Return the last day of a quarter of the Thai fiscal year (BE), October to September."""
    year = fiscal_year - BUDDHIST_ERA_OFFSET - (1 if quarter == 1 else 0)
    month = (12, 3, 6, 9)[quarter - 1]
    return date(year, month, calendar.monthrange(year, month)[1])


def quarter_start(fiscal_year: int, quarter: int) -> date:
    """Return the first day of a quarter of the Thai fiscal year (BE)."""
    year = fiscal_year - BUDDHIST_ERA_OFFSET - (1 if quarter == 1 else 0)
    return date(year, (10, 1, 4, 7)[quarter - 1], 1)


@dataclass
class World:
    """The programme as it is simulated from a plan. Each part is made when it is first asked for.

    Every part draws from a stream of its own, so that none depends on which others were asked for.
    """

    plan: Plan
    _sliced: tuple[tuple[int, int], dict[tuple[int, int], np.ndarray]] | None = field(
        default=None, init=False, repr=False
    )

    def _random(self, part: str) -> Random:
        return random_of(self.plan.seed, part)

    def _generator(self, part: int) -> np.random.Generator:
        return np.random.default_rng([self.plan.seed, part])

    @property
    def _is_doubted(self) -> bool:
        """Whether good rows that are wrong all the same are planted, one of each."""
        return self.plan.bad_share is None

    @property
    def periods(self) -> list[tuple[int, int]]:
        """The fiscal years and quarters simulated, in order."""
        return [(year, quarter) for year in self.plan.years for quarter in (1, 2, 3, 4)]

    @cached_property
    def clusters(self) -> list[Cluster]:
        """The programme's clusters, in the release's order: C01, C02, ..."""
        random = self._random("clusters")
        (path,) = _SOURCES.glob("*/clusters.csv")
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        # Most registered in the programme's first weeks, the others after the New Year.
        late = set(random.sample(range(len(rows)), 5))
        found = []
        for position, row in enumerate(rows):
            if position in late:
                registered = date(2015, 1, 6) + timedelta(days=random.randrange(25))
            else:
                registered = date(2014, 10, 6) + timedelta(days=random.randrange(45))
            found.append(
                Cluster(
                    position=position,
                    code=f"C{int(row['no']):02d}",
                    name_th=row["name_th"],
                    name_en=row["name_en"],
                    branch=row["branch"],
                    provinces=tuple(code for code in row["province_codes"].split(";") if code),
                    coordinator_name=f"ผู้ประสานงานสมมติ ที่ {position + 1:02d}",
                    registered_on=registered,
                    submitted_on=registered + timedelta(days=random.randrange(1, 8)),
                )
            )
        return found

    @cached_property
    def quiet(self) -> frozenset[tuple[int, int]]:
        """Cluster positions and quarters in which nothing is reported."""
        random = self._random("quiet")
        clusters = random.sample(range(len(self.clusters)), 4)
        return frozenset((cluster, random.randrange(2, 5)) for cluster in clusters)

    @cached_property
    def memberships(self) -> list[Membership]:
        """All memberships, cluster by cluster. Some enterprises are in two clusters."""
        random = self._random("memberships")
        weights = [random.randrange(13, 25) for _ in self.clusters]
        exact = [weight * self.plan.members / sum(weights) for weight in weights]
        sizes = [max(2, int(size)) for size in exact]
        for position in sorted(range(len(exact)), key=lambda i: int(exact[i]) - exact[i]):
            if sum(sizes) < self.plan.members:
                sizes[position] += 1
        found: list[Membership] = []
        number = 0
        for cluster, size in zip(self.clusters, sizes, strict=True):
            others = len(found)
            taken: set[str] = set()
            for place in range(size):
                enterprise = None
                if others and _happens(random, 0.04):
                    enterprise = found[random.randrange(others)].enterprise
                if enterprise is None or enterprise.id in taken:
                    number += 1
                    enterprise = self._enterprise(random, number, cluster)
                taken.add(enterprise.id)
                found.append(self._membership(random, enterprise, cluster, place))
        if self._is_doubted and (twin := doubts.registered_twice(found)) is not None:
            position, enterprise = twin
            found[position] = replace(found[position], enterprise=enterprise)
        return found

    def _enterprise(self, random: Random, number: int, cluster: Cluster) -> Enterprise:
        word = random.choice(_WORDS[cluster.branch])
        legal_form = random.choices(
            list(LEGAL_FORMS), [share for share, _ in LEGAL_FORMS.values()]
        )[0]
        name = LEGAL_FORMS[legal_form][1].format(word=word, number=number)
        id_ = _id_of(legal_form, number)
        small = legal_form in {"community_enterprise", "sole_proprietor"}
        employees = max(1, int(random.lognormvariate(1.5 if small else 3.0, 0.9)))
        revenue = employees * random.randrange(200, 1_500) * 1_000
        assets = employees * random.randrange(100, 900) * 1_000
        provinces = cluster.provinces or ("10", "11", "13", "30", "50", "90")
        return Enterprise(
            id=id_,
            name=name,
            legal_form=legal_form,
            province=random.choice(provinces),
            business_type=random.choices(("manufacturing", "trade", "service"), (7, 2, 1))[0],
            tsic_code=random.choice(_TSIC[cluster.branch]) if _happens(random, 0.8) else None,
            employees=employees if _happens(random, 0.92) else None,
            revenue=revenue * SATANG if _happens(random, 0.88) else None,
            assets=assets * SATANG if _happens(random, 0.75) else None,
            contact_name=f"ผู้ติดต่อสมมติ {number:04d}",
            contact_phone=f"000-{number // 10_000:03d}-{number % 10_000:04d}",
            contact_email=f"member{number:04d}@example.com",
        )

    def _membership(
        self, random: Random, enterprise: Enterprise, cluster: Cluster, place: int
    ) -> Membership:
        registered = cluster.registered_on + timedelta(days=random.randrange(35))
        role = "lead" if place == 0 else "supporting" if _happens(random, 0.08) else "member"
        withdrawn = None
        if place > 1 and _happens(random, 0.02):
            withdrawn = date(2015, 4, 20) + timedelta(days=random.randrange(60))
        return Membership(
            enterprise=enterprise,
            cluster=cluster,
            role=role,
            registered_on=registered,
            submitted_on=registered + timedelta(days=random.randrange(2, 12)),
            withdrawn_on=withdrawn,
        )

    def strangers(self, part: str, number: int, cluster: Cluster) -> list[Membership]:
        """Return members of a cluster who are in no other part of the world.

        Args:
            part: what they are for; strangers of two parts are different enterprises.
            number: how many.
            cluster: the cluster they say they are in.
        """
        random = self._random(f"strangers/{part}")
        # Far above every number a member has.
        first = 1_000_000 + 10_000 * (sum(map(ord, part)) % 60)
        return [
            self._membership(random, self._enterprise(random, first + place, cluster), cluster, 1)
            for place in range(number)
        ]

    @cached_property
    def _members_by_cluster(self) -> dict[int, list[Membership]]:
        found: dict[int, list[Membership]] = {cluster.position: [] for cluster in self.clusters}
        for membership in self.memberships:
            found[membership.cluster.position].append(membership)
        return found

    def members_of(self, cluster: int) -> list[Membership]:
        """Return the memberships of the cluster at a position."""
        return self._members_by_cluster[cluster]

    @cached_property
    def activities(self) -> list[Activity]:
        """All activities, in no order but the one they are numbered in, cluster by cluster."""
        wrong = {activity.id: activity for activity in self._doubtful_activities.values()}
        return [wrong.get(activity.id, activity) for activity in self._activities]

    @cached_property
    def _doubtful_activities(self) -> dict[str, Activity]:
        if not self._is_doubted:
            return {}
        sizes = Counter(activity.cluster.position for activity in self._activities)
        # Mistakes are made in each coordinator's longest report.
        mistaken = {
            max(coordinator.clusters, key=lambda cluster: sizes[cluster])
            for coordinator in self.plan.coordinators
        }
        others = frozenset(c.code for c in self.clusters if c.position not in mistaken)
        return doubts.doubtful_activities(self._activities, others, quarter_end(*self.periods[-1]))

    @cached_property
    def _activities(self) -> list[Activity]:
        random = self._random("activities")
        found: list[Activity] = []
        for number in range(self.plan.activities):
            cluster = self.clusters[number % len(self.clusters)]
            found.append(self._activity(random, number + 1, cluster))
        found.sort(key=lambda activity: activity.cluster.code)
        return found

    def _activity(self, random: Random, number: int, cluster: Cluster) -> Activity:
        while True:
            year, quarter = random.choice(self.periods)
            opening = max(quarter_start(year, quarter), cluster.registered_on)
            closing = quarter_end(year, quarter)
            if (cluster.position, quarter) not in self.quiet and opening < closing:
                break
        start = opening + timedelta(days=random.randrange((closing - opening).days + 1))
        end = None
        if _happens(random, 0.7):
            end = min(start + timedelta(days=random.randrange(4)), closing)
        activity_type, word = random.choice(_ACTIVITIES)
        members = [
            member
            for member in self._some(random, self.members_of(cluster.position), 12)
            if member.registered_on <= start
        ]
        partner_type, partner_name = random.choice(_PARTNERS)
        if activity_type == "linkage" and partner_type is None:
            partner_type, partner_name = _PARTNERS[0]
        budget = random.randrange(2, 60) * 10_000 * SATANG
        spent = int(budget * random.uniform(0.7, 1.0)) // SATANG * SATANG
        return Activity(
            id=f"ACT-{year}-{number:05d}",
            cluster=cluster,
            activity_type=activity_type,
            title=f"กิจกรรมตัวอย่าง: {word} ครั้งที่ {number}",
            start_date=start,
            end_date=end,
            province=random.choice(cluster.provinces) if cluster.provinces else None,
            participants=tuple(members) if _happens(random, 0.9) else (),
            people=len(members) * 2 + 1 + random.randrange(9) if _happens(random, 0.95) else None,
            partner_name=partner_name,
            partner_type=partner_type,
            budget=budget if _happens(random, 0.95) else None,
            spent=spent if _happens(random, 0.9) else None,
            submitted_on=(end or start) + timedelta(days=3 + random.randrange(30)),
        )

    @staticmethod
    def _some(random: Random, members: list[Membership], most: int) -> list[Membership]:
        """Return a run of at most so many members, from a place drawn."""
        length = min(len(members), 3 + random.randrange(most - 2))
        start = random.randrange(len(members) - length + 1)
        return members[start : start + length]

    # --- outcomes: arrays, for there may be a million ----------------------------------------

    @cached_property
    def _cells(self) -> Cells:
        """What can be reported, in an order drawn, as it is typed: mistakes in amounts included."""
        cells = self._true_cells
        amount = cells.amount.copy()
        for mistake in self._mistakes:
            amount[mistake.position] = mistake.amount
        return cells._replace(amount=amount)

    @cached_property
    def _mistakes(self) -> list[doubts.Mistake]:
        if not self._is_doubted:
            return []
        sent = Cells(*(column[: self.plan.outcomes] for column in self._true_cells))
        return doubts.mistakes_in_amounts(
            sent,
            self.memberships,
            (SALES, INVESTMENT, COSTS),
            most=EXPANSION_TARGET * SATANG // 100,
        )

    @cached_property
    def _true_cells(self) -> Cells:
        """What can be reported, in an order drawn, as it was."""
        generator = self._generator(1)
        members, periods = self.memberships, self.periods
        ends = np.array([quarter_end(*period).toordinal() for period in periods])
        registered = np.array([m.registered_on.toordinal() for m in members])
        never = date.max.toordinal()
        left = np.array([m.withdrawn_on.toordinal() if m.withdrawn_on else never for m in members])
        reports = (registered[:, None] <= ends) & (ends < left[:, None])
        cluster = np.array([m.cluster.position for m in members])
        for position, quarter in self.quiet:
            for column, (_, of_year) in enumerate(periods):
                if of_year == quarter:
                    reports[cluster == position, column] = False
        reports &= generator.random(reports.shape) < REPORTING_SHARE
        member, period = (np.repeat(each, len(MEASURES)) for each in np.nonzero(reports))
        measure = np.tile(np.arange(len(MEASURES)), len(member) // len(MEASURES))
        order = generator.permutation(len(member))
        member, period, measure = member[order], period[order], measure[order]
        return Cells(member, period, measure, self._amounts(generator, member, period, measure))

    def _amounts(
        self,
        generator: np.random.Generator,
        member: np.ndarray,
        period: np.ndarray,
        measure: np.ndarray,
    ) -> np.ndarray:
        """Return amounts whose sums over what is sent are the drawn shares of the targets."""
        size = len(measure)
        ids, enterprise, memberships_of = np.unique(
            [m.enterprise.id for m in self.memberships], return_inverse=True, return_counts=True
        )
        enterprise = enterprise[member]
        weight = generator.lognormal(0.0, SIZE_SPREAD, len(ids))[enterprise]
        weight *= generator.lognormal(0.0, QUARTER_SPREAD, size)
        lump = generator.lognormal(LUMP, LUMP_SPREAD, len(ids))[enterprise]
        lump *= generator.lognormal(0.0, LUMP_QUARTER_SPREAD, size)
        weight = np.where(measure == INVESTMENT, weight * lump, weight)
        fallen = (measure == SALES) & (generator.random(size) < FALLING_SHARE)
        weight = np.where(fallen, -0.2 * weight, weight)
        expansion = EXPANSION_TARGET * generator.uniform(*EXPANSION_SHARE)
        reduction = COST_REDUCTION_TARGET * generator.uniform(*COST_REDUCTION_SHARE)
        sent = np.arange(size) < self.plan.outcomes
        year = period // 4
        baht = np.zeros(size)
        for place in range(len(self.plan.years)):
            for total, measures in ((expansion, (SALES, INVESTMENT)), (reduction, (COSTS,))):
                these = (year == place) & np.isin(measure, measures)
                summed = weight[these & sent].sum()
                if summed > 0:
                    baht[these] = weight[these] * (total / summed)
        # Some count to the satang; most round to three figures. Who parts an amount among clusters
        # counts, so that no two parts are the same by chance.
        exact = (generator.random(size) < EXACT_SHARE) | (memberships_of > 1)[enterprise]
        magnitude = 10.0 ** np.maximum(np.floor(np.log10(np.maximum(np.abs(baht), 1.0))) - 2, 0)
        rounded = np.rint(baht / magnitude) * magnitude
        satang = np.where(exact, np.rint(baht * SATANG), rounded * SATANG).astype(np.int64)
        return np.where(measure == JOBS, generator.poisson(0.8, size), satang)

    @property
    def doubted(self) -> list[Doubt]:
        """What was planted to be doubted, but for files of an unusual size."""
        found = [
            Doubt(rule, clusters=frozenset({activity.cluster.code}), activity=activity.id)
            for rule, activity in self._doubtful_activities.items()
        ]
        for rule, position, _ in self._mistakes:
            member = self.memberships[self._cells.member[position]]
            found.append(
                Doubt(
                    rule,
                    frozenset({member.enterprise.id}),
                    frozenset({member.cluster.code}),
                    self.periods[self._cells.period[position]],
                    MEASURES[self._cells.measure[position]],
                )
            )
        pair = doubts.named_alike(self.memberships) if self._is_doubted else frozenset()
        return [*found, Doubt("registered_twice", pair)] if pair else found

    @cached_property
    def _sent_on(self) -> np.ndarray:
        """Day each cluster's outcomes of each period are sent: some days after its end, or late."""
        generator = self._generator(2)
        shape = (len(self.clusters), len(self.periods))
        ends = np.array([quarter_end(*period).toordinal() for period in self.periods])
        late = generator.random(shape) < LATE_SHARE
        days = np.where(late, generator.integers(22, 50, shape), generator.integers(3, 15, shape))
        return ends[None, :] + days

    def _outcomes(self, first: int, last: int, cluster: int, quarter: int) -> Iterator[Outcome]:
        rows = self._slice(first, last).get((cluster, quarter))
        if rows is None:
            return
        members, periods = self.memberships, self.periods
        days = [date.fromordinal(int(day)) for day in self._sent_on[cluster]]
        member, period, measure, amount = (column[rows].tolist() for column in self._cells)
        for m, p, k, a in zip(member, period, measure, amount, strict=True):
            year, _ = periods[p]
            yield Outcome(members[m], year, quarter, MEASURES[k], a, days[p])

    def _slice(self, first: int, last: int) -> dict[tuple[int, int], np.ndarray]:
        """Return positions in the cells by cluster and quarter, within a range of the cells."""
        key = (first, last)
        if self._sliced is None or self._sliced[0] != key:
            member, period, measure, _ = (column[first:last] for column in self._cells)
            cluster = np.array([m.cluster.position for m in self.memberships])[member]
            group = cluster * 4 + period % 4
            order = np.lexsort((measure, member, period, group))
            bounds = np.searchsorted(group[order], np.arange(len(self.clusters) * 4 + 1))
            groups = {
                divmod(g, 4): order[bounds[g] : bounds[g + 1]] + first
                for g in range(len(self.clusters) * 4)
            }
            self._sliced = (
                key,
                {(c, q + 1): rows for (c, q), rows in groups.items() if len(rows)},
            )
        return self._sliced[1]

    def outcomes(self, cluster: int, quarter: int) -> Iterator[Outcome]:
        """Yield what a cluster's members report of a quarter, in every year of the plan."""
        return self._outcomes(0, self.plan.outcomes, cluster, quarter)

    def later_outcomes(
        self, cluster: int, quarter: int, number: int, share: float
    ) -> Iterator[Outcome]:
        """Yield what is reported later: the number-th (from 1) share of as many outcomes more.

        Raises:
            ValueError: where the world has no more to report.
        """
        size = round(self.plan.outcomes * share)
        first = self.plan.outcomes + (number - 1) * size
        if first + size > len(self._cells[0]):
            raise ValueError(f"the simulated programme has no {number} increments of {size} rows")
        return self._outcomes(first, first + size, cluster, quarter)


_ACTIVITIES = (
    ("capability_building", "อบรมพัฒนาศักยภาพธุรกิจ"),
    ("capability_building", "ให้คำปรึกษาเชิงลึก"),
    ("market_promotion", "ออกร้านแสดงสินค้า"),
    ("market_innovation", "พัฒนานวัตกรรมทางการตลาด"),
    ("business_matching", "จับคู่ธุรกิจ"),
    ("study_visit", "ศึกษาดูงาน"),
    ("linkage", "เชื่อมโยงเครือข่าย"),
)
_PARTNERS = (
    ("research", "สถาบันวิจัยตัวอย่าง"),
    ("education", "มหาวิทยาลัยตัวอย่าง"),
    ("marketing", "สมาคมการตลาดตัวอย่าง"),
    ("government", "สำนักงานตัวอย่างจังหวัด"),
    ("finance", "ธนาคารตัวอย่าง"),
    ("none", None),
    (None, None),
)
