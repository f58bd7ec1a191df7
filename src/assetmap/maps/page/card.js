"use strict";
// The card that tells of a place, a zone or a square, as a popup of the map. All of it is set as text.

AssetMap.Card = class {
  constructor(map, scene) {
    this.map = map;
    this.scene = scene;
    this.back = null; // what had the focus before the card
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
    this.map.closePopup();
    this.back = focus ? document.activeElement : null;
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

  place(i) {
    const { places, words } = this.scene;
    const pairs = [[words.kind, places.category[i]]];
    for (const [fact, told] of Object.entries(places.facts)) if (told[i]) pairs.push([words[fact], told[i]]);
    return AssetMap.element("article", { class: "card" }, this._heading(places.name[i]), this._facts(pairs));
  }

  several(indices, choose) {
    const { places, words } = this.scene;
    const list = AssetMap.element("ul");
    for (const i of indices) {
      const button = AssetMap.element("button", { type: "button" }, `${places.name[i]} (${places.category[i]})`);
      button.addEventListener("click", () => choose(i));
      list.append(AssetMap.element("li", {}, button));
    }
    const title = AssetMap.fill(words.several_here, { n: indices.length });
    return AssetMap.element("article", { class: "card" }, this._heading(title), list);
  }

  zone(i) {
    const { zones, words } = this.scene;
    const people = zones.population[i];
    const pairs = [[words.population, people === null ? words.population_unknown : people.toLocaleString(words.lang)]];
    for (const view of zones.views) pairs.push([view.title, view.told[i]]);
    const note = AssetMap.element("p", {}, words.not_its_people);
    return AssetMap.element("article", { class: "card" }, this._heading(zones.name[i]), this._facts(pairs), note);
  }

  square(i) {
    const { marks, words } = this.scene;
    const say = (key, n, parts = {}) => AssetMap.fill(words[`${key}_${n === 1 ? "one" : "many"}`], { n, ...parts });
    const told = say("marks_cell", marks.count[i], { sheets: say("sheets", marks.sheets[i]) });
    const text = AssetMap.element("p", {}, told);
    return AssetMap.element("article", { class: "card" }, this._heading(marks.themes[marks.theme[i]]), text);
  }
};
