"use strict";
// The panel's choices: groups of places, how zones are coloured, which theme of marks or remarks, the stops.

AssetMap.Controls = class {
  constructor(scene, { places, zones, marks, comments, stops, listing, repaint }) {
    this._groups(scene.words, { places, listing, repaint });
    this._choice("view", (index) => {
      zones.view = index;
      for (const legend of document.querySelectorAll(".legend")) legend.hidden = Number(legend.dataset.view) !== index;
      repaint();
    });
    this._choice("theme", (index) => {
      marks.theme = index;
      repaint();
    });
    this._choice("comments", (index) => {
      comments.theme = index;
      repaint();
    });
    const box = document.getElementById("show-stops");
    if (box) {
      box.checked = true;
      box.addEventListener("change", () => {
        stops.shown = box.checked;
        repaint();
      });
    }
    document.getElementById("panel").open = window.matchMedia("(min-width: 56rem)").matches;
  }

  _groups(words, { places, listing, repaint }) {
    const boxes = [...document.querySelectorAll('input[name="group"]')];
    const all = document.getElementById("all-groups");
    const show = () => {
      places.shown = new Set(boxes.filter((box) => box.checked).map((box) => Number(box.value)));
      all.textContent = places.shown.size ? words.hide_all : words.show_all;
      listing.show(places.shown);
      repaint();
    };
    for (const box of boxes) {
      box.checked = true;
      box.addEventListener("change", show);
    }
    if (!all) return;
    all.addEventListener("click", () => {
      const check = !places.shown.size;
      for (const box of boxes) box.checked = check;
      show();
    });
  }

  _choice(name, choose) {
    for (const radio of document.querySelectorAll(`input[name="${name}"]`)) {
      radio.checked = radio.defaultChecked; // browsers restore choices when a page is opened again
      radio.addEventListener("change", () => choose(Number(radio.value)));
      if (radio.checked) choose(Number(radio.value));
    }
  }
};
