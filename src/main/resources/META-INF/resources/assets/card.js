import {byId, element} from './dom.js';
import {t} from './texts.js';

/** The fields of a model's card; missing ones are an empty text or null. */
export const title = card => `${card.name}${card.version ? `, ${t('frame.version')} ${card.version}` : ''}`;

export const approval = card => (card.approvedBy ? `${t('frame.approvedBy')} ${card.approvedBy}, ${card.approvedOn}` : t('frame.notApproved'));

/** Names, in the bar, the model whose results the page shows; it need not be the default. */
export function showModel(card) {
  byId('model').replaceChildren(
    element('span', {}, `${t('frame.model')} ${title(card)}`),
    element('span', {}, approval(card)),
    card.intendedUse ? element('span', {}, `${t('frame.intendedUse')}: ${card.intendedUse}`) : '',
    element('b', {}, card.warning));
  byId('warning').textContent = card.warning;
}
