// The panel of this page. Nothing leaves the computer: files are read here, pictures are fetched from where this page is.
(() => {
  const keys = new Set([...document.querySelectorAll(".signer")].map((code) => code.textContent));
  const expected = document.querySelector("#expected");
  // The keys in this page's list are what this site says; only a key from elsewhere proves who signed.
  const wordFor = (found) => {
    const given = expected.value.trim();
    if (given) return FifthFloor.verdict(found, given);
    return keys.has(found.key) ? FifthFloor.verdict(found, null) : "other_key";
  };
  const check = async (verdict, picture, statement) => {
    verdict.className = "verdict";
    verdict.textContent = SAY.working;
    try {
      const [bytes, stated] = await Promise.all([picture(), statement()]);
      const found = await FifthFloor.verify(new Uint8Array(bytes), new Uint8Array(stated));
      const word = wordFor(found);
      verdict.classList.add(word === "other_key" ? "bad" : "good");
      const afterwards = (100 * found.hiddenAfterwards / found.intervals).toFixed(1);
      verdict.textContent = SAY[word] + (found.hiddenAfterwards ? " " + SAY.afterwards.replace("{percent}", afterwards) : "");
    } catch (error) {
      const word = error.key ? FifthFloor.verdictOf(error) : "no_statement";
      verdict.classList.add(word === "cannot_tell" ? "open" : "bad");
      verdict.textContent = SAY[word] + (error.key ? " (" + error.key + ")" : "");
    }
  };
  const form = document.querySelector(".check");
  form.hidden = false;
  document.querySelector(".without-script").hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const files = [...form.querySelector("input").files];
    const statement = files.find((file) => /\.json$/i.test(file.name));
    const picture = files.find((file) => file !== statement);
    const verdict = form.querySelector(".verdict");
    if (files.length === 2 && statement && picture) check(verdict, () => picture.arrayBuffer(), () => statement.arrayBuffer());
    else verdict.textContent = SAY.two_files;
  });
  // A page opened from a disk may not read its neighbours; there, files are chosen above.
  if (location.protocol === "file:") return;
  const read = async (link) => {
    const answer = await fetch(link.href, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.arrayBuffer();
  };
  for (const row of document.querySelectorAll(".proofs li")) {
    const place = row.querySelector(".fetching");
    place.hidden = false;
    place.querySelector("button").addEventListener("click", () => check(
      place.querySelector(".verdict"),
      () => read(row.querySelector(".the-picture")),
      () => read(row.querySelector(".the-statement")),
    ));
  }
})();
