"use strict";
// Finds places by name or kind: offers the best few, and narrows the list below the map.

AssetMap.Search = class {
  constructor(scene, listing, choose) {
    const { places, words } = scene;
    this.listing = listing;
    this.words = words;
    this.choose = choose;
    this.places = places;
    this.texts = places.name.map((name, i) => AssetMap.plain(`${name} ${places.category[i]} ${places.groups[places.group[i]].label}`));
    this.names = places.name.map(AssetMap.plain);
    this.input = document.getElementById("search");
    this.results = document.getElementById("results");
    this.count = document.getElementById("search-count");
    this.input.addEventListener("input", () => this.run());
    this.input.addEventListener("keydown", (event) => this._fromInput(event));
    this.results.addEventListener("keydown", (event) => this._fromResult(event));
  }

  run() {
    const wanted = AssetMap.plain(this.input.value).trim();
    const parts = wanted.split(/\s+/).filter(Boolean);
    const fits = this.texts.map((text) => parts.every((part) => text.includes(part)));
    const found = [...fits.keys()].filter((i) => fits[i]);
    this.listing.search(parts.length ? fits : null);
    this._offer(parts.length ? found : [], wanted);
    this.count.textContent = parts.length ? this._told(found.length) : "";
  }

  _told(count) {
    if (!count) return this.words.search_none;
    return AssetMap.count(this.words, "search_found", count);
  }

  // Names that begin with what was typed go first, then names that hold it, then kinds.
  _offer(found, wanted) {
    const rank = (i) => (this.names[i].startsWith(wanted) ? 0 : this.names[i].includes(wanted) ? 1 : 2);
    const best = found.map((i) => [rank(i), i]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, 6);
    this.results.replaceChildren(...best.map(([, i]) => {
      const name = AssetMap.element("bdi", {}, this.places.name[i]);
      const kind = AssetMap.element("small", {}, this.places.category[i]);
      const button = AssetMap.element("button", { type: "button" }, name, " ", kind);
      button.addEventListener("click", (event) => this._choose(i, event.detail === 0));
      return AssetMap.element("li", {}, button);
    }));
    this.results.hidden = !best.length;
  }

  // On a phone the offers lie over the place that one of them opens. Who chose by key comes back to what was typed.
  _choose(i, byKey) {
    if (byKey) this.input.focus();
    this._offer([], "");
    this.choose(i);
  }

  _fromInput(event) {
    const first = this.results.querySelector("button");
    if (event.key === "Escape") {
      this.input.value = "";
      this.run();
    } else if (event.key === "ArrowDown" && first) {
      event.preventDefault();
      first.focus();
    } else if (event.key === "Enter" && first) {
      event.preventDefault();
      first.click();
    }
  }

  _fromResult(event) {
    const buttons = [...this.results.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.input.focus();
    if (!step) return;
    event.preventDefault();
    (buttons[buttons.indexOf(document.activeElement) + step] ?? this.input).focus();
  }
};

// Lower case without accents, so that "cafe" finds "Café".
AssetMap.plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
