"""The pages of the report, a module each, in the order of the navigation.

A page module has `PATH`, `TITLE`, `documents` and, last, `PAGE`, which is listed here.
`documents` asks the warehouse once (`orchestration.report.asking`) and gives `Document`s; each has
a template that extends `base.jinja` and a function from `Sheet` to the template's values. It is
called once a language. In templates `t("ไทย", "English")` chooses, `lang` writes numbers, `sheet`
links; tables, charts and figures come ready-made from `sheet.table`, `sheet.chart`,
`sheet.figures` and are put in as they are.
"""

from orchestration.report.page import Page
from orchestration.report.pages import (
    activities,
    clusters,
    definitions,
    dictionary,
    overview,
    places,
    privacy,
    quality,
)

PAGES: tuple[Page, ...] = (
    overview.PAGE,
    clusters.PAGE,
    places.PAGE,
    activities.PAGE,
    quality.PAGE,
    privacy.PAGE,
    definitions.PAGE,
    dictionary.PAGE,
)
