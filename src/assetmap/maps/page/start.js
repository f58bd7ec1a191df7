"use strict";
// Puts the map together: first the map, `drawn`, then all that can be done with it, `ready`.

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

AssetMap.start = async (map) => {
  const scene = await AssetMap.unpacking;
  if (!scene) return;
  scene.shade = document.documentElement.dataset.shade === "dark" ? 1 : 0;

  const repaint = () => AssetMap.canvas.repaint();
  const layers = {
    ground: new AssetMap.Ground(scene),
    places: new AssetMap.Places(scene),
    labels: new AssetMap.Labels(scene),
    zones: scene.zones && new AssetMap.Zones(scene),
    marks: scene.marks && new AssetMap.Marks(scene),
    comments: scene.comments && new AssetMap.Comments(scene),
    stops: scene.stops && new AssetMap.Stops(scene),
    here: new AssetMap.Here(map, scene, { repaint }),
  };
  const { places, zones, marks, comments, stops, labels, ground, here } = layers;
  // The order decides who finds room first.
  const painters = [stops, marks, comments, places, zones, labels, ground, here].filter(Boolean);
  const canvas = new AssetMap.Canvas(scene, painters);
  Object.assign(AssetMap, { scene, canvas, layers });
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
  document.documentElement.classList.add("drawn");
  await AssetMap.read();
  AssetMap.addButtons(map, scene.words, { showAll, here });
  AssetMap.shades(scene, repaint);

  // Opens the card of one thing of a layer that has points: a place, a stop, a remark.
  const open = (layer, { x, y, i }, content, options) => {
    if (options.focus) {
      document.querySelector(".stage").scrollIntoView({ block: "nearest" });
      map.setView(card.latLng(x, y), Math.max(map.getZoom(), 16.5), { animate: false });
    }
    card.show(content, x, y, {
      ...options,
      onClose: () => {
        if (layer.chosen === i) layer.chosen = -1;
        repaint();
      },
    });
    layer.chosen = i;
    repaint();
  };
  const at = (points, i) => ({ x: points.x[i], y: points.y[i], i });
  const choose = {
    place: (i, options = {}) => open(places, at(scene.places, i), card.place(i), options),
    stop: (i, options = {}) => open(stops, at(scene.stops, i), card.stop(i, (to) => choose.stop(to, { focus: true })), options),
    comment: (i, options = {}) => open(comments, at(scene.comments, i), card.comments([i]), options),
  };
  AssetMap.listen(map, { scene, canvas, layers, card, choose });
  const listing = new AssetMap.Listing(scene);
  new AssetMap.Search(scene, listing, (i) => choose.place(i, { focus: true }));
  new AssetMap.Controls(scene, { ...layers, listing, repaint });
  AssetMap.follow(scene, choose);
  document.getElementById("print").addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details.group, details.remarks")) details.open = true;
  });
  document.documentElement.classList.add("ready");
};

// Waits until the browser has read the whole page, and has shown what is drawn so far.
AssetMap.read = async () => {
  if (document.readyState === "loading") await new Promise((done) => document.addEventListener("DOMContentLoaded", done));
  // Frames don't come while the page is out of sight, hence the clock beside them.
  await new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, 250);
  });
};

// Zoom buttons, buttons for the whole map and for where the reader is, a scale bar, and which way is up.
AssetMap.addButtons = (map, words, { showAll, here }) => {
  L.control.zoom({ position: "bottomright", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
  const add = (told, path, act) => {
    const control = L.control({ position: "bottomright" });
    control.onAdd = () => {
      const button = AssetMap.element("button", { type: "button", title: told, "aria-label": told }, AssetMap.drawing(path));
      button.addEventListener("click", act);
      const bar = AssetMap.element("div", { class: "leaflet-bar whole" }, button);
      L.DomEvent.disableClickPropagation(bar);
      return bar;
    };
    control.addTo(map);
  };
  add(words.whole_map, "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5", () => showAll(true));
  if (here.possible) add(words.find_me, "M12 1v5M12 18v5M1 12h5M18 12h5M12 6a6 6 0 1 1 0 12a6 6 0 1 1 0-12z", () => here.find());
  const scale = L.control.scale({ imperial: false, maxWidth: 140 });
  scale._updateScale = (bar, told, ratio) => {
    const [, number, unit] = told.match(/^([\d.]+) (k?m)$/);
    const shown = AssetMap.number(words, Number(number));
    bar.style.width = `${Math.round(scale.options.maxWidth * ratio)}px`;
    bar.textContent = AssetMap.fill(unit === "km" ? words.unit_km : words.unit_m, { n: shown });
  };
  scale.addTo(map);
  const north = L.control({ position: "topright" });
  north.onAdd = () => AssetMap.element("div", { class: "north", role: "img", "aria-label": words.north_up }, "▲",
    AssetMap.element("span", {}, words.north_letter));
  north.addTo(map);
};

// What a click on the map opens; the pointer's shape; the wheel, which zooms only while the map has the focus.
AssetMap.listen = (map, { scene, canvas, layers, card, choose }) => {
  const { places, zones, marks, comments, stops } = layers;
  const ctx = AssetMap.element("canvas").getContext("2d");
  map.on("click", (event) => {
    const at = canvas.locate(event.layerPoint);
    const show = (content) => card.show(content, at.unitX, at.unitY);
    const stop = stops ? stops.find(at) : -1;
    if (stop >= 0) return choose.stop(stop);
    const square = marks ? marks.find(at) : -1;
    if (square >= 0) return show(card.square(square));
    const remarks = comments ? comments.find(at) : [];
    if (remarks.length) return show(card.comments(remarks));
    const found = places.find(ctx, at);
    if (found.length === 1) return choose.place(found[0]);
    if (found.length > 9 && map.getZoom() < 18) return map.setView(event.latlng, map.getZoom() + 2);
    if (found.length) return show(card.several(found, (i) => choose.place(i, { focus: true })));
    const zone = zones ? zones.find(ctx, at) : -1;
    return zone >= 0 ? show(card.zone(zone)) : undefined;
  });
  map.on("mousemove", (event) => {
    const at = canvas.locate(event.layerPoint);
    const over = (marks && marks.find(at) >= 0) || (stops && stops.find(at) >= 0)
      || (comments && comments.find(at).length > 0) || places.find(ctx, at).length > 0;
    map.getContainer().classList.toggle("pointing", Boolean(over));
  });
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
};

// Links within the page: to a place, a stop or a remark they open it on the map, else they go where they say.
// The browser isn't left to follow them, because in a notebook's frame it would leave the page.
AssetMap.follow = (scene, choose) => {
  const open = new Map();
  const keep = (anchors, choosing) => anchors.forEach((anchor, i) => open.set(anchor, () => choosing(i, { focus: true })));
  keep(scene.places.anchor, choose.place);
  if (scene.stops) keep(scene.stops.title.map((_, i) => `stop=${i + 1}`), choose.stop);
  if (scene.comments) keep(scene.comments.text.map((_, i) => `comment=${i + 1}`), choose.comment);
  const go = (anchor) => {
    const target = document.getElementById(anchor);
    if (open.has(anchor)) open.get(anchor)();
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
  const asked = () => open.get(location.hash.slice(1))?.();
  window.addEventListener("hashchange", asked);
  asked();
};
