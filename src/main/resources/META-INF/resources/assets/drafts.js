import {PERSON} from './dom.js';

/**
 * Notes that are not yet saved in a judgement. They may concern a patient, and workstations are
 * shared: a draft survives a page load and an expired session, but not closing the tab or signing
 * out, which forgets the filters of the list, too. It ends when a judgement is saved with it or its text is deleted.
 */
const ALL = 'm2ib.note/';
const OWN = `${ALL}${PERSON}/`;

export function draft(sentence) {
  try {
    return sessionStorage.getItem(OWN + sentence.id) ?? '';
  } catch {
    return ''; // a browser that keeps nothing
  }
}

/** @returns whether the browser stored it */
export function keepDraft(sentence, text) {
  try {
    if (text.trim()) {
      sessionStorage.setItem(OWN + sentence.id, text);
    } else {
      sessionStorage.removeItem(OWN + sentence.id);
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
