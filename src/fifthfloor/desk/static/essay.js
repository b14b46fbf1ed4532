// Saved as one types, counted as one types, ordered by dragging. Without this each piece has a button of its own.
"use strict";

const pieces = document.getElementById("pieces"), said = document.getElementById("kept"), words = pieces.dataset;
const conflict = document.getElementById("conflict");
const WAIT_MS = 600;
const waiting = new Map();
let line = Promise.resolve(), stuck = false;

for (const bar of document.querySelectorAll(".by-form")) bar.hidden = true;

// One request after the other: each says which text of the file it was made of.
function send(address, fields) {
  line = line.then(async () => {
    if (stuck) return false;
    fields.set("script", "1");
    fields.set("digest", document.querySelector("[name=digest]").value);
    const answer = await fetch(address, { method: "POST", body: fields, headers: { "x-desk": document.body.dataset.token }, keepalive: true });
    const told = answer.ok ? await answer.json() : { fault: words.unsaved };
    if (told.fault) { stop(told.fault); return false; }
    for (const one of document.querySelectorAll("[name=digest]")) one.value = told.digest;
    document.getElementById("undo").disabled = !told.undone;
    return true;
  }).catch(() => { said.textContent = words.unsaved; return false; });
  return line;
}

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
  const saved = await send(form.action, new URLSearchParams(new FormData(form)));
  if (saved && !waiting.size) said.textContent = words.saved;
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
}
addEventListener("beforeunload", (event) => { if (waiting.size) { flush(); event.preventDefault(); } });

// A form that leads elsewhere waits for what was typed; its digest is that of the text written last.
for (const form of document.querySelectorAll("main form:not(.piece)")) {
  form.addEventListener("submit", async (event) => {
    if (!waiting.size) return;
    event.preventDefault();
    if (await flush()) form.requestSubmit(event.submitter);
  });
}

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
    const moved = await send(order.dataset.move, new URLSearchParams({ number: held.dataset.number, to: item.dataset.number }));
    if (moved) location.reload();
  });
}
