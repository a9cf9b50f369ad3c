/**
 * Notes that no judgement has yet, in this browser: they outlive the page and the session. One is
 * gone when a judgement has it or its text is deleted.
 */
const PREFIX = `m2ib.note/${document.querySelector('.session .user')?.textContent ?? ''}/`;

export function draft(sentence) {
  try {
    return localStorage.getItem(PREFIX + sentence.id) ?? '';
  } catch {
    return ''; // a browser that keeps nothing
  }
}

/** @returns whether the browser keeps it */
export function keepDraft(sentence, text) {
  try {
    if (text.trim()) {
      localStorage.setItem(PREFIX + sentence.id, text);
    } else {
      localStorage.removeItem(PREFIX + sentence.id);
    }
    return true;
  } catch {
    return false;
  }
}
