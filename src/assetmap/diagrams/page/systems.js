"use strict";
// Choosing: a box, a factor or a place lights what it is tied to. The address tells what is chosen.
(() => {
  const sections = [...document.querySelectorAll(".map")];
  const factors = new Map();
  for (const section of sections) {
    for (const item of section.querySelectorAll(".factors > li")) factors.set(item.id, { item, section });
  }
  const places = new Map([...document.querySelectorAll(".places > li")].map((item) => [item.id, item]));
  const tied = (place) => places.get(place).dataset.factors.split(" ").filter((id) => factors.has(id));

  const told = document.getElementById("told");

  // What is chosen and the places that go with it, in a bar that stays in view.
  const tell = (chosen, shown) => {
    const text = (item) => item.querySelector(".choose bdi").textContent;
    told.replaceChildren(chosen.map((id) => text(factors.get(id).item)).join(", "), shown.length ? " — on the map: " : "");
    for (const id of shown) {
      const link = document.createElement("a");
      link.href = `map.html#${id}`;
      link.textContent = text(places.get(id));
      told.append(link, " ");
    }
    told.hidden = false;
  };

  const letGo = () => {
    told.hidden = true;
    document.body.classList.remove("choosing");
    for (const lit of document.querySelectorAll(".lit, .near")) lit.classList.remove("lit", "near");
  };

  const lightFactor = (id) => {
    const { item, section } = factors.get(id);
    const box = item.dataset.box;
    item.classList.add("lit");
    section.querySelector(`.box[data-box="${box}"]`)?.classList.add("lit"); // a map of thousands isn't drawn
    for (const arrow of section.querySelectorAll(`.arrow[data-from="${box}"], .arrow[data-to="${box}"]`)) {
      arrow.classList.add("lit");
      const other = arrow.dataset.from === box ? arrow.dataset.to : arrow.dataset.from;
      section.querySelector(`.box[data-box="${other}"]`).classList.add("near");
    }
  };

  const lightPlace = (id) => {
    places.get(id).classList.add("lit");
    for (const mark of document.querySelectorAll(".ground svg a")) {
      if (decodeURIComponent(mark.getAttribute("href")) === decodeURIComponent(`#${id}`)) mark.classList.add("lit");
    }
  };

  const show = (id, { scroll }) => {
    letGo();
    if (!factors.has(id) && !places.has(id)) return;
    document.body.classList.add("choosing");
    const chosen = factors.has(id) ? [id] : tied(id);
    chosen.forEach(lightFactor);
    const shown = factors.has(id) ? [...places.keys()].filter((place) => tied(place).includes(id)) : [id];
    shown.forEach(lightPlace);
    tell(chosen, shown);
    const first = chosen.length ? factors.get(chosen[0]) : null;
    if (!first || !scroll) return;
    const box = first.section.querySelector(".box.lit");
    if (!box) first.item.closest("details").open = true;
    first.section.querySelector(".drawing")?.scrollIntoView({ block: "nearest" });
    (box || first.item).scrollIntoView({ block: "nearest", inline: "center" });
  };

  const chosenNow = () => {
    const id = location.hash.slice(1);
    if (factors.has(id) || places.has(id)) return id;
    // a browser may have written the address out in another form
    const same = [...factors.keys(), ...places.keys()].find((one) => decodeURIComponent(one) === decodeURIComponent(id));
    return same || "";
  };

  for (const section of sections) {
    const byBox = new Map();
    for (const item of section.querySelectorAll(".factors > li")) byBox.set(item.dataset.box, item.id);
    section.addEventListener("click", (event) => {
      const box = event.target.closest(".box");
      if (!box) return;
      history.replaceState(null, "", `#${byBox.get(box.dataset.box)}`);
      show(byBox.get(box.dataset.box), { scroll: false });
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") letGo();
  });
  addEventListener("hashchange", () => show(chosenNow(), { scroll: true }));
  if (location.hash) show(chosenNow(), { scroll: true });
})();
