"use strict";
// What a reader chooses: words, filters and order, and which records that gives.

const Choice = (function () {
  const FIELDS = {
    q: "words", account: "account", kind: "kind", state: "state", side: "side", from: "from", to: "to",
    files: "files", blacked: "blacked", order: "order",
  };
  const SIDES = { city: "the city", public: "the public" };

  function $(id) { return document.getElementById(id); }

  function isBox(field) { return field.type === "checkbox"; }

  function chosen() {
    const view = {};
    Object.keys(FIELDS).forEach(function (key) {
      const field = $(FIELDS[key]), value = isBox(field) ? (field.checked ? "1" : "") : field.value.trim();
      if (value && !(key === "order" && value === "old")) { view[key] = value; }
    });
    return view;
  }

  function choose(view) {
    Object.keys(FIELDS).forEach(function (key) {
      const field = $(FIELDS[key]);
      if (isBox(field)) { field.checked = Boolean(view[key]); } else { field.value = view[key] || (key === "order" ? "old" : ""); }
    });
  }

  function inWords(view, titles) {
    const words = [];
    if (view.q) { words.push("with " + view.q); }
    if (view.account) { words.push("account " + (titles.get(view.account) || view.account)); }
    if (view.kind) { words.push("kind " + view.kind); }
    if (view.state) { words.push(Card.STATES[view.state] || view.state); }
    if (view.side) { words.push("by " + SIDES[view.side]); }
    if (view.from) { words.push("from " + view.from); }
    if (view.to) { words.push("to " + view.to); }
    if (view.files) { words.push("with attachments"); }
    if (view.blacked) { words.push("with something blacked out"); }
    return words.join(", ");
  }

  function foldedOf(record) {
    const parts = [record.title, record.text, record.author, record.handle, record.list_name, record.bates, "No. " + record.number];
    [record.recipients, record.links, record.tags, record.mentions, Object.values(record.details || {})].forEach(function (list) {
      if (list) { parts.push.apply(parts, list); }
    });
    (Array.isArray(record.attachments) ? record.attachments : []).forEach(function (one) {
      parts.push(one.name, one.alt);
      (one.captions || []).forEach(function (cue) { parts.push(cue[2]); });
    });
    (record.redactions || []).map(function (one) { return one.ground; }).concat(record.withheld || []).forEach(function (ground) {
      parts.push(ground.citation, ground.title, ground.reason);
    });
    return Text.fold(parts.filter(Boolean).join(Text.BREAK));
  }

  function isChosen(record, view) {
    return (!view.account || record.account === view.account) && (!view.kind || record.kind === view.kind) &&
      (!view.state || record.state === view.state) &&
      (!view.side || (!record.withheld && Boolean(record.by_account) === (view.side === "city"))) &&
      (!view.files || Boolean(record.attachments)) &&
      (!view.blacked || Boolean(record.redactions) || (!record.withheld && (record.attachments || []).some(function (one) { return one.redacted; }))) &&
      Text.matches(record.folded, Card.sought);
  }

  function isInTime(record, view) {
    const day = (record.local_time || "").slice(0, 10);
    // A date that is known to the month or year only is in every range that touches it.
    return (!view.from || (day && (day + "-99-99").slice(0, 10) >= view.from)) &&
      (!view.to || (day && (day + "-00-00").slice(0, 10) <= view.to));
  }

  return { FIELDS: FIELDS, chosen: chosen, choose: choose, inWords: inWords, foldedOf: foldedOf, isChosen: isChosen, isInTime: isInTime };
})();
