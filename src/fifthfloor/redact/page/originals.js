"use strict";
/* The originals of photographs, as URLs that an image can show.

   A photograph has either `original`, a URL of its own (the desk serves one), or `sealed`, `stem` and `key`: a script
   beside the page that `redact/sealed_originals.py` wrote, and what opens it. At most KEPT of them are in memory. */
const FFOriginals = (() => {
  const KEPT = 3;
  const waiting = new Map();
  const opened = new Map();

  /* The script of an original calls this with what it holds. */
  function came(stem, nonce, text) { waiting.get(stem)?.(unsealed(stem, nonce, text)); }

  function bytesOf(hex) { return Uint8Array.from(hex.match(/../g), pair => parseInt(pair, 16)); }

  function unsealed(stem, nonce, text) {
    const coded = atob(text), data = new Uint8Array(coded.length);
    for (let i = 0; i < data.length; i++) data[i] = coded.charCodeAt(i);
    chacha20(waiting.get(stem).key, bytesOf(nonce), data);
    return data;
  }

  /* RFC 8439, section 2.4, from counter 0 on, in place. */
  function chacha20(key, nonce, data) {
    const word = (bytes, at) => bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24;
    const state = new Int32Array(16), x = new Int32Array(16), stream = new Uint8Array(x.buffer);
    state.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
    for (let i = 0; i < 8; i++) state[4 + i] = word(key, 4 * i);
    for (let i = 0; i < 3; i++) state[13 + i] = word(nonce, 4 * i);
    const round = (a, b, c, d) => {
      x[a] += x[b]; let t = x[d] ^ x[a]; x[d] = t << 16 | t >>> 16;
      x[c] += x[d]; t = x[b] ^ x[c]; x[b] = t << 12 | t >>> 20;
      x[a] += x[b]; t = x[d] ^ x[a]; x[d] = t << 8 | t >>> 24;
      x[c] += x[d]; t = x[b] ^ x[c]; x[b] = t << 7 | t >>> 25;
    };
    for (let at = 0; at < data.length; at += 64, state[12]++) {
      x.set(state);
      for (let i = 0; i < 10; i++) {
        round(0, 4, 8, 12); round(1, 5, 9, 13); round(2, 6, 10, 14); round(3, 7, 11, 15);
        round(0, 5, 10, 15); round(1, 6, 11, 12); round(2, 7, 8, 13); round(3, 4, 9, 14);
      }
      for (let i = 0; i < 16; i++) x[i] += state[i];
      const end = Math.min(64, data.length - at);
      for (let i = 0; i < end; i++) data[at + i] ^= stream[i];
    }
  }

  function load(photograph) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const take = data => {
        // Sealed anew by a run that was stopped: the key of this page opens noise.
        if (data[0] === 0xff && data[1] === 0xd8) resolve(URL.createObjectURL(new Blob([data], { type: "image/jpeg" })));
        else reject(new Error("sealed by another run"));
      };
      take.key = bytesOf(photograph.key);
      waiting.set(photograph.stem, take);
      script.onload = script.onerror = () => { script.remove(); waiting.delete(photograph.stem); reject(new Error("not there")); };
      script.src = photograph.sealed;
      document.head.append(script);
    });
  }

  /* Return a promise of the URL; it rejects where the original cannot be opened. */
  function open(photograph) {
    if (photograph.original) return Promise.resolve(photograph.original);
    const here = opened.get(photograph.stem) ?? load(photograph);
    opened.delete(photograph.stem);
    opened.set(photograph.stem, here);
    for (const stem of [...opened.keys()].slice(0, -KEPT)) {
      opened.get(stem).then(url => URL.revokeObjectURL(url), () => {});
      opened.delete(stem);
    }
    return here;
  }

  return { came, open, chacha20 };
})();
