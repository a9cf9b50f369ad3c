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

/**
 * Asks for a line of text.
 *
 * @param most characters of the text
 * @returns the text, null if the person cancelled
 */
export function asked(question, hint, value, action, most = 200) {
  return new Promise(answer => {
    const field = element('input', {id: 'asked-value', value, maxlength: most, autocomplete: 'off', 'aria-describedby': 'asked-hint', autofocus: true});
    const dialog = element('dialog', {id: 'asked', 'aria-labelledby': 'asked-title', onclose: () => {
      dialog.remove();
      answer(dialog.returnValue === 'yes' ? field.value : null);
    }},
    element('form', {method: 'dialog'},
      element('h2', {}, element('label', {id: 'asked-title', for: 'asked-value'}, question)), field,
      element('p', {id: 'asked-hint'}, hint),
      element('div.actions', {},
        element('button.primary', {value: 'yes'}, action),
        element('button', {value: 'no', type: 'button', onclick: () => dialog.close('no')}, t('frame.cancel')))));
    document.body.append(dialog);
    dialog.showModal();
  });
}
