/** Formats values as words and figures. */

export function figure(value, decimals = 3) {
  return value === null || value === undefined ? '–' : value.toFixed(decimals).replace('-', '−');
}

/** A score with its unit; arbitrary units may have any magnitude. */
export function inUnit(value, unit, decimals = 2) {
  return `${unit === 'bits' ? value.toFixed(decimals) : value.toPrecision(3)} ${unit}`;
}

/** Local date and time, to the minute. */
export function moment(iso) {
  const d = new Date(iso);
  const two = n => String(n).padStart(2, '0');
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}`;
}

/** For example `right upper zone`; relative to the picture if the patient's orientation is unknown. */
export function placeInShort({patientSide, imageSide, zone}) {
  const side = patientSide === 'unknown' ? `${imageSide} of picture` : patientSide;
  return `${side}, ${zone} zone`;
}

export function placeInWords(place) {
  if (place.areaAboveHalf === 0) {
    return 'The map is flat and points nowhere.';
  }
  const share = Math.max(1, Math.round(100 * place.areaAboveHalf));
  const side = {right: 'patient’s right', left: 'patient’s left', midline: 'midline'}[place.patientSide];
  const where = side
    ? `${side}, ${place.zone} zone (${place.imageSide} third of the picture)`
    : `${place.imageSide} third of the picture, ${place.zone} third`;
  return `The map points to the ${where}. ${share} % of the area that the model saw is above half the maximum.`;
}

const percent = share => (share === null ? '–' : `${Math.round(100 * share)} %`);

/** Name and explanation by the kinds of `/api`. */
const ALARMS = {
  'contrary': s => ['Contrary matches better', fits(s, s.audit.contrary)],
  'other-side': s => ['Other side matches better', fits(s, s.audit.otherSide)],
  'map-side': s => ['Other side', `The sentence says ${s.audit.sentenceSide}, the map points ${s.place.patientSide}.`],
  'shortcut': s => ['Marker', `${percent(s.audit.shareOnText)} of the map lies on burned-in text or a marker.`],
};

function fits(sentence, other) {
  return `“${other.text}” has similarity ${figure(other.similarity)}, the sentence ${figure(sentence.similarity)}.`;
}

/** The audit's alarms, short and in full; an older result has none. */
export function alarms(sentence) {
  return sentence.alarms.map(kind => {
    const [name, why] = ALARMS[kind](sentence);
    return [name, `${name}: ${why}`];
  });
}

/** The audit's figures: name, value, how to read it. */
export function auditFigures({audit}) {
  if (!audit) {
    return [];
  }
  const same = '1 = identical maps';
  return [
    ['Spread of the map', figure(audit.entropy, 2), '0 = one patch, 1 = uniform'],
    ['Map outside the body', percent(audit.shareOutsideBody), ''],
    ['Map on burned-in text', percent(audit.shareOnText), ''],
    ...(audit.language === 'und' ? [['Side and denial', 'not checked', 'the sentence’s language is not understood']] : []),
    ...(audit.sameSide === null ? [] : [['Map on the stated side', audit.sameSide ? 'yes' : 'no',
      audit.otherSide ? 'alarm if the other side matches better' : 'alarm if no']]),
    ['Agreement across noise seeds', figure(audit.seedAgreement, 2), same],
    ['Agreement with the contrary’s map', figure(audit.negationAgreement, 2), 'near 1: negation is ignored'],
    ...(audit.contrary ? [['Similarity of the contrary', figure(audit.contrary.similarity), 'alarm if above the sentence’s own']] : []),
    ...(audit.otherSide ? [['Similarity, other side', figure(audit.otherSide.similarity), 'alarm if above the sentence’s own']] : []),
    ...Object.entries(audit.methodAgreement).map(([method, value]) => [`Agreement with ${method}`, figure(value, 2), same]),
  ];
}
