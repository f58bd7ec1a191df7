"use strict";
// Places: their grounds, their symbols, and dots where symbols would lie on one another.

AssetMap.Places = class {
  constructor(scene) {
    this.places = scene.places;
    this.ground = scene.ground;
    this.areas = AssetMap.paths(this.places.areas, this.places.areas.parts, true);
    this.lines = AssetMap.paths(this.places.lines, this.places.lines.parts, false);
    this.shown = new Set(this.places.groups.keys());
    this.chosen = -1;
    this.stamps = new Map();
    this.looks = this.places.groups.map((group) => ({
      colour: group.colour,
      shape: new Path2D(group.shape),
      glyph: new Path2D(group.glyph),
    }));
    // Who gets a symbol first: named places, larger ones, then the list's order.
    this.order = [...this.places.name.keys()].sort(
      (a, b) => this.places.named[b] - this.places.named[a] || this.places.size[b] - this.places.size[a] || a - b,
    );
  }

  isShown(i) {
    return i === this.chosen || this.shown.has(this.places.group[i]);
  }

  settle(view, room) {
    const half = view.zoom < 14 ? 9 : view.zoom < 16 ? 11 : 13;
    this.half = half;
    this.badges = [];
    this.dots = [];
    this.names = [];
    const seen = this.order.filter((i) => this.isShown(i));
    if (this.chosen >= 0) seen.unshift(this.chosen);
    const done = new Set();
    for (const i of seen) {
      if (done.has(i)) continue;
      done.add(i);
      const [x, y] = [view.x(this.places.x[i]), view.y(this.places.y[i])];
      if (x < -half || y < -half || x > view.width + half || y > view.height + half) continue;
      const circle = [[x, y, half * 0.86]];
      if (room.free(circle) || i === this.chosen) {
        room.take(circle);
        this.badges.push({ i, x, y });
      } else {
        this.dots.push({ i, x, y });
      }
    }
    for (const { x, y } of this.dots) room.take([[x, y, 3]]);
  }

  // Names beside symbols, where there is room for them.
  settleNames(view, room) {
    if (view.zoom < 16) return;
    const font = `600 12px ${AssetMap.FONT}`;
    view.ctx.font = font;
    for (const { i, x, y } of this.badges) {
      if (!this.places.named[i]) continue;
      const text = AssetMap.shorten(this.places.name[i], 30);
      const width = view.ctx.measureText(text).width;
      const reach = this.half + 4;
      const spots = [
        [x + reach + width / 2, y],
        [x - reach - width / 2, y],
        [x, y + reach + 7],
        [x, y - reach - 7],
      ];
      for (const [cx, cy] of spots) {
        const circles = [];
        for (let along = -width / 2 + 5; along < width / 2; along += 9) circles.push([cx + along, cy, 8]);
        if (!room.free(circles)) continue;
        room.take(circles);
        this.names.push({ x: cx, y: cy, text, font, colour: this.looks[this.places.group[i]].colour });
        break;
      }
    }
  }

  paintAreas(view) {
    const { ctx } = view;
    view.ground();
    for (let i = 0; i < this.areas.length; i++) {
      if (!this.isShown(i) || !view.sees(this.areas[i].box)) continue;
      ctx.fillStyle = this.looks[this.places.group[i]].colour;
      ctx.globalAlpha = this.places.size[i] > 60 ? 0.1 : 0.25;
      ctx.fill(this.areas[i].path);
    }
    ctx.globalAlpha = 1;
  }

  paintEdge(view) {
    const { ctx } = view;
    view.ground();
    for (let i = 0; i < this.areas.length; i++) {
      if (!this.isShown(i)) continue;
      const chosen = i === this.chosen;
      ctx.strokeStyle = chosen ? this.ground.focus : this.looks[this.places.group[i]].colour;
      ctx.globalAlpha = chosen ? 1 : 0.7;
      ctx.lineWidth = (chosen ? 3.5 : 1.2) / view.scale;
      if (view.sees(this.areas[i].box)) ctx.stroke(this.areas[i].path);
      if (view.sees(this.lines[i].box)) ctx.stroke(this.lines[i].path);
    }
    ctx.globalAlpha = 1;
  }

  paintPlaces(view) {
    for (const name of this.names) {
      view.screen();
      view.ctx.translate(name.x, name.y);
      AssetMap.write(view.ctx, name, this.ground.paper);
    }
    view.screen();
    for (const { i, x, y } of this.dots) this._symbol(view, i, { x, y, half: view.zoom < 13.5 ? 3.5 : 5, glyph: false });
    for (const { i, x, y } of [...this.badges].reverse()) {
      this._symbol(view, i, { x, y, half: this.half, glyph: true });
    }
  }

  _symbol(view, i, { x, y, half, glyph }) {
    const { ctx } = view;
    if (i === this.chosen) {
      ctx.beginPath();
      ctx.arc(x, y, half + 6, 0, 2 * Math.PI);
      ctx.fillStyle = "#ffffff";
      ctx.fill();
      ctx.lineWidth = 3;
      ctx.strokeStyle = this.ground.focus;
      ctx.stroke();
    }
    const side = half + 2;
    ctx.drawImage(this._stamp(this.places.group[i], { half, glyph, sharp: view.sharp }), x - side, y - side, 2 * side, 2 * side);
  }

  // A symbol drawn once and kept, because a city has thousands.
  _stamp(group, { half, glyph, sharp }) {
    const key = `${group} ${half} ${glyph} ${sharp}`;
    if (!this.stamps.has(key)) {
      const look = this.looks[group];
      const side = Math.ceil(2 * (half + 2) * sharp);
      const stamp = AssetMap.element("canvas", { width: side, height: side });
      const ctx = stamp.getContext("2d");
      ctx.translate(side / 2, side / 2);
      ctx.scale((sharp * half) / 12, (sharp * half) / 12);
      ctx.translate(-12, -12);
      ctx.lineJoin = "round";
      ctx.lineWidth = (glyph ? 2.6 : 1.9) * (12 / half);
      ctx.strokeStyle = "#ffffff";
      ctx.stroke(look.shape);
      ctx.fillStyle = look.colour;
      ctx.fill(look.shape);
      ctx.fillStyle = "#ffffff";
      if (glyph) ctx.fill(look.glyph, "evenodd");
      this.stamps.set(key, stamp);
    }
    return this.stamps.get(key);
  }

  // Places under a point: those whose symbol is there, else the nearest close by, else the smallest ground.
  find(ctx, at) {
    const spots = [
      ...this.badges.map((spot) => ({ ...spot, reach: this.half + 1 })),
      ...this.dots.map((spot) => ({ ...spot, reach: 8 })),
    ].map((spot) => ({ ...spot, far: Math.hypot(at.x - spot.x, at.y - spot.y) }));
    const hit = spots.filter((spot) => spot.far <= spot.reach).sort((a, b) => a.far - b.far);
    if (hit.length) return hit.map((spot) => spot.i);
    const near = spots.filter((spot) => spot.far <= 15).sort((a, b) => a.far - b.far);
    if (near.length) return [near[0].i];
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    const grounds = [...this.areas.keys()].filter((i) => this.isShown(i)
      && ctx.isPointInPath(this.areas[i].path, at.unitX, at.unitY));
    return grounds.sort((a, b) => this.places.size[a] - this.places.size[b]).slice(0, 1);
  }
};

AssetMap.shorten = (text, most) => {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
};
