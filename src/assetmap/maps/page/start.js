"use strict";
// Puts the map together.

AssetMap.makeMap = (name, center, options) => {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(name, {
    ...options,
    center,
    zoomControl: false,
    zoomSnap: 0.25,
    wheelPxPerZoomLevel: 90,
    scrollWheelZoom: false,
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    inertia: !calm,
    maxBoundsViscosity: 0.8,
  });
  if (calm) map.panBy = (offset, asked) => L.Map.prototype.panBy.call(map, offset, { ...asked, animate: false });
  return map;
};

AssetMap.start = async (map, packed) => {
  if (!("DecompressionStream" in window)) return;
  const scene = await AssetMap.unpack(packed);

  const ground = new AssetMap.Ground(scene);
  const places = new AssetMap.Places(scene);
  const labels = new AssetMap.Labels(scene);
  const zones = scene.zones && new AssetMap.Zones(scene);
  const marks = scene.marks && new AssetMap.Marks(scene);
  // The order decides who finds room first.
  const painters = [marks, places, zones, labels, ground].filter(Boolean);
  const canvas = new AssetMap.Canvas(scene, painters);
  Object.assign(AssetMap, { scene, canvas });
  const card = new AssetMap.Card(map, scene);

  const corner = (x, y) => card.latLng(x, y);
  const [west, north, east, south] = scene.extent;
  const focus = L.latLngBounds(corner(scene.focus[0], scene.focus[1]), corner(scene.focus[2], scene.focus[3]));
  const everything = L.latLngBounds(corner(west, north), corner(east, south));
  const showAll = (animate) => map.fitBounds(focus, { animate, padding: [12, 12], maxZoom: 18 });
  showAll(false);
  map.setMinZoom(Math.floor(Math.min(map.getBoundsZoom(everything), map.getZoom()) - 0.5));
  map.setMaxBounds(everything.extend(focus).pad(0.6));
  canvas.addTo(map);
  AssetMap.addButtons(map, scene.words, showAll);

  const choose = (i, options = {}) => {
    const [x, y] = [scene.places.x[i], scene.places.y[i]];
    if (options.focus) {
      document.querySelector(".stage").scrollIntoView({ block: "nearest" });
      map.setView(card.latLng(x, y), Math.max(map.getZoom(), 16.5), { animate: false });
    }
    card.show(card.place(i), x, y, {
      ...options,
      onClose: () => {
        if (places.chosen === i) places.chosen = -1;
        canvas.repaint();
      },
    });
    places.chosen = i;
    canvas.repaint();
  };
  AssetMap.listen(map, { scene, canvas, places, zones, marks, card, choose });
  new AssetMap.Search(scene, (i) => choose(i, { focus: true }));
  new AssetMap.Controls(scene, { places, zones, marks, repaint: () => canvas.repaint() });
  AssetMap.follow(scene, (i) => choose(i, { focus: true }));
  window.addEventListener("beforeprint", () => {
    for (const group of document.querySelectorAll("details.group")) group.open = true;
  });
  document.documentElement.classList.add("drawn");
};

// Zoom buttons, a button for the whole map, a scale bar, and which way is up.
AssetMap.addButtons = (map, words, showAll) => {
  L.control.zoom({ position: "bottomright", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  const whole = L.control({ position: "bottomright" });
  whole.onAdd = () => {
    const button = AssetMap.element("button", { type: "button", title: words.whole_map, "aria-label": words.whole_map },
      AssetMap.drawing("M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"));
    button.addEventListener("click", () => showAll(true));
    const bar = AssetMap.element("div", { class: "leaflet-bar whole" }, button);
    L.DomEvent.disableClickPropagation(bar);
    return bar;
  };
  whole.addTo(map);
  L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  const north = L.control({ position: "topright" });
  north.onAdd = () => AssetMap.element("div", { class: "north", role: "img", "aria-label": words.north_up }, "▲", AssetMap.element("span", {}, "N"));
  north.addTo(map);
};

// What a click on the map opens; the pointer's shape; the wheel, which zooms only while the map has the focus.
AssetMap.listen = (map, { scene, canvas, places, zones, marks, card, choose }) => {
  const ctx = AssetMap.element("canvas").getContext("2d");
  map.on("click", (event) => {
    const at = canvas.locate(event.layerPoint);
    const square = marks ? marks.find(at) : -1;
    const found = square < 0 ? places.find(ctx, at) : [];
    const zone = zones && square < 0 && !found.length ? zones.find(ctx, at) : -1;
    const open = (content) => card.show(content, at.unitX, at.unitY);
    if (square >= 0) open(card.square(square));
    else if (found.length === 1) choose(found[0]);
    else if (found.length > 9 && map.getZoom() < 18) map.setView(event.latlng, map.getZoom() + 2);
    else if (found.length) open(card.several(found, (i) => choose(i, { focus: true })));
    else if (zone >= 0) open(card.zone(zone));
  });
  map.on("mousemove", (event) => {
    const at = canvas.locate(event.layerPoint);
    const over = (marks && marks.find(at) >= 0) || places.find(ctx, at).length > 0;
    map.getContainer().classList.toggle("pointing", over);
  });
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
};

// Links within the page: to a place they open it on the map, else they go where they say.
// The browser isn't left to follow them, because in a notebook's frame it would leave the page.
AssetMap.follow = (scene, choose) => {
  const index = new Map(scene.places.anchor.map((anchor, i) => [anchor, i]));
  const go = (anchor) => {
    const target = document.getElementById(anchor);
    if (index.has(anchor)) choose(index.get(anchor));
    else if (target) {
      target.scrollIntoView();
      target.focus({ preventScroll: true });
    }
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link || link.closest(".leaflet-container")) return;
    event.preventDefault();
    go(link.getAttribute("href").slice(1));
  });
  const asked = location.hash.slice(1);
  if (index.has(asked)) choose(index.get(asked));
};
