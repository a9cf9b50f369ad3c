/** Milliseconds without a sign of the person after which nothing is asked for any more, so that their session ends. */
export const IDLE = 15 * 60 * 1000;

/**
 * Tells of each case that changes. The stream rests while nobody looks; what changed meanwhile is told afterwards.
 *
 * @param changed called with a case as the worklist has it, which may be as old as what is known already
 * @param known version of the worklist that is shown; undefined: only what changes from now on is told
 */
export function live(changed, known) {
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
    source = new EventSource(`/api/worklist/events${known === undefined ? '' : `?since=${known}`}`);
    source.addEventListener('row', event => {
      const row = JSON.parse(event.data);
      known = Math.max(known ?? 0, row.version);
      changed(row);
    });
  };
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
  for (const sign of ['pointerdown', 'keydown']) {
    addEventListener(sign, open);
  }
  addEventListener('pagehide', close);
  open();
}
