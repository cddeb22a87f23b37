"use strict";
// The page: what is chosen (kept in the address after #), which records that gives, and drawing them.

(function () {
  const PAGE = 100;
  const byNumber = new Map(), versions = new Map(), threads = new Map(), titles = new Map();
  let thread = 0, current = [], first = 0, last = 0;

  function $(id) { return document.getElementById(id); }
  function many(count) { return count.toLocaleString("en-US"); }
  function records(count) { return many(count) + (count === 1 ? " record" : " records"); }
  function gather(map, key, value) { if (map.has(key)) { map.get(key).push(value); } else { map.set(key, [value]); } }

  function remember(isStep) {
    const hash = "#" + new URLSearchParams(thread ? { thread: thread } : Choice.chosen());
    if (hash === (location.hash || "#")) { return; }
    try { history[isStep ? "pushState" : "replaceState"](null, "", hash); } catch (refused) { /* then the address stays */ }
  }

  // ---- drawing

  function button(words, act) {
    const made = make("button", "", words);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function foot(record) {
    const made = [], talk = threads.get(record.conversation) || [], told = versions.get(record.record) || [];
    if (talk.length > 1 && !thread) {
      made.push(button("Show the conversation (" + records(talk.length) + ")", function () { enter(record.conversation, record.number); }));
    }
    if (told.length > 1) { made.push(Edit.button(record, told)); }
    const parent = byNumber.get(record.parent_number);
    if (parent) {
      const line = make("span", "", "in reply to ");
      line.appendChild(Card.linkTo(parent.number, "No. " + parent.number));
      if (parent.withheld) { line.appendChild(document.createTextNode(", which was withheld")); }
      made.push(line);
    } else if (record.parent) { made.push(make("span", "", "answers something that is not in this package")); }
    return made;
  }

  function item(one) {
    const made = make("li");
    made.id = "i" + one.record.number;
    made.appendChild(Card.card(one.record, foot(one.record)));
    return made;
  }

  function repliesOf(number) {
    const parent = $("i" + number);
    let list = parent.querySelector(":scope > ol");
    if (!list) { list = parent.appendChild(make("ol", "replies")); }
    return list;
  }

  function add(start, stop, isBefore) {
    const piece = document.createDocumentFragment();
    current.slice(start, stop).forEach(function (one) {
      if (one.under) { $("cards").appendChild(piece); repliesOf(one.under).appendChild(item(one)); }
      else { piece.appendChild(item(one)); }
    });
    if (isBefore) { $("cards").prepend(piece); } else { $("cards").appendChild(piece); }
  }

  function say() {
    const held = current.filter(function (one) { return one.record.withheld; }).length, left = current.length - last;
    const all = RECORDS.length, found = current.length;
    let words = (found === all ? "All " + records(all) : thread ? records(found) + " in this conversation" : many(found) + " of " + records(all));
    if (held) { words += ", " + many(held) + " of them withheld"; }
    if (!found) { words = "Nothing matches. Try fewer words, or clear the filters."; }
    else if (first || left > 0) { words += "; " + many(first + 1) + " to " + many(last) + " are shown."; }
    else { words += "."; }
    if ($("count").textContent !== words) { $("count").textContent = words; }
    $("before").hidden = !first;
    $("before").textContent = "Show " + Math.min(first, PAGE) + " before these (" + many(first) + ")";
    $("more").hidden = left <= 0;
    $("more").textContent = "Show " + Math.min(left, PAGE) + " more (" + many(Math.max(left, 0)) + " left)";
    $("clear").hidden = Boolean(thread) || !Object.keys(Choice.chosen()).length;
    $("print").hidden = !found;
    $("print").textContent = "Print " + (found === 1 ? "this record" : "these " + records(found));
    const view = thread ? "one conversation" : Choice.inWords(Choice.chosen(), titles);
    $("selection").textContent = records(found) + " of " + many(all) + (view ? ": " + view : "") + ".";
  }

  function draw(start, stop) {
    $("cards").textContent = "";
    first = start;
    last = Math.min(stop, current.length);
    add(first, last, false);
    say();
  }

  function refresh() {
    const view = Choice.chosen();
    Card.sought = Text.parts(view.q || "");
    if (thread) { current = Thread.ordered(threads.get(thread)); }
    else {
      const anyTime = RECORDS.filter(function (record) { return Choice.isChosen(record, view); });
      const undated = Timeline.draw($("months"), anyTime, view.from, view.to, chooseMonth);
      $("undated").textContent = undated ? records(undated) + " without a known month." : "";
      current = anyTime.filter(function (record) { return Choice.isInTime(record, view); })
        .map(function (record) { return { record: record, under: 0 }; });
      if (view.order === "new") { current.reverse(); }
    }
    $("thread").hidden = !thread;
    $("find").hidden = Boolean(thread);
    draw(0, PAGE);
  }

  function changed() { remember(false); refresh(); }

  function chooseMonth(month) {
    const focused = document.activeElement && document.activeElement.dataset.month;
    $("from").value = month ? month + "-01" : "";
    $("to").value = month ? Timeline.lastDay(month) : "";
    changed();
    const again = focused && document.querySelector("[data-month='" + focused + "']");
    if (again) { again.focus(); }
  }

  function more() {
    const start = last;
    last = Math.min(last + PAGE, current.length);
    add(start, last, false);
    say();
    if (current[start]) { $("r" + current[start].record.number).focus({ preventScroll: true }); }
  }

  function before() {
    const stop = first;
    first = Math.max(0, first - PAGE);
    add(first, stop, true);
    say();
    $("r" + current[stop - 1].record.number).focus();
  }

  // ---- going places

  // Show one record among those that are chosen; false where it is not one of them.
  function show(number) {
    const place = current.findIndex(function (one) { return one.record.number === number; });
    if (place < 0) { return false; }
    if (thread && place >= last) { draw(0, place + PAGE); }
    if (place < first || place >= last) { draw(place - place % PAGE, place - place % PAGE + PAGE); }
    const card = $("r" + number), marked = document.querySelector("article.shown");
    if (marked) { marked.classList.remove("shown"); }
    card.classList.add("shown");
    card.scrollIntoView({ block: thread ? "center" : "start" });
    card.focus({ preventScroll: true });
    return true;
  }

  function enter(conversation, number) {
    thread = conversation;
    const top = byNumber.get(thread) || threads.get(thread)[0];
    const words = top.withheld ? Card.named(top) + ", withheld" : top.title || top.text || Card.named(top);
    const title = Array.from(words).slice(0, 80).join("");
    $("thread-title").textContent = title + (title.length < words.length ? "…" : "");
    remember(true);
    refresh();
    show(number);
  }

  function leave() {
    thread = 0;
    remember(true);
    refresh();
    $("words").focus();
  }

  function clear() {
    thread = 0;
    Choice.choose({});
    changed();
  }

  // What the address asks for: a record (#r12), or what was chosen.
  function follow() {
    const record = /^#r(\d+)$/.exec(location.hash);
    if (record && byNumber.has(Number(record[1]))) {
      if (show(Number(record[1]))) { return; }
      thread = 0;
      Choice.choose({});
      refresh();
      show(Number(record[1]));
    } else if (location.hash === "" || location.hash === "#" || location.hash.indexOf("=") > 0) {
      const asked = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
      if (threads.has(Number(asked.thread))) { enter(Number(asked.thread), Number(asked.thread)); return; }
      thread = 0;
      Choice.choose(asked);
      refresh();
    }
  }

  // A bar leads to its reason without changing the address; the skip link likewise.
  function followInside(event) {
    const link = event.target.closest && event.target.closest("a[href^='#why-'], a[href='#records']");
    const target = link && $(link.getAttribute("href").slice(1));
    if (link) { event.preventDefault(); }
    if (target) { target.scrollIntoView({ block: "center" }); target.focus({ preventScroll: true }); }
  }

  // ---- beginning

  function fillChoices(id, label) {
    const counts = new Map();
    RECORDS.forEach(function (record) { counts.set(record[id], (counts.get(record[id]) || 0) + 1); });
    Array.from(counts.keys()).sort().forEach(function (value) {
      const option = make("option", "", label(value) + " (" + many(counts.get(value)) + ")");
      option.value = value;
      $(id).appendChild(option);
    });
  }

  function learn() {
    RECORDS.forEach(function (record) {
      if (record.withheld) { record.state = "withheld"; }
      record.folded = Choice.foldedOf(record);
      byNumber.set(record.number, record);
      if (record.conversation) { gather(threads, record.conversation, record); }
      gather(versions, record.record, record);
      titles.set(record.account, record.account_title || record.account);
    });
    versions.forEach(function (told) { told.sort(function (a, b) { return a.version - b.version; }); });
  }

  function listen() {
    let waiting = 0;
    $("words").addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(changed, 120); });
    Object.values(Choice.FIELDS).slice(1).forEach(function (id) { $(id).addEventListener("change", changed); });
    $("find").addEventListener("submit", function (event) { event.preventDefault(); clearTimeout(waiting); changed(); });
    $("more").addEventListener("click", more);
    $("before").addEventListener("click", before);
    $("leave").addEventListener("click", leave);
    $("clear").addEventListener("click", function () { clear(); $("words").focus(); });
    $("print").addEventListener("click", function () { window.print(); });
    document.addEventListener("click", followInside);
    window.addEventListener("hashchange", follow);
    let screen = null;
    window.addEventListener("beforeprint", function () {
      if (first === 0 && last === current.length) { return; }
      screen = screen || [first, last];
      draw(0, current.length);
    });
    window.addEventListener("afterprint", function () { if (screen) { draw(screen[0], screen[1]); screen = null; } });
  }

  function start() {
    if (RECORDS.length < Number(document.body.dataset.records)) { $("broken").hidden = false; return; }
    $("whole").hidden = false;
    $("filters").open = window.matchMedia("(min-width: 46rem)").matches;
    learn();
    fillChoices("account", function (value) { return titles.get(value); });
    fillChoices("kind", function (value) { return value; });
    fillChoices("state", function (value) { return Card.STATES[value] || value; });
    listen();
    refresh();
    follow();
  }

  start();
})();
