// Draws the charts, sorts tables, closes what only print and readers without script need open.
"use strict";

(function () {
  const thai = document.documentElement.lang === "th";

  // Charts. Expressions are interpreted, not compiled: the page's policy forbids eval.
  for (const place of document.querySelectorAll("[data-chart]")) {
    const spec = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    window.vegaEmbed(place, spec, {
      actions: false, renderer: "svg", ast: true, mode: "vega-lite",
      tooltip: { theme: "custom" },
    }).then(function () {
      place.querySelector("svg").setAttribute("aria-hidden", "true"); // the figure is described
      place.dataset.drawn = "yes";
      const details = place.parentElement.querySelector("details.data");
      if (details) details.open = false;
    }).catch(function (error) {
      place.hidden = true; // its table stays open
      console.error(error);
    });
  }

  // Tables.
  const collator = new Intl.Collator(thai ? "th" : "en", { numeric: true });
  const compare = function (a, b) {
    const one = a.dataset.key, two = b.dataset.key;
    if (one !== undefined && two !== undefined) {
      return isNaN(one) || isNaN(two) ? collator.compare(one, two) : Number(one) - Number(two);
    }
    if (one !== undefined || two !== undefined) return one === undefined ? -1 : 1;
    return collator.compare(a.textContent.trim(), b.textContent.trim());
  };
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach(function (head, column) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.setAttribute("aria-label", table.dataset.hint + " " + head.textContent.trim());
      button.addEventListener("click", function () {
        const was = head.getAttribute("aria-sort");
        const first = head.classList.contains("number") ? "descending" : "ascending";
        const other = first === "ascending" ? "descending" : "ascending";
        const now = was === first ? other : first;
        heads.forEach(function (each) { each.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", now);
        const body = table.tBodies[0];
        const sign = now === "ascending" ? 1 : -1;
        [...body.rows]
          .sort(function (a, b) { return sign * compare(a.cells[column], b.cells[column]); })
          .forEach(function (row) { body.append(row); });
      });
      head.append(button);
    });
  }

  // A filter: what it does not find is hidden; the name of a group finds all of the group.
  for (const box of document.querySelectorAll("[data-filter]")) {
    const input = box.querySelector("input");
    const told = box.querySelector("[role=status]");
    const groups = [...document.querySelectorAll("[data-group]")].map(function (group) {
      return {
        group: group, name: group.dataset.group.toLowerCase(),
        rows: [...group.querySelectorAll("tbody tr")].map(function (row) {
          return { row: row, text: row.textContent.toLowerCase() };
        }),
      };
    });
    const filter = function () {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      for (const each of groups) {
        let shown = 0;
        for (const line of each.rows) {
          line.row.hidden = !words.every(function (word) {
            return each.name.includes(word) || line.text.includes(word);
          });
          if (!line.row.hidden) shown += 1;
        }
        each.group.hidden = shown === 0;
        count += shown;
      }
      told.textContent = words.length ? told.dataset.found.replace("{n}", count) : "";
    };
    input.addEventListener("input", filter);
    window.addEventListener("hashchange", function () {
      const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (place && place.closest("[hidden]")) { // a link leads to what is hidden
        input.value = "";
        filter();
        place.scrollIntoView();
      }
    });
    box.hidden = false;
    if (input.value) filter();
  }

  // A click on a command selects all of it.
  for (const command of document.querySelectorAll("code.command")) {
    command.addEventListener("click", function () {
      window.getSelection().selectAllChildren(command);
    });
  }

  // Print shows the tables of the charts, and closes them again.
  let opened = [];
  window.addEventListener("beforeprint", function () {
    opened = [...document.querySelectorAll("details.data:not([open])")];
    for (const details of opened) details.open = true;
  });
  window.addEventListener("afterprint", function () {
    for (const details of opened) details.open = false;
  });
})();
