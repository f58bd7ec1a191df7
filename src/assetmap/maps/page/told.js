"use strict";
// What people said, each remark near its place; and the numbered stops of a walk.

AssetMap.Comments = class {
  constructor(scene) {
    this.comments = scene.comments;
    this.theme = -1; // -1 none, -2 all, else a theme
    this.chosen = -1;
  }

  _shown() {
    const every = [...this.comments.text.keys()];
    return every.filter((i) => i === this.chosen || this.theme === -2 || this.comments.theme[i] === this.theme);
  }

  settle(view, room) {
    this.spots = this._shown().map((i) => ({ i, x: view.x(this.comments.x[i]), y: view.y(this.comments.y[i]) }));
    for (const { x, y } of this.spots) room.take([[x, y, 9]]);
  }

  paintMarks(view) {
    const { ctx } = view;
    view.screen();
    for (const { i, x, y } of this.spots) {
      ctx.beginPath();
      ctx.roundRect(x - 10, y - 12, 20, 15, 5);
      ctx.moveTo(x - 5, y + 3);
      ctx.lineTo(x - 4, y + 9);
      ctx.lineTo(x + 3, y + 3);
      ctx.fillStyle = view.colours.marks;
      ctx.strokeStyle = i === this.chosen ? view.colours.focus : "#ffffff";
      ctx.lineWidth = i === this.chosen ? 4 : 2;
      ctx.stroke();
      ctx.fill();
      ctx.fillStyle = "#ffffff";
      for (const dx of [-5, 0, 5]) ctx.fillRect(x + dx - 1, y - 5.5, 2, 2);
    }
  }

  // Remarks of one theme under a point.
  find(at) {
    const near = this.spots.filter(({ x, y }) => Math.abs(at.x - x) <= 13 && Math.abs(at.y - (y - 3)) <= 14).map(({ i }) => i);
    return near.filter((i) => this.comments.theme[i] === this.comments.theme[near[0]]);
  }
};

AssetMap.Stops = class {
  constructor(scene) {
    this.stops = scene.stops;
    this.words = scene.words;
    this.shown = true;
    this.chosen = -1;
  }

  settle(view, room) {
    this.spots = [];
    if (!this.shown) return;
    this.stops.title.forEach((_, i) => this.spots.push({ i, x: view.x(this.stops.x[i]), y: view.y(this.stops.y[i]) }));
    for (const { x, y } of this.spots) room.take([[x, y, 14]]);
  }

  paintStops(view) {
    const { ctx } = view;
    view.screen();
    for (const { i, x, y } of this.spots) {
      ctx.beginPath();
      ctx.arc(x, y, 13, 0, 2 * Math.PI);
      ctx.fillStyle = "#fff1c9";
      ctx.fill();
      ctx.lineWidth = i === this.chosen ? 5 : 3;
      ctx.strokeStyle = i === this.chosen ? "#0b4fa0" : "#2a2824";
      ctx.stroke();
      ctx.font = `700 14px ${AssetMap.FONT}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillStyle = "#2a2824";
      ctx.fillText(AssetMap.number(this.words, i + 1), x, y + 0.5);
    }
  }

  find(at) {
    const spot = [...this.spots].reverse().find(({ x, y }) => Math.hypot(at.x - x, at.y - y) <= 15);
    return spot ? spot.i : -1;
  }
};
