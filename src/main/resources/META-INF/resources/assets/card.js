import {byId, element} from './dom.js';

/** What a model's card states. What it does not is an empty text or null. */
export const title = card => `${card.name}${card.version ? `, version ${card.version}` : ''}`;

export const approval = card => (card.approvedBy ? `Approved by ${card.approvedBy}, ${card.approvedOn}` : 'Not approved');

/** In the bar: the model of what is on the page, which may be another than the default. */
export function showModel(card) {
  byId('model').replaceChildren(
    element('span', {}, `Model ${title(card)}`),
    element('span', {}, approval(card)),
    card.intendedUse ? element('span', {}, `Intended use: ${card.intendedUse}`) : '',
    element('b', {}, card.warning));
}
