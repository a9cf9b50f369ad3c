/**
 * Draws a path so that it is seen on any ground: in a colour, between dark edges.
 *
 * @param width of the line, with its edges `edged`
 */
export function stroke(context, path, colour, {width, edged}) {
  context.lineCap = 'round';
  for (const [lineWidth, strokeStyle] of [[edged, 'rgb(0 0 0 / 0.7)'], [width, colour]]) {
    Object.assign(context, {lineWidth, strokeStyle});
    context.stroke(path);
  }
}
