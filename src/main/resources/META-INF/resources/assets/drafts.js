/**
 * Notes that no judgement has yet. They may speak of a patient, and a workstation is shared: a draft
 * outlives the page and an expired session, not the tab, nor signing out. It is gone when a judgement
 * has it or its text is deleted.
 */
const ALL = 'm2ib.note/';
const OWN = `${ALL}${document.querySelector('.session .user')?.textContent ?? ''}/`;

export function draft(sentence) {
  try {
    return sessionStorage.getItem(OWN + sentence.id) ?? '';
  } catch {
    return ''; // a browser that keeps nothing
  }
}

/** @returns whether the browser keeps it */
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
  document.querySelector('form.session')?.addEventListener('submit', () => forget(sessionStorage));
} catch {
  // a browser that keeps nothing has nothing to forget
}
