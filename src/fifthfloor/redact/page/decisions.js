"use strict";
/* What a person decides about photographs: parts, answers, ticks, undo, and the file `boxes.json`.

   No page and no storage in here, so that review.html and the desk share it. A photograph is what `redact/review.py`
   writes: {name, width, height, digest, looked, parts: [{left, top, right, bottom, why, score}]}. */
const FFDecisions = (() => {
  const HIDDEN = new Set(["sure", "unasked", "given"]);
  const SIDES = ["left", "top", "right", "bottom"];
  const sides = part => Object.fromEntries(SIDES.map(side => [side, part[side]]));
  const same = (one, two) => SIDES.every(side => one[side] === two[side]);

  class Decisions {
    constructor(photographs) {
      this.photographs = photographs;
      this.undone = [];
      this.saved = true;
      for (const photograph of photographs) {
        photograph.looked = Boolean(photograph.looked);
        photograph.parts.forEach(part => { part.found = sides(part); part.hide = HIDDEN.has(part.why); part.answered = false; });
      }
    }

    /* Do something to one photograph so that `undo` takes it back. */
    change(photograph, action) {
      this.undone.push([photograph, JSON.stringify([photograph.looked, photograph.parts, Boolean(photograph.removed)])]);
      action();
      this.saved = false;
    }

    undo() {
      const last = this.undone.pop();
      if (!last) return null;
      [last[0].looked, last[0].parts, last[0].removed] = JSON.parse(last[1]);
      this.saved = false;
      return last[0];
    }

    tick(photograph, looked) { this.change(photograph, () => { photograph.looked = looked; }); }

    /* Hide or show a part; a question counts as answered then. */
    decide(photograph, part, hide) {
      this.change(photograph, () => { part.hide = hide; part.answered = true; });
    }

    /* One key for all: none of the open questions of a photograph is a face. */
    noneIsAFace(photograph) {
      this.change(photograph, () => {
        for (const part of this.questions(photograph)) { part.hide = false; part.answered = true; }
      });
    }

    draw(photograph, box) {
      const part = { ...sides(box), found: null, why: "drawn", score: 1, hide: true, answered: true };
      this.change(photograph, () => photograph.parts.push(part));
      return part;
    }

    move(photograph, part, box) {
      this.change(photograph, () => { Object.assign(part, sides(box)); part.answered = true; part.hide = true; });
    }

    /* Take a box away: one that was drawn is gone, one that was found is shown. */
    remove(photograph, part) {
      this.change(photograph, () => {
        if (part.why === "given") photograph.removed = true;
        if (part.why === "drawn" || part.why === "given") photograph.parts.splice(photograph.parts.indexOf(part), 1);
        else { Object.assign(part, part.found); part.hide = false; part.answered = true; }
      });
    }

    questions(photograph) { return photograph.parts.filter(part => part.why === "uncertain" && !part.answered); }

    /* Whether the pictures as written are not what is decided now: then protect has to run again. */
    differs(photograph) {
      return photograph.removed || photograph.parts.some(part =>
        part.hide !== HIDDEN.has(part.why) || (part.hide && !(part.found && same(part, part.found))));
    }

    /* Only what the person changed, now or in an earlier round; `protect --boxes` and `approve --boxes` read it. */
    file() {
      const document = {};
      for (const photograph of this.photographs) {
        const moved = part => part.found && !same(part, part.found);
        const hide = photograph.parts.filter(part => part.hide && (part.why !== "sure" || moved(part)) && part.why !== "unasked");
        const show = photograph.parts.filter(part => (!part.hide && (part.why === "sure" || part.why === "unasked" || part.why === "taken back" ||
          (part.why === "uncertain" && part.answered))) || (part.hide && moved(part) && part.why !== "given"));
        const one = {};
        if (hide.length) one.hide = hide.map(sides);
        if (show.length) one.show = show.map(part => part.found);
        if (photograph.looked) one.looked = photograph.digest;
        if (Object.keys(one).length) document[photograph.name] = one;
      }
      return JSON.stringify(document, null, 1) + "\n";
    }

    /* For a reload of the same pictures: what is not saved yet, as text; `restore` is the counterpart. */
    keep() { return JSON.stringify(this.photographs.map(one => [one.name, one.digest, one.looked, one.parts, Boolean(one.removed)])); }

    restore(text) {
      const kept = new Map(JSON.parse(text).map(row => [row[0], row]));
      for (const photograph of this.photographs) {
        const row = kept.get(photograph.name);
        if (row && row[1] === photograph.digest) { photograph.looked = row[2]; photograph.parts = row[3]; photograph.removed = row[4]; }
      }
      this.saved = false;
    }
  }

  return { Decisions, HIDDEN };
})();
