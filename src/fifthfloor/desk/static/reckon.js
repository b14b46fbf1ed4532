// What it costs, while the sliders move. Without a script a button asks for the same.
"use strict";

const form = document.querySelector("[data-reckon]");
const shown = document.getElementById("reckoned");
const lose = document.getElementById("lose");
let waiting = 0, asked = null, wanted = Number(lose.value);
lose.addEventListener("input", () => { wanted = Number(lose.value); });

for (const slider of form.querySelectorAll("input[type=range]")) {
  slider.addEventListener("input", () => { form.querySelector(`output[for=${slider.id}]`).textContent = slider.value; });
}
form.addEventListener("input", (event) => {
  if (event.target.type === "password") return;
  clearTimeout(waiting);
  waiting = setTimeout(reckon, 120);
});

async function reckon() {
  const cards = form.querySelectorAll("input[name=card]:checked").length;
  // Fewer cards bear fewer losses; more of them bring back what was wished.
  lose.max = Math.max(0, cards - 1);
  lose.value = Math.min(wanted, lose.max);
  form.querySelector("output[for=lose]").textContent = lose.value;
  asked?.abort();
  asked = new AbortController();
  // Only what is reckoned with is sent: no passphrase leaves the form before it is used.
  const sent = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (["card", "lose", "overwrite", "quick"].includes(name)) sent.append(name, value);
  try {
    const answer = await fetch(form.dataset.reckon, { method: "POST", body: sent, headers: { "x-desk": document.body.dataset.token }, signal: asked.signal });
    const found = await answer.json();
    shown.className = `notice ${!found.fits ? "bad" : found.seen ? "good" : ""}`;
    shown.replaceChildren(...found.lines.map((line) => { const said = document.createElement("p"); said.textContent = line; return said; }));
  } catch (error) {
    if (error.name !== "AbortError") { shown.replaceChildren(); shown.className = ""; }
  }
}
for (const slider of form.querySelectorAll("input[type=range]")) form.querySelector(`output[for=${slider.id}]`).textContent = slider.value;
reckon();
