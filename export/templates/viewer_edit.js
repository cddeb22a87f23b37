"use strict";
// An edit, side by side: the earlier version and what followed it, with the changed words marked.

const Edit = (function () {
  const LISTS = [["recipients", "To"], ["links", "Links"], ["tags", "Tags"], ["attachments", "Attachments"]];

  // What a person compares: [heading, released field or "", words], the same rows for both versions.
  function rows(record) {
    const plain = [["Title", "title", record.title || ""], ["Text", "text", record.text || ""], ["Author", "author", record.author || ""]];
    return plain.concat(LISTS.map(function (list) {
      const names = (record[list[0]] || []).map(function (one) { return one.name || one; });
      return [list[1], "", names.join("\n")];
    }));
  }

  function heading(record, isLater) {
    const made = make("h5"), stands = record.standing !== "superseded" && (record.state === "present" || record.state === "edited");
    const what = isLater ? (stands ? "Now" : record.standing === "superseded" ? "Later version" : "Last version seen") : "Earlier version";
    made.appendChild(make("span", "", what + ", "));
    made.appendChild(Card.linkTo(record.number, "No. " + record.number));
    if (record.captured_at) { made.appendChild(make("span", "seen", "in the backup taken in on " + record.captured_at.slice(0, 10))); }
    return made;
  }

  function side(record, isLater, compared) {
    const made = make("div", "side");
    made.appendChild(heading(record, isLater));
    if (record.withheld) {
      made.appendChild(make("p", "placeholder", Card.named(record) + " was withheld: " + Card.because(record.withheld)));
      return made;
    }
    compared.forEach(function (one) {
      const words = isLater ? one.after : one.before;
      if (one.name !== "Text") { made.appendChild(make("h6", "", one.name)); }
      const shown = Card.value(record, "div", one.field, words, "text", isLater ? one.spans.later : one.spans.earlier);
      if (!words) { shown.appendChild(make("em", "", "nothing")); }
      made.appendChild(shown);
    });
    return made;
  }

  function compare(earlier, later) {
    if (earlier.withheld || later.withheld) {
      const empty = { earlier: [], later: [] };
      return [{ name: "Text", field: "text", before: earlier.text || "", after: later.text || "", spans: empty }];
    }
    const after = rows(later);
    return rows(earlier).map(function (row, index) {
      return { name: row[0], field: row[1], before: row[2], after: after[index][2], spans: Diff.compare(row[2], after[index][2]) };
    }).filter(function (one) { return one.name === "Text" || one.before !== one.after; });
  }

  function panel(earlier, later) {
    const made = make("section", "edit"), sides = make("div", "sides"), compared = compare(earlier, later);
    made.appendChild(make("h4", "", "What the edit changed"));
    sides.appendChild(side(earlier, false, compared));
    sides.appendChild(side(later, true, compared));
    made.appendChild(sides);
    return made;
  }

  // Return the button that opens and closes the comparison under the card it stands in.
  function button(record, versions) {
    const index = Math.max(1, versions.indexOf(record)), made = make("button", "", "Show the edit");
    let shown = null;
    made.type = "button";
    made.setAttribute("aria-expanded", "false");
    made.addEventListener("click", function () {
      if (shown) { shown.remove(); shown = null; }
      else {
        shown = panel(versions[index - 1], versions[index]);
        made.parentNode.after(shown);
      }
      made.setAttribute("aria-expanded", String(Boolean(shown)));
      made.textContent = shown ? "Hide the edit" : "Show the edit";
    });
    return made;
  }

  return { button: button };
})();
