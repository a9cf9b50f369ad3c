import {PERSON} from './dom.js';

/**
 * Notes that are not yet saved in a judgement. They may concern a patient, and workstations are
 * shared: a draft survives a page load and an expired session, but not closing the tab or signing
 * out, which forgets the filters of the list, too. It ends when a judgement is saved with it or its text is deleted.
 */
const ALL = 'm2ib.note/';
const OWN = `${ALL}${PERSON}/`;

/**
 * What a note is kept under: case, image and words, not the result's id, so that it is still there when the case was
 * analysed again. Corrected words have no note of the words before.
 */
export function draftKey({links, image, start, text}) {
  const sum = [...text].reduce((before, letter) => (before * 31 + letter.codePointAt(0)) % 0x7fffffff, 7);
  return [links.judgements.split('/')[3], image.sopInstanceUid, image.frame, start, sum.toString(36)].join('/');
}

/** @param sentence one of the API, or only the `key` of its note */
export function draft(sentence) {
  try {
    return sessionStorage.getItem(OWN + (sentence.key ?? draftKey(sentence))) ?? '';
  } catch {
    return ''; // a browser that keeps nothing
  }
}

/** @returns whether the browser stored it */
export function keepDraft(sentence, text) {
  try {
    const key = OWN + (sentence.key ?? draftKey(sentence));
    if (text.trim()) {
      sessionStorage.setItem(key, text);
    } else {
      sessionStorage.removeItem(key);
    }
    return true;
  } catch {
    return false;
  }
}

/** What is begun of sentences and not saved yet, by sentence: kept and forgotten as the notes are. */
export class Begun {
  #what;
  #held = new Map(); // id -> value, also in a browser that keeps nothing

  /** @param what one word for it */
  constructor(what) {
    this.#what = what;
  }

  #key = sentence => `${OWN}${sentence.id}/${this.#what}`;

  get(sentence) {
    if (!this.#held.has(sentence.id)) {
      let kept = null;
      try {
        kept = JSON.parse(sessionStorage.getItem(this.#key(sentence)));
      } catch {
        // nothing that can be read
      }
      this.#held.set(sentence.id, kept ?? undefined);
    }
    return this.#held.get(sentence.id);
  }

  has(sentence) {
    return this.get(sentence) !== undefined;
  }

  set(sentence, value) {
    this.#held.set(sentence.id, value);
    try {
      sessionStorage.setItem(this.#key(sentence), JSON.stringify(value));
    } catch {
      // it lasts as long as the page
    }
  }

  /** @returns whether there was something */
  delete(sentence) {
    const had = this.has(sentence);
    this.#held.set(sentence.id, undefined);
    try {
      sessionStorage.removeItem(this.#key(sentence));
    } catch {
      // nothing is kept
    }
    return had;
  }
}

function forget(storage, but = null) {
  for (const key of Object.keys(storage)) {
    if (key.startsWith(ALL) && !(but && key.startsWith(but))) {
      storage.removeItem(key);
    }
  }
}

try {
  forget(localStorage); // where an earlier version kept them
  forget(sessionStorage, OWN); // of who was signed in before
  document.querySelector('form.session')?.addEventListener('submit', () => sessionStorage.clear()); // filters name patients, too
} catch {
  // if the browser stores nothing, there is nothing to delete
}
