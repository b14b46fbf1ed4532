// An image that is dropped anywhere on the page is put into the field, and sent as if it had been chosen there.
"use strict";

const form = document.getElementById("receive"), field = form.elements.image;
const files = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
for (const kind of ["dragenter", "dragover"]) {
  addEventListener(kind, (event) => { if (files(event)) { event.preventDefault(); form.classList.add("over"); } });
}
addEventListener("dragleave", (event) => { if (!event.relatedTarget) form.classList.remove("over"); });
addEventListener("drop", (event) => {
  if (!files(event)) return;
  event.preventDefault();
  form.classList.remove("over");
  if (!event.dataTransfer.files.length) return;
  field.files = event.dataTransfer.files;
  form.requestSubmit();
});
form.addEventListener("submit", () => { document.getElementById("receiving").hidden = false; });
