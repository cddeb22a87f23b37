"use strict";
// Attachments: pictures, players with captions, and files to open; what is not there says why.

const Media = (function () {
  const SHOWN_PICTURE = /^image\/(?!svg|tiff|heic|heif)/;

  function sizeInWords(bytes) {
    if (!bytes) { return ""; }
    if (bytes < 1000) { return bytes + " bytes"; }
    return bytes < 1e6 ? Math.round(bytes / 1000) + " kB" : (bytes / 1e6).toFixed(1) + " MB";
  }

  function picture(one) {
    const link = make("a"), image = make("img");
    link.href = one.path;
    image.alt = one.alt || "Picture without a description: " + one.name;
    image.loading = "lazy";
    image.src = one.path;
    link.appendChild(image);
    return link;
  }

  // A cue's words are read as a little markup of its own; here they are words.
  function asCue(words) { return words.replace(/&/g, "&amp;").replace(/</g, "&lt;"); }

  // Pages from disk may not load caption files, so the captions stand in the record itself.
  function player(one, name) {
    const made = make(name);
    made.controls = true;
    made.preload = "metadata";
    made.src = one.path;
    made.setAttribute("aria-label", one.alt || one.name);
    if (one.captions && name === "video" && window.VTTCue) {
      const track = made.addTextTrack("captions", "Captions");
      one.captions.forEach(function (cue) { track.addCue(new VTTCue(cue[0], cue[1], asCue(cue[2]))); });
      track.mode = "showing";
    }
    return made;
  }

  function transcript(one) {
    const made = make("details");
    made.appendChild(make("summary", "", "The words of " + one.name));
    one.captions.forEach(function (cue) {
      const line = make("p", "cue", cue[2]);
      line.dir = "auto";
      made.appendChild(line);
    });
    return made;
  }

  // `putName` writes the file's name into the element it is given; a name with bars in it is no link, its bars are.
  function figure(one, putName, isBarred) {
    const made = make("figure"), caption = make("figcaption"), type = one.media_type || "";
    const kind = /^(video|audio)\//.exec(type);
    if (one.path && SHOWN_PICTURE.test(type)) { made.appendChild(picture(one)); }
    if (one.path && kind) { made.appendChild(player(one, kind[1])); }
    const link = make("a", "file", isBarred ? "Open the file" : undefined), name = one.path && !isBarred ? link : make("span", "file");
    name.dir = "auto";
    link.href = one.path;
    putName(name);
    caption.appendChild(name);
    if (one.path && isBarred) { caption.appendChild(link); }
    const about = [one.path ? sizeInWords(one.size) : "", one.alt].filter(Boolean).join(" – ");
    if (about) { caption.appendChild(make("span", "about", about)); }
    if (!one.path) { caption.appendChild(make("strong", "why-missing", "Not here: " + (one.missing || "the archive does not hold it") + ".")); }
    if (one.redacted) { caption.appendChild(make("strong", "copy", "This is a copy in which something is blacked out, not the original.")); }
    made.appendChild(caption);
    if (one.captions) { made.appendChild(transcript(one)); }
    return made;
  }

  return { figure: figure };
})();
