// Judges lines of JSON [picture, statement] (base64) with verify.js; prints one outcome a line: `verified`, the key of
// a refusal, or `crashed: ...` on one line for anything else that was thrown.
"use strict";
const path = require("path");
const readline = require("readline");
const FifthFloor = require(path.resolve(process.argv[2]));

const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));

async function outcome(picture, statement) {
  try {
    await FifthFloor.verify(bytes(picture), bytes(statement));
    return "verified";
  } catch (error) {
    return error instanceof FifthFloor.Refusal ? error.key : "crashed: " + String(error.stack).replace(/\n/g, " | ");
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write((await outcome(...JSON.parse(line))) + "\n");
  }
})();
