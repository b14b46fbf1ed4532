// An identity file that is chosen or dropped on the page is read into its field, and sent with the form; it is kept nowhere.
"use strict";

const MOST_BYTES = 65536; // as the desk reads
const part = document.getElementById("identity-part"), shown = document.getElementById("identity");
const choose = document.getElementById("identity-choose"), chosen = document.getElementById("identity-chosen");
const files = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
choose.hidden = false;
chosen.addEventListener("change", () => read(chosen.files[0]));
addEventListener("dragover", (event) => { if (files(event)) event.preventDefault(); });
addEventListener("drop", (event) => {
  if (!files(event)) return;
  event.preventDefault();
  read(event.dataTransfer.files[0]);
});

async function read(file) {
  if (!file) return;
  shown.value = file.size <= MOST_BYTES ? await file.text() : file.name;
  part.open = true;
  chosen.value = "";
}
