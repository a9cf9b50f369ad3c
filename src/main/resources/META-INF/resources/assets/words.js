import {has, number, t} from './texts.js';

/** Formats values as words and figures. */

export function figure(value, decimals = 3) {
  return value === null || value === undefined ? '–' : number(value, decimals);
}

/** A score with its unit; arbitrary units may have any magnitude. */
export function inUnit(value, unit, decimals = 2) {
  return `${unit === 'bits' ? number(value, decimals) : value.toPrecision(3)} ${unit === 'bits' ? t('words.bits') : unit}`;
}

/** Local date and time, to the minute. */
export function moment(iso) {
  const d = new Date(iso);
  const two = n => String(n).padStart(2, '0');
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}`;
}

/** A StudyDate as a date; what is none, as it is. */
export const day = date => date?.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3') ?? '';

/** A DICOM PatientName as it is read: `Family, Given`; of its writings the first that has letters. */
export function personName(name) {
  const [family, given, middle] = (name ?? '').split('=').find(part => part.replaceAll('^', '').trim())?.split('^') ?? [''];
  return [family, [given, middle].filter(Boolean).join(' ')].map(part => part?.trim()).filter(Boolean).join(', ');
}

/**
 * For example `right, upper zone`; relative to the picture if the patient's orientation is unknown. An axial slice has
 * no zones from head to foot, nor has a slice that does not state its orientation.
 */
export function placeInShort({patientSide, imageSide, zone}) {
  if (zone === 'unknown' && patientSide !== 'unknown') {
    return t(`words.side.${patientSide}`);
  }
  return patientSide === 'unknown'
    ? t(zone === 'unknown' ? 'words.placeAcross' : 'words.placeInPicture',
      {side: t(`words.side.${imageSide}`), zone: t(`words.zone.${zone}`)})
    : t('words.place', {side: t(`words.side.${patientSide}`), zone: t(`words.zone.${zone}`)});
}

export function placeInWords(place) {
  if (place.areaAboveHalf === 0) {
    return t('words.noLocalisationWhy');
  }
  const share = Math.max(1, Math.round(100 * place.areaAboveHalf));
  const where = {side: t(`words.patientSide.${place.patientSide}`), third: t(`words.side.${place.imageSide}`),
    zone: t(`words.zone.${place.zone}`)};
  const words = place.patientSide === 'unknown' ? place.zone === 'unknown' ? 'words.mapAcross' : 'words.mapInPicture'
    : place.zone === 'unknown' ? 'words.mapInSlice' : 'words.mapInPatient';
  return `${t(words, where)} ${t('words.hotArea', {share})}`;
}

const percent = share => (share === null ? '–' : `${Math.round(100 * share)} %`);

/** Explanation by the kinds of `/api`; `words.alarm.KIND` is the name. */
const ALARMS = {
  'contrary': s => fits(s, s.audit.contrary),
  'other-side': s => fits(s, s.audit.otherSide),
  'map-side': s => t('words.mapSideWhy', {
    said: t(`words.side.${s.audit.sentenceSide}`), side: t(`words.side.${s.place.patientSide}`)}),
  'shortcut': s => t('words.shortcutWhy', {share: percent(s.audit.shareOnText)}),
};

export const alarmName = kind => t(`words.alarm.${kind}`);

function fits(sentence, other) {
  return t('words.fits', {text: other.text, other: figure(other.similarity), own: figure(sentence.similarity)});
}

/** The audit's alarms, short and in full; an older result has none. */
export function alarms(sentence) {
  return sentence.alarms.map(kind => [alarmName(kind), `${alarmName(kind)}: ${ALARMS[kind](sentence)}`]);
}

/** The audit's figures: name, value, how to read it. */
export function auditFigures({audit}) {
  if (!audit) {
    return [];
  }
  const same = t('words.sameMaps');
  const above = t('words.alarmIfAbove');
  return [
    [t('words.spread'), figure(audit.entropy, 2), ''],
    [t('words.outsideBody'), percent(audit.shareOutsideBody), ''],
    [t('words.onText'), percent(audit.shareOnText), ''],
    ...(audit.language === 'und' ? [[t('words.sideAndDenial'), t('words.notChecked'), t('words.notUnderstood')]] : []),
    ...(audit.sameSide === null ? [] : [[t('words.onStatedSide'), t(audit.sameSide ? 'words.yes' : 'words.no'),
      audit.otherSide ? t('words.alarmIfOtherSide') : t('words.alarmIfNo')]]),
    [t('words.repeatability'), figure(audit.seedAgreement, 2), same],
    [t('words.negatedMap'), figure(audit.negationAgreement, 2), t('words.ignoresNegation')],
    ...(audit.contrary ? [[t('words.negatedSimilarity'), figure(audit.contrary.similarity), above]] : []),
    ...(audit.otherSide ? [[t('words.otherSideSimilarity'), figure(audit.otherSide.similarity), above]] : []),
    ...Object.entries(audit.methodAgreement).map(([method, value]) => [t('words.agreementWith', {method}), figure(value, 2), same]),
  ];
}

/**
 * Why an image or frame has no results, in the page's language.
 *
 * @param frame with `reason` in English, `reasonCode` and `reasonValues`; all empty if it has some
 */
export function notAnalysed({reason, reasonCode, reasonValues}) {
  const key = `words.notAnalysed.${reasonCode}`;
  return has(key) ? t(key, {...reasonValues}) : reason;
}

/** Why an arrival is set aside, in the page's language. */
export const asideReason = ({reason, reasonCode}) => (has(`words.aside.${reasonCode}`) ? t(`words.aside.${reasonCode}`) : reason);

/**
 * Why a case is in its state, in the page's language; a part that is not known is in English.
 *
 * @param reasons parts with `code`, `values` and `text`; one that ends with a colon leads to the next
 */
export function inReasons(reasons) {
  return reasons.map(({code, values, text}) => {
    const key = [`words.reason.${code}`, `words.notAnalysed.${code}`].find(has);
    return key ? t(key, {...values}) : text;
  }).reduce((said, part) => `${said}${said.endsWith(':') ? ' ' : said && '; '}${part}`, '');
}
