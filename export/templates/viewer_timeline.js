"use strict";
// The timeline: a row a year, a bar a month, each a button that shows that month's records only.

const Timeline = (function () {
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

  function counted(records) {
    const counts = new Map();
    records.forEach(function (record) {
      const month = (record.local_time || "").slice(0, 7);
      if (/^\d{4}-\d\d$/.test(month)) { counts.set(month, (counts.get(month) || 0) + 1); }
    });
    return counts;
  }

  function inWords(month) { return MONTHS[Number(month.slice(5)) - 1] + " " + month.slice(0, 4); }

  function lastDay(month) {
    const last = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0));
    return month + "-" + last.getUTCDate();
  }

  function bar(month, count, highest, pressed, choose) {
    const made = make("button", "month");
    made.type = "button";
    made.dataset.month = month;
    made.setAttribute("aria-pressed", String(pressed));
    made.setAttribute("aria-label", inWords(month) + ": " + count.toLocaleString("en-US") + (count === 1 ? " record" : " records"));
    made.title = made.getAttribute("aria-label");
    const column = make("span", "column");
    column.style.height = Math.max(2, Math.round(32 * count / highest)) + "px";
    made.appendChild(make("span", "tally", count.toLocaleString("en-US")));
    made.appendChild(column);
    made.addEventListener("click", function () { choose(pressed ? "" : month); });
    return made;
  }

  // Draw the records' months into a list; `from` and `to` are the days chosen, `choose` gets a month or "".
  function draw(place, records, from, to, choose) {
    const counts = counted(records), months = Array.from(counts.keys()).sort();
    const highest = Math.max.apply(null, [1].concat(Array.from(counts.values())));
    place.textContent = "";
    const years = months.length ? [Number(months[0].slice(0, 4)), Number(months[months.length - 1].slice(0, 4))] : [1, 0];
    for (let year = years[0]; year <= years[1]; year++) {
      if (!months.some(function (one) { return Number(one.slice(0, 4)) === year; })) { continue; }
      const row = make("li"), bars = make("span", "bars");
      row.appendChild(make("span", "year", String(year)));
      MONTHS.forEach(function (name, index) {
        const month = String(year).padStart(4, "0") + "-" + String(index + 1).padStart(2, "0"), cell = make("span", "cell");
        if (counts.has(month)) {
          cell.appendChild(bar(month, counts.get(month), highest, from === month + "-01" && to === lastDay(month), choose));
        }
        const label = make("span", "label", name.slice(0, 1));
        label.setAttribute("aria-hidden", "true");
        cell.appendChild(label);
        bars.appendChild(cell);
      });
      row.appendChild(bars);
      place.appendChild(row);
    }
    return records.length - Array.from(counts.values()).reduce(function (sum, one) { return sum + one; }, 0);
  }

  return { draw: draw, lastDay: lastDay };
})();
