"use strict";
/* The page: one photograph at a time, its questions, its hidden parts, a tick, and the file that is saved. */
(() => {
  const photographs = JSON.parse(document.getElementById("photographs").textContent);
  const decisions = new FFDecisions.Decisions(photographs);
  const by = id => document.getElementById(id);
  const KEPT = "fifthfloor review";
  const CROP_PX = 132;
  const STEP_PX = 8;
  let at = 0;

  const picture = new FFPicture.Picture(by("original"), by("written"), {
    select: part => choose(part),
    draw: box => { choose(decisions.draw(now(), box)); drawing(false); },
    move: (part, box) => { decisions.move(now(), part, box); choose(part); },
    opened: () => paint(),
  });
  const now = () => photographs[at];

  function make(tag, text, attributes = {}) {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  function button(text, action, label) {
    const made = make("button", text, { type: "button" });
    if (label) made.setAttribute("aria-label", label);
    made.addEventListener("click", action);
    return made;
  }

  const GUESSED = new Set(["sure", "uncertain", "unasked", "doubtful", "writing"]);
  function say(part) {
    const what = FFWords.say(`looking.why.${part.why.split(" ", 1)[0]}`); // of "taken back", a state in boxes.json
    return GUESSED.has(part.why) ? FFWords.say("review.guessed", { what, percent: Math.round(100 * part.score) }) : what;
  }

  function nameOf(part, number) {
    const state = part.hide ? "hidden" : part.why === "uncertain" && !part.answered ? "open" : "shown";
    return FFWords.say("review.box", { number: number + 1, what: say(part), state: FFWords.say(`looking.is.${state}`),
      width: part.right - part.left, height: part.bottom - part.top, left: part.left, top: part.top });
  }

  function crop(part) {
    const made = make("span", "", { class: "crop", "aria-hidden": "true" });
    const wide = part.right - part.left, high = part.bottom - part.top;
    const around = Math.max(wide, high) * 1.5, scale = CROP_PX / around;
    const x = (part.left + part.right - around) / 2, y = (part.top + part.bottom - around) / 2;
    if (now().url) made.style.backgroundImage = `url("${now().url}")`;
    made.style.backgroundSize = `${now().width * scale}px ${now().height * scale}px`;
    made.style.backgroundPosition = `${-x * scale}px ${-y * scale}px`;
    return made;
  }

  function item(part) {
    const number = now().parts.indexOf(part);
    const row = make("li", "", { "data-part": number });
    const question = part.why === "uncertain" && !part.answered;
    const pick = button("", () => choose(part === picture.selected ? null : part), nameOf(part, number));
    pick.className = "pick";
    pick.setAttribute("aria-pressed", String(part === picture.selected));
    pick.append(crop(part), make("span", say(part)));
    row.append(pick);
    const choice = (word, hide) => {
      const text = FFWords.say(word);
      row.append(button(text, () => act(() => decisions.decide(now(), part, hide)), `${text}, ${nameOf(part, number)}`));
    };
    if (question || part.hide) choice(question ? "review.no_face" : "looking.show", false);
    if (question || !part.hide) choice("looking.hide", true);
    return row;
  }

  function list(id, parts) {
    by(id).replaceChildren(...parts.map(item));
    by(id).parentElement.hidden = !parts.length;
  }

  /* The lists are made anew each time. Who walks them by keys stays there: with the box, or with the next of its list. */
  function held() {
    const row = document.activeElement?.closest("li[data-part]");
    if (!row) return () => {};
    const { id } = row.parentElement, { part } = row.dataset;
    const place = [...row.parentElement.children].indexOf(row);
    const at = [...row.children].indexOf(document.activeElement);
    return () => {
      const same = document.querySelector(`#${id} li[data-part="${part}"]`);
      const there = same ?? by(id).children[Math.min(place, by(id).children.length - 1)] ?? document.querySelector(`li[data-part="${part}"]`);
      (there?.children[same ? at : 0] ?? there?.firstElementChild)?.focus();
    };
  }

  function act(action) { action(); paint(); keep(); }
  function choose(part) { picture.select(part); paint(); keep(); }

  function paint() {
    const photograph = now(), questions = decisions.questions(photograph), focusAgain = held();
    const open = photographs.reduce((sum, one) => sum + decisions.questions(one).length, 0);
    const looked = photographs.filter(one => one.looked).length;
    by("name").textContent = photograph.name;
    by("place").textContent = FFWords.say("review.place", { number: at + 1, count: photographs.length });
    by("sum").textContent = FFWords.say("review.sum", { looked, count: photographs.length, open });
    by("looked").checked = photograph.looked;
    by("previous").disabled = at === 0;
    by("next").disabled = at + 1 === photographs.length;
    by("undo").disabled = !decisions.undone.length;
    by("none").disabled = !questions.length;
    by("delete").disabled = !picture.selected;
    by("save").textContent = FFWords.say(decisions.saved ? "review.save" : "review.save_unsaved");
    by("differs").hidden = !decisions.differs(photograph);
    list("questions", questions);
    list("hidden", photograph.parts.filter(part => part.hide));
    list("writing", photograph.parts.filter(part => !part.hide && part.why === "writing"));
    list("shown", photograph.parts.filter(part => !part.hide && part.why !== "writing" && !questions.includes(part)));
    by("more").hidden = !photograph.not_shown;
    by("more").textContent = FFWords.say("looking.more", { count: photograph.not_shown });
    picture.draw();
    focusAgain();
  }

  function go(to) {
    if (to < 0 || to >= photographs.length) return;
    at = to;
    picture.show(now());
    paint();
    if (photographs[at + 1]) FFOriginals.open(photographs[at + 1]).catch(() => {});
  }

  function drawing(on) {
    picture.drawing = on;
    by("draw").setAttribute("aria-pressed", String(on));
    picture.draw();
  }

  /* A box in the middle of what is in sight, for whoever draws with keys. */
  function add() {
    const size = Math.round(Math.min(now().width, now().height) / 8);
    const view = by("original");
    const x = Math.round((view.scrollLeft + Math.min(view.clientWidth, now().width * picture.scale) / 2) / picture.scale);
    const y = Math.round((view.scrollTop + Math.min(view.clientHeight, now().height * picture.scale) / 2) / picture.scale);
    const box = { left: x - size, top: y - size, right: x + size, bottom: y + size };
    choose(decisions.draw(now(), FFPicture.within(box, now())));
  }

  function nudge(event) {
    const part = picture.selected;
    const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key].map(way => way * STEP_PX);
    const grow = event.shiftKey ? 0 : 1;
    const box = { left: part.left + x * grow, top: part.top + y * grow, right: part.right + x, bottom: part.bottom + y };
    act(() => decisions.move(now(), part, (grow ? FFPicture.inside : FFPicture.within)(box, now())));
    picture.reveal(part);
  }

  function save() {
    const link = make("a", "", { download: "boxes.json" });
    link.href = URL.createObjectURL(new Blob([decisions.file()], { type: "application/json" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    decisions.saved = true;
    paint();
    keep();
  }

  /* In this tab only, and gone with it: nothing of it is written to the disk for later. */
  function keep() { try { sessionStorage.setItem(KEPT, decisions.keep()); } catch { /* no room: leaving asks */ } }

  const PRESS = { previous: () => go(at - 1), next: () => go(at + 1), save, add, draw: () => drawing(!picture.drawing),
    undo: () => { const back = decisions.undo(); if (back) { go(photographs.indexOf(back)); keep(); } },
    none: () => act(() => decisions.noneIsAFace(now())),
    delete: () => { const part = picture.selected; picture.select(null); act(() => decisions.remove(now(), part)); },
    fit: () => picture.enlarge(0), larger: () => picture.enlarge(picture.scale * 1.6), full: () => picture.enlarge(1) };
  for (const [id, action] of Object.entries(PRESS)) by(id).addEventListener("click", action);
  by("looked").addEventListener("change", event => act(() => decisions.tick(now(), event.target.checked)));
  addEventListener("keydown", event => {
    const third = event.getModifierState("AltGraph"); // Ctrl and Alt on Windows, where "[" is typed with it
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.target.matches("input[type=text]") || (event.altKey && !third)) return;
    if ((event.ctrlKey || event.metaKey) && key === "z") { event.preventDefault(); PRESS.undo(); return; }
    if ((event.ctrlKey && !third) || event.metaKey) return;
    if (event.key.startsWith("Arrow") && picture.selected) { event.preventDefault(); nudge(event); return; }
    const id = { n: "none", d: "draw", a: "add", Delete: "delete", "[": "previous", "]": "next", l: "looked", "1": "full", "0": "fit", Escape: "" }[key];
    if (event.key === "Escape") { drawing(false); choose(null); }
    if (id && !by(id).disabled) { event.preventDefault(); by(id).click(); }
  });
  addEventListener("beforeunload", event => { if (!decisions.saved) event.preventDefault(); });
  try { const kept = sessionStorage.getItem(KEPT); if (kept) decisions.restore(kept); } catch { /* another browser's rules */ }
  go(0);
})();
