// Runs every vector through verify.js; prints one line a vector: name, expected, got with WebCrypto, got by script.
"use strict";
const fs = require("fs");
const path = require("path");
const FifthFloor = require(path.resolve(process.argv[2]));

// The head quotes bytes that are no UTF-8 as lone surrogates (Python's surrogateescape).
function bytesOf(text) {
  const out = [];
  for (const c of text) {
    const point = c.codePointAt(0);
    if (point >= 0xdc80 && point <= 0xdcff) out.push(point - 0xdc00);
    else out.push(...Buffer.from(c, "utf8"));
  }
  return Uint8Array.from(out);
}

async function outcome(picture, statement, script) {
  try {
    await FifthFloor.verify(picture, statement, script);
    return "verified";
  } catch (error) {
    return error.key || String(error.stack);
  }
}

(async () => {
  const folder = process.argv[3];
  for (const name of fs.readdirSync(folder).sort()) {
    const head = {};
    for (const line of fs.readFileSync(path.join(folder, name), "utf8").trimEnd().split("\n")) {
      const at = line.indexOf(":");
      head[line.slice(0, at)] = line.slice(at + 1).trim();
    }
    const picture = new Uint8Array(Buffer.from(head.picture, "base64"));
    const statement = bytesOf(JSON.parse(head.statement));
    const got = [await outcome(picture, statement, false), await outcome(picture, statement, true)];
    console.log(JSON.stringify([name, head.expect, ...got]));
  }
})();
