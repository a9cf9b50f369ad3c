import {post, Problem, remove} from './api.js';
import {confirmed} from './confirm.js';
import {element, PERSON} from './dom.js';
import {draft, draftKey, keepDraft} from './drafts.js';
import {t} from './texts.js';

/**
 * Judgements on their way to the service. Each is kept in this browser until the service has it,
 * and is sent again after a lost connection: its id is made here, so that it is one judgement
 * however often it is sent. Kept are the sentence's address, the answers and the note, nothing else
 * of the patient's.
 */
const ALL = 'm2ib.judgement/';
const OWN = `${ALL}${PERSON}/`;
const AGAIN_MS = 15_000;
const listeners = new Set();
let sending = null;

/** @returns the entries that wait, the oldest first */
export function waiting() {
  try {
    return Object.keys(localStorage).filter(key => key.startsWith(OWN))
      .map(key => JSON.parse(localStorage.getItem(key))).sort((a, b) => a.number - b.number);
  } catch {
    return []; // a browser that keeps nothing
  }
}

const keep = entry => localStorage.setItem(OWN + entry.body.id, JSON.stringify(entry));
const forget = entry => localStorage.removeItem(OWN + entry.body.id);

/** Calls back with (entry, judgement) for what is sent later. */
export function onSent(listener) {
  listeners.add(listener);
}

/**
 * Sends a judgement.
 *
 * @returns the service's answer; null if it waits here because the service does not respond
 * @throws Problem if the service refuses it
 */
export async function send(sentence, body) {
  const path = sentence.links.judgements;
  const page = `${location.pathname}${location.search}#${sentence.n}`;
  const entry = {number: Date.now(), path, page, note: draftKey(sentence), body: {...body, id: crypto.randomUUID?.() ?? uuid()}};
  try {
    keep(entry);
  } catch {
    return post(path, entry.body); // only at once
  }
  try {
    const before = waiting().filter(each => each.path === path && !each.problem && each.body.id !== entry.body.id);
    if (!await flush(before)) { // the last that arrives counts: an earlier one must not follow it
      show();
      return null;
    }
    const saved = await deliver(entry);
    again();
    return saved;
  } catch (problem) {
    if (problem.status !== 0 && problem.status < 500) {
      forget(entry); // the person is told now
      show();
      throw problem;
    }
    show();
    return null;
  }
}

/** Takes back a judgement that may not have arrived: if it has, the service undoes it. */
export function takeBack(id) {
  const entry = waiting().find(each => each.body.id === id);
  if (entry) {
    keep({...entry, undone: true});
    again();
  }
}

async function deliver(entry) {
  const saved = await post(entry.path, entry.body);
  const now = waiting().find(each => each.body.id === entry.body.id);
  if (now?.undone) {
    await remove(saved.links.self);
    saved.undone = true;
    saved.current = false;
  }
  forget(entry);
  const kept = {key: entry.note};
  if (entry.note && draft(kept).trim() === entry.body.note) {
    keepDraft(kept, ''); // the judgement has it
  }
  return saved;
}

/** Tries to send what waits, one after the other. */
export function again() {
  sending ??= flush(waiting().filter(each => !each.problem)).finally(() => {
    sending = null;
    show();
  });
  return sending;
}

/** @returns whether the service has answered for each, be it with a refusal */
async function flush(entries) {
  for (const entry of entries) {
    try {
      const saved = await deliver(entry);
      listeners.forEach(listener => listener(entry, saved));
    } catch (problem) {
      if (!(problem instanceof Problem) || problem.status === 0 || problem.status >= 500) {
        return false; // later
      }
      keep({...entry, problem: problem.message}); // the person has to decide
    }
  }
  return true;
}

function uuid() { // crypto.randomUUID is only there over HTTPS and on this machine
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map((byte, i) => ([4, 6, 8, 10].includes(i) ? '-' : '') + byte.toString(16).padStart(2, '0')).join('');
}

const strip = element('div.outbox', {id: 'outbox', role: 'status', hidden: true});

function show() {
  const all = waiting();
  const open = all.filter(each => !each.problem);
  strip.hidden = all.length === 0;
  strip.replaceChildren(
    ...(open.length ? [element('p', {}, t('judging.waits', {n: open.length}))] : []),
    ...all.filter(each => each.problem).map(each => element('p.conflict', {}, `${t('judging.refused', {why: each.problem})} `,
      element('a', {href: each.page}, t('judging.openCase')), ' ',
      element('button', {type: 'button', onclick: () => {
        forget(each);
        show();
      }}, t('judging.discard')))));
}

if (document.querySelector('form.session')) {
  document.getElementById('main').before(strip);
  show();
  again();
  addEventListener('online', again);
  setInterval(() => waiting().length && again(), AGAIN_MS);
  document.querySelector('form.session').addEventListener('submit', async event => {
    if (waiting().length > 0 && !event.target.dataset.sure) {
      event.preventDefault();
      event.stopImmediatePropagation();
      await again();
      const left = waiting().length;
      if (left === 0 || await confirmed(t('judging.discardAll', {n: left}), t('judging.discardAllHint'), t('judging.discardAndOut'))) {
        waiting().forEach(forget);
        event.target.dataset.sure = 'yes';
        event.target.requestSubmit();
      }
    }
  }, {capture: true});
}
