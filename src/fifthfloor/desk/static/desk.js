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
  let gone = 0;
  // The events break when the desk ends, and when a telephone sleeps: only a page that does not come any more says which.
  told.onerror = () => {
    clearTimeout(gone);
    gone = setTimeout(async () => {
      if (await fetch(location.pathname, { cache: "no-store" }).catch(() => null)) return;
      told.close();
      document.getElementById("working").hidden = true;
      document.getElementById("ended").hidden = false;
    }, 1500);
  };
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
