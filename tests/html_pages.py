"""HTML files as tests look at them: addresses, ids, tables as text, commands; nothing is run."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path


@dataclass
class HtmlTable:
    """A table: its cells as (text, sort key), the header row apart.

    Attributes:
        name: its id.
        heads: the header's texts.
        rows: the body's cells.
        csv: the address of its download; None where the file offers none.
    """

    name: str
    heads: list[str] = field(default_factory=list)
    rows: list[list[tuple[str, str | None]]] = field(default_factory=list)
    csv: str | None = None


@dataclass
class HtmlPage:
    """What a file says.

    Attributes:
        path: of the file.
        language: of its root.
        ids: every id.
        links: what `a` leads to.
        sources: what is fetched to show it: scripts, styles, pictures.
        titles: the texts of `title` attributes.
        commands: commands to copy.
        data: JSON in script elements, by id.
        policy: its content security policy.
        text: all of its text.
    """

    path: Path
    language: str | None = None
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    data: dict[str, str] = field(default_factory=dict)
    tables: dict[str, HtmlTable] = field(default_factory=dict)
    policy: str = ""
    text: str = ""


def read_page(path: Path) -> HtmlPage:
    """Parses one file."""
    parser = _Parser(HtmlPage(path))
    parser.feed(path.read_text(encoding="utf-8"))
    parser.close()
    return parser.page


class _Parser(HTMLParser):
    def __init__(self, page: HtmlPage) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.table: HtmlTable | None = None
        self.cell: list[str] | None = None
        self.key: str | None = None
        self.in_head = False
        self.script: str | None = None
        self.command: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._note(tag, given)
        if tag == "table" and "id" in given:  # a table of words has none, and no CSV
            self.table = HtmlTable(given["id"])
            self.page.tables[given["id"]] = self.table
        elif tag == "thead":
            self.in_head = True
        elif tag == "tr" and self.table is not None and not self.in_head:
            self.table.rows.append([])
        elif tag in ("td", "th"):
            self.cell, self.key = [], given.get("data-key")
        elif tag == "script" and given.get("type") == "application/json":
            self.script = given["id"]
            self.page.data[self.script] = ""
        elif tag == "code" and "command" in given.get("class", "").split():
            self.command = []

    def _note(self, tag: str, given: dict[str, str]) -> None:
        page = self.page
        if tag == "html":
            page.language = given.get("lang")
        if given.get("http-equiv") == "Content-Security-Policy":
            page.policy = given["content"]
        if "id" in given:
            page.ids.append(given["id"])
        if "title" in given:
            page.titles.append(given["title"])
        if tag == "a":
            page.links.append(given["href"])
            if "download" in given and self.table is not None:
                self.table.csv = given["href"]
        page.sources += [given[name] for name in ("src", "srcset", "poster") if name in given]
        if tag == "link" and given.get("rel") in ("stylesheet", "icon"):
            page.sources.append(given["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "thead":
            self.in_head = False
        elif tag in ("td", "th") and self.cell is not None and self.table is not None:
            text = " ".join("".join(self.cell).split())
            if self.in_head:
                self.table.heads.append(text)
            else:
                self.table.rows[-1].append((text, self.key))
            self.cell = None
        elif tag == "script":
            self.script = None
        elif tag == "code" and self.command is not None:
            self.page.commands.append("".join(self.command))
            self.command = None

    def handle_data(self, data: str) -> None:
        if self.script is not None:
            self.page.data[self.script] += data
            return
        self.page.text += data
        if self.cell is not None:
            self.cell.append(data)
        if self.command is not None:
            self.command.append(data)
