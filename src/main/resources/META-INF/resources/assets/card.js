import {byId, element} from './dom.js';

/** The fields of a model's card; missing ones are an empty text or null. */
export const title = card => `${card.name}${card.version ? `, version ${card.version}` : ''}`;

export const approval = card => (card.approvedBy ? `Approved by ${card.approvedBy}, ${card.approvedOn}` : 'Not approved');

/** Names, in the bar, the model whose results the page shows; it need not be the default. */
export function showModel(card) {
  byId('model').replaceChildren(
    element('span', {}, `Model ${title(card)}`),
    element('span', {}, approval(card)),
    card.intendedUse ? element('span', {}, `Intended use: ${card.intendedUse}`) : '',
    element('b', {}, card.warning));
}
