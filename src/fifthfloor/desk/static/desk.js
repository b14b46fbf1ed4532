// Progress as it comes; without a script the page loads itself again.
"use strict";

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
