"use strict";
// What the page's scripts share. Text from the data reaches the page through textContent alone.
const AssetMap = {};

// Reads base64 of gzipped JSON with the browser's own means.
AssetMap.unpack = async (packed) => {
  const bytes = Uint8Array.from(atob(packed.trim()), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
};

// Begun at once: the browser unpacks beside its reading of the scripts below.
if ("DecompressionStream" in window) AssetMap.unpacking = AssetMap.unpack(document.getElementById("payload").textContent);

// Turns steps from point to point into points: x and y by turns, in map units from the origin.
AssetMap.points = (shapes) => {
  const at = new Int32Array(shapes.steps.length);
  let x = 0;
  let y = 0;
  for (let i = 0; i < at.length; i += 2) {
    at[i] = x += shapes.steps[i];
    at[i + 1] = y += shapes.steps[i + 1];
  }
  return at;
};

// Builds paths of so many rings or lines each, with the box around each path.
// `counts` says how many rings or lines go into each path.
AssetMap.paths = (shapes, counts, closed) => {
  const at = AssetMap.points(shapes);
  const built = [];
  let shape = 0;
  let i = 0;
  for (const count of counts) {
    const path = new Path2D();
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const last = shape + count; shape < last; shape++) {
      const end = i + 2 * shapes.points[shape];
      for (let first = i; i < end; i += 2) {
        const x = at[i];
        const y = at[i + 1];
        if (i === first) path.moveTo(x, y);
        else path.lineTo(x, y);
        if (x < box[0]) box[0] = x;
        if (y < box[1]) box[1] = y;
        if (x > box[2]) box[2] = x;
        if (y > box[3]) box[3] = y;
      }
      if (closed) path.closePath();
    }
    built.push({ path, box });
  }
  return built;
};

// Splits many shapes, which come sorted by nearness, into paths small enough to leave out when off the screen.
AssetMap.districts = (shapes, closed) => {
  const counts = [];
  for (let left = shapes.points.length; left > 0; left -= 150) counts.push(Math.min(150, left));
  return AssetMap.paths(shapes, counts, closed);
};

// Makes an element from a tag, attributes and children; strings become text, never markup.
AssetMap.element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

// Makes a line drawing of our own from path data in a box of 24 by 24.
AssetMap.drawing = (path) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [name, value] of Object.entries({ viewBox: "0 0 24 24", width: 20, height: 20, "aria-hidden": "true" })) {
    svg.setAttribute(name, value);
  }
  for (const [name, value] of Object.entries({ d: path, fill: "none", stroke: "currentColor", "stroke-width": 2.4 })) {
    line.setAttribute(name, value);
  }
  svg.append(line);
  return svg;
};

// Fills the {braces} of a phrase.
AssetMap.fill = (phrase, parts) => phrase.replace(/\{(\w+)\}/g, (whole, name) => parts[name] ?? whole);

// Writes a whole number as the page's language does; browsers don't know the digits of every language.
AssetMap.number = (words, n) => {
  const grouped = n.toLocaleString(words.lang, { numberingSystem: "latn" });
  return grouped.replace(/[0-9]/g, (digit) => words.digits[digit]);
};

// Says how many, in the plural form that the number takes.
AssetMap.count = (words, key, n) => {
  const form = words.forms[n < 200 ? n : 100 + (n % 100)];
  return AssetMap.fill(words[key][form], { n: AssetMap.number(words, n) });
};
