"use strict";
// Names of streets, parks and waters, written where they are seen whole and don't touch one another.

AssetMap.FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';

AssetMap.Labels = class {
  constructor(scene) {
    this.labels = scene.labels;
    this.widths = new Map();
  }

  _width(ctx, text, font) {
    const key = `${font} ${text}`;
    if (!this.widths.has(key)) {
      ctx.font = font;
      this.widths.set(key, ctx.measureText(text).width);
    }
    return this.widths.get(key);
  }

  // Main streets and waters are written before the names of places, the rest after them.
  settle(view, room) {
    this.fitting = [];
    this.written = new Map();
    this._write(view, room, (kind) => kind === "street_major" || kind.startsWith("water"));
  }

  settleNames(view, room) {
    this._write(view, room, (kind) => kind !== "street_major" && !kind.startsWith("water"));
  }

  _write(view, room, wanted) {
    const { labels, written } = this;
    view.screen();
    for (let i = 0; i < labels.text.length; i++) {
      const kind = labels.kinds[labels.kind[i]];
      if (!wanted(kind)) continue;
      const look = labels.styles[kind];
      const [x, y] = [view.x(labels.x[i]), view.y(labels.y[i])];
      if (view.zoom < look.fromZoom || x < 0 || y < 0 || x > view.width || y > view.height) continue;
      const area = kind === "green" || kind === "wood" || kind === "water";
      const text = labels.texts[labels.text[i]];
      const font = `${area || kind === "waterway" ? "italic " : ""}${kind === "street_major" ? 600 : 500} ${look.size}px ${AssetMap.FONT}`;
      const width = this._width(view.ctx, text, font);
      if (width > (labels.room[i] / view.metres) * (area ? 1.7 : 1.25)) continue;
      const others = written.get(text) ?? [];
      if (others.some(([ox, oy]) => Math.hypot(x - ox, y - oy) < 320)) continue;
      const turn = (labels.angle[i] * Math.PI) / 180;
      const circles = this._circles(x, y, { turn, width, size: look.size });
      if (!room.fits(circles)) continue;
      room.take(circles);
      written.set(text, [...others, [x, y]]);
      this.fitting.push({ x, y, turn, text, font, colour: look.colour[view.shade] });
    }
  }

  _circles(x, y, { turn, width, size }) {
    const circles = [];
    const radius = size * 0.75;
    const steps = Math.max(1, Math.ceil(width / (1.3 * radius)));
    for (let i = 0; i <= steps; i++) {
      const along = (i / steps - 0.5) * width;
      circles.push([x + along * Math.cos(turn), y + along * Math.sin(turn), radius]);
    }
    return circles;
  }

  paintLabels(view) {
    for (const label of this.fitting) {
      view.screen();
      view.ctx.translate(label.x, label.y);
      view.ctx.rotate(label.turn);
      AssetMap.write(view.ctx, label, view.colours.paper);
    }
  }
};

// Writes words with a rim of the ground's colour, so that they read on any ground.
AssetMap.write = (ctx, { text, font, colour, align = "center" }, rim) => {
  ctx.font = font;
  ctx.textAlign = align;
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = 3.4;
  ctx.strokeStyle = rim;
  const isolated = `\u2068${text}\u2069`; // an English name on an Urdu page keeps its full stop and "…" at its end
  ctx.strokeText(isolated, 0, 0);
  ctx.fillStyle = colour;
  ctx.fillText(isolated, 0, 0);
};
