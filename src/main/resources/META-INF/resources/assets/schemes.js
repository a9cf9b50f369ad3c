import {get} from './api.js';

/** The schemes of judging, and how this site judges, as `/api/schemes` gives them. */
let asked = null;

export function judging() {
  asked ??= get('/api/schemes');
  return asked;
}

/** A text of a scheme in the page's language. */
export const inLanguage = ({en, de}) => (document.documentElement.lang === 'de' ? de : en);

/** The scheme of a judgement, also one that is no longer asked. */
export function schemeOf({schemes}, {scheme, version}) {
  return schemes.find(s => s.code === scheme && s.version === version) ?? schemes.find(s => s.code === scheme);
}

export function isAsked(question, stage) {
  return stage === 'with-map' || !question.map;
}

/** Good, bad or quiet, by what an answer says of what is judged. */
export const tone = ({agreement}) => (agreement === true ? 'good' : agreement === false ? 'bad' : 'quiet');

/** Each answer of a judgement as it is shown, with its tone. */
export function answersOf(all, judgement) {
  const scheme = schemeOf(all, judgement);
  return Object.entries(judgement.answers).map(([question, code]) => {
    const choice = scheme?.questions.find(q => q.code === question)?.choices.find(c => c.code === code);
    return choice
      ? {question, text: inLanguage(choice.display), tone: tone(choice)}
      : {question, text: code, tone: 'quiet'};
  });
}
