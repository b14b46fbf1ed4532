/* What a copy is similar to, for Node and any browser, without a dependency: spec/likeness.md, as trace/*.py has it.
 *
 * Rule 1: the answer is "similar" or nothing; no name in here says verified, and verify.js knows nothing of it.
 * Rule 2: a grey picture is {width, height, pixels}, one byte a pixel, row by row.
 */
"use strict";
(function (place, make) {
  if (typeof module === "object" && module.exports) module.exports = make();
  else place.Likeness = make();
})(typeof self === "undefined" ? this : self, function () {
  const REFERENCE_PX = 512, SEARCHED_PX = 1024, LEAST_LEVEL_PX = 36;
  const POINTS = 800, CELLS = 6, CELL_SHARE = 25, MARGIN_PX = 16, LEAST_ANSWER = 1;
  const SIGNS = 128, SAMPLES = 16;
  const MOST_SIGNS = 32, LEAST_SHARED = 8, LOOSE = 0.03, TIGHT = 0.012, ROUNDS = 6, MOST_SQUEEZE = 1.6, MOST_SHEAR = 0.35;
  const LEAST_TILES = 24, LEAST_DIFFERENCE = 14, OF_NOISE = 4, OF_NEIGHBOURS = 0.4, SURE = 2.5, SPARE = 0.004;
  const TONES = 9, STIFFNESS = [1, 0.1, 0.03, 0.01, 0.003, 0.001, 0.001], LEAST_HELD = 1e-6; // of a copy's tone curve, as in trace/seen.py
  const ALIKE = 16, MOST_ALIKE = 0.5;
  const AS_WELL = 1.5, BEYOND = 12, A_SCATTER = 0.25, ONE_GREY = 4, MOSTLY = 0.5, CHANGED = 0.05, LEAST_SURE = 12, SOFT_PX = 1.5;
  const NEAR = 1.6, STEEPER = 2.5, STEEPER_IN_PIECE = 2, PIECES = 8, MOST_PIECES = 4, LEAST_BESIDE_PX = 3;
  const MAT_TILES = 3, MAT_GREY = 20, MAT_SHARE = 0.85, MAT_ENDS_PX = 3, NOT_OF_MAT = 14;
  const LEAST_SHOWN = 0.1, MOST_DIFFERING = 0.2;
  const MOST_SAID = 4; // areas, as the command says them
  const SHOWS_THROUGH = 0.75, LEAST_CONTRAST = 4, RASTER = 200, MOST_MISFIT = 0.14;
  const clip = (value, low, high) => Math.min(high, Math.max(low, value));

  // ---- pictures in grey (section 1) --------------------------------------------------------------------------------

  /* Size of what is searched: a long edge of 512 to 1,024 pixels. */
  function searchedSize(width, height) {
    const longest = Math.max(width, height), wanted = clip(longest, REFERENCE_PX, SEARCHED_PX);
    return [width, height].map((edge) => Math.max(1, Math.round((edge * wanted) / longest)));
  }

  /* Grey of pixels as a canvas gives them. */
  function greyOf(rgba, width, height) {
    const pixels = new Uint8Array(width * height);
    for (let i = 0, at = 0; i < pixels.length; i++, at += 4) {
      pixels[i] = (rgba[at] * 19595 + rgba[at + 1] * 38470 + rgba[at + 2] * 7471 + 0x8000) >> 16;
    }
    return { width, height, pixels };
  }

  /* Means of boxes of `by` x `by` pixels, smaller ones at the far edges. */
  function reduced({ width, height, pixels }, by) {
    const wide = Math.ceil(width / by), high = Math.ceil(height / by), out = new Uint8Array(wide * high);
    for (let y = 0; y < high; y++) {
      for (let x = 0; x < wide; x++) {
        const right = Math.min(width, (x + 1) * by), low = Math.min(height, (y + 1) * by);
        let sum = 0;
        for (let j = y * by; j < low; j++) for (let i = x * by; i < right; i++) sum += pixels[j * width + i];
        out[y * wide + x] = Math.floor(sum / ((right - x * by) * (low - y * by)) + 0.5);
      }
    }
    return { width: wide, height: high, pixels: out };
  }

  /* Weights of a triangle filter: for each place where they begin, and how much each counts. */
  function weights(from, to) {
    const scale = from / to, reach = Math.max(scale, 1);
    return Array.from({ length: to }, (_, at) => {
      const middle = (at + 0.5) * scale;
      const first = Math.max(0, Math.trunc(middle - reach + 0.5)), end = Math.min(from, Math.trunc(middle + reach + 0.5));
      const found = [];
      for (let i = first; i < end; i++) found.push(Math.max(0, 1 - Math.abs((i - middle + 0.5) / reach)));
      const sum = found.reduce((a, b) => a + b, 0);
      return [first, found.map((one) => one / sum)];
    });
  }

  function resized({ width, height, pixels }, wide, high) {
    const across = new Uint8Array(wide * height), out = new Uint8Array(wide * high);
    weights(width, wide).forEach(([first, parts], x) => {
      for (let y = 0; y < height; y++) {
        let sum = 0.5;
        for (let i = 0; i < parts.length; i++) sum += parts[i] * pixels[y * width + first + i];
        across[y * wide + x] = sum;
      }
    });
    weights(height, high).forEach(([first, parts], y) => {
      for (let x = 0; x < wide; x++) {
        let sum = 0.5;
        for (let i = 0; i < parts.length; i++) sum += parts[i] * across[(first + i) * wide + x];
        out[y * wide + x] = sum;
      }
    });
    return { width: wide, height: high, pixels: out };
  }

  /* Smooth by 1 4 6 4 1, both ways; edges are repeated. */
  function smooth(values, width, height) {
    const down = new Float32Array(values.length), both = new Float32Array(values.length);
    for (let y = 0; y < height; y++) {
      const [a, b, c, d, e] = [-2, -1, 0, 1, 2].map((step) => clip(y + step, 0, height - 1) * width);
      for (let x = 0; x < width; x++) {
        down[c + x] = (values[a + x] + values[e + x] + 4 * (values[b + x] + values[d + x]) + 6 * values[c + x]) / 16;
      }
    }
    for (let y = 0; y < height; y++) {
      const row = y * width;
      for (let x = 0; x < width; x++) {
        const near = down[row + Math.max(0, x - 1)] + down[row + Math.min(width - 1, x + 1)];
        const far = down[row + Math.max(0, x - 2)] + down[row + Math.min(width - 1, x + 2)];
        both[row + x] = (far + 4 * near + 6 * down[row + x]) / 16;
      }
    }
    return both;
  }

  function levels(picture) {
    const found = [];
    let base = picture;
    for (;;) {
      const shrink = 2 ** (-found.length / 3);
      const width = Math.round(picture.width * shrink), height = Math.round(picture.height * shrink);
      if (Math.min(width, height) < LEAST_LEVEL_PX) return found;
      while (base.width >= 4 * width) base = reduced(base, 2);
      const level = base.width === width && base.height === height ? base : resized(base, width, height);
      found.push({ width, height, values: smooth(smooth(level.pixels, width, height), width, height) });
    }
  }

  // ---- points (section 2) ------------------------------------------------------------------------------------------

  const WAVES = [];
  for (let total = 1; total < 15; total++) for (let across = 0; across <= total; across++) WAVES.push([across, total - across]);
  for (let across = 4; across < 12; across++) WAVES.push([across, 15 - across]);
  WAVES.push([8, 8]);
  const ODD = WAVES.map(([across]) => across % 2 === 1);
  const SWAPPED = WAVES.map(([across, down]) => WAVES.findIndex((one) => one[0] === down && one[1] === across));
  const BASIS = WAVES.map(([across, down]) => {
    const places = Array.from({ length: SAMPLES }, (_, i) => (i + 0.5) / SAMPLES);
    const edge = places.map((u) => Math.exp(-((2 * u - 1) ** 2) / 0.72));
    const wave = new Float64Array(SAMPLES * SAMPLES);
    let share = 0, whole = 0;
    const window = wave.map((_, i) => edge[i >> 4] * edge[i & 15]);
    for (let i = 0; i < wave.length; i++) {
      wave[i] = Math.cos(Math.PI * down * places[i >> 4]) * Math.cos(Math.PI * across * places[i & 15]) * window[i];
      share += wave[i];
      whole += window[i];
    }
    let length = 0;
    for (let i = 0; i < wave.length; i++) length += (wave[i] -= (window[i] * share) / whole) ** 2;
    return wave.map((value) => value / Math.sqrt(length));
  });

  function answerOf({ width, height, values }) {
    const found = new Float32Array(values.length), two = 2 * width;
    for (let y = 2; y < height - 2; y++) {
      for (let at = y * width + 2; at < (y + 1) * width - 2; at++) {
        const here = 2 * values[at];
        const across = values[at + 2] + values[at - 2] - here, down = values[at + two] + values[at - two] - here;
        const both = (values[at + two + 2] + values[at - two - 2] - values[at + two - 2] - values[at - two + 2]) / 4;
        found[at] = across * down - both * both;
      }
    }
    return { width, height, values: found };
  }

  function highestNear(beside, level, x, y) {
    const down = clip(Math.trunc(((y + 0.5) * beside.height) / level.height), 1, beside.height - 2);
    const across = clip(Math.trunc(((x + 0.5) * beside.width) / level.width), 1, beside.width - 2);
    let most = -Infinity;
    for (let dy = -1; dy < 2; dy++) {
      for (let dx = -1; dx < 2; dx++) most = Math.max(most, beside.values[(down + dy) * beside.width + across + dx]);
    }
    return most;
  }

  const BEFORE = [[0, -1], [-1, 0], [-1, -1], [-1, 1]];
  function onLevel(answers, number) {
    const here = answers[number], { width, height, values } = here, found = [];
    for (let y = MARGIN_PX; y < height - MARGIN_PX; y++) {
      for (let x = MARGIN_PX; x < width - MARGIN_PX; x++) {
        const strength = values[y * width + x];
        if (!(strength > LEAST_ANSWER)) continue;
        const highest = BEFORE.every(([dy, dx]) =>
          strength > values[(y + dy) * width + x + dx] && strength >= values[(y - dy) * width + x - dx]);
        if (!highest || [number - 1, number + 1].some((n) => strength < highestNear(answers[n], here, x, y))) continue;
        found.push({ level: number, x, y, strength });
      }
    }
    return found;
  }

  function spread(found, answers, count) {
    found.sort((a, b) => b.strength - a.strength || a.level - b.level || a.y - b.y || a.x - b.x);
    if (found.length <= count) return found;
    const share = Math.max(2, Math.ceil(count / CELL_SHARE)), taken = new Uint32Array(CELLS * CELLS);
    const first = [], rest = [];
    for (const one of found) {
      const { width, height } = answers[one.level];
      const cell = Math.trunc((one.y * CELLS) / height) * CELLS + Math.trunc((one.x * CELLS) / width);
      (taken[cell]++ < share ? first : rest).push(one);
    }
    return first.concat(rest).slice(0, count);
  }

  const vertex = (before, here, after) => clip((before - after) / (2 * Math.min(before + after - 2 * here, -1e-6)), -0.5, 0.5);

  /* The signs of a patch, true where a wave is above 0. */
  function signsOf({ width, height, values }, x, y, stretch) {
    const places = (middle, edge) => Array.from({ length: SAMPLES }, (_, i) => clip(middle + (i - 7.5) * 2 * stretch, 0, edge - 1.001));
    const across = places(x, width), down = places(y, height), patch = new Float32Array(SAMPLES * SAMPLES);
    for (let j = 0; j < SAMPLES; j++) {
      const top = Math.trunc(down[j]), low = down[j] - top;
      for (let i = 0; i < SAMPLES; i++) {
        const left = Math.trunc(across[i]), right = across[i] - left, at = top * width + left;
        patch[j * SAMPLES + i] = (values[at] * (1 - right) + values[at + 1] * right) * (1 - low) +
          (values[at + width] * (1 - right) + values[at + width + 1] * right) * low;
      }
    }
    return BASIS.map((wave) => {
      let sum = 0;
      for (let i = 0; i < patch.length; i++) sum += wave[i] * patch[i];
      return sum > 0;
    });
  }

  /* Find the strongest points of a picture in grey: {width, height, list of {x, y, size, signs}}. */
  function findPoints(picture, count) {
    const steps = levels(picture), answers = steps.map(answerOf), found = [];
    for (let number = 1; number < steps.length - 1; number++) found.push(...onLevel(answers, number));
    const chosen = spread(found, answers, count).sort((a, b) => a.level - b.level);
    const list = chosen.map(({ level, x, y, strength }) => {
      const { width, height, values } = answers[level], at = y * width + x;
      const across = x + vertex(values[at - 1], strength, values[at + 1]);
      const down = y + vertex(values[at - width], strength, values[at + width]);
      const beside = [-1, 1].map((step) => highestNear(answers[level + step], answers[level], across, down));
      const stretch = 2 ** (vertex(beside[0], strength, beside[1]) / 3);
      return {
        x: ((across + 0.5) * picture.width) / width,
        y: ((down + 0.5) * picture.height) / height,
        size: (stretch * picture.width) / width,
        signs: signsOf(steps[level], across, down, stretch),
      };
    });
    return { width: picture.width, height: picture.height, list };
  }

  /* The points as if the picture were laid in another way: bit 0 mirrored, then bits 1 and 2 quarters clockwise. */
  function laid({ width, height, list }, way) {
    const turned = (signs) => signs.map((sign, i) => sign !== ODD[i]);
    if (way & 1) list = list.map((one) => ({ ...one, x: width - one.x, signs: turned(one.signs) }));
    for (let quarter = 0; quarter < way >> 1; quarter++) {
      const edge = height;
      list = list.map((one) => ({ ...one, x: edge - one.y, y: one.x, signs: turned(SWAPPED.map((at) => one.signs[at])) }));
      [width, height] = [height, width];
    }
    return { width, height, list };
  }

  function wordsOf(signs) {
    const words = new Int32Array(SIGNS / 32);
    signs.forEach((sign, i) => { if (sign) words[i >> 5] |= 1 << (i & 31); });
    return words;
  }
  function ones(word) {
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    return Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }

  // ---- the bytes (section 3) ---------------------------------------------------------------------------------------

  /* Read what a statement carries; throws an Error where it is none. */
  function read(data) {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    if (data.length < 9 || data[0] !== 1) throw new Error("a likeness of another version");
    const width = view.getUint16(1), height = view.getUint16(3), wide = data[5], high = data[6], count = view.getUint16(7);
    const begin = 9 + wide * high;
    const lawful = width >= 1 && height >= 1 && width <= REFERENCE_PX && height <= REFERENCE_PX && wide >= 1 && high >= 1;
    if (!lawful || data.length !== begin + 21 * count || data.length > 8192) throw new Error("a likeness of another length");
    const list = Array.from({ length: count }, (_, i) => {
      const at = begin + 21 * i;
      const signs = Array.from({ length: SIGNS }, (_, bit) => ((data[at + 5 + (bit >> 3)] >> (7 - (bit & 7))) & 1) === 1);
      return { x: view.getUint16(at) / 64, y: view.getUint16(at + 2) / 64, size: 2 ** (data[at + 4] / 16 - 1), signs };
    });
    if (list.some((one) => one.x > width || one.y > height)) throw new Error("a likeness with a place outside");
    return { wide, high, tiles: data.slice(9, begin), points: { width, height, list } };
  }

  // ---- one picture in another (section 4) --------------------------------------------------------------------------

  const placed = ([a, b, e, c, d, f], x, y) => [a * x + b * y + e, c * x + d * y + f];

  /* Least squares: rows of equal length, and what each should give; null where they do not say. */
  function solved(rows, wanted) {
    const n = rows[0].length, m = Array.from({ length: n }, () => new Float64Array(n + 1));
    rows.forEach((row, at) => {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) m[i][j] += row[i] * row[j];
        m[i][n] += row[i] * wanted[at];
      }
    });
    for (let i = 0; i < n; i++) {
      let best = i;
      for (let k = i + 1; k < n; k++) if (Math.abs(m[k][i]) > Math.abs(m[best][i])) best = k;
      [m[i], m[best]] = [m[best], m[i]];
      if (Math.abs(m[i][i]) < 1e-9) return null;
      for (let k = 0; k < n; k++) {
        if (k === i) continue;
        const times = m[k][i] / m[i][i];
        for (let j = i; j <= n; j++) m[k][j] -= times * m[i][j];
      }
    }
    return m.map((row, i) => row[n] / row[i]);
  }

  function pairsOf(reference, other) {
    const words = other.list.map((one) => wordsOf(one.signs)), found = [];
    for (const here of reference.list) {
      const own = wordsOf(here.signs);
      let least = SIGNS + 1, nearest = -1;
      words.forEach((word, at) => {
        const distance = ones(own[0] ^ word[0]) + ones(own[1] ^ word[1]) + ones(own[2] ^ word[2]) + ones(own[3] ^ word[3]);
        if (distance < least) [least, nearest] = [distance, at];
      });
      if (least > MOST_SIGNS) continue;
      const there = other.list[nearest];
      found.push({ x: here.x, y: here.y, tx: there.x, ty: there.y, scale: there.size / here.size });
    }
    return found;
  }

  const distinct = (pairs) => new Set(pairs.map((one) => one.tx + " " + one.ty)).size;

  function sharedByOne(pairs, tolerance) {
    let best = [];
    for (const one of pairs) {
      const dx = one.tx - one.scale * one.x, dy = one.ty - one.scale * one.y;
      const agree = pairs.filter((other) =>
        Math.abs(Math.log2(one.scale / other.scale)) < 0.5 &&
        Math.hypot(one.scale * other.x + dx - other.tx, one.scale * other.y + dy - other.ty) < tolerance);
      if (agree.length > best.length) best = agree;
    }
    return best;
  }

  function isLikely([a, b, , c, d]) {
    const det = a * d - b * c;
    if (det <= 0) return false;
    // The two stretches of a linear map, from its squares and its determinant.
    const squares = a * a + b * b + c * c + d * d, root = Math.sqrt(Math.max(0, squares * squares - 4 * det * det));
    const stretch = Math.sqrt((squares + root) / Math.max(1e-12, squares - root));
    return stretch < MOST_SQUEEZE && Math.abs(Math.atan2(c - b, a + d)) < MOST_SHEAR;
  }

  function matchIn(reference, other) {
    const pairs = pairsOf(reference, other);
    if (pairs.length < LEAST_SHARED) return null;
    const longest = Math.max(other.width, other.height);
    let shared = sharedByOne(pairs, LOOSE * longest), layout = null;
    for (let round = 0; round < ROUNDS; round++) {
      if (distinct(shared) < LEAST_SHARED) return null;
      const rows = shared.map((one) => [one.x, one.y, 1]);
      const across = solved(rows, shared.map((one) => one.tx)), down = solved(rows, shared.map((one) => one.ty));
      if (!across || !down) return null;
      layout = [...across, ...down];
      const tolerance = (round < 2 ? LOOSE : TIGHT) * longest;
      shared = pairs.filter((one) => {
        const [x, y] = placed(layout, one.x, one.y);
        return Math.hypot(x - one.tx, y - one.ty) < tolerance;
      });
    }
    if (distinct(shared) < LEAST_SHARED || !isLikely(layout)) return null;
    const across = shared.map((one) => one.tx), down = shared.map((one) => one.ty);
    const spread = { left: Math.min(...across), top: Math.min(...down), right: Math.max(...across), bottom: Math.max(...down) };
    return { layout, shared: shared.length, spread };
  }

  /* The way to lay the searched picture in which most points agree: {layout, shared, spread, way}, or null. */
  function match(reference, searched) {
    let best = null;
    for (let way = 0; way < 8; way++) {
      const found = matchIn(reference, laid(searched, way));
      if (found && (!best || found.shared > best.shared)) best = { ...found, way };
    }
    return best;
  }

  // ---- what differs ------------------------------------------------------------------------------------------------

  function laidPicture(picture, way) {
    let { width, height, pixels } = picture;
    if (way & 1) {
      const from = pixels, row = width;
      pixels = from.map((_, at) => from[at - (at % row) + row - 1 - (at % row)]);
    }
    for (let quarter = 0; quarter < way >> 1; quarter++) {
      const from = pixels, wide = height, row = width, rows = height;
      pixels = from.map((_, at) => from[(rows - 1 - (at % wide)) * row + Math.trunc(at / wide)]);
      [width, height] = [height, width];
    }
    return { width, height, pixels };
  }

  /* A copy in each tile's place: {picture, wide, high, given, seen, corner}; corner(i, j) is where tile i, j begins. */
  function seenTiles(picture, { wide, high, tiles, points }, layout) {
    const step = (Math.sqrt(Math.abs(layout[0] * layout[4] - layout[1] * layout[3])) * points.width) / wide;
    const halve = Math.max(1, Math.trunc(step / 4)), small = reduced(picture, halve), seen = new Float64Array(wide * high);
    const corner = (i, j) => placed(layout, (i / wide) * points.width, (j / high) * points.height);
    for (let at = 0; at < seen.length; at++) {
      for (let k = 0; k < 16; k++) {
        const place = corner((at % wide) + ((k & 3) + 0.5) / 4, Math.trunc(at / wide) + ((k >> 2) + 0.5) / 4);
        const [x, y] = place.map((value) => Math.trunc(value / halve));
        seen[at] += small.pixels[clip(y, 0, small.height - 1) * small.width + clip(x, 0, small.width - 1)] / 16;
      }
    }
    return { picture, wide, high, given: tiles, seen, corner };
  }

  const wholeOf = ({ width, height }) => ({ left: 0, top: 0, right: width, bottom: height });

  /* The tiles within a part of the copy that ends where the copy does, or where the picture does. */
  function tilesWithin({ picture, wide, high, corner }, part) {
    const spare = SPARE * Math.max(picture.width, picture.height);
    const begins = (edge) => (edge > 0 ? edge + SOFT_PX : -spare), ends = (edge, end) => (edge < end ? edge - SOFT_PX : end + spare);
    const left = begins(part.left), top = begins(part.top), right = ends(part.right, picture.width), bottom = ends(part.bottom, picture.height);
    const within = (i, j) => {
      const [x, y] = corner(i, j);
      return x >= left && y >= top && x <= right && y <= bottom;
    };
    return Array.from({ length: wide * high }, (_, at) => at).filter((at) => {
      const i = at % wide, j = Math.trunc(at / wide);
      return within(i, j) && within(i + 1, j) && within(i, j + 1) && within(i + 1, j + 1);
    });
  }

  function median(values) {
    const sorted = Float64Array.from(values).sort(), half = sorted.length >> 1;
    return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /* Values that never fall: neighbours that do are as one, by their weights. */
  function rising(values, weights) {
    const steps = [];
    values.forEach((value, at) => {
      let step = { value, weight: weights[at], count: 1 };
      while (steps.length && steps[steps.length - 1].value > step.value) {
        const before = steps.pop(), weight = before.weight + step.weight;
        step = { value: (before.value * before.weight + step.value * step.weight) / weight, weight, count: before.count + step.count };
      }
      steps.push(step);
    });
    return steps.flatMap(({ value, count }) => Array(count).fill(value));
  }

  /* How much each place of a tone curve counts for a grey: all of it at the place, less until the next one. */
  const TONE_ROWS = Array.from({ length: 256 }, (_, grey) =>
    Array.from({ length: TONES }, (_, at) => Math.max(0, 1 - Math.abs((grey / 255) * (TONES - 1) - at))));

  /* What the copy should show where nothing was changed, by a tone curve, and how far it scatters. */
  function expectedOf(tiles, seen, chosen) {
    if (chosen.length < LEAST_TILES) return { expected: Float64Array.from(tiles), noise: 255 };
    // Rows that hold the curve: it minds bending, at first so much that it leaves out what was altered, and a tone that no tile has.
    const bent = (times) => Array.from({ length: TONES - 2 }, (_, at) => Array.from({ length: TONES }, (_, i) => times * ([1, -2, 1][i - at] || 0)));
    const some = Array.from({ length: TONES }, (_, at) => Array.from({ length: TONES }, (_, i) => (i === at ? Math.sqrt(LEAST_HELD) : 0)));
    const still = Array(2 * TONES - 2).fill(0), shown = (curve) => TONE_ROWS.map((row) => row.reduce((sum, one, i) => sum + one * curve[i], 0));
    let used = chosen, curve = [];
    for (const stiffness of STIFFNESS) {
      const held = [...bent(Math.sqrt(stiffness * chosen.length)), ...some];
      curve = solved([...used.map((at) => TONE_ROWS[tiles[at]]), ...held], [...used.map((at) => seen[at]), ...still]);
      const by = shown(curve), off = chosen.map((at) => Math.abs(seen[at] - by[tiles[at]])), most = Math.max(4, 2.5 * 1.4826 * median(off));
      used = chosen.filter((_, i) => off[i] <= most);
      if (used.length < LEAST_TILES >> 1) break;
    }
    const weights = curve.map((_, i) => used.reduce((sum, at) => sum + TONE_ROWS[tiles[at]][i], LEAST_HELD));
    const by = shown(rising(curve, weights).map((value) => clip(value, 0, 255)));
    return { expected: Float64Array.from(tiles, (grey) => by[grey]), noise: 1.4826 * median(chosen.map((at) => Math.abs(seen[at] - by[tiles[at]]))) };
  }

  function rangeNear(values, wide, high, at) {
    let low = Infinity, most = -Infinity;
    for (let dy = -1; dy < 2; dy++) {
      for (let dx = -1; dx < 2; dx++) {
        const y = clip(Math.trunc(at / wide) + dy, 0, high - 1), x = clip((at % wide) + dx, 0, wide - 1);
        low = Math.min(low, values[y * wide + x]);
        most = Math.max(most, values[y * wide + x]);
      }
    }
    return most - low;
  }

  /* What the copy should show, if it is as bright as it is in some tiles, and by how much it must be off to stand out. */
  function expectedBy({ given, seen, wide, high }, chosen) {
    const { expected, noise } = expectedOf(given, seen, chosen), least = Math.max(LEAST_DIFFERENCE, OF_NOISE * noise);
    const spread = (values) => (chosen.length ? deviation(chosen.map((at) => values[at])) : 0), contrast = spread(expected) / Math.max(1, spread(given));
    // What is clipped in a part of a tile only shows less of its neighbours' range than its mean says.
    const near = (at) => Math.max(rangeNear(expected, wide, high, at), contrast * rangeNear(given, wide, high, at));
    return { grey: expected, limit: expected.map((_, at) => least + OF_NEIGHBOURS * near(at)) };
  }

  function deviation(values) {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / values.length);
  }

  function showsThrough(joined, seen, expected) {
    if (joined.length < 6) return false;
    const one = joined.map((at) => seen[at]), other = joined.map((at) => expected[at]);
    if (deviation(one) < 2 || deviation(other) < 2) return false;
    const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
    const [a, b] = [mean(one), mean(other)];
    const together = mean(one.map((value, i) => (value - a) * (other[i] - b)));
    return together / (deviation(one) * deviation(other)) > SHOWS_THROUGH;
  }

  function areasOf(outstanding, times, seen, expected, wide, high) {
    const left = new Set(outstanding), found = [];
    for (const start of outstanding) {
      if (!left.delete(start)) continue;
      const waiting = [start], joined = [];
      while (waiting.length) {
        const at = waiting.pop(), x = at % wide, y = Math.trunc(at / wide);
        joined.push(at);
        for (let dy = -1; dy < 2; dy++) {
          for (let dx = -1; dx < 2; dx++) {
            if (x + dx >= 0 && x + dx < wide && left.delete((y + dy) * wide + x + dx)) waiting.push((y + dy) * wide + x + dx);
          }
        }
      }
      if (joined.length < 3 && Math.max(...joined.map((at) => times[at])) < SURE) continue;
      const columns = joined.map((at) => at % wide), rows = joined.map((at) => Math.trunc(at / wide));
      found.push({
        left: Math.min(...columns) / wide,
        top: Math.min(...rows) / high,
        right: (Math.max(...columns) + 1) / wide,
        bottom: (Math.max(...rows) + 1) / high,
        showsThrough: showsThrough(joined, seen, expected),
        count: joined.length,
      });
    }
    return found.sort((a, b) => b.count - a.count);
  }

  // ---- where in the copy the picture itself ends (trace/within.py) --------------------------------------------------

  const bell = (off, scatter) => Math.exp(-0.5 * (off / scatter) ** 2) / (Math.sqrt(2 * Math.PI) * scatter);
  const meanOf = (values) => values.reduce((a, b) => a + b, 0) / values.length;

  /* How many strips from the copy's edge on are not of the picture; tiles are {strip, inPicture, seen}. */
  function stripsBeside(tiles) {
    let total = 0, most = 0, best = 0;
    for (const number of [...new Set(tiles.map((one) => one.strip))].sort((a, b) => a - b)) {
      const own = tiles.filter((one) => one.strip === number), middle = median(own.map((one) => one.seen));
      for (const { inPicture, seen } of own) total += Math.log(MOSTLY * bell(seen - middle, ONE_GREY) + (1 - MOSTLY) / 256) - inPicture;
      if (total > most) [most, best] = [total, number + 1];
    }
    return most >= LEAST_SURE ? best : 0;
  }

  function timesSteeper(steep, best, beside) {
    const mean = steep[0].map((_, x) => meanOf(steep.map((row) => row[x])));
    return Math.max(...mean.slice(Math.max(0, best - beside), best + beside + 1)) / Math.max(1, median(mean));
  }

  /* Where a straight edge is across all lines, 0 where there is none before the core; pixelOf(line, x) is grey. */
  function edgeNear(pixelOf, low, most, length, place, step, toCore) {
    const first = Math.max(1, Math.trunc(place - NEAR * step));
    const last = Math.min(length - 1, Math.trunc(toCore), Math.trunc(place + NEAR * step) + 1);
    if (place <= LEAST_BESIDE_PX || last - first < 3) return 0;
    const steep = [];
    for (let line = low; line < most; line++) {
      steep.push(Array.from({ length: last - first }, (_, x) => Math.abs(pixelOf(line, first + x + 1) - pixelOf(line, first + x - 1))));
    }
    const mean = steep[0].map((_, x) => meanOf(steep.map((row) => row[x]))), best = mean.indexOf(Math.max(...mean));
    if (timesSteeper(steep, best, 0) < STEEPER) return 0;
    // Pieces as numpy.array_split makes them: the first ones are one longer where it does not come out even.
    const each = Math.trunc(steep.length / PIECES), longer = steep.length % PIECES;
    let steeper = 0;
    for (let piece = 0, at = 0; piece < PIECES; piece++) {
      const own = steep.slice(at, (at += each + (piece < longer ? 1 : 0)));
      if (own.length && timesSteeper(own, best, 1) > STEEPER_IN_PIECE) steeper++;
    }
    return steeper >= MOST_PIECES ? first + best + 0.5 : 0;
  }

  /* Where a mat behind a straight edge ends, which is that edge where there is none; awaited is what the picture has there. */
  function behindMat(pixelOf, low, most, length, edge, step, toCore, awaited) {
    const first = Math.trunc(edge) + 2, last = Math.trunc(Math.min(length, toCore, edge + MAT_TILES * step)), lines = most - low;
    if (last - first <= MAT_ENDS_PX || !awaited.length) return edge;
    const column = (x) => Array.from({ length: lines }, (_, line) => pixelOf(low + line, x));
    const grey = median([...column(first), ...column(first + 1)]);
    const alike = (x) => column(x).filter((one) => Math.abs(one - grey) <= MAT_GREY).length / lines;
    let end = first;
    while (end < last && alike(end) >= MAT_SHARE) end++;
    if (end === first || end === last || median(awaited.map((one) => Math.abs(one - grey))) < NOT_OF_MAT) return edge;
    for (let x = end; x < Math.min(last, end + MAT_ENDS_PX); x++) if (alike(x) <= 0.5) return end + 0.5;
    return edge;
  }

  const holds = (part, [x, y]) => x >= part.left && x <= part.right && y >= part.top && y <= part.bottom;

  /* Look beside the core on each side, between the ends of `across`. */
  function partOf(view, middles, inside, fitted, expected, core, across) {
    const { picture, wide, high, given, seen, corner } = view, greys = fitted.map((at) => given[at]);
    const least = Math.min(...greys) - BEYOND, most = Math.max(...greys) + BEYOND, tiles = [];
    for (const at of inside) {
      if (given[at] < least || given[at] > most) continue;
      const density = (1 - CHANGED) * bell(seen[at] - expected.grey[at], A_SCATTER * expected.limit[at]) + CHANGED / 256;
      tiles.push({ middle: middles[at], seen: seen[at], awaited: expected.grey[at], inPicture: Math.log(density) });
    }
    const edgeOf = (count, place) => meanOf(Array.from({ length: count + 1 }, (_, at) => place(at)));
    const ends = [0, 1].flatMap((axis) => {
      const [from, to, low, high_] = axis ? ["top", "bottom", across.left, across.right] : ["left", "right", across.top, across.bottom];
      const length = axis ? picture.height : picture.width, lines = axis ? picture.width : picture.height;
      const begins = axis ? [0, high].map((j) => edgeOf(wide, (i) => corner(i, j)[1])) : [0, wide].map((i) => edgeOf(high, (j) => corner(i, j)[0]));
      const step = (begins[1] - begins[0]) / (axis ? high : wide);
      const chosen = tiles.filter(({ middle }) => middle[1 - axis] >= low && middle[1 - axis] <= high_);
      const { width, pixels } = picture, firstLine = Math.max(0, Math.trunc(low)), lastLine = Math.min(lines, Math.trunc(high_) + 1);
      return [false, true].map((isFar) => {
        const farOf = (place) => (isFar ? length - place : place), toCore = farOf(isFar ? core[to] : core[from]);
        const beyond = chosen.map((one) => ({ ...one, far: farOf(one.middle[axis]) })).filter((one) => one.far < toCore);
        const strips = stripsBeside(beyond.map((one) => ({ ...one, strip: Math.floor(one.far / step) })));
        const pixelOf = (line, x) => {
          const at = isFar ? length - 1 - x : x;
          return pixels[axis ? at * width + line : line * width + at];
        };
        const edge = edgeNear(pixelOf, firstLine, lastLine, length, strips * step || farOf(begins[isFar ? 1 : 0]), step, toCore);
        const awaited = beyond.filter(({ far }) => Math.abs(far - edge) < MAT_TILES * step).map((one) => one.awaited);
        return edge && behindMat(pixelOf, firstLine, lastLine, length, edge, step, toCore, awaited);
      });
    });
    return { left: ends[0], top: ends[2], right: picture.width - ends[1], bottom: picture.height - ends[3] };
  }

  /* What part of a copy shows the picture; null where nothing stands beside it. */
  function shownPart(view, core, expected, inside) {
    const { wide, seen, corner, picture } = view;
    const middles = Array.from(seen, (_, at) => {
      const i = at % wide, j = Math.trunc(at / wide), [one, other] = [corner(i, j), corner(i + 1, j + 1)];
      return [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
    });
    let own = inside.filter((at) => holds(core, middles[at]));
    if (own.length < LEAST_TILES) return null;
    const alone = expectedBy(view, own), off = (by) => meanOf(own.map((at) => Math.abs(seen[at] - by.grey[at])));
    const isOther = off(alone) * AS_WELL + 0.5 < off(expected);
    let part = partOf(view, middles, inside, isOther ? own : inside, isOther ? alone : expected, core, core);
    own = inside.filter((at) => holds(part, middles[at]));
    part = partOf(view, middles, inside, own, expectedBy(view, own), core, part);
    const whole = wholeOf(picture);
    return Object.keys(whole).every((side) => part[side] === whole[side]) ? null : part;
  }

  // ---- what differs, told -------------------------------------------------------------------------------------------

  const backIn = ([a, b, e, c, d, f], frame) => {
    const det = a * d - b * c;
    return (x, y) => [(d * (x - e) - b * (y - f)) / det / frame.width, (a * (y - f) - c * (x - e)) / det / frame.height];
  };

  function extentOf({ width, height }, frame, layout, part) {
    const back = backIn(layout, frame);
    let kept = 0, own = 0;
    for (let j = 0; j < RASTER; j++) {
      for (let i = 0; i < RASTER; i++) {
        const u = (i + 0.5) / RASTER, v = (j + 0.5) / RASTER;
        if (holds(part, placed(layout, u * frame.width, v * frame.height))) kept++;
        const [p, q] = back(u * width, v * height);
        if (p >= 0 && q >= 0 && p <= 1 && q <= 1 && holds(part, [u * width, v * height])) own++;
      }
    }
    return { kept: kept / RASTER ** 2, added: 1 - own / RASTER ** 2 };
  }

  /* The shares of a picture that lie beyond the sides of a part of a copy. */
  function endsOf(frame, { left, top, right, bottom }, layout) {
    const back = backIn(layout, frame), [tl, tr, bl, br] = [[left, top], [right, top], [left, bottom], [right, bottom]].map((one) => back(...one));
    return [(tl[0] + bl[0]) / 2, (tl[1] + tr[1]) / 2, 1 - (tr[0] + br[0]) / 2, 1 - (bl[1] + br[1]) / 2];
  }

  function told(view, points, { layout, way }, shown, expected, inside) {
    const { picture, wide, high, seen } = view, isEnough = inside.length >= LEAST_TILES;
    const off = seen.map((value, at) => Math.abs(value - expected.grey[at])), times = off.map((value, at) => value / expected.limit[at]);
    const outstanding = isEnough ? inside.filter((at) => times[at] > 1) : [], out = new Set(outstanding);
    const calm = inside.filter((at) => !out.has(at)).map((at) => off[at]);
    const contrast = Math.max(LEAST_CONTRAST, inside.length ? deviation(inside.map((at) => seen[at])) : 0);
    const misfit = calm.length ? meanOf(calm) / contrast : 1;
    const ends = endsOf(points, wholeOf(picture), layout), sides = shown ? endsOf(points, shown, layout) : ends;
    return {
      ...extentOf(picture, points, layout, shown || wholeOf(picture)),
      sides,
      beside: sides.map((side, at) => side - ends[at]),
      tiles: seen.length,
      compared: isEnough ? inside.length : 0,
      differing: outstanding.length / Math.max(1, inside.length),
      areas: areasOf(outstanding, times, seen, expected.grey, wide, high),
      misfit,
      isThisFrame: misfit <= MOST_MISFIT,
      isMirrored: (way & 1) === 1,
      quarters: way >> 1,
    };
  }

  function differences(likeness, placement, picture) {
    const here = laidPicture(picture, placement.way), view = seenTiles(here, likeness, placement.layout);
    const inside = tilesWithin(view, wholeOf(here)), expected = expectedBy(view, inside);
    const shown = shownPart(view, placement.spread, expected, inside);
    if (shown) {
      const own = tilesWithin(view, shown), found = told(view, likeness.points, placement, shown, expectedBy(view, own), own);
      if (found.isThisFrame && found.compared >= LEAST_SHOWN * found.tiles && found.differing <= MOST_DIFFERING) return found;
    }
    return told(view, likeness.points, placement, null, expected, inside);
  }

  /* Look at a picture once, for many likenesses. */
  const look = (picture) => ({ picture, points: findPoints(picture, POINTS) });

  /* Where a place of the reference is in the copy as it was given, as shares of its width and height. */
  function backFrom(copy, { layout, way }, x, y) {
    let [here, there] = placed(layout, x, y);
    let [width, height] = (way >> 1) % 2 ? [copy.height, copy.width] : [copy.width, copy.height];
    for (let quarter = way >> 1; quarter; quarter--) {
      [here, there] = [there, width - here];
      [width, height] = [height, width];
    }
    return [(way & 1 ? width - here : here) / width, there / height];
  }

  /* What became of the picture of a likeness in what was looked at; null where it is not similar. */
  function similar(likeness, looked) {
    const placement = match(likeness.points, looked.points);
    if (!placement) return null;
    const found = differences(likeness, placement, looked.picture), { width, height } = likeness.points;
    for (const area of found.areas) {
      const corners = [[area.left, area.top], [area.right, area.top], [area.right, area.bottom], [area.left, area.bottom]];
      area.corners = corners.map(([x, y]) => backFrom(looked.picture, placement, x * width, y * height));
    }
    return { ...found, shared: placement.shared };
  }

  // ---- in a page ---------------------------------------------------------------------------------------------------

  /* Look at the bytes of a picture; rejects where the browser cannot show it. */
  async function lookAt(bytes) {
    const image = await createImageBitmap(new Blob([bytes]), { imageOrientation: "from-image" });
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = searchedSize(image.width, image.height);
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.fillStyle = "#fff"; // transparent parts lie over white
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    return { ...look(greyOf(data, canvas.width, canvas.height)), canvas };
  }

  /* The signed picture that a copy is nearest to: {name, key, found, canvas}; null where none is similar or none tells.
   *
   * `signed` is a list of {name, told}; told is what FifthFloor.signedLikeness gives, which checked the signature.
   */
  async function nearest(bytes, signed) {
    const telling = signed.filter(({ told }) => told);
    if (!telling.length) return null;
    const looked = await lookAt(bytes);
    let best = null;
    for (const { name, told } of telling) {
      const found = similar(read(told.data), looked);
      if (found && (!best || found.misfit < best.found.misfit)) best = { name, key: told.key, found, canvas: looked.canvas };
    }
    return best;
  }

  /* Whether a picture, whole and laid as it was signed, looks otherwise than its statement says (similar.py). */
  async function looksOtherwise(bytes, told) {
    if (!told) return false;
    const likeness = read(told.data), { picture } = await lookAt(bytes), scale = picture.width / likeness.points.width;
    const { seen } = seenTiles(picture, likeness, [scale, 0, 0, 0, scale, 0]);
    const alike = likeness.tiles.reduce((count, grey, at) => count + (Math.abs(grey - seen[at]) <= ALIKE ? 1 : 0), 0);
    return alike < MOST_ALIKE * likeness.tiles.length;
  }

  /* Whether a picture of any size, turned or cut, shows the frame that its statement says (similar.py). */
  const isCopyOf = async (bytes, told) => Boolean((await nearest(bytes, [{ name: "", told }]))?.found.isThisFrame);

  /* Put facts into a sentence, each where `{fact}` stands. */
  function filled(text, facts) {
    return text.replace(/\{(\w+)\}/g, (place, fact) => (fact in facts ? facts[fact] : place));
  }

  /* How much is not there at which side, as a line, or none. */
  function sidesSaid({ sides }, told, percent) {
    const names = ["similar_left", "similar_top", "similar_right", "similar_bottom"];
    const missing = names.flatMap((key, at) => (sides[at] >= 0.01 ? [told(key, { percent: percent(sides[at]) })] : []));
    return missing.length ? [told("similar_sides", { sides: missing.join(" · ") })] : [];
  }

  /* Where in the signed picture areas differ, the largest, as a line, or none. */
  function areasSaid({ areas }, told, percent) {
    const where = areas.slice(0, MOST_SAID).map(({ left, top, right, bottom }) =>
      told("similar_area", { left: percent(left), top: percent(top), right: percent(right), bottom: percent(bottom) }));
    return where.length ? [where.join(" · ") + "."] : [];
  }

  /* What is said of it, line by line; the sentences are those of the page. */
  function said({ name, found }, say) {
    const percent = (share) => String(Math.round(100 * share));
    const told = (key, facts) => filled(say[key], facts);
    if (!found.isThisFrame) return [told("similar_scene", { name })];
    const lines = [told("similar", { name })];
    // What something else lies over was cut off or is covered: which of the two cannot be told.
    const isCovered = found.sides.some((side, at) => Math.min(side, found.beside[at]) >= 0.01);
    const gone = told(isCovered ? "similar_covered" : "similar_cropped", { percent: percent(1 - found.kept) });
    lines.push(1 - found.kept < 0.01 ? say.similar_whole : gone);
    if (1 - found.kept >= 0.01) lines.push(...sidesSaid(found, told, percent));
    if (found.added >= 0.01) lines.push(told("similar_framed", { percent: percent(found.added) }));
    if (found.isMirrored) lines.push(say.similar_mirrored);
    if (found.quarters) lines.push(told("similar_turned", { degrees: String(90 * found.quarters) }));
    if (!found.compared) return [...lines, say.similar_not_compared];
    lines.push(found.areas.length ? told("similar_areas", { count: String(found.areas.length) }) : say.similar_no_area);
    lines.push(...areasSaid(found, told, percent));
    lines.push(told("similar_tiles", { compared: String(found.compared), tiles: String(found.tiles) }));
    return [...lines, say.similar_only];
  }

  /* Draw frames round what differs, over a copy on a canvas. */
  function frame(canvas, found) {
    const pen = canvas.getContext("2d");
    pen.lineWidth = Math.max(2, canvas.width / 300);
    for (const { corners } of found.areas) {
      pen.beginPath();
      corners.forEach(([x, y]) => pen.lineTo(x * canvas.width, y * canvas.height));
      pen.closePath();
      pen.strokeStyle = "#e8590c";
      pen.stroke();
    }
  }

  return { searchedSize, greyOf, findPoints, read, look, similar, nearest, said, frame, looksOtherwise, isCopyOf, filled };
});
