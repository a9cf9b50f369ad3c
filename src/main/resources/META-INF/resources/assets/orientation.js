/** The sides of the patient at the edges of a picture (PatientOrientation, PS3.3 C.7.6.1.1.1). */
const OPPOSITE = {L: 'R', R: 'L', A: 'P', P: 'A', H: 'F', F: 'H'};

/**
 * @param orientation directions of a row and of a column of the image; null if it does not state them
 * @param view `mirrored`, then `turns`, quarter turns clockwise
 * @returns the letter at each edge of the picture, '' where it is unknown
 */
export function edges(orientation, {mirrored, turns}) {
  const [row, column] = (orientation ?? []).map(axis => axis[0]);
  const [right, bottom] = [row in OPPOSITE ? row : '', column in OPPOSITE ? column : ''];
  const [left, top] = [OPPOSITE[right] ?? '', OPPOSITE[bottom] ?? ''];
  const around = mirrored ? [top, left, bottom, right] : [top, right, bottom, left]; // clockwise
  const [atTop, atRight, atBottom, atLeft] = around.map((_, i) => around[(i + 4 - turns) % 4]);
  return {top: atTop, right: atRight, bottom: atBottom, left: atLeft};
}

/** Whether the patient's left is where the patient's right is in another picture; false if either is unknown. */
export const areOpposite = (one, other) => Object.keys(one).some(edge => 'LR'.includes(one[edge] || ' ') && one[edge] === OPPOSITE[other[edge]]);

/** Writes the sides at the edges of a pane; none without an image. */
export function showEdges(pane, radiograph, view) {
  for (const [edge, letter] of Object.entries(edges(radiograph?.meta.patientOrientation, view))) {
    pane.querySelector(`.edge.${edge}`).textContent = letter;
  }
}
