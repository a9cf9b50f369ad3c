import {element} from './dom.js';
import {has, t} from './texts.js';

/**
 * What a case's state means to a reader. `moves`: the case proceeds by itself. `again`: a person can
 * retry it. `redo`: a person can also choose another model. The texts have its name
 * (`words.state.NAME`), what it is (`case.what.NAME`) and what to do (`case.todo.NAME`).
 */
export const STATES = {
  AWAITING_REPORT: {tone: 'wait', moves: true},
  AWAITING_STUDY: {tone: 'wait', moves: true},
  COLLECTING: {tone: 'wait', moves: true},
  ATTRIBUTING: {tone: 'wait', moves: true},
  DELIVERING: {tone: 'quiet', redo: true},
  DELIVERED: {tone: 'quiet', redo: true},
  UNDELIVERED: {tone: 'bad', redo: true, again: true},
  SKIPPED: {tone: 'quiet', redo: true, again: true},
  FAILED: {tone: 'bad', redo: true, again: true},
  MISMATCHED: {tone: 'bad'},
  WITHDRAWING: {tone: 'wait', moves: true},
  CANCELLED: {tone: 'quiet'},
  EXPIRED: {tone: 'quiet'},
};

export function stateOf(name) {
  const text = key => (has(`${key}.${name}`) ? t(`${key}.${name}`) : '');
  return {tone: 'quiet', ...STATES[name], name: text('words.state') || name, what: text('case.what'), todo: text('case.todo')};
}

export function stateChip(name) {
  const state = stateOf(name);
  return element(`span.chip.${state.tone}`, {}, state.name);
}
