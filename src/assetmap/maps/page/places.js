"use strict";
// Places: their grounds, their symbols, and dots where symbols would lie on one another.

AssetMap.Places = class {
  constructor(scene) {
    this.places = scene.places;
    this.words = scene.words;
    this.areas = AssetMap.paths(this.places.areas, this.places.areas.parts, true);
    this.lines = AssetMap.paths(this.places.lines, this.places.lines.parts, false);
    this.shown = new Set(this.places.groups.keys());
    this.chosen = -1;
    this.featured = scene.featured;
    this.stamps = new Map();
    this.looks = this.places.groups.map((group) => ({
      colour: group.colour,
      ink: group.ink,
      shape: new Path2D(group.shape),
      glyph: new Path2D(group.glyph),
    }));
    // Who gets a symbol first: what the map is about, named places, larger ones, then the list's order.
    this.order = [...this.places.name.keys()].sort(
      (a, b) => (b === this.featured) - (a === this.featured) || this.places.named[b] - this.places.named[a] || this.places.size[b] - this.places.size[a] || a - b,
    );
  }

  isShown(i) {
    return i === this.chosen || i === this.featured || this.shown.has(this.places.group[i]);
  }

  // Gives each place a symbol if there is room. Else, where it would lie under another's symbol, it adds it to
  // that one's count, but for far views, where counts would cover the map; else it makes it a dot.
  settle(view, room) {
    const half = view.zoom < 14 ? 9 : view.zoom < 16 ? 11 : 13;
    const squares = new Map();
    const square = (x, y) => Math.floor(x / half) * 100003 + Math.floor(y / half);
    this.half = half;
    this.badges = [];
    this.dots = [];
    this.names = [];
    for (const i of this.chosen < 0 ? this.order : [this.chosen, ...this.order.filter((j) => j !== this.chosen)]) {
      if (!this.isShown(i)) continue;
      const [x, y] = [view.x(this.places.x[i]), view.y(this.places.y[i])];
      if (x < -half || y < -half || x > view.width + half || y > view.height + half) continue;
      const circle = [[x, y, half * 0.86]];
      if (i === this.chosen || i === this.featured || room.free(circle)) {
        room.take(circle);
        const badge = { i, x, y, under: [] };
        this.badges.push(badge);
        squares.set(square(x, y), badge);
        continue;
      }
      const on = view.zoom >= 15 && this._badgeAt(squares, x, y, half);
      if (on) on.under.push(i);
      else this.dots.push({ i, x, y });
    }
    for (const { x, y } of this.dots) room.take([[x, y, 3]]);
  }

  // The symbol that would hide a dot; symbols lie too far apart for two in one square.
  _badgeAt(squares, x, y, half) {
    for (const dx of [0, -half, half]) {
      for (const dy of [0, -half, half]) {
        const badge = squares.get(Math.floor((x + dx) / half) * 100003 + Math.floor((y + dy) / half));
        if (badge && Math.hypot(badge.x - x, badge.y - y) < half) return badge;
      }
    }
    return null;
  }

  // Names beside symbols, on the first side where they are seen whole and there is room for them.
  settleNames(view, room) {
    const font = `600 12px ${AssetMap.FONT}`;
    view.ctx.font = font;
    for (const { i, x, y } of this.badges) {
      if (!(i === this.featured || (view.zoom >= 16 && this.places.named[i]))) continue;
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
        if (!room.fits(circles)) continue;
        room.take(circles);
        this.names.push({ x: cx, y: cy, text, font, colour: this.looks[this.places.group[i]].ink[view.shade] });
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
      ctx.strokeStyle = chosen ? view.colours.focus : this.looks[this.places.group[i]].ink[view.shade];
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
      AssetMap.write(view.ctx, name, view.colours.paper);
    }
    view.screen();
    for (const { i, x, y } of this.dots) this._symbol(view, i, { x, y, half: view.zoom < 13.5 ? 3.5 : 5, glyph: false });
    for (const { i, x, y } of [...this.badges].reverse()) {
      this._symbol(view, i, { x, y, half: this.half, glyph: true });
    }
    for (const badge of this.badges) if (badge.under.length) this._count(view, badge);
  }

  _symbol(view, i, { x, y, half, glyph }) {
    const { ctx } = view;
    if (i === this.chosen || i === this.featured) {
      ctx.beginPath();
      ctx.arc(x, y, half + 6, 0, 2 * Math.PI);
      ctx.fillStyle = "#ffffff";
      ctx.fill();
      ctx.lineWidth = i === this.featured ? 4 : 3;
      ctx.strokeStyle = i === this.featured ? "#b3261e" : view.colours.focus;
      ctx.stroke();
    }
    const side = half + 2;
    ctx.drawImage(this._stamp(this.places.group[i], { half, glyph, sharp: view.sharp }), x - side, y - side, 2 * side, 2 * side);
  }

  // How many more places lie under a symbol.
  _count({ ctx, colours }, { x, y, under }) {
    const text = `\u200e+${AssetMap.number(this.words, under.length)}`;
    ctx.font = `700 10px ${AssetMap.FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    const wide = Math.max(14.5, ctx.measureText(text).width + 8);
    const [cx, cy] = [x + this.half * 0.8, y - this.half * 0.8];
    for (const [colour, width] of [[colours.ink, 15], [colours.paper, 13]]) {
      ctx.beginPath();
      ctx.moveTo(cx - wide / 2 + 7, cy);
      ctx.lineTo(cx + wide / 2 - 7, cy);
      ctx.lineCap = "round";
      ctx.lineWidth = width;
      ctx.strokeStyle = colour;
      ctx.stroke();
    }
    ctx.fillStyle = colours.ink;
    ctx.fillText(text, cx, cy + 0.5);
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
      ...this.badges.map((badge) => ({ ...badge, reach: this.half + 1 })),
      ...this.dots.map((dot) => ({ ...dot, under: [], reach: 8 })),
    ].map((spot) => ({ ...spot, far: Math.hypot(at.x - spot.x, at.y - spot.y) }));
    const nearest = (most) => spots.filter((spot) => spot.far <= most(spot)).sort((a, b) => a.far - b.far);
    const hit = nearest((spot) => spot.reach).flatMap((spot) => [spot.i, ...spot.under]);
    if (hit.length) return hit;
    const near = nearest(() => 15);
    if (near.length) return [near[0].i, ...near[0].under];
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    const under = ({ path, box }) => box[0] <= at.unitX && at.unitX <= box[2] && box[1] <= at.unitY
      && at.unitY <= box[3] && ctx.isPointInPath(path, at.unitX, at.unitY);
    const grounds = [...this.areas.keys()].filter((i) => this.isShown(i) && under(this.areas[i]));
    return grounds.sort((a, b) => this.places.size[a] - this.places.size[b]).slice(0, 1);
  }
};

AssetMap.shorten = (text, most) => {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
};
