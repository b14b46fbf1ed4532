// The panic key; without a script there is the button. Loaded before the page is shown, so that no page is ever
// seen that does not listen yet.
"use strict";

// Esc three times within a second and a half; presses on the page before count too: the window's name comes along.
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.repeat) return;
  const now = Date.now();
  const pressed = [...window.name.split(" ").map(Number).filter((when) => when && Math.abs(now - when) < 1500), now];
  window.name = pressed.join(" ");
  if (pressed.length >= 3) panic();
});
addEventListener("submit", (event) => {
  if (!event.target.contains(document.getElementById("panic"))) return;
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
  window.stop(); // a page that is on its way would come after this one, and stay
  window.name = "";
  document.documentElement.replaceChildren(); // first of all nothing is to be seen
  leaving = true;
}

function gone() { location.replace("about:blank"); }

function panic() {
  const token = document.body?.dataset.token ?? ""; // before the page is gone
  blank();
  windows.postMessage("panic");
  fetch("/x", { method: "POST", headers: { "x-desk": token }, keepalive: true }).then(gone, gone);
  setTimeout(gone, 700); // a server that hangs must not keep the page here
}
