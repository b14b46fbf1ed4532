// Runs likeness.js over pictures in grey: for each name, its points and what is similar, as one line of JSON.
"use strict";
const fs = require("fs");
const path = require("path");
const Likeness = require(path.resolve(process.argv[2]));

for (const { name, width, height, grey, likeness } of JSON.parse(fs.readFileSync(0, "utf8"))) {
  const looked = Likeness.look({ width, height, pixels: new Uint8Array(Buffer.from(grey, "base64")) });
  let found;
  try {
    found = Likeness.similar(Likeness.read(new Uint8Array(Buffer.from(likeness, "base64"))), looked);
  } catch (error) {
    found = error.message;
  }
  const points = looked.points.list.map((one) => [one.x, one.y, one.signs.map((sign) => (sign ? 1 : 0)).join("")]);
  console.log(JSON.stringify({ name, points, found }));
}
