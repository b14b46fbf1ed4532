"use strict";
/* Two views of one photograph, the original with its boxes and the picture as written, moved and enlarged together.

   Used by review.html and the desk. Boxes are drawn for the eye only (aria-hidden); what a person does to them by
   keyboard or screen reader is in the list beside (`review.js`). What the pictures are called stands in the page: the
   views' data-alt and data-broken, with {name}. `events` = {select, draw, move, opened}; `opened` says that
   the original is there, its URL in `photograph.url` (`originals.js`). */
const FFPicture = (() => {
  const EDGE_PX = 14; // how near to an edge a pointer takes hold of it
  const LEAST_PX = 8;
  const CLICK_PX = 3; // of the screen: a hand that presses a button moves as far

  class Picture {
    constructor(original, written, events) {
      this.views = [original, written];
      this.original = original;
      this.events = events;
      this.drawing = false;
      this.selected = null;
      this.zoom = 0; // 0 fits the view
      for (const view of this.views) {
        view.addEventListener("scroll", () => this.#follow(view), { passive: true });
      }
      original.addEventListener("pointerdown", event => this.#down(event));
      original.addEventListener("pointermove", event => this.#drag?.(event));
      original.addEventListener("pointerup", event => this.#up(event));
      original.addEventListener("pointercancel", () => { this.#drag = this.#end = null; this.draw(); });
      addEventListener("resize", () => this.size());
    }

    #drag = null;
    #end = null;
    #moved = new Map();

    /* Keep both views on the same place. */
    #follow(view) {
      const place = one => `${one.scrollLeft} ${one.scrollTop}`;
      // What we moved tells so a frame later, when the first may be elsewhere: it is not followed back.
      const ours = this.#moved.get(view) === place(view);
      this.#moved.delete(view);
      if (ours) return;
      const other = this.views.find(one => one !== view), before = place(other);
      other.scrollLeft = view.scrollLeft;
      other.scrollTop = view.scrollTop;
      if (place(other) !== before) this.#moved.set(other, place(other));
    }

    show(photograph) {
      this.photograph = photograph;
      this.selected = null;
      const [original, written] = this.views.map(view => { view.scrollLeft = view.scrollTop = 0; return view.querySelector("img"); });
      written.src = photograph.written;
      const say = (view, key) => view.dataset[key].replace("{name}", () => photograph.name);
      written.alt = say(this.views[1], "alt");
      original.removeAttribute("src");
      original.alt = say(this.original, "alt");
      FFOriginals.open(photograph).then(url => {
        if (this.photograph !== photograph) return;
        original.src = photograph.url = url;
        this.events.opened();
      }, () => { original.alt = say(this.original, "broken"); });
      this.size();
    }

    get scale() {
      const { clientWidth, clientHeight } = this.original;
      const fit = Math.min(1, clientWidth / this.photograph.width, clientHeight / this.photograph.height);
      return this.zoom || fit;
    }

    size() {
      if (!this.photograph) return;
      for (const view of this.views) {
        // A page may give a view no more room than the photograph takes as long as it fits: on a phone both are seen.
        view.classList.toggle("fits", !this.zoom);
        view.style.setProperty("--ratio", this.photograph.width / this.photograph.height);
      }
      for (const view of this.views) {
        const sheet = view.querySelector(".sheet");
        sheet.style.width = this.photograph.width * this.scale + "px";
        sheet.style.height = this.photograph.height * this.scale + "px";
      }
      this.draw();
    }

    /* Enlarge to a share of the photograph's own pixels, at most 1; 0 fits the view. */
    enlarge(zoom) { this.zoom = Math.min(1, zoom); this.size(); }

    select(part) {
      this.selected = part;
      this.draw();
      if (!part || !this.zoom) return;
      this.original.scrollLeft = (part.left + part.right) / 2 * this.scale - this.original.clientWidth / 2;
      this.original.scrollTop = (part.top + part.bottom) / 2 * this.scale - this.original.clientHeight / 2;
    }

    /* Bring a box that is moved by keys back into sight, no further than it takes. */
    reveal(part) {
      if (!this.zoom) return;
      const into = (low, high, at, room) => low < at ? low : high > at + room ? high - room : at;
      const { scrollLeft, scrollTop, clientWidth, clientHeight } = this.original;
      this.original.scrollLeft = into(part.left * this.scale, part.right * this.scale, scrollLeft, clientWidth);
      this.original.scrollTop = into(part.top * this.scale, part.bottom * this.scale, scrollTop, clientHeight);
    }

    draw(ghost) {
      const sheet = this.original.querySelector(".sheet");
      sheet.querySelectorAll(".box").forEach(box => box.remove());
      for (const part of [...this.photograph.parts, ...(ghost ? [ghost] : [])]) {
        const box = document.createElement("div");
        const question = part.why === "uncertain" && !part.answered;
        box.className = `box ${part.hide ? "hide" : question ? "question" : part.why === "writing" ? "writing" : part.why === "doubtful" ? "faint" : "show"}`;
        if (part === this.selected) box.classList.add("selected");
        box.setAttribute("aria-hidden", "true");
        Object.assign(box.style, { left: part.left * this.scale + "px", top: part.top * this.scale + "px",
          width: (part.right - part.left) * this.scale + "px", height: (part.bottom - part.top) * this.scale + "px" });
        sheet.append(box);
      }
      this.original.classList.toggle("drawing", this.drawing);
    }

    #at(event) {
      const frame = this.original.querySelector(".sheet").getBoundingClientRect();
      const within = (value, most) => Math.max(0, Math.min(most, value));
      return [within((event.clientX - frame.left) / this.scale, this.photograph.width),
        within((event.clientY - frame.top) / this.scale, this.photograph.height)];
    }

    #hit([x, y]) {
      const area = part => (part.right - part.left) * (part.bottom - part.top);
      return this.photograph.parts.filter(part => this.#holds(part, [x, y]))
        .sort((one, two) => area(one) - area(two))[0] ?? null;
    }

    #holds(part, [x, y]) {
      const near = EDGE_PX / this.scale / 2;
      return x >= part.left - near && x <= part.right + near && y >= part.top - near && y <= part.bottom + near;
    }

    #down(event) {
      if (event.button) return;
      const start = this.#at(event);
      const part = this.selected;
      if (this.drawing) this.#drawFrom(start);
      // The chosen box is what is held, whatever lies over or under it; a click that moves nothing chooses what is there.
      else if (part && this.#holds(part, start) && event.target.classList.contains("selected")) this.#moveFrom(part, start);
      else { this.#end = () => this.events.select(this.#hit(start)); return; }
      this.original.setPointerCapture(event.pointerId);
      event.preventDefault();
    }

    #up(event) {
      const end = this.#end;
      this.#drag = this.#end = null;
      end?.(this.#at(event));
    }

    #drawFrom(start) {
      const box = now => ({ left: Math.floor(Math.min(start[0], now[0])), top: Math.floor(Math.min(start[1], now[1])),
        right: Math.ceil(Math.max(start[0], now[0])), bottom: Math.ceil(Math.max(start[1], now[1])), hide: true, why: "drawn" });
      this.#drag = event => this.draw(box(this.#at(event)));
      this.#end = now => {
        const made = box(now);
        this.draw();
        if (made.right - made.left >= LEAST_PX && made.bottom - made.top >= LEAST_PX) this.events.draw(made);
      };
    }

    #moveFrom(part, start) {
      // A small box is held by its middle too: an edge is at most a third of its side.
      const near = side => Math.min(EDGE_PX / this.scale, side / 3);
      const [wide, high] = [near(part.right - part.left), near(part.bottom - part.top)];
      const held = { left: start[0] - part.left < wide, right: part.right - start[0] < wide,
        top: start[1] - part.top < high, bottom: part.bottom - start[1] < high };
      const whole = !Object.values(held).some(Boolean);
      const before = { left: part.left, top: part.top, right: part.right, bottom: part.bottom };
      const box = now => {
        const by = { left: now[0] - start[0], right: now[0] - start[0], top: now[1] - start[1], bottom: now[1] - start[1] };
        const made = {};
        for (const side of Object.keys(before)) made[side] = Math.round(before[side] + (whole || held[side] ? by[side] : 0));
        return (whole ? FFPicture.inside : FFPicture.within)(made, this.photograph);
      };
      const moved = now => Math.hypot(now[0] - start[0], now[1] - start[1]) * this.scale >= CLICK_PX;
      let dragged = false;
      this.#drag = event => {
        const now = this.#at(event);
        if ((dragged ||= moved(now))) { Object.assign(part, box(now)); this.draw(); }
      };
      this.#end = now => {
        Object.assign(part, before);
        if (dragged ||= moved(now)) this.events.move(part, box(now));
        else this.events.select(this.#hit(start));
      };
    }
  }

  /* A box inside of the photograph and at least LEAST_PX wide and high. */
  function within(box, photograph) {
    const left = Math.max(0, Math.min(box.left, photograph.width - LEAST_PX));
    const top = Math.max(0, Math.min(box.top, photograph.height - LEAST_PX));
    return { left, top, right: Math.min(photograph.width, Math.max(left + LEAST_PX, box.right)),
      bottom: Math.min(photograph.height, Math.max(top + LEAST_PX, box.bottom)) };
  }

  /* A box of its own size, moved back into the photograph: at a border it stops, and hides what it hid. */
  function inside(box, photograph) {
    const x = Math.max(-box.left, 0) || Math.min(photograph.width - box.right, 0);
    const y = Math.max(-box.top, 0) || Math.min(photograph.height - box.bottom, 0);
    return within({ left: box.left + x, top: box.top + y, right: box.right + x, bottom: box.bottom + y }, photograph);
  }

  return { Picture, within, inside };
})();
