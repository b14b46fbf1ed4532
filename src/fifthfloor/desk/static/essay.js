// Saved as one types, counted as one types, ordered by dragging. Without this each piece has a button of its own.
"use strict";

const pieces = document.getElementById("pieces"), said = document.getElementById("kept"), words = pieces.dataset;
const conflict = document.getElementById("conflict");
const WAIT_MS = 600, AGAIN_MS = 3000;
const MOST_KEPT_ALIVE = 60_000; // browsers send no more than 64 KiB of a page that is left
const waiting = new Map(); // what is not in the file yet, and how often it was typed in
let timer = 0;
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
    const keepalive = String(fields).length < MOST_KEPT_ALIVE;
    const answer = await fetch(address, { method: "POST", body: fields, headers: { "x-desk": document.body.dataset.token }, keepalive });
    const told = answer.ok ? await answer.json() : { fault: words.unsaved };
    if (told.conflict) { stop(told.fault); return false; }
    if (told.fault) { said.textContent = told.fault; soon(AGAIN_MS); return false; }
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
async function renew() { if (await flush() && again) location.reload(); }

// Nothing more is written until the person has seen why; what was typed stays on the page.
function stop(fault) {
  stuck = true;
  waiting.clear();
  conflict.hidden = false;
  conflict.firstElementChild.textContent = fault;
  conflict.scrollIntoView({ block: "center" });
  said.textContent = "";
}

function soon(after) { clearTimeout(timer); timer = setTimeout(flush, after); }

function typed_in(form) { waiting.set(form, (waiting.get(form) ?? 0) + 1); }

async function save(form) {
  const typed = waiting.get(form);
  const saved = await send(form.action, () => new URLSearchParams(new FormData(form)), form);
  if (saved && waiting.get(form) === typed) waiting.delete(form);
  if (saved && !waiting.size && !under_way) said.textContent = words.saved; // another request may be behind this one
}

async function flush() {
  clearTimeout(timer);
  for (const form of [...waiting.keys()]) await save(form);
  await line;
  return !stuck && !waiting.size;
}

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
    typed_in(form);
    soon(WAIT_MS);
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); if (!stuck) { typed_in(form); flush(); } });
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
