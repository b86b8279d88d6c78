"""The programme's questions over the published warehouse, as a marimo notebook: `make notebook`.

It reads one night into memory, closes the file and draws from that, so that every figure on the
page is of the same night. The file is the published one of `WAREHOUSE_HOME`, or the one given:
`marimo run docs/notebooks/programme.py -- --warehouse FILE`. It asks nothing of the internet.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="เป้าหมายของโครงการ · The programme's targets")


@app.cell
def _():
    from pathlib import Path

    import altair as alt
    import duckdb
    import marimo as mo

    from orchestration import settings

    # a chart can be saved; its menu leads to no page outside
    _menu = alt.renderers.set_embed_options(
        actions={"export": True, "source": False, "compiled": False, "editor": False}
    )
    return Path, alt, duckdb, mo, settings


@app.cell
def _(mo):
    again = mo.ui.button(label="เปิดใหม่ · Open again")
    return (again,)


@app.cell
def _(Path, again, duckdb, mo, settings):
    again  # noqa: B018 - read anew when pressed: a night may have been published since

    given = mo.cli_args().get("warehouse")
    warehouse = Path(given) if given else settings.load().warehouse
    mo.stop(
        not warehouse.exists(),
        mo.md(f"ยังไม่มีคลังข้อมูลเผยแพร่ · Nothing is published at `{warehouse}` yet: `make run`."),
    )

    QUERIES = {
        "run": """
            select run_id, timezone('Asia/Bangkok', timezone('UTC', published_at)) as published
            from audit.published_run
            order by published_at desc
            limit 1
        """,
        "progress": "from reports.rpt_programme_progress order by fiscal_year_be, measure",
        "quarters": """
            select
                cluster_code,
                fiscal_year_be,
                fiscal_quarter,
                programme_measure as measure,
                sum(amount) as baht
            from marts.fct_financial_outcome
            where programme_measure is not null
            group by all
        """,
        "clusters": "from reports.rpt_cluster_scorecard order by cluster_code",
        "completeness": """
            from reports.rpt_reporting_completeness
            where members_expected > 0
            order by cluster_code, fiscal_quarter
        """,
        "participation": """
            from reports.rpt_participation_outcomes
            where activity_type = 'any'
            order by measure, fiscal_quarter
        """,
        "follow_up": """
            select cluster_code, kind, what_th, what_en, action_th, action_en, nights_open
            from reports.rpt_follow_up
            where state <> 'resolved'
            order by cluster_code, kind, what_en
        """,
    }
    with duckdb.connect(str(warehouse), read_only=True) as db:
        night = {name: db.sql(query).df() for name, query in QUERIES.items()}
    return (night,)


@app.cell
def _(mo, night):
    years = sorted(night["progress"]["fiscal_year_be"].unique().tolist())
    with_target = night["progress"].dropna(subset=["target_baht"])["fiscal_year_be"]
    names = night["clusters"].drop_duplicates("cluster_code")
    year = mo.ui.dropdown(
        {str(one): one for one in years},
        value=str(with_target.max() if len(with_target) else years[-1]),
        label="ปีงบประมาณ · Fiscal year",
    )
    cluster = mo.ui.dropdown(
        {
            "ทุกคลัสเตอร์ · All clusters": None,
            **{
                f"{code} {name}": code
                for code, name in zip(names["cluster_code"], names["cluster_name_th"], strict=True)
            },
        },
        value="ทุกคลัสเตอร์ · All clusters",
        label="คลัสเตอร์ · Cluster",
    )
    return cluster, year


@app.cell
def _(again, cluster, mo, night, year):
    run = night["run"].iloc[0]
    mo.vstack(
        [
            mo.md(
                "# เป้าหมายของโครงการ · The programme's targets\n\n"
                "โครงการสนับสนุนเครือข่าย SMEs ใน 18 กลุ่มจังหวัด · "
                "The project for SME networks in 18 province groups\n\n"
                f"เผยแพร่เมื่อ · Published {run['published']:%Y-%m-%d %H:%M} "
                f"(เวลากรุงเทพฯ · Bangkok), `{run['run_id']}`"
            ),
            mo.hstack([year, cluster, again], justify="start", gap=2, wrap=True),
        ]
    )


@app.cell
def _(cluster, night, year):
    def of_year(name):
        """A table's rows of the chosen fiscal year, all clusters'."""
        return night[name][night[name]["fiscal_year_be"] == year.value]

    def of_cluster(table):
        """A table's rows of the chosen cluster; all where none is chosen."""
        return table[table["cluster_code"] == cluster.value] if cluster.value else table

    return of_cluster, of_year


@app.cell
def _():
    MEASURES = {
        "economic_expansion": "ขยายตัวในระบบเศรษฐกิจ · Economic expansion",
        "cost_reduction": "ลดต้นทุน · Cost reduction",
    }
    BRANCHES = {
        "fashion": "แฟชั่น · Fashion",
        "household_decor": "ของตกแต่งบ้าน · Household",
        "agro_processing": "เกษตรแปรรูป · Agro-processing",
        "other": "อื่น ๆ · Other",
    }
    BLUE, ORANGE, GREEN, GREY = "#1f5f8b", "#c8641e", "#3d7a4a", "#8a8f98"
    return BLUE, BRANCHES, GREEN, GREY, MEASURES, ORANGE


@app.cell
def _(MEASURES, mo, of_year):
    progress = of_year("progress")

    def target(line):
        """What a measure has reached of its target."""
        if line["target_baht"] != line["target_baht"]:  # there is none: not a number
            return "ไม่มีเป้าหมาย · no target"
        met = "ถึงแล้ว · met" if line["is_target_met"] else "ยังไม่ถึง · not met yet"
        return f"{line['progress_ratio']:.1%} ของ · of {line['target_baht']:,.0f} · {met}"

    ordered = progress.set_index("measure", drop=False).reindex(list(MEASURES)).dropna(how="all")
    targets = [
        mo.stat(
            value=f"{line['actual_baht']:,.2f}",
            label=f"{MEASURES[measure]} (บาท · baht)",
            caption=target(line),
            bordered=True,
        )
        for measure, line in ordered.iterrows()
    ]
    sureness = mo.md(
        "| | รายงานแล้ว · reported | ต้องรายงาน · expected | น่าสงสัย (บาท) · doubtful (baht) |\n"
        "|:--|--:|--:|--:|\n"
        + "\n".join(
            f"| {MEASURES[measure]} | {line['members_reported']:,} | {line['members_expected']:,} "
            f"| {line['suspicious_baht']:,.2f} |"
            for measure, line in ordered.iterrows()
        )
    )
    mo.vstack(
        [
            mo.md(
                "## เป้าหมายทั้งสองถึงหรือไม่ · Are the two targets met?\n\n"
                "เป้าหมายเป็นขั้นต่ำของทั้งโครงการ · Targets are floors, of the whole programme."
            ),
            mo.hstack(targets, widths="equal", gap=1),
            sureness,
        ]
    )
    return progress, sureness, targets


@app.cell
def _(cluster, of_cluster, of_year, progress):
    pace = (
        of_cluster(of_year("quarters"))
        .groupby(["measure", "fiscal_quarter"], as_index=False)["baht"]
        .sum()
    )
    pace["so_far_baht"] = pace.groupby("measure")["baht"].cumsum()
    even = progress.dropna(subset=["target_baht"])[["measure", "target_baht"]].merge(
        pace[["fiscal_quarter"]].drop_duplicates(), how="cross"
    )
    even["even_baht"] = even["target_baht"] * even["fiscal_quarter"] / 4
    if cluster.value:
        even = even.head(0)
    return even, pace


@app.cell
def _(BLUE, GREY, MEASURES, alt, cluster, even, mo, pace):
    def pace_of(measure):
        """A measure over the quarters; beside it an even pace to the programme's target."""
        quarter = alt.X("fiscal_quarter:O", title="ไตรมาส · Quarter", axis=alt.Axis(labelAngle=0))
        bars = (
            alt.Chart(pace[pace["measure"] == measure])
            .mark_bar(color=BLUE, size=36)
            .encode(
                x=quarter,
                y=alt.Y("so_far_baht:Q", title="บาทสะสม · baht so far", axis=alt.Axis(format="~s")),
                tooltip=[
                    alt.Tooltip("fiscal_quarter:O", title="ไตรมาส · Quarter"),
                    alt.Tooltip("baht:Q", title="ไตรมาสนี้ · In it", format=",.2f"),
                    alt.Tooltip("so_far_baht:Q", title="สะสม · So far", format=",.2f"),
                ],
            )
        )
        line = (
            alt.Chart(even[even["measure"] == measure])
            .mark_line(color=GREY, strokeDash=[5, 4], point={"color": GREY})
            .encode(x=quarter, y="even_baht:Q")
        )
        return (bars + line).properties(width=330, height=220, title=MEASURES[measure])

    pace_chart = alt.hconcat(*(pace_of(measure) for measure in MEASURES))
    caption = (
        "ของคลัสเตอร์ที่เลือก คลัสเตอร์ไม่มีเป้าหมายของตนเอง · "
        "Of the chosen cluster; a cluster has no target of its own."
        if cluster.value
        else "เส้นประคือจังหวะสม่ำเสมอสู่เป้าหมาย · The dashed line is an even pace to the target."
    )
    mo.vstack([mo.md(f"## ทันหรือไม่ · Is the pace enough?\n\n{caption}"), pace_chart])
    return (pace_chart,)


@app.cell
def _(BRANCHES, of_cluster, of_year):
    clusters = of_year("clusters").copy()
    clusters["branch_label"] = clusters["branch"].map(BRANCHES).fillna(clusters["branch"])
    clusters["name"] = clusters["cluster_code"] + " " + clusters["cluster_name_th"]
    clusters["opacity"] = 0.25
    clusters.loc[of_cluster(clusters).index, "opacity"] = 1.0
    return (clusters,)


@app.cell
def _(BLUE, BRANCHES, GREEN, GREY, ORANGE, alt, clusters, mo):
    clusters_chart = (
        alt.Chart(clusters)
        .mark_bar()
        .encode(
            y=alt.Y("name:N", sort="-x", title=None, axis=alt.Axis(labelLimit=330)),
            x=alt.X(
                "economic_expansion_baht:Q",
                title="ขยายตัวในระบบเศรษฐกิจ (บาท) · Economic expansion (baht)",
                axis=alt.Axis(format="~s"),
            ),
            color=alt.Color(
                "branch_label:N",
                title="สาขา · Branch",
                scale=alt.Scale(
                    domain=list(BRANCHES.values()),
                    range=[ORANGE, GREEN, BLUE, GREY],
                ),
                legend=alt.Legend(orient="bottom"),
            ),
            opacity=alt.Opacity("opacity:Q", scale=None, legend=None),
            tooltip=[
                alt.Tooltip("name:N", title="คลัสเตอร์ · Cluster"),
                alt.Tooltip("economic_expansion_baht:Q", title="ขยายตัว · Expansion", format=",.2f"),
                alt.Tooltip("cost_reduction_baht:Q", title="ลดต้นทุน · Cost", format=",.2f"),
                alt.Tooltip("members:Q", title="สมาชิก · Members"),
                alt.Tooltip("completeness_ratio:Q", title="ความครบ · Completeness", format=".0%"),
            ],
        )
        .properties(width=430, height=alt.Step(20))
    )
    mo.vstack(
        [
            mo.md(
                "## คลัสเตอร์ใดสร้างผลลัพธ์ · Which clusters carry it?\n\n"
                "น้อยอาจเพราะรายงานขาด · Little may mean that reports are missing."
            ),
            clusters_chart,
        ]
    )
    return (clusters_chart,)


@app.cell
def _(alt, mo, of_cluster, of_year):
    completeness = of_cluster(of_year("completeness"))
    cells = alt.Chart(completeness).encode(
        x=alt.X("fiscal_quarter:O", title="ไตรมาส · Quarter", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("cluster_code:N", title=None),
        tooltip=[
            alt.Tooltip("cluster_code:N", title="คลัสเตอร์ · Cluster"),
            alt.Tooltip("members_reported:Q", title="รายงานแล้ว · Reported"),
            alt.Tooltip("members_expected:Q", title="ต้องรายงาน · Expected"),
            alt.Tooltip("members_late:Q", title="ช้า · Late"),
        ],
    )
    completeness_chart = (
        cells.mark_rect(stroke="white").encode(
            color=alt.Color(
                "completeness_ratio:Q",
                title="รายงานแล้ว · Reported",
                scale=alt.Scale(
                    domain=[0, 0.5, 1], range=["#b33a3a", "#f3e3c3", "#1f5f8b"], interpolate="rgb"
                ),
                legend=alt.Legend(format=".0%"),
            )
        )
        + cells.mark_text(fontSize=11).encode(
            text=alt.Text("completeness_ratio:Q", format=".0%"),
            color=alt.condition(
                "datum.completeness_ratio > 0.75 || datum.completeness_ratio < 0.2",
                alt.value("white"),
                alt.value("black"),
            ),
        )
    ).properties(width=330, height=alt.Step(20))
    mo.vstack(
        [
            mo.md(
                "## ใครรายงานแล้ว ใครเงียบ · Who has reported, who is quiet?\n\n"
                "ไม่มีรายงานไม่ใช่ศูนย์บาท · No report is not zero baht."
            ),
            completeness_chart,
        ]
    )
    return completeness, completeness_chart


@app.cell
def _(BLUE, MEASURES, ORANGE, alt, mo, night, of_year):
    sides = {
        "median_took_part_baht": "เข้าร่วม · Took part",
        "median_did_not_baht": "ไม่ได้เข้าร่วม · Did not",
    }
    participation = of_year("participation").melt(
        id_vars=[
            "measure",
            "fiscal_quarter",
            "members_reporting_took_part",
            "members_reporting_did_not",
        ],
        value_vars=list(sides),
        var_name="side",
        value_name="median_baht",
    )
    participation["side"] = participation["side"].map(sides)
    participation["measure"] = participation["measure"].map(MEASURES)
    participation_chart = (
        alt.Chart(participation)
        .mark_bar()
        .encode(
            x=alt.X("fiscal_quarter:O", title="ไตรมาส · Quarter", axis=alt.Axis(labelAngle=0)),
            xOffset=alt.XOffset("side:N", sort=list(sides.values())),
            y=alt.Y("median_baht:Q", title="มัธยฐาน (บาท) · Median (baht)"),
            color=alt.Color(
                "side:N",
                title=None,
                sort=list(sides.values()),
                scale=alt.Scale(domain=list(sides.values()), range=[BLUE, ORANGE]),
                legend=alt.Legend(orient="bottom"),
            ),
            tooltip=[
                alt.Tooltip("side:N", title=" "),
                alt.Tooltip("median_baht:Q", title="มัธยฐาน · Median", format=",.2f"),
                alt.Tooltip("members_reporting_took_part:Q", title="เข้าร่วม · Took part"),
                alt.Tooltip("members_reporting_did_not:Q", title="ไม่ได้เข้าร่วม · Did not"),
            ],
        )
        .properties(width=330, height=200)
        .facet(column=alt.Column("measure:N", title=None, sort=list(MEASURES.values())))
        .resolve_scale(y="independent")
    )
    warnings = night["participation"]
    mo.vstack(
        [
            mo.md(
                "## ผู้เข้าร่วมกิจกรรมรายงานมากกว่าหรือไม่ · Do those who took part report more?\n\n"
                + (
                    f"**{warnings['warning_th'].iloc[0]}** · **{warnings['warning_en'].iloc[0]}**"
                    if len(warnings)
                    else "ยังไม่มี · Nothing yet"
                )
            ),
            participation_chart,
        ]
    )
    return participation, participation_chart


@app.cell
def _(mo, night, of_cluster):
    matters = of_cluster(night["follow_up"])
    mo.vstack(
        [
            mo.md("## อะไรขาดหรือน่าสงสัย · What is missing or doubtful?"),
            mo.ui.table(matters, selection=None, page_size=10, show_column_summaries=False),
        ]
    )
    return (matters,)


if __name__ == "__main__":
    app.run()
