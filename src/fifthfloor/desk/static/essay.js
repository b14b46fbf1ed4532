// Saved as one types, counted as one types, ordered by dragging. Without this each piece has a button of its own.
"use strict";

const pieces = document.getElementById("pieces"), said = document.getElementById("kept"), words = pieces.dataset;
const conflict = document.getElementById("conflict");
const WAIT_MS = 600;
const waiting = new Map();
let line = Promise.resolve(), stuck = false, again = false, under_way = 0;

for (const bar of document.querySelectorAll(".by-form")) bar.hidden = true;

// One request after the other: each says which text of the file it was made of.
function send(address, fieldsOf, form) {
  under_way += 1;
  line = line.then(async () => {
    if (stuck) return false;
    const fields = fieldsOf(); // now: what was answered before may have moved its lines
    fields.set("script", "1");
    fields.set("digest", document.querySelector("[name=digest]").value);
    const answer = await fetch(address, { method: "POST", body: fields, headers: { "x-desk": document.body.dataset.token }, keepalive: true });
    const told = answer.ok ? await answer.json() : { fault: words.unsaved };
    if (told.fault) { stop(told.fault); return false; }
    for (const one of document.querySelectorAll("[name=digest]")) one.value = told.digest;
    document.getElementById("undo").disabled = !told.undone;
    if (form) shift(form, told.lines);
    again ||= told.renumbered;
    return true;
  }).catch(() => { said.textContent = words.unsaved; return false; }).finally(() => { under_way -= 1; });
  return line;
}

// A form owns lines of the file, the same ones however many paragraphs are typed in it; those below it move.
function shift(form, lines) {
  let below = false;
  for (const { elements } of [...pieces.querySelectorAll("form.piece")].filter((one) => below || (below = one === form))) {
    const moved = elements === form.elements ? elements.span : elements.at;
    if (moved) moved.value = Number(moved.value) + lines;
  }
}

// Photographs that were typed, or are gone, change the numbers of the others: the page is made anew as soon as it is left alone.
async function renew() { if (await flush() && again && !waiting.size) location.reload(); }

// Nothing more is written until the person has seen why; what was typed stays on the page.
function stop(fault) {
  stuck = true;
  conflict.hidden = false;
  conflict.firstElementChild.textContent = fault;
  conflict.scrollIntoView({ block: "center" });
  said.textContent = "";
}

async function save(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
  const saved = await send(form.action, () => new URLSearchParams(new FormData(form)), form);
  if (saved && !waiting.size && !under_way) said.textContent = words.saved; // another request may be behind this one
  return saved;
}

async function flush() { for (const form of [...waiting.keys()]) await save(form); await line; return !stuck; }

function count(form) {
  const shown = form.querySelector(".count");
  if (!shown) return;
  const length = form.elements.alt.value.trim().replace(/\s+/g, " ");
  const characters = [...length].length;
  shown.textContent = shown.textContent.replace(/^\d+/, characters);
  shown.classList.toggle("short", characters < Number(words.least) || characters > Number(words.most));
}

for (const form of pieces.querySelectorAll("form.piece")) {
  count(form);
  form.addEventListener("input", () => {
    count(form);
    if (stuck) return;
    said.textContent = words.saving;
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => save(form), WAIT_MS));
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); save(form); });
  form.addEventListener("focusout", () => { if (again || form.elements.span) renew(); });
  // Somebody may have typed before this script had come; browsers put no old text into these forms (autocomplete is off).
  const is_typed = (field) => field.type !== "hidden" && (field.type === "radio" || field.type === "checkbox" ? field.checked !== field.defaultChecked : field.defaultValue !== undefined && field.value !== field.defaultValue);
  if ([...form.elements].some(is_typed)) form.dispatchEvent(new Event("input"));
}
addEventListener("beforeunload", (event) => { if (waiting.size) { flush(); event.preventDefault(); } });

// A form that leads elsewhere waits for what was typed; its digest is that of the text written last.
for (const form of document.querySelectorAll("main form:not(.piece)")) {
  form.addEventListener("submit", async (event) => {
    const stale = again && form.elements.number;
    if (!waiting.size && !under_way && !stale) return;
    event.preventDefault();
    if (stale) { renew(); return; }
    if (await flush()) form.requestSubmit(event.submitter);
  });
}

// After an arrow of the order: the same photograph's arrow, where it stands now.
const arrow = /^#(earlier|later)(\d+)$/.exec(location.hash);
if (arrow) [arrow[1], "earlier", "later"].map((way) => document.getElementById(way + arrow[2])).find((one) => one && !one.disabled)?.focus();

const order = document.querySelector(".order");
let held = null;
for (const item of order?.children ?? []) {
  item.draggable = true;
  item.addEventListener("dragstart", (event) => { held = item; event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", ""); });
  item.addEventListener("dragover", (event) => { event.preventDefault(); item.classList.add("over"); });
  item.addEventListener("dragleave", () => item.classList.remove("over"));
  item.addEventListener("drop", async (event) => {
    event.preventDefault();
    item.classList.remove("over");
    if (!held || held === item || !(await flush())) return;
    if (again) { location.reload(); return; }
    const moved = await send(order.dataset.move, () => new URLSearchParams({ number: held.dataset.number, to: item.dataset.number }));
    if (moved) location.reload();
  });
}
