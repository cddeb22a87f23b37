// The page: loads the scripts beside it one after another, checks record by record, and tells what it found.

var RECORDS = [], VOUCHERS = [], PROOFS = [];

(function () {
  const NAMES = {
    text: "text", title: "title", author: "author", handle: "author’s handle", author_id: "author’s id", url: "address",
    list_name: "name of the list", native_id: "id at the platform", recipients: "recipient", links: "link", tags: "tag",
    mentions: "mention", attachments: "attachment", details: "detail", created_at: "date", local_time: "date shown",
    edited_at: "date of the edit", created_raw: "date as the platform wrote it", resting: "list of unproved words",
    redactions: "list of what is blacked out", by_account: "whether the city wrote it", captured_at: "day it was taken in",
    state_note: "what happened to it", parent_number: "record it answers", account_title: "name of the account"
  };
  const SLICE = 200, MOST = 500;
  const data = document.body.dataset, total = Number(data.count), zone = data.zone;
  const page = {keys: data.keys.split(" "), zone: zone};
  const found = {right: 0, wrong: [], resting: [], covered: 0, days: new Map()};
  const calendar = new Intl.DateTimeFormat("en-CA", {timeZone: zone});
  let records, rows;

  function at(id) { return document.getElementById(id); }
  function make(name, text, className) {
    const made = document.createElement(name);
    if (text !== undefined) { made.textContent = text; }
    if (className) { made.className = className; }
    return made;
  }
  function number(value) { return value.toLocaleString("en-US"); }
  function words(name) {
    const dot = name.indexOf("."), key = dot < 0 ? name : name.slice(0, dot), part = dot < 0 ? "" : name.slice(dot + 1);
    const said = NAMES[key] || key.replace(/_/g, " ");
    if (!part) { return said; }
    const place = /^(\d+)(\.name|\.alt)?$/.exec(part);
    return said + " " + (place ? Number(place[1]) + 1 + ({".name": ", its name", ".alt": ", its description"}[place[2]] || "") : "“" + part + "”");
  }
  function load(path) {
    return new Promise(function (done, failed) {
      const script = document.createElement("script");
      script.src = path;
      script.onload = function () { script.remove(); done(); };
      script.onerror = function () { failed(new Error(path)); };
      document.head.append(script);
    });
  }
  function pause() { return new Promise(function (done) { setTimeout(done, 0); }); }
  function objects(texts) {
    return texts.join("").split("\n").filter(Boolean).map(function (line) { return JSON.parse(line); });
  }

  function check(proof) {
    const record = records.get(proof.number);
    records.delete(proof.number);
    if (!record) { found.wrong.push([proof.bates, ["it is proved, but the viewer does not show it"]]); return; }
    let wrong = [];
    try {
      const told = Tree.proved(proof, rows);
      const extra = (proof.files || []).map(function (one) { return Tree.proved(one, rows); });
      wrong = Values.differences(record, proof, told, extra, page).map(function (name) {
        return "the viewer’s " + words(name) + " is not what its proof says";
      });
      if (!wrong.length) {
        const day = calendar.format(new Date(told.row.at));
        found.days.set(day, (found.days.get(day) || 0) + 1);
      }
    } catch (error) { wrong = [error.message]; }
    if (wrong.length) { found.wrong.push([proof.bates, wrong]); return; }
    found.right += 1;
    if ((record.redactions || []).length) { found.covered += 1; }
    if ((record.resting || []).length) { found.resting.push(record); }
  }

  function value(record, field) {
    const dot = field.indexOf("."), key = dot < 0 ? field : field.slice(0, dot), part = field.slice(dot + 1);
    if (dot < 0) { return record[key] || ""; }
    if (key !== "attachments") { return (record[key] || {})[part] || ""; }
    const place = part.split(".");
    return ((record.attachments || [])[Number(place[0])] || {})[place[1]] || "";
  }

  function tell() {
    const all = found.right === total && !found.wrong.length;
    const verdict = at("verdict");
    verdict.className = all ? "verdict right" : "verdict wrong";
    verdict.replaceChildren(make("strong", number(found.right) + " of " + number(total) + (total === 1 ? " record is" : " records are")
      + " what the archive took in."));
    if (found.covered) {
      verdict.append(" " + number(found.covered) + (found.covered === 1 ? " has" : " have") + " something blacked out: "
        + (found.resting.length ? "the rest of " + (found.covered === 1 ? "it" : "them") + " is proved, but for the words listed below, which rest on the certificate."
          : "the rest is proved."));
    }
    if (!all) {
      verdict.append(found.wrong.length ? " " + number(found.wrong.length) + (found.wrong.length === 1 ? " thing is" : " things are") + " not as it should be: see below."
        : " The proofs of the others are not in this package.");
    }
    fill("wrong", found.wrong, function (row, one) { row.append(make("th", one[0]), make("td", one[1].join("; "))); });
    fill("resting", found.resting, function (row, record) {
      const cell = make("td");
      record.resting.forEach(function (one) {
        const line = make("p");
        const quoted = make("q", Array.from(value(record, one.field)).slice(one.start, one.stop).join(""));
        quoted.dir = "auto";
        line.append(words(one.field) + ": ", quoted);
        cell.append(line);
      });
      row.append(make("th", record.bates), cell);
    });
    fill("days", Array.from(found.days).sort(), function (row, one) { row.append(make("th", one[0]), make("td", number(one[1]))); });
    at("after").hidden = false;
    document.body.dataset.done = all ? "right" : "wrong";
  }
  function fill(id, list, draw) {
    const body = at(id).querySelector("tbody");
    list.slice(0, MOST).forEach(function (one) { const row = make("tr"); draw(row, one); row.firstChild.scope = "row"; body.append(row); });
    at(id).hidden = !list.length;
    at(id).querySelector(".more").textContent = list.length > MOST ? "and " + number(list.length - MOST) + " more" : "";
  }

  async function run() {
    for (const path of JSON.parse(data.first)) { await load(path); }
    records = new Map(RECORDS.filter(function (one) { return !one.withheld; }).map(function (one) { return [one.number, one]; }));
    RECORDS = [];
    try { rows = Tree.ledger(objects(VOUCHERS), data.checkpoint); } catch (wrong) {
      rows = new Map();
      found.wrong.push(["the ledger", [wrong.message]]);
    }
    rows.forEach(function (row, seq) {
      if (!row) { found.wrong.push(["ledger row " + seq, ["it is not in the ledger that the checkpoint stands for"]]); }
    });
    let done = 0;
    for (const path of JSON.parse(data.proofs)) {
      await load(path);
      const proofs = objects(PROOFS);
      PROOFS = [];
      for (const proof of proofs) {
        check(proof);
        done += 1;
        if (done % SLICE === 0) { at("progress").value = done; await pause(); }
      }
    }
    records.forEach(function (record) { found.wrong.push([record.bates, ["nothing proves it"]]); });
    tell();
  }
  function broken(error) {
    at("broken").hidden = false;
    at("verdict").hidden = true;
    at("missing").textContent = error.message;
    document.body.dataset.done = "broken";
  }
  run().catch(broken).finally(function () { at("progress").hidden = true; });
}());
