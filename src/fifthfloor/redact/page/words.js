"use strict";
/* What the page says, by key: the sentences of `words/review.py` and `words/looking.py`, as the page was made with them. */
const FFWords = (() => {
  const SAID = JSON.parse(document.getElementById("words").textContent);

  /* As `words/form.py`: `{name}` is a fact, and `{count:question|questions}` says a number before what is counted. */
  function say(key, facts = {}) {
    return (SAID[key] ?? key).replace(/\{(\w+)(?::([^{}]*))?\}/g, (_, name, forms) => {
      if (!forms) return facts[name];
      const [one, ...more] = forms.split("|");
      return `${facts[name]} ${facts[name] === 1 ? one : facts[name] === 2 ? more[0] : more[more.length - 1]}`;
    });
  }

  return { say };
})();
