"use strict";
// The list and the table of places, narrowed by what is searched for, else by the groups that are shown.

AssetMap.Listing = class {
  constructor(scene) {
    const { places } = scene;
    this.group = places.group;
    this.shown = new Set(places.groups.keys());
    this.fits = null;
    this.entries = places.anchor.map((anchor) => document.getElementById(anchor));
    this.rows = [...document.querySelectorAll("#place-rows tr")];
    this.groups = [...document.querySelectorAll("details.group")].map((group) => ({ group, open: group.open }));
  }

  // Narrows to the places that fit; null for all.
  search(fits) {
    this.fits = fits;
    this._apply();
  }

  show(groups) {
    this.shown = groups;
    this._apply();
  }

  _apply() {
    const searching = this.fits !== null;
    const left = new Set();
    this.group.forEach((group, i) => {
      const there = searching ? this.fits[i] : this.shown.has(group);
      if (there) left.add(group);
      if (this.entries[i]) this.entries[i].hidden = !there;
      if (this.rows[i]) this.rows[i].hidden = !there;
    });
    this.groups.forEach(({ group, open }, g) => {
      group.hidden = !left.has(g);
      group.open = searching || open;
    });
  }
};
