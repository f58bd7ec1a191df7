"use strict";
// What can be done with a place, and with the page: copy a link, tell what is wrong, print, find oneself, change the colours.

// A short message below the map, which is read out too.
AssetMap.tell = (text) => {
  document.getElementById("told").textContent = text;
};

// The page's address for others: where it will be on the web, or where it is now, unless that is a file.
AssetMap.pageAddress = (scene) => {
  if (scene.address) return scene.address;
  return location.protocol.startsWith("http") ? location.href.split("#")[0] : "";
};

AssetMap.copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = AssetMap.element("textarea", { class: "aside", readonly: "" }, text);
    const focused = document.activeElement;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    focused.focus();
  }
};

AssetMap.placeTools = (scene, i) => {
  const { places, words } = scene;
  const tools = [];
  const address = AssetMap.pageAddress(scene);
  if (address) {
    const button = AssetMap.element("button", { type: "button" }, words.copy_link);
    button.addEventListener("click", async () => {
      await AssetMap.copy(`${address}#${places.anchor[i]}`);
      button.textContent = words.link_copied;
      AssetMap.tell(words.link_copied);
    });
    tools.push(button);
  }
  if (scene.contact) {
    const id = decodeURIComponent(places.anchor[i].slice("place=".length));
    const subject = AssetMap.fill(words.wrong_subject, { place: places.name[i], id, title: scene.title });
    const query = scene.contact.startsWith("mailto:") ? `?subject=${encodeURIComponent(subject)}` : "";
    tools.push(AssetMap.element("a", { href: `${scene.contact}${query}` }, words.wrong_here));
  }
  if (scene.tied.includes(places.anchor[i])) {
    tools.push(AssetMap.element("a", { href: `systems.html#${places.anchor[i]}` }, words.on_system_map));
  }
  return tools.length ? [AssetMap.element("p", { class: "tools" }, ...tools)] : [];
};

// Where the reader is: a ring on the map. Nothing is sent anywhere. Browsers allow it in secure pages only.
AssetMap.Here = class {
  constructor(map, scene, { repaint }) {
    this.map = map;
    this.scene = scene;
    this.repaint = repaint;
  }

  get possible() {
    return window.isSecureContext && "geolocation" in navigator;
  }

  find() {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => this._show(L.latLng(coords.latitude, coords.longitude)),
      () => AssetMap.tell(this.scene.words.find_me_failed),
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  }

  _show(latLng) {
    const { units, origin, words } = this.scene;
    const at = this.map.project(latLng, 0).multiplyBy(units / 256);
    this.at = { x: at.x - origin[0], y: at.y - origin[1] };
    this.map.setView(latLng, Math.max(this.map.getZoom(), 16), { animate: false });
    AssetMap.tell(`${words.you_are_here}. ${words.find_me_note}`);
    this.repaint();
  }

  paintStops(view) {
    if (!this.at) return;
    const { ctx } = view;
    view.screen();
    ctx.beginPath();
    ctx.arc(view.x(this.at.x), view.y(this.at.y), 9, 0, 2 * Math.PI);
    ctx.lineWidth = 8;
    ctx.strokeStyle = "#ffffff";
    ctx.stroke();
    ctx.lineWidth = 4;
    ctx.strokeStyle = "#0b4fa0";
    ctx.stroke();
  }
};

// Day or night: as the system is set, until the reader chooses.
AssetMap.shades = (scene, repaint) => {
  const page = document.documentElement;
  const button = document.getElementById("shade");
  const show = (dark) => {
    scene.shade = dark ? 1 : 0;
    page.dataset.shade = dark ? "dark" : "light";
    button.textContent = dark ? scene.words.to_light : scene.words.to_dark;
    repaint();
  };
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", (event) => show(event.matches));
  button.addEventListener("click", () => show(!scene.shade));
  show(system.matches);
};
