// The panic key, and progress as it comes. Everything here has a way without a script: a button, and a page that reloads.
"use strict";

const token = document.body.dataset.token;

// Esc three times within a second and a half.
let pressed = [];
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.repeat) return;
  pressed = [...pressed.filter((when) => event.timeStamp - when < 1500), event.timeStamp];
  if (pressed.length >= 3) panic();
});
document.getElementById("panic").form.addEventListener("submit", (event) => {
  event.preventDefault();
  panic();
});

// A page with something unsaved asks before it is left; not now. Capturing: before the page's own listeners, whenever they came.
let leaving = false;
addEventListener("beforeunload", (event) => { if (leaving) event.stopImmediatePropagation(); }, true);

// Other windows of the desk go blank too.
const windows = new BroadcastChannel("panic");
windows.onmessage = () => { blank(); gone(); };

function blank() {
  document.documentElement.replaceChildren(); // first of all nothing is to be seen
  leaving = true;
}

function gone() { location.replace("about:blank"); }

function panic() {
  blank();
  windows.postMessage("panic");
  fetch("/x", { method: "POST", headers: { "x-desk": token }, keepalive: true }).then(gone, gone);
  setTimeout(gone, 700); // a server that hangs must not keep the page here
}

// What the browser kept in memory to go back to is not shown again.
addEventListener("pageshow", (event) => {
  if (event.persisted) { document.documentElement.replaceChildren(); location.reload(); }
});

const watched = document.querySelector("[data-job]");
if (watched) {
  const bar = watched.querySelector("progress");
  const told = new EventSource(watched.dataset.job);
  told.onmessage = (event) => {
    const now = JSON.parse(event.data);
    if (now.state !== "runs") { told.close(); location.replace(location.pathname); return; }
    document.getElementById("doing").textContent = now.title;
    if (now.percent === null) bar.removeAttribute("value"); else bar.value = now.percent;
    document.getElementById("percent").textContent = now.percent === null ? "" : `${now.percent} %`;
    document.getElementById("left").textContent = now.left;
    document.getElementById("rate").textContent = now.rate;
  };
}
