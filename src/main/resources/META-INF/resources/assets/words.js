/** What is said in words and figures. */

export const VERDICTS = {
  'agree': {name: 'Agree', tone: 'good'},
  'wrong-place': {name: 'Wrong place', tone: 'bad'},
  'no-such-finding': {name: 'No such finding', tone: 'bad'},
  'cannot-tell': {name: 'Cannot tell', tone: 'quiet'},
};

export function figure(value, decimals = 3) {
  return value === null || value === undefined ? '–' : value.toFixed(decimals).replace('-', '−');
}

/** A score with its unit: arbitrary units may be of any size. */
export function inUnit(value, unit, decimals = 2) {
  return `${unit === 'bits' ? value.toFixed(decimals) : value.toPrecision(3)} ${unit}`;
}

/** Local date and time, to the minute. */
export function moment(iso) {
  const d = new Date(iso);
  const two = n => String(n).padStart(2, '0');
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}`;
}

/** `right upper zone`; of the picture where the image does not say how the patient lies in it. */
export function placeInShort({patientSide, imageSide, zone}) {
  const side = patientSide === 'unknown' ? `${imageSide} of picture` : patientSide;
  return `${side}, ${zone} zone`;
}

export function placeInWords(place) {
  if (place.areaAboveHalf === 0) {
    return 'The map is flat: it points nowhere.';
  }
  const share = Math.max(1, Math.round(100 * place.areaAboveHalf));
  const side = {right: 'patient’s right', left: 'patient’s left', midline: 'midline'}[place.patientSide];
  const where = side
    ? `${side}, ${place.zone} zone (${place.imageSide} third of the picture)`
    : `${place.imageSide} third of the picture, ${place.zone} third`;
  return `The map points to the ${where}. ${share} % of what the model saw is above half of its maximum.`;
}

/** Says so where a sentence names one side and its map points to the other; else null. */
export function sideConflict(text, place) {
  const named = ['left', 'right'].filter(side => new RegExp(`\\b${side}\\b`, 'i').test(text));
  const other = {left: 'right', right: 'left'}[named[0]];
  return named.length === 1 && place.patientSide === other && place.areaAboveHalf > 0
    ? `The sentence says ${named[0]}, the map points ${other}.`
    : null;
}
