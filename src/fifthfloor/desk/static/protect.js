// Boxes drawn, moved, answered; each change goes to the desk at once. The list below is the same one that works without this.
"use strict";
/* global FFDecisions, FFPicture */

const root = document.getElementById("desk-review");
const by = (id) => document.getElementById(id);
const CROP_PX = 100, STEP_PX = 8, WAIT_MS = 250;
const photograph = JSON.parse(root.dataset.document);
const kept = photograph.parts.map(({ found, hide, answered }) => ({ found, hide, answered }));
const decisions = new FFDecisions.Decisions([photograph]);
photograph.parts.forEach((part, number) => Object.assign(part, kept[number]));
photograph.original = root.dataset.original;
photograph.written = root.dataset.written;
const seen = Object.fromEntries(["photo", "digest"].map((name) => [name, document.querySelector(`#parts input[name=${name}]`).value]));
let waiting = 0, line = Promise.resolve(), stuck = false, made = 0;

for (const shown of [root.querySelector(".tools"), by("original"), by("written"), by("none")]) shown.hidden = false;
by("by-form").hidden = true;

const picture = new FFPicture.Picture(by("original"), by("written"), {
  select: (part) => choose(part),
  draw: (box) => { const part = decisions.draw(photograph, box); drawing(false); choose(part); keep(); },
  move: (part, box) => { decisions.move(photograph, part, box); choose(part); keep(); },
  opened: () => paint(),
});

const GUESSED = new Set(["sure", "uncertain", "unasked", "doubtful", "writing"]);
const asks = (part) => part.why === "uncertain" && !part.answered;
const capital = (word) => word.split(" ")[0].replace(/^./, (first) => first.toUpperCase());
const why = (part) => root.dataset[`why${capital(part.why)}`] + (GUESSED.has(part.why) ? ` (${Math.round(100 * part.score)} %)` : "");
const state = (part) => root.dataset[part.hide ? "isHidden" : asks(part) ? "isOpen" : "isShown"];

function row(part, number) {
  const made = by("row").content.firstElementChild.cloneNode(true);
  made.querySelector(".label").textContent = why(part);
  made.classList.toggle("asks", asks(part));
  made.classList.toggle("chosen", part === picture.selected);
  const pick = made.querySelector(".pick");
  pick.hidden = false;
  pick.setAttribute("aria-label", `${number + 1}: ${why(part)}, ${state(part)}, ${part.right - part.left} × ${part.bottom - part.top}`);
  pick.setAttribute("aria-pressed", String(part === picture.selected));
  pick.addEventListener("click", () => { choose(part === picture.selected ? null : part); focusOn(number); });
  crop(pick.firstElementChild, part);
  for (const radio of made.querySelectorAll("input")) {
    radio.name = `p${number}`;
    radio.checked = radio.value === "hide" ? part.hide : !part.hide && !asks(part);
    radio.addEventListener("change", () => { decide(part, radio.value === "hide"); refocus(number, radio.value); });
  }
  return made;
}

function refocus(number, value) { document.querySelector(`.parts input[name=p${number}][value=${value}]`)?.focus({ preventScroll: true }); }

// The list is made anew each time: who walks it by keys stays where they were.
function focusOn(number) { document.querySelectorAll(".parts .pick")[number]?.focus({ preventScroll: true }); }

function decide(part, hide) { decisions.decide(photograph, part, hide); choose(part); keep(); }

function crop(made, part) {
  const around = Math.max(part.right - part.left, part.bottom - part.top) * 1.5, scale = CROP_PX / around;
  const x = (part.left + part.right - around) / 2, y = (part.top + part.bottom - around) / 2;
  if (photograph.url) made.style.backgroundImage = `url("${photograph.url}")`;
  made.style.backgroundSize = `${photograph.width * scale}px ${photograph.height * scale}px`;
  made.style.backgroundPosition = `${-x * scale}px ${-y * scale}px`;
}

function choose(part) { picture.select(part); paint(); }

function paint() {
  const held = [...document.querySelectorAll(".parts .pick")].indexOf(document.activeElement);
  document.querySelector(".parts").replaceChildren(...photograph.parts.map(row));
  if (held >= 0) focusOn(held);
  by("looked").checked = photograph.looked;
  by("undo").disabled = !decisions.undone.length;
  by("delete").disabled = !picture.selected;
  by("none").disabled = by("ask").disabled = false;
  by("none").hidden = !decisions.questions(photograph).length;
  by("ask").disabled = !decisions.questions(photograph).length && !by("unsure");
  by("differs").hidden = !decisions.differs(photograph);
  by("approve").disabled = stuck || !photograph.looked || decisions.differs(photograph) || decisions.questions(photograph).length > 0;
  picture.draw();
}

// Saved as it is decided: one request at a time, the last state wins.
function keep() {
  if (stuck) { decisions.saved = true; paint(); return; }
  made += 1;
  paint();
  by("kept").textContent = root.dataset.saving;
  clearTimeout(waiting);
  waiting = setTimeout(send, WAIT_MS);
}

// One request after the other: each carries what the one before it left decided, and is refused where another window or run came between.
function send() {
  clearTimeout(waiting);
  line = line.then(post);
  return line;
}

async function post() {
  if (decisions.saved) return;
  const sent = made, body = new URLSearchParams({ ...seen, decided: document.querySelector("[name=decided]").value, file: decisions.file() });
  const answer = fetch(root.dataset.save, { method: "POST", body, headers: { "x-desk": document.body.dataset.token }, keepalive: true });
  const told = await answer.then((given) => (given.ok ? given.json() : null)).catch(() => null);
  if (told?.fault) { stop(told.fault); return; }
  if (told) for (const one of document.querySelectorAll("[name=decided]")) one.value = told.decided;
  // What was changed under way is not in what was sent: it is saved by the next one.
  decisions.saved = Boolean(told) && made === sent;
  by("kept").textContent = root.dataset[decisions.saved ? "saved" : told ? "saving" : "unsaved"];
}

// Nothing more is written, and nothing approved, until the person has loaded what is decided now.
function stop(fault) {
  stuck = decisions.saved = true;
  by("conflict").hidden = false;
  by("conflict").firstElementChild.textContent = fault;
  by("conflict").scrollIntoView({ block: "center" });
  by("kept").textContent = "";
  paint();
}
addEventListener("pagehide", () => { if (!decisions.saved) send(); });
addEventListener("beforeunload", (event) => { if (!decisions.saved) { send(); event.preventDefault(); } });

function drawing(on) {
  picture.drawing = on;
  by("draw").setAttribute("aria-pressed", String(on));
  picture.draw();
}

// A box in the middle of what is in sight, for whoever draws with keys.
function add() {
  const size = Math.round(Math.min(photograph.width, photograph.height) / 8), view = by("original");
  const x = Math.round((view.scrollLeft + Math.min(view.clientWidth, photograph.width * picture.scale) / 2) / picture.scale);
  const y = Math.round((view.scrollTop + Math.min(view.clientHeight, photograph.height * picture.scale) / 2) / picture.scale);
  const part = decisions.draw(photograph, FFPicture.within({ left: x - size, top: y - size, right: x + size, bottom: y + size }, photograph));
  choose(part);
  keep();
}

function nudge(event) {
  const part = picture.selected, grow = event.shiftKey ? 0 : 1;
  const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key].map((way) => way * STEP_PX);
  const box = { left: part.left + x * grow, top: part.top + y * grow, right: part.right + x, bottom: part.bottom + y };
  decisions.move(photograph, part, (grow ? FFPicture.inside : FFPicture.within)(box, photograph));
  keep();
  picture.reveal(part);
}

// The next that nobody has answered: here, or in the next photograph that has one.
function ask() {
  const open = decisions.questions(photograph);
  if (!open.length) { go("unsure"); return; }
  const part = open[(open.indexOf(picture.selected) + 1) % open.length];
  choose(part);
  focusOn(photograph.parts.indexOf(part)); // no radio: an arrow key moves the box
}

async function go(id) {
  if (!by(id)) return;
  if (!decisions.saved) await send();
  by(id).click();
}

const PRESS = {
  add, ask, draw: () => drawing(!picture.drawing),
  undo: () => { if (decisions.undo()) { picture.selected = null; keep(); } },
  none: () => { decisions.noneIsAFace(photograph); keep(); },
  delete: () => { const part = picture.selected; picture.select(null); decisions.remove(photograph, part); keep(); },
  fit: () => picture.enlarge(0), larger: () => picture.enlarge(picture.scale * 1.6), full: () => picture.enlarge(1),
};
for (const [id, action] of Object.entries(PRESS)) by(id).addEventListener("click", action);
by("looked").addEventListener("change", (event) => { decisions.tick(photograph, event.target.checked); keep(); });
by("approval").addEventListener("submit", async (event) => {
  if (decisions.saved) return;
  event.preventDefault();
  await send();
  if (decisions.saved && !stuck) event.target.requestSubmit(event.submitter);
});
by("parts").addEventListener("submit", (event) => { event.preventDefault(); send(); });

addEventListener("keydown", (event) => {
  const third = event.getModifierState("AltGraph"); // Ctrl and Alt on Windows, where "[" is typed with it
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.target.matches("input[type=text], input[type=password]") || (event.altKey && !third)) return;
  if ((event.ctrlKey || event.metaKey) && key === "z") { event.preventDefault(); PRESS.undo(); return; }
  if ((event.ctrlKey && !third) || event.metaKey) return;
  if (event.key.startsWith("Arrow") && picture.selected && !event.target.matches("input[type=radio]")) { event.preventDefault(); nudge(event); return; }
  if (event.key === "Escape") { drawing(false); choose(null); return; }
  if ((key === "h" || key === "s") && picture.selected) { decide(picture.selected, key === "h"); return; }
  if (key === "[" || key === "]") { go(key === "[" ? "previous" : "next"); return; }
  const id = { u: "ask", n: "none", d: "draw", a: "add", Delete: "delete", l: "looked", 1: "full", 0: "fit" }[key];
  if (id && !by(id).disabled && !by(id).hidden) { event.preventDefault(); by(id).click(); }
});

decisions.saved = true;
picture.show(photograph);
paint();
