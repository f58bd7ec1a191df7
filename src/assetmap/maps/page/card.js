"use strict";
// The card that tells of a place, a zone, a square, a remark or a stop, as a popup of the map. All is set as text.

AssetMap.Card = class {
  constructor(map, scene) {
    this.map = map;
    this.scene = scene;
    this.back = null; // what had the focus before the card
    map.on("popupopen", () => map.getContainer().classList.add("reading"));
    map.on("popupclose", () => this._closed());
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape") map.closePopup();
    });
  }

  latLng(x, y) {
    const { units, origin } = this.scene;
    return this.map.unproject(L.point((origin[0] + x) * 256 / units, (origin[1] + y) * 256 / units), 0);
  }

  // Shows content at a point. The focus goes along when the card was asked for with the keyboard or from the list.
  show(content, x, y, { focus = false, onClose = () => {} } = {}) {
    const active = document.activeElement;
    const within = this.back && active.closest(".leaflet-popup") ? this.back : active;
    this.back = null; // a card that gives way to this one doesn't take the focus away
    this.map.closePopup();
    this.back = focus ? within : null;
    this.onClose = onClose;
    const popup = L.popup({ maxWidth: 290, minWidth: 250, autoPanPadding: [16, 16], offset: [0, -8] })
      .setLatLng(this.latLng(x, y))
      .setContent(content)
      .openOn(this.map);
    popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", this.scene.words.close);
    if (focus) content.querySelector("h3").focus({ preventScroll: true });
  }

  _closed() {
    const { back, onClose } = this;
    this.back = null;
    this.onClose = null;
    this.map.getContainer().classList.remove("reading");
    if (onClose) onClose();
    if (back) back.focus();
  }

  _facts(pairs) {
    const list = AssetMap.element("dl");
    for (const [term, told] of pairs) {
      list.append(AssetMap.element("dt", {}, term), AssetMap.element("dd", { dir: "auto" }, told));
    }
    return list;
  }

  _heading(text) {
    return AssetMap.element("h3", { tabindex: "-1", dir: "auto" }, text);
  }

  _card(heading, ...parts) {
    return AssetMap.element("article", { class: "card" }, this._heading(heading), ...parts);
  }

  place(i) {
    const { places, words } = this.scene;
    const pairs = [[words.kind, places.category[i]]];
    for (const [fact, told] of Object.entries(places.facts)) if (told[i]) pairs.push([words[fact], told[i]]);
    return this._card(places.name[i], this._facts(pairs), ...AssetMap.placeTools(this.scene, i));
  }

  several(indices, choose) {
    const { places, words } = this.scene;
    const list = AssetMap.element("ul");
    for (const i of indices) {
      const button = AssetMap.element("button", { type: "button" }, `${places.name[i]} (${places.category[i]})`);
      button.addEventListener("click", () => choose(i));
      list.append(AssetMap.element("li", {}, button));
    }
    return this._card(AssetMap.count(words, "several_here", indices.length), list);
  }

  zone(i) {
    const { zones, words } = this.scene;
    const pairs = [[words.population, zones.population[i]]];
    for (const view of zones.views) pairs.push([view.title, view.told[i]]);
    return this._card(zones.name[i], this._facts(pairs), AssetMap.element("p", {}, words.not_its_people));
  }

  square(i) {
    const { marks } = this.scene;
    return this._card(marks.themes[marks.theme[i]], AssetMap.element("p", {}, marks.told[i]));
  }

  // Remarks of one theme at one spot.
  comments(indices) {
    const { comments } = this.scene;
    const texts = indices.map((i) => AssetMap.element("p", { dir: "auto" }, comments.text[i]));
    return this._card(comments.themes[comments.theme[indices[0]]], ...texts);
  }

  stop(i, choose) {
    const { stops, words } = this.scene;
    const [n, total] = [i + 1, stops.title.length].map((number) => AssetMap.number(words, number));
    const steps = AssetMap.element("p", { class: "steps" });
    for (const [to, told] of [[i - 1, words.stop_previous], [i + 1, words.stop_next]]) {
      if (to < 0 || to >= stops.title.length) continue;
      const button = AssetMap.element("button", { type: "button" }, told);
      button.addEventListener("click", () => choose(to));
      steps.append(button);
    }
    const where = AssetMap.element("p", {}, AssetMap.fill(words.stop_of, { n, total }));
    const told = AssetMap.element("p", { dir: "auto" }, stops.text[i]);
    // What was recorded stands in the page once, below the map: the card shows a copy of it.
    const recorded = document.getElementById(`stop=${i + 1}`).querySelectorAll("figure, .recording");
    return this._card(stops.title[i], where, told, ...[...recorded].map((one) => one.cloneNode(true)), steps);
  }
};
