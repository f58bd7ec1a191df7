"use strict";
// Zones coloured by one of the views, with each zone's figure written on it.

AssetMap.Zones = class {
  constructor(scene) {
    this.zones = scene.zones;
    this.shapes = AssetMap.paths(this.zones, this.zones.parts, true);
    this.view = -1;
  }

  settle(view, room) {
    this.figures = [];
    if (this.view < 0) return;
    this.zones.views[this.view].told.forEach((text, i) => {
      const { box } = this.shapes[i];
      const [x, middle] = [view.x(this.zones.x[i]), view.y(this.zones.y[i])];
      const [wide, tall] = [(box[2] - box[0]) * view.scale, (box[3] - box[1]) * view.scale];
      const half = text.length * 3.6;
      if (wide < 2.4 * half) return;
      for (const off of [0, 18, -18, 36, -36, 54, -54]) {
        const y = middle + off;
        const circles = [[x - half, y, 9], [x, y, 9], [x + half, y, 9]];
        if (Math.abs(off) > 0.35 * tall || !room.fits(circles)) continue;
        room.take(circles);
        this.figures.push({ x, y, text });
        return;
      }
    });
  }

  paintZones(view) {
    if (this.view < 0) return;
    const { ctx } = view;
    const { classes, colours } = this.zones.views[this.view];
    view.ground();
    ctx.globalAlpha = view.colours.zoneOpacity;
    this.shapes.forEach(({ path, box }, i) => {
      if (classes[i] < 0 || !view.sees(box)) return;
      ctx.fillStyle = colours[classes[i]];
      ctx.fill(path);
    });
    ctx.globalAlpha = 1;
    ctx.strokeStyle = view.colours.quiet;
    this.shapes.forEach(({ path, box }, i) => {
      if (!view.sees(box)) return;
      ctx.lineWidth = 1.2 / view.scale;
      ctx.setLineDash(classes[i] < 0 ? [5 / view.scale, 4 / view.scale] : []);
      ctx.stroke(path);
    });
    ctx.setLineDash([]);
  }

  paintLabels(view) {
    for (const { x, y, text } of this.figures) {
      view.screen();
      view.ctx.translate(x, y);
      AssetMap.write(view.ctx, { text, font: `700 13px ${AssetMap.FONT}`, colour: view.colours.ink }, view.colours.paper);
    }
  }

  // Which zone lies under a point, or -1.
  find(ctx, at) {
    if (this.view < 0) return -1;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    return this.shapes.findIndex(({ path }) => ctx.isPointInPath(path, at.unitX, at.unitY));
  }
};
