// Where a map lies in source pixels, measured in the pixels of canvases alone.
// canvas: shows an image with three marks, white squares of 8 pixels on black ones of 16
// layer: shows the map, over the image or alone
// marks: their centres in source pixels
// near: gives the point of the canvas near which a mark is to be looked for
function position(canvas, layer, marks, near) {
  const pixels = c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
  const image = pixels(canvas);
  const green = (x, y) => image[4 * (y * canvas.width + x) + 1];
  const centre = ([x, y]) => {
    const [column, row] = near(x, y).map(Math.floor);
    const middle = line => {
      const half = line(0) / 2;
      const edge = step => {
        let i = 0;
        while (line(i) > half) {
          i += step;
          if (Math.abs(i) > 100) throw new Error(`no edge of the mark near ${column}, ${row}`);
        }
        return i + 0.5 - step * (half - line(i)) / (line(i - step) - line(i));
      };
      return (edge(-1) + edge(1)) / 2;
    };
    return [column + middle(i => green(column + i, row)), row + middle(i => green(column, row + i))];
  };
  const [a, b, c] = marks.map(centre); // b is to the right of a, c below it
  const [right, down] = [[b[0] - a[0], b[1] - a[1]], [c[0] - a[0], c[1] - a[1]]];
  const area = right[0] * down[1] - right[1] * down[0];
  const map = pixels(layer);
  const mean = weight => { // of all points
    let sum = 0, x = 0, y = 0;
    for (let i = 0; i < map.length / 4; i++) {
      const w = weight(4 * i);
      sum += w;
      x += w * (i % layer.width + 0.5);
      y += w * (Math.floor(i / layer.width) + 0.5);
    }
    [x, y] = [x / sum - a[0], y / sum - a[1]];
    return [
      marks[0][0] + (x * down[1] - y * down[0]) / area * (marks[1][0] - marks[0][0]),
      marks[0][1] + (right[0] * y - right[1] * x) / area * (marks[2][1] - marks[0][1]),
    ];
  };
  return [
    // of the heat: red less blue, as far as the map lets them through; what is grey below it has none
    ...mean(i => (Math.max(0, map[i] - map[i + 2]) * map[i + 3]) ** 2),
    // source pixels of a screen pixel, across and down
    (marks[1][0] - marks[0][0]) / Math.hypot(...right),
    (marks[2][1] - marks[0][1]) / Math.hypot(...down),
  ];
}
