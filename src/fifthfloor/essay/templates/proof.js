// The panel of this page. Nothing leaves the computer: files are read here, pictures are fetched from where this page is.
(() => {
  const keys = new Set([...document.querySelectorAll(".signer")].map((code) => code.textContent));
  const expected = document.querySelector("#expected");
  // The keys in this page's list are what this site says; only a key from elsewhere proves who signed.
  const isForeign = (found) => !expected.value.trim() && !keys.has(found.key);
  const telling = async (statement) => FifthFloor.signedLikeness(new Uint8Array(await statement())).catch(() => null);
  const isOfAnother = async (picture, statement) =>
    Likeness.looksOtherwise(await picture(), await telling(statement)).catch(() => false);
  const isCopyOf = async (picture, statement) => Likeness.isCopyOf(await picture(), await telling(statement)).catch(() => false);
  // Of a picture that no statement fits: which one of these it is similar to. `named` is a list of [name, statement].
  const compare = async (verdict, bytes, named) => {
    const signed = await Promise.all(named.map(async ([name, statement]) => ({ name, told: await telling(statement) })));
    const near = await Likeness.nearest(bytes, signed.filter(({ told }) => told && keys.has(told.key)));
    if (near?.found.isThisFrame && near.found.areas.length) draw(verdict, near);
    return near && Likeness.said(near, SAY).join(" ");
  };
  // Below the verdict, the copy with frames round what differs; without `near`, nothing.
  const draw = (verdict, near) => {
    verdict.parentNode.querySelector("canvas")?.remove();
    if (!near) return;
    Likeness.frame(near.canvas, near.found);
    near.canvas.setAttribute("role", "img");
    near.canvas.setAttribute("aria-label", SAY.similar_drawn);
    verdict.after(near.canvas);
  };
  const check = async (verdict, picture, statement, name) => {
    verdict.className = "verdict";
    verdict.textContent = SAY.working;
    draw(verdict, null);
    try {
      const [bytes, stated] = await Promise.all([picture(), statement()]);
      const found = await FifthFloor.verify(new Uint8Array(bytes), new Uint8Array(stated));
      const word = FifthFloor.verdict(found, expected.value);
      verdict.classList.add(isForeign(found) || ["other_key", "no_key"].includes(word) ? "bad" : "good");
      const afterwards = (100 * found.hiddenAfterwards / found.intervals).toFixed(1);
      verdict.textContent = SAY[word] + (isForeign(found) ? " " + SAY.foreign : "") + (found.hiddenAfterwards ? " " + SAY.afterwards.replace("{percent}", afterwards) : "");
    } catch (error) {
      let word = error.key ? FifthFloor.verdictOf(error) : "no_statement";
      if ((word === "changed" || error.facts?.isCodedAnew) && (await isOfAnother(picture, statement))) word = "other_picture";
      if (error.key === "statement.header" && (await isCopyOf(picture, statement))) word = "cannot_tell";
      verdict.classList.add(word === "cannot_tell" ? "open" : "bad");
      verdict.textContent = SAY[word] + (error.key ? " (" + error.key + ")" : "");
      const similar = error.key && await picture().then((bytes) => compare(verdict, bytes, [[name, statement]])).catch(() => null);
      if (similar) verdict.textContent += " " + similar;
    }
  };
  const rows = [...document.querySelectorAll(".proofs li")];
  const numbered = (row) => SAY.similar_number.replace("{number}", row.querySelector(".number").textContent);
  const ofThisPage = rows.map((row) => [numbered(row), () => read(row.querySelector(".the-statement"))]);
  const alone = async (verdict, picture, named) => {
    verdict.className = "verdict";
    verdict.textContent = SAY.working;
    draw(verdict, null);
    verdict.textContent = await picture.arrayBuffer()
      .then((bytes) => compare(verdict, bytes, named))
      .then((similar) => similar || SAY.similar_none)
      .catch(() => SAY.no_picture);
    verdict.classList.add("open");
  };
  const read = async (link) => {
    const answer = await fetch(link.href, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.arrayBuffer();
  };
  const form = document.querySelector(".check");
  form.hidden = false;
  document.querySelector(".without-script").hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const files = [...form.querySelector("input").files];
    const statements = files.filter((file) => /\.json$/i.test(file.name)), [statement] = statements;
    const picture = files.find((file) => !statements.includes(file));
    const nameOf = (file) => file.name.replace(/\.statement\.json$/i, "");
    const verdict = form.querySelector(".verdict");
    if (files.length === 2 && statement && picture) {
      check(verdict, () => picture.arrayBuffer(), () => statement.arrayBuffer(), nameOf(statement));
    } else if (picture && statements.length > 1 && files.length === statements.length + 1) {
      alone(verdict, picture, statements.map((file) => [nameOf(file), () => file.arrayBuffer()]));
    } else if (files.length === 1 && picture && location.protocol !== "file:") alone(verdict, picture, ofThisPage);
    else verdict.textContent = SAY.two_files;
  });
  // A page opened from a disk may not read its neighbours; there, files are chosen above.
  if (location.protocol === "file:") return;
  form.querySelector(".alone").hidden = false;
  for (const row of rows) {
    const place = row.querySelector(".fetching");
    place.hidden = false;
    place.querySelector("button").addEventListener("click", () => check(
      place.querySelector(".verdict"),
      () => read(row.querySelector(".the-picture")),
      () => read(row.querySelector(".the-statement")),
      numbered(row),
    ));
  }
})();
