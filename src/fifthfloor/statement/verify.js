/* Verification of a redacted photograph, for Node and any browser, without a dependency.
 *
 * The steps and their names are those of spec/statement.md section 7 and of verify.py; both are held to the same vectors.
 * Rule 1: verify() gives the verified statement or throws a Refusal, whose `key` is that of the Python error.
 * Rule 2: nothing is fetched, stored or sent.
 */
"use strict";
(function (place, make) {
  if (typeof module === "object" && module.exports) module.exports = make();
  else place.FifthFloor = make();
})(typeof self === "undefined" ? this : self, function () {
  // Version 1 has every picture's entry in the clear, and does not say which facts the signer showed.
  // Version 3 also commits to what the picture looks like.
  const FORMATS = ["fifthfloor statement 1", "fifthfloor statement 2", "fifthfloor statement 3"];
  const FACTS = ["camera", "captured", "original", "place", "raw"];
  // "jumd" and the type of a C2PA manifest store.
  const C2PA_DESCRIPTION = "6a756d6463327061" + "001100108000" + "00aa00389b71";
  const MAX_STATEMENT_BYTES = 16 << 20;
  const MAX_LIKENESS_BYTES = 8192;
  const PROFILE_PIECE_BYTES = 65519;
  const MAX_PROFILE_PIECES = 16;
  // Characters with which a text could rewrite a line of a terminal, or turn round what stands beside it.
  const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;
  const TIME = /^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$/;

  /* `what`: a phrase of `words/`, filled with `facts` by the page that says it, or what the file has in that place. */
  class Refusal extends Error {
    constructor(key, what, facts) {
      super(what ? key + ": " + what : key);
      this.key = key;
      this.what = what || "";
      this.facts = facts || {};
    }
  }
  const odd = (what, offset, facts) => new Refusal("jpeg.not_canonical", "jpeg.what." + what, { ...facts, offset });
  const malformed = (what = "parts") => new Refusal("statement.malformed", "statement.what." + what);

  // ---- hashes (FIPS 180-4); the constants are roots of primes, worked out once -------------------------------------

  const PRIMES = [];
  for (let n = 2; PRIMES.length < 80; n++) if (PRIMES.every((p) => n % p)) PRIMES.push(n);
  const WORD64 = (1n << 64n) - 1n;
  function rootOf(number, power) {
    // Newton's method from above; whole numbers, so it ends at the floor.
    let at = 1n << 80n;
    for (;;) {
      const next = power === 2n ? (at + number / at) >> 1n : (2n * at + number / (at * at)) / 3n;
      if (next >= at) return at;
      at = next;
    }
  }
  const K512 = PRIMES.map((p) => rootOf(BigInt(p) << 192n, 3n) & WORD64);
  const H512 = PRIMES.slice(0, 8).map((p) => rootOf(BigInt(p) << 128n, 2n) & WORD64);
  const K256 = new Int32Array(K512.slice(0, 64).map((k) => Number(k >> 32n) | 0));
  const H256 = new Int32Array(H512.map((h) => Number(h >> 32n) | 0));

  let scratch = new Uint8Array(1 << 12);
  const schedule = new Int32Array(64);

  /* SHA-256 of the bytes of `parts`, which are joined. */
  function sha256(...parts) {
    let length = 0;
    for (const part of parts) length += part.length;
    const padded = (length + 72) & ~63;
    if (scratch.length < padded) scratch = new Uint8Array(padded * 2);
    let at = 0;
    for (const part of parts) {
      scratch.set(part, at);
      at += part.length;
    }
    scratch.fill(0, at, padded);
    scratch[at] = 0x80;
    const bits = length * 8;
    for (let i = 0; i < 6; i++) scratch[padded - 1 - i] = Math.floor(bits / 2 ** (8 * i)) & 255;
    const state = Int32Array.from(H256);
    for (let block = 0; block < padded; block += 64) compress(state, scratch, block);
    const out = new Uint8Array(32);
    for (let i = 0; i < 32; i++) out[i] = state[i >> 2] >>> (24 - 8 * (i & 3));
    return out;
  }

  function compress(state, bytes, block) {
    const w = schedule;
    for (let i = 0, j = block; i < 16; i++, j += 4) {
      w[i] = (bytes[j] << 24) | (bytes[j + 1] << 16) | (bytes[j + 2] << 8) | bytes[j + 3];
    }
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15];
      const y = w[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let a = state[0], b = state[1], c = state[2], d = state[3];
    let e = state[4], f = state[5], g = state[6], h = state[7];
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K256[i] + w[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }

  /* SHA-512, for signatures where the browser has none; slow and short. */
  function sha512(message) {
    const padded = new Uint8Array((message.length + 17 + 127) & ~127);
    padded.set(message);
    padded[message.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
    const turn = (x, n) => ((x >> n) | (x << (64n - n))) & WORD64;
    const state = H512.slice();
    for (let block = 0; block < padded.length; block += 128) {
      const w = [];
      for (let i = 0; i < 16; i++) w.push(view.getBigUint64(block + 8 * i));
      for (let i = 16; i < 80; i++) {
        const s0 = turn(w[i - 15], 1n) ^ turn(w[i - 15], 8n) ^ (w[i - 15] >> 7n);
        const s1 = turn(w[i - 2], 19n) ^ turn(w[i - 2], 61n) ^ (w[i - 2] >> 6n);
        w.push((w[i - 16] + s0 + w[i - 7] + s1) & WORD64);
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 80; i++) {
        const s1 = turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n);
        const t1 = (h + s1 + ((e & f) ^ (~e & WORD64 & g)) + K512[i] + w[i]) & WORD64;
        const s0 = turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n);
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) & WORD64;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) & WORD64, c, b, a, (t1 + t2) & WORD64];
      }
      [a, b, c, d, e, f, g, h].forEach((value, i) => (state[i] = (state[i] + value) & WORD64));
    }
    const out = new Uint8Array(64);
    const written = new DataView(out.buffer);
    state.forEach((value, i) => written.setBigUint64(8 * i, value));
    return out;
  }

  // ---- Ed25519 (RFC 8032), where the browser has none --------------------------------------------------------------

  const P = (1n << 255n) - 19n;
  const L = (1n << 252n) + 27742317777372353535851937790883648493n;
  const mod = (a, m) => ((a % m) + m) % m;
  function power(base, exponent, m) {
    let result = 1n;
    for (let b = mod(base, m), e = exponent; e; e >>= 1n, b = (b * b) % m) if (e & 1n) result = (result * b) % m;
    return result;
  }
  const D = mod(-121665n * power(121666n, P - 2n, P), P);
  const SQRT_MINUS_1 = power(2n, (P - 1n) / 4n, P);
  const little = (bytes) => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

  function point(bytes) {
    const sign = bytes[31] >> 7;
    const y = mod(little(bytes) & ((1n << 255n) - 1n), P);
    const u = mod(y * y - 1n, P);
    const v = mod(D * y * y + 1n, P);
    let x = mod(u * power(v, 3n, P) * power(u * power(v, 7n, P), (P - 5n) / 8n, P), P);
    const check = mod(v * x * x, P);
    if (check === mod(-u, P)) x = mod(x * SQRT_MINUS_1, P);
    else if (check !== u) return null;
    if (Number(x & 1n) !== sign) x = mod(-x, P);
    return [x, y, 1n, mod(x * y, P)];
  }
  function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
    const a = mod((y1 - x1) * (y2 - x2), P), b = mod((y1 + x1) * (y2 + x2), P);
    const c = mod(2n * t1 * t2 * D, P), d = mod(2n * z1 * z2, P);
    const e = b - a, f = d - c, g = d + c, h = b + a;
    return [mod(e * f, P), mod(g * h, P), mod(f * g, P), mod(e * h, P)];
  }
  function times(scalar, base) {
    let result = [0n, 1n, 1n, 0n];
    for (let b = base, s = scalar; s; s >>= 1n, b = add(b, b)) if (s & 1n) result = add(result, b);
    return result;
  }
  function encoded([x, y, z]) {
    const inverse = power(z, P - 2n, P);
    let value = mod(y * inverse, P) | ((mod(x * inverse, P) & 1n) << 255n);
    return Uint8Array.from({ length: 32 }, () => {
      const byte = Number(value & 255n);
      value >>= 8n;
      return byte;
    });
  }
  const BASE = point(Uint8Array.from({ length: 32 }, (_, i) => (i ? 0x66 : 0x58)));

  function signatureHoldsByScript(key, signature, message) {
    const a = point(key);
    const s = little(signature.subarray(32));
    if (!a || s >= L) return false;
    const h = mod(little(sha512(joined(signature.subarray(0, 32), key, message))), L);
    const minusA = [mod(-a[0], P), a[1], a[2], mod(-a[3], P)];
    return same(encoded(add(times(s, BASE), times(h, minusA))), signature.subarray(0, 32));
  }

  /* Libraries differ in what they do with keys under which anybody can sign anything, or that are written in a second
   * way; so these are refused before a library is asked (spec section 7). */
  const ORDER_8_Y = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
  const SMALL_ORDER_Y = [0n, 1n, P - 1n, ORDER_8_Y, P - ORDER_8_Y];
  function isOneKey(key) {
    const y = little(key) & ((1n << 255n) - 1n);
    return y < P && !SMALL_ORDER_Y.includes(y);
  }

  async function signatureHolds(key, signature, message, script) {
    if (!isOneKey(key)) return false;
    const subtle = globalThis.crypto && globalThis.crypto.subtle;
    if (subtle && !script) {
      let imported = null;
      try {
        imported = await subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
      } catch (error) {
        // A browser without Ed25519, or bytes that are no key: the script decides.
      }
      if (imported) return subtle.verify({ name: "Ed25519" }, imported, signature, message);
    }
    return signatureHoldsByScript(key, signature, message);
  }

  // ---- bytes -------------------------------------------------------------------------------------------------------

  function joined(...parts) {
    const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
  function same(a, b) {
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
    return true;
  }
  const ascii = (text) => Uint8Array.from(text, (c) => c.charCodeAt(0));
  const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
  const utf8 = (text) => new TextEncoder().encode(text);

  // ---- the canonical picture (spec section 1) ----------------------------------------------------------------------

  const COLOURS = {
    "grey": { names: "01", tables: [0], jfif: true, adobe: null },
    "ycbcr": { names: "010203", tables: [0, 1, 1], jfif: true, adobe: null },
    "rgb": { names: "524742", tables: [0, 0, 0], jfif: false, adobe: 0 },
    "cmyk adobe": { names: "434d594b", tables: [0, 0, 0, 0], jfif: false, adobe: 0 },
    "ycck": { names: "01020304", tables: [0, 1, 1, 0], jfif: false, adobe: 2 },
    "cmyk plain": { names: "434d594b", tables: [0, 0, 0, 0], jfif: false, adobe: null },
  };
  const JFIF = unhex("4a46494600010100000100010000");
  const ICC = ascii("ICC_PROFILE\0");
  // T.81 tables K.3 to K.6, as payloads of DHT segments.
  const DC_REST = "000102030405060708090a0b";
  const HUFFMAN = [
    [
      "0000010501010101010100000000000000" + DC_REST,
      "100002010303020403050504040000017d" +
        "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738" +
        "393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5" +
        "a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa",
    ],
    [
      "0100030101010101010101010000000000" + DC_REST,
      "1100020102040403040705040400010277" +
        "0001020311040521310612415107617113223281081442" +
        "91a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a434445464748494a535455565758595a63646566" +
        "6768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8" +
        "c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa",
    ],
  ].map((pair) => pair.map(unhex));

  const segment = (marker, payload) =>
    joined([0xff, marker, (payload.length + 2) >> 8, (payload.length + 2) & 255], payload);

  function headerParts(header) {
    const colour = COLOURS[header.colour];
    const names = unhex(colour.names);
    const parts = [Uint8Array.of(0xff, 0xd8)];
    if (colour.jfif) parts.push(segment(0xe0, JFIF));
    if (header.orientation !== 1) {
      const exif = unhex("4578696600004d4d002a00000008000101120003000000010000000000000000");
      exif[25] = header.orientation;
      parts.push(segment(0xe1, exif));
    }
    const pieces = Math.ceil(header.profile.length / PROFILE_PIECE_BYTES);
    for (let i = 0; i < pieces; i++) {
      const piece = header.profile.subarray(i * PROFILE_PIECE_BYTES, (i + 1) * PROFILE_PIECE_BYTES);
      parts.push(segment(0xe2, joined(ICC, [i + 1, pieces], piece)));
    }
    if (colour.adobe !== null) parts.push(segment(0xee, joined(ascii("Adobe\0\x64\0\0\0\0"), [colour.adobe])));
    header.quantisers.forEach((table, i) => parts.push(segment(0xdb, joined([i], table))));
    const size = [header.height >> 8, header.height & 255, header.width >> 8, header.width & 255];
    const rows = header.sampling.map(([h, v], i) => [names[i], (h << 4) | v, header.quantiserOf[i]]);
    parts.push(segment(0xc0, joined([8], size, [rows.length], rows.flat())));
    for (const slot of [...new Set(colour.tables)].sort()) HUFFMAN[slot].forEach((t) => parts.push(segment(0xc4, t)));
    parts.push(segment(0xdd, [header.intervalMcus >> 8, header.intervalMcus & 255]));
    const selectors = colour.tables.map((table, i) => [names[i], (table << 4) | table]);
    parts.push(segment(0xda, joined([rows.length], selectors.flat(), [0, 63, 0])));
    return parts;
  }

  function readHeader(data) {
    let at = 2;
    const manifest = [0, 0];
    const marker = () => {
      if (data.length < at + 4 || data[at] !== 0xff) throw odd("odd_no_segment", at);
      return data[at + 1];
    };
    const next = () => {
      const length = (data[at + 2] << 8) | data[at + 3];
      const end = at + 2 + length;
      if (length < 2 || end > data.length) throw odd("odd_segment_cut", at);
      const payload = data.subarray(at + 4, end);
      at = end;
      return payload;
    };
    const skipManifest = () => {
      const start = at;
      while (marker() === 0xeb) {
        const payload = next();
        if (payload[0] !== 0x4a || payload[1] !== 0x50) throw odd("odd_app11", start);
      }
      if (at > start) {
        if (manifest[1]) throw odd("odd_manifest", start);
        manifest[0] = start;
        manifest[1] = at;
      }
    };
    const take = (wanted) => {
      skipManifest();
      return marker() === wanted ? next() : null;
    };
    const first = take(0xe0);
    const jfif = first !== null && same(first, JFIF);
    const exif = take(0xe1);
    if (exif && (exif.length !== 32 || exif[25] < 2 || exif[25] > 8)) throw odd("odd_exif", at);
    const profile = [];
    for (let piece; (piece = take(0xe2)); ) {
      const named = same(piece.subarray(0, 12), ICC) && piece.length >= 15;
      if (profile.length >= MAX_PROFILE_PIECES || !named) throw odd("odd_profile", at);
      profile.push(piece.subarray(14));
    }
    if (profile.slice(0, -1).some((piece) => piece.length !== PROFILE_PIECE_BYTES)) throw odd("odd_profile", at);
    const adobe = take(0xee);
    const quantisers = [];
    for (let table; (table = take(0xdb)); ) {
      const entries = table.subarray(1);
      const known = quantisers.some((other) => same(other, entries));
      if (table.length !== 65 || quantisers.length >= 4 || entries.includes(0) || known) {
        throw odd("odd_quantiser", at);
      }
      quantisers.push(entries);
    }
    const frame = take(0xc0);
    if (!frame || frame.length < 9 || frame.length !== 6 + 3 * frame[5] || ![1, 3, 4].includes(frame[5])) {
      throw odd("odd_frame", at);
    }
    skipManifest();
    const header = headerOf(frame, jfif, adobe, quantisers, at);
    while (marker() === 0xc4) next();
    const widest = header.intervalMcus;
    const restart = marker() === 0xdd ? next() : [];
    header.intervalMcus = (restart[0] << 8) | restart[1];
    if (restart.length !== 2 || header.intervalMcus < 1 || header.intervalMcus > widest) {
      throw odd("odd_restart", at);
    }
    header.intervals = Math.ceil(header.mcus / header.intervalMcus);
    header.orientation = exif ? exif[25] : 1;
    header.profile = joined(...profile);
    return { header, manifest };
  }

  function headerOf(frame, jfif, adobe, quantisers, at) {
    const height = (frame[1] << 8) | frame[2];
    const width = (frame[3] << 8) | frame[4];
    const rows = [];
    for (let i = 6; i < frame.length; i += 3) rows.push(frame.subarray(i, i + 3));
    const names = hexOf(rows.map((row) => row[0]));
    const transform = adobe && adobe.length ? adobe[adobe.length - 1] : null;
    const colour = Object.keys(COLOURS).find((name) => {
      const known = COLOURS[name];
      return known.names === names && known.adobe === transform && known.jfif === jfif;
    });
    if (!width || !height || !colour) throw odd("odd_size", at);
    const quantiserOf = rows.map((row) => row[2]);
    const used = [...new Set(quantiserOf)];
    if (used.length !== quantisers.length || used.some((table, i) => table !== i)) {
      throw odd("odd_quantiser_turn", at);
    }
    const sampling = rows.map((row) => [row[1] >> 4, row[1] & 15]);
    const lawful = sampling.every((pair) => pair.every((factor) => factor >= 1 && factor <= 4));
    const blocks = sampling.reduce((sum, [h, v]) => sum + h * v, 0);
    if (!lawful || blocks > 10 || (colour === "grey" && blocks !== 1)) throw odd("odd_factors", at);
    const hMax = Math.max(...sampling.map(([h]) => h));
    const vMax = Math.max(...sampling.map(([, v]) => v));
    const mcusWide = Math.ceil(width / (8 * hMax));
    const mcus = mcusWide * Math.ceil(height / (8 * vMax));
    const intervalMcus = Math.max(1, Math.floor(16 / hMax));
    const intervals = Math.ceil(mcus / intervalMcus);
    const mcu = { wide: 8 * hMax, high: 8 * vMax };
    return { width, height, colour, sampling, quantisers, quantiserOf, mcusWide, mcus, intervalMcus, intervals, mcu };
  }

  /* Read a canonical picture; `starts` and `ends` say where each interval lies in `data`. */
  function parsePicture(data) {
    if (data[0] !== 0xff || data[1] !== 0xd8) throw new Refusal("jpeg.not_jpeg", hexOf(data.subarray(0, 4)));
    const { header, manifest } = readHeader(data);
    const parts = headerParts(header);
    let expected = joined(...parts);
    const headerBytes = expected;
    if (manifest[1]) {
      // The manifest stands between two parts, or the header differs anyway.
      const here = data.subarray(manifest[0], manifest[1]);
      let place = 0;
      let index = 0;
      while (index < parts.length && (index === 0 || place !== manifest[0])) place += parts[index++].length;
      if (index === parts.length) index = 1;
      expected = joined(...parts.slice(0, index), here, ...parts.slice(index));
    }
    if (!same(data.subarray(0, expected.length), expected)) throw odd("odd_header", 0);
    if (data[data.length - 2] !== 0xff || data[data.length - 1] !== 0xd9) throw odd("odd_end", data.length);
    const { starts, ends } = cut(data, expected.length, data.length - 2, header.intervals);
    const manifestBytes = manifest[1] - manifest[0];
    return { header, headerBytes, data, starts, ends, manifestBytes, isC2pa: isC2pa(data, ...manifest) };
  }

  /* Whether APP11 segments hold JUMBF boxes that all call themselves C2PA manifest stores (statement/jumbf.py). */
  function isC2pa(data, start, end) {
    const boxes = new Set();
    for (let at = start; at < end; at += 2 + ((data[at + 2] << 8) | data[at + 3])) {
      const box = (data[at + 6] << 8) | data[at + 7];
      if (hexOf(data.subarray(at + 8, at + 12)) === "00000001") {
        if (hexOf(data.subarray(at + 24, at + 44)) !== C2PA_DESCRIPTION) return false;
        boxes.add(box);
      } else if (!boxes.has(box)) return false;
    }
    return boxes.size > 0;
  }

  function cut(data, begin, end, count) {
    const starts = [begin];
    const ends = [];
    for (let at = data.indexOf(0xff, begin); at >= 0 && at < end; at = data.indexOf(0xff, at)) {
      if (at === end - 1) throw odd("odd_marker_cut", at);
      if (data[at + 1] === 0) {
        at += 1;
        continue;
      }
      ends.push(at);
      starts.push(at + 2);
      // FF behind FF is a marker of its own to the reader in Python, and refused there.
      at += data[at + 1] === 0xff ? 1 : 2;
      if (starts.length > count) throw odd("odd_intervals", at, { found: starts.length, wanted: count });
    }
    ends.push(end);
    if (starts.length !== count) throw odd("odd_intervals", begin, { found: starts.length, wanted: count });
    for (let i = 0; i < count; i++) {
      if (i + 1 < count && data[ends[i] + 1] !== 0xd0 + (i & 7)) throw odd("odd_marker_turn", ends[i]);
      if (ends[i] <= starts[i]) throw odd("odd_empty", starts[i]);
    }
    return { starts, ends };
  }

  const mcusOf = (header, interval) =>
    Math.min(header.intervalMcus, header.mcus - interval * header.intervalMcus);

  /* The only bytes a hidden interval may have (spec section 2). */
  function fill(header, mcus) {
    const tables = COLOURS[header.colour].tables;
    let bits = header.sampling.map(([h, v], i) => (tables[i] ? "0000" : "001010").repeat(h * v)).join("").repeat(mcus);
    bits += "1".repeat((8 - (bits.length % 8)) % 8);
    return Uint8Array.from(bits.match(/.{8}/g), (byte) => parseInt(byte, 2));
  }

  // ---- the statement (spec section 4) ------------------------------------------------------------------------------

  function canonical(value) {
    if (value === null || typeof value === "boolean") return String(value);
    if (typeof value === "string") {
      if (/[\ud800-\udfff]/u.test(value)) throw malformed();
      return JSON.stringify(value);
    }
    if (typeof value === "number") {
      if (!Number.isSafeInteger(value) || value < 0) throw malformed();
      return String(value);
    }
    if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
    if (typeof value === "object") {
      const names = Object.keys(value).sort();
      return "{" + names.map((name) => canonical(name) + ":" + canonical(value[name])).join(",") + "}";
    }
    throw malformed();
  }

  function fields(document, ...names) {
    if (document === null || typeof document !== "object" || Array.isArray(document)) throw malformed();
    const given = Object.keys(document);
    if (given.length !== names.length || !names.every((name) => given.includes(name))) throw malformed();
    return document;
  }
  function number(value, low, high) {
    if (typeof value !== "number" || value < low || value > high) throw malformed();
    return value;
  }
  function text(value, most) {
    if (typeof value !== "string" || !value.length || [...value].length > most) throw malformed();
    if (UNSAFE.test(value)) throw malformed();
    return value;
  }
  function hex(value, length) {
    if (typeof value !== "string" || value.length !== 2 * length || !/^[0-9a-f]*$/.test(value)) throw malformed();
    return unhex(value);
  }
  function base64(value) {
    if (typeof value !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(value) || value.length % 4) throw malformed();
    const raw = atob(value);
    if (btoa(raw) !== value) throw malformed();
    return ascii(raw);
  }
  function hashes(value) {
    const raw = base64(value);
    if (raw.length % 32) throw malformed();
    return Array.from({ length: raw.length / 32 }, (_, i) => raw.subarray(32 * i, 32 * i + 32));
  }
  function runs(value, intervals) {
    if (!Array.isArray(value)) throw malformed();
    let at = -1;
    for (const run of value) {
      if (!Array.isArray(run) || run.length !== 2) throw malformed();
      const first = number(run[0], 0, intervals);
      if (first <= at) throw malformed();
      at = first + number(run[1], 1, intervals);
    }
    if (at > intervals) throw malformed();
    return value;
  }

  function readStatement(data) {
    if (data.length > MAX_STATEMENT_BYTES) throw new Refusal("statement.too_large");
    let document;
    try {
      const written = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
      document = JSON.parse(written);
      if (canonical(document) !== written) throw malformed("not_canonical");
    } catch (error) {
      throw error instanceof Refusal ? error : malformed("not_json");
    }
    if (document === null || typeof document !== "object") throw malformed();
    const claims = readClaims(document.signed);
    const { index, claim, salt, proof } = readPicture(document, claims);
    fields(document.disclosed, ...FACTS);
    const disclosed = {};
    for (const name of FACTS) {
      const opened = document.disclosed[name];
      if (opened === null) continue;
      fields(opened, "salt", "value");
      disclosed[name] = { salt: hex(opened.salt, 32), value: text(opened.value, 1000) };
    }
    if (document.time !== null) {
      fields(document.time, "index", "path", "salt", "token");
      number(document.time.index, 0, 2 ** Math.min(hashes(document.time.path).length, 32) - 1);
      hex(document.time.salt, 32);
      base64(document.time.token);
    }
    let likeness = null;
    if (claims.likeness && document.likeness !== null) {
      fields(document.likeness, "bytes", "salt");
      likeness = { data: base64(document.likeness.bytes), salt: hex(document.likeness.salt, 32) };
      if (likeness.data.length > MAX_LIKENESS_BYTES) throw malformed();
    }
    return {
      claims,
      claim,
      salt,
      disclosed,
      likeness,
      signature: hex(document.signature, 64),
      signed: joined(utf8(document.signed.format + "\0"), utf8(canonical(document.signed))),
      picture: index,
      hidden: runs(proof.hidden, claim.intervals),
      seeds: hashes(proof.seeds),
      hashes: hashes(proof.hashes),
      isStamped: document.time !== null,
    };
  }

  /* Which picture the statement is for, what it says of it, and what is left of the proof. */
  function readPicture(document, claims) {
    const names = ["disclosed", "proof", "signature", "signed", "time"];
    const last = claims.pictures.length - 1;
    if (claims.shown === null) {
      fields(document, ...names);
      const proof = fields(document.proof, "hashes", "hidden", "picture", "seeds");
      return { index: number(proof.picture, 0, last), claim: readEntry(claims.pictures[proof.picture]), salt: null, proof };
    }
    fields(document, "picture", ...names, ...(claims.likeness ? ["likeness"] : []));
    const { entry, index, salt } = fields(document.picture, "entry", "index", "salt");
    const proof = fields(document.proof, "hashes", "hidden", "seeds");
    return { index: number(index, 0, last), claim: readEntry(entry), salt: hex(salt, 32), proof };
  }

  function readEntry(picture) {
    fields(picture, "header", "height", "interval_mcus", "intervals", "must_hide", "root", "width");
    const intervals = number(picture.intervals, 1, 2 ** 32 - 1);
    return {
      width: number(picture.width, 1, 65535),
      height: number(picture.height, 1, 65535),
      intervalMcus: number(picture.interval_mcus, 1, 65535),
      intervals,
      header: hex(picture.header, 32),
      root: hex(picture.root, 32),
      mustHide: runs(picture.must_hide, intervals),
      written: canonical(picture),
    };
  }

  function readClaims(signed) {
    if (!signed || typeof signed !== "object" || Array.isArray(signed)) throw malformed();
    const version = FORMATS.indexOf(signed.format);
    if (version < 0) throw new Refusal("statement.version");
    const names = ["approval", "facts", "format", "key", "key_life", "orientation", "pictures"];
    fields(signed, ...names, ...[[], ["shown"], ["shown", "likeness"]][version]);
    if (!["story", "once"].includes(signed.key_life)) throw malformed();
    if (!Array.isArray(signed.pictures) || signed.pictures.length < 1 || signed.pictures.length > 2) {
      throw malformed();
    }
    fields(signed.facts, ...FACTS);
    const facts = {};
    for (const name of FACTS) facts[name] = hex(signed.facts[name], 32);
    const approval = signed.approval;
    if (approval && approval.state === "looked at") {
      fields(approval, "at", "by", "state");
      text(approval.by, 200);
      if (!TIME.test(text(approval.at, 20))) throw malformed();
    } else {
      fields(approval, "state");
      if (!["not yet approved", "looked at by nobody"].includes(approval.state)) throw malformed();
    }
    for (const picture of signed.pictures) version ? hex(picture, 32) : readEntry(picture);
    const shown = version ? signed.shown : null;
    if (version && !(Array.isArray(shown) && canonical(shown) === canonical(FACTS.filter((name) => shown.includes(name))))) {
      throw malformed();
    }
    const orientation = number(signed.orientation, 1, 8);
    const likeness = version === 2 ? hex(signed.likeness, 32) : null;
    const key = hex(signed.key, 32);
    return { approval, facts, key, keyLife: signed.key_life, orientation, pictures: signed.pictures, shown, likeness };
  }

  // ---- the tree (spec section 3) -----------------------------------------------------------------------------------

  const LEAF = Uint8Array.of(0), NODE = Uint8Array.of(1), LEFT = Uint8Array.of(2), RIGHT = Uint8Array.of(3);
  const split = (count) => 2 ** (Math.ceil(Math.log2(count)) - 1);

  /* How many hidden intervals there are before each place. */
  function hiddenBefore(hidden, intervals) {
    const marks = new Uint8Array(intervals);
    for (const [first, count] of hidden) marks.fill(1, first, first + count);
    const before = new Uint32Array(intervals + 1);
    for (let i = 0; i < intervals; i++) before[i + 1] = before[i] + marks[i];
    return before;
  }

  function rootOfTree(statement, picture, before) {
    let seed = 0;
    let hash = 0;
    const number4 = new Uint8Array(4);
    const use = (list, index) => {
      if (index >= list.length) throw new Refusal("statement.proof");
      return list[index];
    };
    const kept = (own, start, count) => {
      if (count === 1) {
        new DataView(number4.buffer).setUint32(0, start);
        return sha256(LEAF, own, number4, picture.data.subarray(picture.starts[start], picture.ends[start]));
      }
      const left = split(count);
      const first = kept(sha256(LEFT, own), start, left);
      return sha256(NODE, first, kept(sha256(RIGHT, own), start + left, count - left));
    };
    const value = (start, count) => {
      const held = before[start + count] - before[start];
      if (held === 0) return kept(use(statement.seeds, seed++), start, count);
      if (held === count) return use(statement.hashes, hash++);
      const left = split(count);
      const first = value(start, left);
      return sha256(NODE, first, value(start + left, count - left));
    };
    const root = value(0, statement.claim.intervals);
    if (seed !== statement.seeds.length || hash !== statement.hashes.length) throw new Refusal("statement.proof");
    return root;
  }

  // ---- verification (spec section 7) -------------------------------------------------------------------------------

  /* Check a picture against its statement: both are Uint8Array; `script` keeps WebCrypto out (for tests). */
  async function verify(pictureBytes, statementBytes, script) {
    const picture = parsePicture(pictureBytes);
    const statement = readStatement(statementBytes);
    const { claims, claim } = statement;
    if (!(await signatureHolds(claims.key, statement.signature, statement.signed, script))) {
      throw new Refusal("statement.signature");
    }
    checkEntry(statement);
    checkHeader(claims, claim, picture);
    const before = hiddenBefore(statement.hidden, claim.intervals);
    checkHidden(statement, picture, before);
    if (!same(rootOfTree(statement, picture, before), claim.root)) throw new Refusal("statement.changed");
    for (const [name, { salt, value }] of Object.entries(statement.disclosed)) {
      const opened = sha256([4], salt, [name.length], utf8(name), utf8(value));
      if (!same(opened, claims.facts[name])) throw new Refusal("statement.fact", name);
    }
    checkLikeness(statement);
    return {
      key: hexOf(claims.key),
      keyLife: claims.keyLife,
      role: statement.picture ? "rendition" : "full",
      width: claim.width,
      height: claim.height,
      orientation: claims.orientation,
      intervals: claim.intervals,
      hidden: statement.hidden,
      hiddenIntervals: before[claim.intervals],
      hiddenAfterwards: before[claim.intervals] - claim.mustHide.reduce((sum, [, count]) => sum + count, 0),
      facts: FACTS.filter((name) => statement.disclosed[name]).map((name) => [name, statement.disclosed[name].value]),
      stripped: (claims.shown || []).filter((name) => !statement.disclosed[name]),
      approval: claims.approval,
      manifestBytes: picture.manifestBytes,
      isC2pa: picture.isC2pa,
      isStamped: statement.isStamped,
      layout: picture.header,
    };
  }

  function checkEntry({ claims, claim, salt, picture }) {
    if (claims.shown === null) return;
    if (hexOf(sha256([10], salt, utf8(claim.written))) !== claims.pictures[picture]) throw new Refusal("statement.entry");
  }

  function checkLikeness({ claims, likeness }) {
    if (likeness && !same(sha256([12], likeness.salt, likeness.data), claims.likeness)) throw new Refusal("statement.likeness");
  }

  /* What a statement says its picture looks like, for copies that are not bit for bit; null where it tells nothing. */
  async function signedLikeness(statementBytes, script) {
    const statement = readStatement(statementBytes);
    const { claims } = statement;
    if (!(await signatureHolds(claims.key, statement.signature, statement.signed, script))) {
      throw new Refusal("statement.signature");
    }
    checkLikeness(statement);
    return statement.likeness && { data: statement.likeness.data, key: hexOf(claims.key), keyLife: claims.keyLife };
  }

  function checkHeader(claims, claim, picture) {
    const here = picture.header;
    const alike =
      claim.width === here.width && claim.height === here.height && claims.orientation === here.orientation &&
      claim.intervalMcus === here.intervalMcus && claim.intervals === here.intervals;
    if (alike && same(sha256([6], picture.headerBytes), claim.header)) return;
    // A copy of one size that was coded anew is no other picture, unless it looks otherwise (tasks/people/prove.py).
    const isCodedAnew = claim.width === here.width && claim.height === here.height;
    throw new Refusal("statement.header", "", { isCodedAnew });
  }

  function checkHidden(statement, picture, before) {
    for (const [first, count] of statement.claim.mustHide) {
      if (before[first + count] - before[first] !== count) throw new Refusal("statement.shown");
    }
    const fills = new Map();
    for (const [first, count] of statement.hidden) {
      for (let interval = first; interval < first + count; interval++) {
        const mcus = mcusOf(picture.header, interval);
        if (!fills.has(mcus)) fills.set(mcus, fill(picture.header, mcus));
        const here = picture.data.subarray(picture.starts[interval], picture.ends[interval]);
        if (!same(here, fills.get(mcus))) throw new Refusal("statement.planted", "page.interval", { interval });
      }
    }
  }

  // ---- what it comes to (statement/verdict.py) ---------------------------------------------------------------------

  const REFUSED = {
    "jpeg.not_jpeg": "no_picture",
    "jpeg.not_canonical": "cannot_tell",
    "statement.header": "other_picture",
    "statement.changed": "changed",
    "statement.planted": "changed",
    "statement.shown": "changed",
  };
  /* How PNG, GIF, BMP, TIFF, WebP, JPEG XL and the family of HEIC begin: what programs and messengers save a picture as. */
  const OTHER_PICTURES = ["89504e47", "47494638", "424d", "49492a00", "4d4d002a", "52494646", "ff0a", "000000"];
  /* The key in a text that a person copied, lines and blanks and all; null where it is none. */
  function keyIn(text) {
    const key = text.replace(/\s+/g, "").toLowerCase();
    return /^[0-9a-f]{64}$/.test(key) ? key : null;
  }
  /* `expected` is what the reader got from elsewhere; empty or null if there is nothing. */
  function verdict(found, expected) {
    if (expected === null || !expected.trim()) return found.keyLife === "story" ? "somebody" : "once";
    const key = keyIn(expected);
    return key === null ? "no_key" : key === found.key ? "proved" : "other_key";
  }
  function verdictOf(error) {
    if (error.facts && error.facts.isCodedAnew) return "cannot_tell";
    const isPicture = error.key === "jpeg.not_jpeg" && OTHER_PICTURES.some((first) => (error.what || "").startsWith(first));
    return isPicture ? "cannot_tell" : REFUSED[error.key] || "no_statement";
  }

  return { verify, signedLikeness, verdict, verdictOf, keyIn, Refusal, sha256, sha512, signatureHoldsByScript, hexOf, unhex };
});
