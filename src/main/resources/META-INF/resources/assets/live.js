/** Milliseconds without a sign of the person after which the stream ends, so that their session does. */
const IDLE = 15 * 60 * 1000;

/**
 * Tells of each case that changes. The stream rests while nobody looks.
 *
 * @param changed called with a case as the worklist has it
 */
export function live(changed) {
  let source = null;
  let quiet = null;
  const close = () => {
    source?.close();
    source = null;
  };
  const open = () => {
    clearTimeout(quiet);
    quiet = setTimeout(close, IDLE);
    if (source || document.hidden) {
      return;
    }
    source = new EventSource('/api/worklist/events');
    source.addEventListener('row', event => changed(JSON.parse(event.data)));
  };
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
  for (const sign of ['pointerdown', 'keydown']) {
    addEventListener(sign, open);
  }
  addEventListener('pagehide', close);
  open();
}
