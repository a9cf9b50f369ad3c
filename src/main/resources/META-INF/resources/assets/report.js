import {colour, css, luminance, mix} from './colours.js';
import {element} from './dom.js';
import {inUnit} from './words.js';

const PAGE = [18, 20, 26];
// on any ground, one of these two has a contrast of 4.58 or more (WCAG 2.2, 1.4.3); greys do not
const LIGHT = [255, 255, 255];
const DARK = [0, 0, 0];
const AS_FAR_FROM_BOTH = Math.sqrt(1.05 * 0.05) - 0.05;

/** How strongly a word is coloured; even the weakest is recognisable as coloured. */
export const wordStrength = value => 0.12 + 0.78 * value;
export const WORD_UNDER = [PAGE, PAGE];

/**
 * The report's text with its attributed sentences as selectable spans.
 *
 * @param sentences with `start` and `end` in the text, in its order
 * @param choose called with the sentence a person chose
 * @returns span by sentence
 */
export function showReport(holder, text, sentences, choose) {
  const spans = new Map();
  let at = 0;
  holder.replaceChildren();
  for (const sentence of sentences) {
    if (sentence.start < at || sentence.end > text.length) {
      continue; // of an earlier text of the report
    }
    holder.append(text.slice(at, sentence.start));
    const span = element('span.sentence', {
      role: 'button', tabindex: '0', 'aria-pressed': 'false',
      onclick: () => choose(sentence),
      onkeydown: event => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          choose(sentence);
        }
      },
    }, text.slice(sentence.start, sentence.end));
    holder.append(span);
    spans.set(sentence, span);
    at = sentence.end;
  }
  holder.append(text.slice(at));
  return spans;
}

/** Colours a sentence's words by their scores. */
export function colourWords(span, text, {tokens, method}, colours) {
  let at = 0;
  span.replaceChildren();
  for (const token of tokens) {
    if (token.start < at) {
      continue;
    }
    span.append(text.slice(at, token.start));
    const back = mix(PAGE, colour(colours, token.scaled), wordStrength(token.scaled));
    const word = element('span.word', {title: inUnit(token.bits, method.unit)}, text.slice(token.start, token.end));
    word.style.backgroundColor = css(back);
    word.style.color = css(luminance(back) > AS_FAR_FROM_BOTH ? DARK : LIGHT);
    span.append(word);
    at = token.end;
  }
  span.append(text.slice(at));
}

export function plainWords(span, text) {
  span.replaceChildren(text);
}
