"use strict";
// Residents' marks of one theme, as counts per square: never a single mark.

AssetMap.Marks = class {
  constructor(scene) {
    this.marks = scene.marks;
    this.shapes = AssetMap.paths(this.marks, this.marks.parts, true);
    this.theme = -1;
  }

  _shown() {
    return this.theme < 0 ? [] : [...this.marks.theme.keys()].filter((i) => this.marks.theme[i] === this.theme);
  }

  settle(view, room) {
    const largest = Math.max(1, ...this._shown().map((i) => this.marks.count[i]));
    this.bubbles = this._shown().map((i) => ({
      x: view.x(this.marks.x[i]),
      y: view.y(this.marks.y[i]),
      r: 11 + 9 * Math.sqrt(this.marks.count[i] / largest),
      text: this.marks.shown[i],
    }));
    for (const { x, y, r } of this.bubbles) room.take([[x, y, r]]);
  }

  paintMarks(view) {
    const { ctx } = view;
    view.ground();
    ctx.fillStyle = view.colours.marks;
    ctx.strokeStyle = view.colours.marks;
    ctx.lineWidth = 1 / view.scale;
    for (const i of this._shown()) {
      ctx.globalAlpha = 0.14;
      ctx.fill(this.shapes[i].path);
      ctx.globalAlpha = 0.5;
      ctx.stroke(this.shapes[i].path);
    }
    ctx.globalAlpha = 1;
    view.screen();
    for (const { x, y, r, text } of this.bubbles) {
      ctx.beginPath();
      ctx.arc(x, y, r, 0, 2 * Math.PI);
      ctx.fillStyle = view.colours.marks;
      ctx.fill();
      ctx.lineWidth = 2;
      ctx.strokeStyle = "#ffffff";
      ctx.stroke();
      ctx.font = `700 13px ${AssetMap.FONT}`;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillStyle = "#ffffff";
      ctx.fillText(text, x, y + 0.5);
    }
  }

  // Which square's count lies under a point, or -1.
  find(at) {
    const bubble = this.bubbles.findIndex(({ x, y, r }) => Math.hypot(at.x - x, at.y - y) <= Math.max(r, 12));
    return bubble < 0 ? -1 : this._shown()[bubble];
  }
};
