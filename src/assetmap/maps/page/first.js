"use strict";
// Runs before the page is laid out: where the browser can draw the map, its place is kept free from the start.
// Anything that goes wrong brings back the page as it came: picture, list and tables.
if ("DecompressionStream" in window) {
  const live = document.documentElement.classList;
  live.add("live");
  document.documentElement.dataset.shade = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  window.addEventListener("error", () => live.contains("ready") || live.remove("live"));
  window.addEventListener("unhandledrejection", () => live.contains("ready") || live.remove("live"));
}
