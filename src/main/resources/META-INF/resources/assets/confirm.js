import {element} from './dom.js';
import {t} from './texts.js';

/**
 * Asks before an action that affects others. Cancel has the focus; Escape means no.
 *
 * @param action label of the confirming button
 * @returns whether the person confirmed
 */
export function confirmed(question, consequence, action) {
  return new Promise(answer => {
    const dialog = element('dialog', {id: 'confirm', 'aria-labelledby': 'confirm-title', 'aria-describedby': 'confirm-text',
      onclose: () => {
        dialog.remove();
        answer(dialog.returnValue === 'yes');
      }},
    element('h2', {id: 'confirm-title'}, question),
    element('p', {id: 'confirm-text'}, consequence),
    element('form.actions', {method: 'dialog'},
      element('button.primary', {value: 'yes'}, action),
      element('button', {value: 'no', autofocus: true}, t('frame.cancel'))));
    document.body.append(dialog);
    dialog.showModal();
  });
}
