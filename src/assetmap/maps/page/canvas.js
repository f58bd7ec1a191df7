"use strict";
// The one canvas that everything is drawn on, kept in step with the Leaflet map.

AssetMap.Canvas = L.Renderer.extend({
  options: { padding: 0.25 },

  initialize(scene, painters) {
    L.Renderer.prototype.initialize.call(this);
    this._scene = scene;
    this._painters = painters;
  },

  _initContainer() {
    this._container = AssetMap.element("canvas", { "aria-hidden": "true", class: "drawing" });
    this._ctx = this._container.getContext("2d");
  },

  _destroyContainer() {
    this._container.remove();
    delete this._container;
    delete this._ctx;
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const sharp = Math.min(window.devicePixelRatio || 1, 3);
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this._container.width = Math.round(size.x * sharp);
    this._container.height = Math.round(size.y * sharp);
    this._container.style.width = `${size.x}px`;
    this._container.style.height = `${size.y}px`;
    this.repaint();
  },

  // Draws all painters anew: first each finds room for its symbols, then for its names, the most important
  // first; then each paints.
  repaint() {
    if (!this._map || !this._bounds) return;
    const view = this._look();
    const room = new AssetMap.Room(this._window());
    for (const pass of ["settle", "settleNames"]) {
      for (const painter of this._painters) if (painter[pass]) painter[pass](view, room);
    }
    view.screen();
    view.ctx.fillStyle = view.colours.paper;
    view.ctx.fillRect(0, 0, view.width, view.height);
    for (const layer of AssetMap.LAYERS) {
      for (const painter of this._painters) if (painter[layer]) painter[layer](view);
    }
    this.view = view;
  },

  // What of the canvas is on the screen, and where buttons, the scale bar and the arrow lie on it: left, top, right,
  // bottom each, in pixels of the canvas.
  _window() {
    const container = this._map.getContainer();
    const onScreen = container.getBoundingClientRect();
    const corner = this._map.containerPointToLayerPoint([0, 0]).subtract(this._bounds.min);
    const [dx, dy] = [corner.x - onScreen.left, corner.y - onScreen.top];
    const box = ({ left, top, right, bottom }) => [left + dx, top + dy, right + dx, bottom + dy];
    const controls = [...container.querySelectorAll(".leaflet-control")];
    return { seen: box(onScreen), covered: controls.map((control) => box(control.getBoundingClientRect())) };
  },

  // How map units lie on the canvas at this moment.
  _look() {
    const { units, origin } = this._scene;
    const ctx = this._ctx;
    const zoom = this._map.getZoom();
    const scale = (256 * 2 ** zoom) / units;
    const corner = this._map.getPixelOrigin().add(this._bounds.min);
    const [x0, y0] = [origin[0] * scale - corner.x, origin[1] * scale - corner.y];
    const { x: width, y: height } = this._bounds.getSize();
    const sharp = this._container.width / width;
    const { shade } = this._scene;
    const colours = this._scene.grounds[shade];
    const latitude = (this._map.getCenter().lat * Math.PI) / 180;
    return {
      ctx, zoom, scale, sharp, width, height, shade, colours,
      metres: (40075016.7 * Math.cos(latitude)) / (256 * 2 ** zoom), // on the ground, in one pixel
      box: [-x0 / scale, -y0 / scale, (width - x0) / scale, (height - y0) / scale],
      x: (unit) => unit * scale + x0,
      y: (unit) => unit * scale + y0,
      // Draw in map units; divide widths by `scale`.
      ground: () => ctx.setTransform(sharp * scale, 0, 0, sharp * scale, sharp * x0, sharp * y0),
      // Draw in pixels of the screen.
      screen: () => ctx.setTransform(sharp, 0, 0, sharp, 0, 0),
      sees: (box) => box[0] <= (width - x0) / scale && box[2] >= -x0 / scale
        && box[1] <= (height - y0) / scale && box[3] >= -y0 / scale,
    };
  },

  // Where a click of the map falls on the canvas, in pixels, and in map units.
  locate(layerPoint) {
    const at = layerPoint.subtract(this._bounds.min);
    const { box, scale } = this.view;
    return { x: at.x, y: at.y, unitX: box[0] + at.x / scale, unitY: box[1] + at.y / scale };
  },
});

// From the bottom to the top.
AssetMap.LAYERS = [
  "paintGround", "paintZones", "paintAreas", "paintWays", "paintEdge", "paintLabels", "paintPlaces", "paintMarks", "paintStops",
];

// Keeps words and symbols apart: circles taken so far, looked up by squares.
AssetMap.Room = class {
  constructor({ seen, covered }) {
    this.squares = new Map();
    this.seen = seen;
    this.covered = covered;
  }

  * _near(x, y) {
    const column = Math.floor(x / 40);
    const row = Math.floor(y / 40);
    for (let i = column - 1; i <= column + 1; i++) {
      for (let j = row - 1; j <= row + 1; j++) yield* this.squares.get(i * 100003 + j) ?? [];
    }
  }

  free(circles) {
    return circles.every(([x, y, r]) => {
      for (const [ox, oy, or] of this._near(x, y)) if (Math.hypot(x - ox, y - oy) < r + or) return false;
      return true;
    });
  }

  // Whether words can stand there: whole on the screen, under no button, and free.
  fits(circles) {
    const [left, top, right, bottom] = this.seen;
    const open = ([x, y, r]) => x - r >= left && y - r >= top && x + r <= right && y + r <= bottom
      && this.covered.every((box) => x + r <= box[0] || y + r <= box[1] || x - r >= box[2] || y - r >= box[3]);
    return circles.every(open) && this.free(circles);
  }

  take(circles) {
    for (const circle of circles) {
      const key = Math.floor(circle[0] / 40) * 100003 + Math.floor(circle[1] / 40);
      if (!this.squares.has(key)) this.squares.set(key, []);
      this.squares.get(key).push(circle);
    }
  }
};
