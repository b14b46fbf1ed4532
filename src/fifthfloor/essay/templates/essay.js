"use strict";
// All of this page works without this script; it adds arrow keys, focus that stays inside, and a free divider.
(() => {
  const open = () => document.querySelector("figure.photo:target");
  let last = null;
  const sync = () => {
    const figure = open();
    if (last && last !== figure) {
      for (const name of ["role", "aria-modal", "aria-label"]) last.removeAttribute(name);
      if (!figure) last.querySelector(".frame a").focus({ preventScroll: true });
    }
    if (figure && figure !== last) {
      figure.setAttribute("role", "dialog");
      figure.setAttribute("aria-modal", "true");
      figure.setAttribute("aria-label", figure.querySelector(".where").textContent);
      figure.querySelector(".turn .shut").focus({ preventScroll: true });
    }
    last = figure;
  };
  addEventListener("hashchange", sync);
  addEventListener("pageshow", sync);
  addEventListener("keydown", (event) => {
    const figure = open();
    if (!figure || event.altKey || event.ctrlKey || event.metaKey) return;
    const ahead = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const go = { Escape: ".shut", [ahead]: ".on", [ahead === "ArrowLeft" ? "ArrowRight" : "ArrowLeft"]: ".before" }[event.key];
    if (go) {
      const link = figure.querySelector(".turn " + go);
      if (link) { event.preventDefault(); link.click(); }
      return;
    }
    if (event.key !== "Tab") return;
    const stops = [...figure.querySelectorAll("a[href]")];
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (document.activeElement === edge || !figure.contains(document.activeElement)) {
      event.preventDefault();
      stops[event.shiftKey ? stops.length - 1 : 0].focus();
    }
  });
  for (const pair of document.querySelectorAll(".pair")) {
    const box = pair.querySelector(".divider");
    const range = box.querySelector("input");
    const show = () => {
      pair.style.setProperty("--at", range.value + "%");
      range.setAttribute("aria-valuetext", range.value + " %");
    };
    box.classList.add("on");
    range.addEventListener("input", () => { pair.classList.add("sliding"); pair.querySelector(".to-half").checked = true; show(); });
    for (const mode of pair.querySelectorAll(".modes input")) {
      mode.addEventListener("change", () => {
        pair.classList.remove("sliding");
        range.value = { "to-left": 100, "to-right": 0 }[mode.className] ?? 50;
        show();
      });
    }
    show();
  }
})();
