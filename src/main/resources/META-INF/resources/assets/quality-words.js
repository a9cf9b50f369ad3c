import {has, language, t} from './texts.js';

/** Measures and groups of the quality figures in words. */
const READERS = ':readers';

/**
 * What a measure is called.
 *
 * @param schemes of judging, as `/api/schemes` gives them
 */
export function nameOfMeasure(code, schemes) {
  if (has(`quality.measure.${code}`)) {
    return t(`quality.measure.${code}`);
  }
  const [scheme, question] = code.replace(READERS, '').split(/\.(.*)/s);
  const found = schemes.find(s => s.code === scheme && s.questions.some(q => q.code === question));
  const text = found ? found.questions.find(q => q.code === question).text[language] : code;
  return code.endsWith(READERS) ? t('quality.readersSame', {question: text}) : text;
}

export function groupName(by, group) {
  return group === '' ? t(by === 'finding' ? 'quality.noFinding' : 'quality.unknown')
    : has(`quality.group.${by}.${group}`) ? t(`quality.group.${by}.${group}`) : group;
}

/** The row that a link from the quality page names: figure, measure, group and filter. */
export function rowInWords(row, schemes) {
  const parts = new URLSearchParams(row);
  const get = name => parts.get(name) ?? '';
  if (!has(`quality.figure.${get('figure')}`) || !has(`quality.by.${get('by')}`)) {
    return row; // not one that this page makes
  }
  return [`${t(`quality.figure.${get('figure')}`)}: ${nameOfMeasure(get('measure'), schemes)}`,
    `${t(`quality.by.${get('by')}`)} ${groupName(get('by'), get('group'))}`,
    ...[['frame.model', 'model'], ['quality.modality', 'modality'], ['quality.sender', 'sender'], ['quality.from', 'from'], ['quality.to', 'to']]
      .filter(([, name]) => get(name)).map(([text, name]) => `${t(text)} ${get(name)}`)].join(' · ');
}
