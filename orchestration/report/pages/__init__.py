"""The pages of the report, a module each, in the order of the navigation."""

from orchestration.report.page import Page
from orchestration.report.pages import clusters, definitions, overview

PAGES: tuple[Page, ...] = (
    overview.PAGE,
    clusters.PAGE,
    definitions.PAGE,
)
