// Reads lines of JSON [picture, statement] (base64) and prints how many verify.js refused, accepted and failed on.
"use strict";
const path = require("path");
const readline = require("readline");
const FifthFloor = require(path.resolve(process.argv[2]));

(async () => {
  const counts = { refused: 0, accepted: 0, failed: 0, last: "" };
  const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [picture, statement] = JSON.parse(line);
    try {
      await FifthFloor.verify(bytes(picture), bytes(statement));
      counts.accepted += 1;
      counts.last = line.slice(0, 2000);
    } catch (error) {
      if (error instanceof FifthFloor.Refusal) counts.refused += 1;
      else {
        counts.failed += 1;
        counts.last = String(error.stack);
      }
    }
  }
  console.log(JSON.stringify(counts));
})();
