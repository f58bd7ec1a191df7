"use strict";
// The base map: green, water, buildings below the zones; streets and paths above them; the study's edge.

AssetMap.Ground = class {
  constructor(scene) {
    this.classes = scene.base.map((layer) => ({ ...layer.style, paths: AssetMap.districts(layer, layer.style.shape === "area") }));
    this.edge = scene.boundary && AssetMap.districts(scene.boundary, true);
  }

  _shown(view, aboveZones) {
    return this.classes.filter((look) => look.aboveZones === aboveZones && view.zoom >= look.fromZoom);
  }

  _each(view, look, draw) {
    for (const { path, box } of look.paths) if (view.sees(box)) draw(path);
  }

  paintGround(view) {
    view.ground();
    for (const look of this._shown(view, false)) {
      if (look.shape === "area") this._area(view, look);
      else this._line(view, look, look.fill[view.shade], 0);
    }
  }

  // All edges first, then all fills, so that streets join without seams.
  paintWays(view) {
    view.ground();
    const shown = this._shown(view, true);
    for (const look of shown) if (look.edge && !look.dash.length) this._line(view, look, look.edge[view.shade], view.zoom < 15 ? 1 : 1.6);
    for (const look of shown) {
      if (look.dash.length && look.edge) this._line(view, look, look.edge[view.shade], 0);
      else this._line(view, look, look.fill[view.shade], 0);
    }
    view.ctx.setLineDash([]);
  }

  _area(view, look) {
    const { ctx } = view;
    ctx.fillStyle = look.fill[view.shade];
    if (look.edge) ctx.strokeStyle = look.edge[view.shade];
    ctx.lineWidth = 0.8 / view.scale;
    this._each(view, look, (path) => {
      ctx.fill(path);
      if (look.edge) ctx.stroke(path);
    });
  }

  _line(view, look, colour, more) {
    const { ctx } = view;
    const width = Math.max(look.thinnest, look.width / view.metres) + more;
    ctx.strokeStyle = colour;
    ctx.lineWidth = width / view.scale;
    ctx.lineJoin = "round";
    ctx.lineCap = look.dash.length ? "butt" : "round";
    ctx.setLineDash(look.dash.map((part) => (part * width) / view.scale));
    this._each(view, look, (path) => ctx.stroke(path));
  }

  // Pales what lies outside the study's edge, and draws the edge.
  paintEdge(view) {
    if (!this.edge) return;
    const { ctx } = view;
    const outside = new Path2D();
    const [west, north, east, south] = view.box;
    outside.rect(west, north, east - west, south - north);
    for (const { path } of this.edge) outside.addPath(path);
    view.ground();
    ctx.globalAlpha = 0.5;
    ctx.fillStyle = view.colours.veil;
    ctx.fill(outside, "evenodd");
    ctx.globalAlpha = 1;
    ctx.strokeStyle = view.colours.boundary;
    ctx.lineWidth = 2.2 / view.scale;
    ctx.setLineDash([9 / view.scale, 5 / view.scale]);
    for (const { path } of this.edge) ctx.stroke(path);
    ctx.setLineDash([]);
  }
};
