// One photograph over the other, as readers compare them: as wide as the slider says. Without this they stand side by side.
"use strict";

const laid = document.getElementById("laid"), at = document.getElementById("at");
document.getElementById("slide").hidden = false;
laid.classList.add("over");
const show = () => laid.style.setProperty("--at", `${at.value}%`);
at.addEventListener("input", show);
// The picture itself may be dragged too; the slider is the same for whoever uses keys.
laid.addEventListener("pointermove", (event) => {
  if (!event.buttons) return;
  const box = laid.getBoundingClientRect();
  at.value = Math.round((100 * (event.clientX - box.left)) / box.width);
  show();
});
laid.addEventListener("dragstart", (event) => event.preventDefault());
show();
