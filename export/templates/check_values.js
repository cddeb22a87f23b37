// What is proved, beside what the viewer shows. Names are those of records.jsonl: "text", "links.0", "details.status".

const Values = (function () {
  const SHOWN_AS = {"author.name": "author", "author.handle": "handle", "author.native_id": "author_id"};
  const LISTS = ["recipients", "links", "tags", "mentions", "attachments"];
  const SEGMENT = /^(.*)\[(\d+)\/(\d+)\]$/s, FIRST_RECIPIENTS = 30;
  const NOT_HELD = "the backup names this file but does not hold it";
  const FILE = ["name", "media_type", "size", "alt"];

  let clock = null;  // making one takes longer than checking a record

  function moment(stored) {
    const part = stored.slice(20, 23);
    return stored ? stored.slice(0, 19) + (part === "000" ? "" : "." + part + "000") + "+00:00" : "";
  }
  function local(created, zone) {
    if (!created.at) { return ""; }
    const parts = {};
    clock = clock || new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit"
    });
    clock.formatToParts(new Date(created.at)).forEach(function (one) { parts[one.type] = one.value; });
    const day = parts.year.padStart(4, "0") + "-" + parts.month + "-" + parts.day;
    return created.precision === "day" ? day : day + " " + parts.hour + ":" + parts.minute;
  }
  function addressed(one) {
    const who = one.name && one.address ? one.name + " <" + one.address + ">" : one.name || one.address;
    return one.role + ": " + who;
  }

  // The viewer's record as a map of names; what is empty is left out.
  function flattened(record) {
    const found = new Map();
    Object.keys(record).forEach(function (key) {
      const value = record[key];
      if (LISTS.includes(key)) { value.forEach(function (one, i) { if (one) { found.set(key + "." + i, one); } }); }
      else if (key === "details") { Object.keys(value).forEach(function (one) { if (value[one]) { found.set("details." + one, value[one]); } }); }
      else if (value && !(Array.isArray(value) && !value.length)) { found.set(key, value); }
    });
    return found;
  }

  // Values that the leaves prove whole (values), in part (runs of segments), and files.
  function read(shown, own, zone) {
    const values = new Map(), long = new Map(), files = [];
    shown.forEach(function (one) {
      const name = one.name, value = one.value, part = SEGMENT.exec(name), group = name.split(".")[0];
      if (part && !own.has(name)) {
        if (!long.has(part[1])) { long.set(part[1], []); }
        long.get(part[1]).push({place: Number(part[2]), count: Number(part[3]), text: value});
      } else if (name === "created") {
        values.set("created_at", moment(value.at)).set("created_raw", value.raw).set("created_precision", value.precision);
        values.set("local_time", local(value, zone));
      } else if (name === "edited") { values.set("edited_at", moment(value.at)); }
      else if (name === "author.is_account") { values.set("by_account", true); }
      else if (name === "native") { values.set("native_sha256", value.sha256); }
      else if (group === "recipients") { values.set(name, addressed(value)); }
      else if (group === "attachments") { files.push(value); }
      else { values.set(SHOWN_AS[name] || name, value); }
    });
    const runs = new Map();
    long.forEach(function (parts, name) {
      const shownAs = SHOWN_AS[name] || name, joined = [];
      parts.forEach(function (one, i) {
        if (i && one.place === parts[i - 1].place + 1) { joined[joined.length - 1] += one.text; } else { joined.push(one.text); }
      });
      if (parts.length === parts[0].count) { values.set(shownAs, joined[0]); }
      else { runs.set(shownAs, {texts: joined, first: parts[0].place === 0, last: parts[parts.length - 1].place === parts[0].count - 1}); }
    });
    return {values: values, runs: runs, files: files};
  }

  // Whether a text is, outside of what is black or rests on the certificate, what the segments say.
  function fits(text, name, record, runs) {
    const letters = Array.from(text), pieces = [];
    const gaps = (record.redactions || []).concat(record.resting || []).filter(function (one) {
      return one.field === name && one.stop > one.start;
    }).sort(function (a, b) { return a.start - b.start; });
    let done = 0;
    gaps.forEach(function (one) {
      if (one.start > done) { pieces.push(letters.slice(done, one.start).join("")); }
      done = Math.max(done, one.stop);
    });
    if (done < letters.length) { pieces.push(letters.slice(done).join("")); }
    const begins = !gaps.length || gaps[0].start > 0, ends = done < letters.length;
    return JSON.stringify(pieces) === JSON.stringify(runs.texts) && begins === runs.first && ends === runs.last;
  }

  // A file as it was taken in, under a path made of its digest and the ending of its name.
  function sameFile(one, file) {
    const path = one.path || "", start = "media/" + file.sha256.slice(0, 32), suffix = path.slice(start.length).replace(/^\.DRAFT/, "");
    return !one.redacted && (one.missing || "") === (path ? "" : NOT_HELD)
      && FILE.every(function (key) { return (one[key] || "") === (file[key] || ""); })
      && (!path || (path.startsWith(start) && /^(\.[a-z0-9]{1,5})?$/.test(suffix) && file.name.toLowerCase().endsWith(suffix)));
  }
  function alike(name, a, b) {
    if (!name.startsWith("attachments.")) { return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)); }
    const bare = function (one) {
      const kept = {};
      Object.keys(one).forEach(function (key) { if (one[key] && key !== "sha256" && key !== "captions") { kept[key] = one[key]; } });
      return JSON.stringify(sorted(kept));
    };
    return bare(a) === bare(b);
  }
  function sorted(value) {
    if (Array.isArray(value)) { return value.map(sorted); }
    if (value === null || typeof value !== "object") { return value; }
    return Object.keys(value).sort().map(function (key) { return [key, sorted(value[key])]; });
  }

  // The names of the values in which a record differs from its proof, each with what that means.
  function differences(record, proof, told, extra, page) {
    const own = flattened(Object.assign({decision: "released", audience: "public", standing: "current"}, record));
    const found = read(told.shown, own, page.zone), wrong = [];
    const files = found.files.concat(extra.map(function (one) { return read(one.shown, own, page.zone).files; }).flat());
    const placed = new Map([["digest", told.digest], ["version", proof.version], ["captured_at", moment(told.row.at)],
      ["accession", Number(told.row.subject.replace("accession:", ""))], ["number", proof.number], ["bates", proof.bates]]);
    const expected = new Map([...Object.entries(proof.told), ...found.values, ...placed]);
    const more = shorten(expected);
    new Set([...own.keys(), ...expected.keys()]).forEach(function (name) {
      const key = name.split(".")[0];
      if (!page.keys.includes(key) && key !== "attachments") { return; }
      if (key === "attachments" && !(name in proof.told)) {
        if (!files.some(function (file) { return own.has(name) && sameFile(own.get(name), file); })) { wrong.push(name); }
      } else if (name === "recipients." + FIRST_RECIPIENTS && more) {
        if (own.get(name) !== more) { wrong.push(name); }
      } else if (!alike(name, own.get(name) || "", expected.get(name) || "")) { wrong.push(name); }
    });
    found.files.forEach(function (file) {
      if (![...own].some(function (one) { return one[0].startsWith("attachments.") && sameFile(one[1], file); })) { wrong.push("attachments"); }
    });
    found.runs.forEach(function (runs, name) { if (!fits(own.get(name) || "", name, record, runs)) { wrong.push(name); } });
    return Array.from(new Set(wrong));
  }
  // The viewer shows the first recipients and says how many more there are.
  function shorten(expected) {
    const beyond = [...expected.keys()].filter(function (name) {
      return /^recipients\.\d+$/.test(name) && Number(name.slice(11)) >= FIRST_RECIPIENTS;
    });
    beyond.forEach(function (name) { expected.delete(name); });
    if (beyond.length) { expected.set("recipients." + FIRST_RECIPIENTS, true); }
    return beyond.length ? "and " + beyond.length.toLocaleString("en-US") + " more, all of them in records.jsonl" : "";
  }

  return {differences: differences};
}());
