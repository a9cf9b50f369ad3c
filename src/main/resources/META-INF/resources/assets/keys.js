import {byId, element} from './dom.js';

/** Whether a key is pressed for the page: not to type, and not for the browser. */
export const isForPage = event => !event.ctrlKey && !event.metaKey && !event.altKey
  && !event.target.closest('input:not([type="range"], [type="radio"]), select, textarea, dialog');

/**
 * Connects keys and lists them in the help of the page.
 *
 * @param rows each with `keys`, what each of them `does` and the `text` of the help
 */
export function connectKeys(rows) {
  const does = Object.fromEntries(rows.flatMap(row => row.keys.map((key, i) => [key, row.does[i]])));
  byId('help').querySelector('.keys').append(...rows.flatMap(({keys, text}) => [
    element('dt', {}, ...keys.flatMap(key => [element('kbd', {}, key), ' '])), element('dd', {}, text)]));
  document.addEventListener('keydown', event => {
    if (isForPage(event) && !event.repeat && Object.hasOwn(does, event.key)) {
      event.preventDefault();
      does[event.key]();
    }
  });
}
