// A contact sheet with many frames: a day at once, and how many are picked. Without a script each frame is a box to tick.
"use strict";

const count = document.getElementById("count");
const boxes = [...document.querySelectorAll(".sheet input[type=checkbox]")];

for (const day of document.querySelectorAll(".day")) {
  const own = [...day.querySelectorAll("input[type=checkbox]")];
  const all = document.createElement("button");
  all.type = "button";
  all.className = "second";
  const words = day.form.dataset;
  const say = () => { all.textContent = own.every((box) => box.checked) ? words.none : words.all; };
  all.addEventListener("click", () => {
    const tick = !own.every((box) => box.checked);
    for (const box of own) box.checked = tick;
    say();
    tell();
  });
  day.addEventListener("change", say);
  day.querySelector("legend").append(all);
  say();
}

// From one click to the next with Shift: all between them.
let last = null;
for (const [number, box] of boxes.entries()) {
  box.addEventListener("click", (event) => {
    if (event.shiftKey && last !== null) {
      for (let n = Math.min(last, number); n <= Math.max(last, number); n += 1) boxes[n].checked = box.checked;
    }
    last = number;
    tell();
  });
}

function tell() {
  if (!count) return;
  const picked = boxes.filter((box) => box.checked).length;
  count.textContent = picked === 1 ? count.dataset.one : count.dataset.many.replace("2", picked);
}
tell();
