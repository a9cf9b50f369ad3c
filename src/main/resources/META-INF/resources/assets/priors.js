import {get} from './api.js';
import {imageName} from './filmstrip.js';
import {number, t} from './texts.js';

const MONTH = 365.25 / 12;

/** How long before, in words: days, months or years. */
export function before(days) {
  if (days === null) {
    return '';
  }
  if (days < 2 * MONTH) {
    return t('viewer.daysBefore', {n: days});
  }
  return days < 24 * MONTH
    ? t('viewer.monthsBefore', {months: Math.round(days / MONTH)}) : t('viewer.yearsBefore', {years: number(days / (12 * MONTH), 1)});
}

/**
 * The images of the earlier studies that are here, to be shown beside the case's.
 *
 * @param found a case as the API gives it
 * @returns of each image `value`, `group`, `name`, `caption`, addresses of its `frames` and of the first `frame`, `modality`, `view`;
 *   of a study that cannot be shown its `problem`
 */
export async function earlierImages(found) {
  const held = found.priors.filter(prior => prior.links);
  const answers = await Promise.allSettled(held.map(prior => get(prior.links.images)));
  return answers.flatMap(({value, reason}, i) => {
    const date = value?.studyDate ?? held[i].studyDate ?? '';
    if (reason) {
      return [{value: held[i].studyInstanceUid, group: date, name: reason.message, problem: true}];
    }
    const group = [date, before(value.daysBefore)].filter(Boolean).join(', ');
    return value.images.filter(image => image.frames.length > 0).map(image => {
      const frames = image.frames.map(({links}) => links.frame);
      const [frame] = frames;
      const name = imageName(image, 1) || t('viewer.radiograph');
      return {value: frame, group, name: `${date} ${name}`, caption: `${group} · ${name}`, frame, frames, modality: image.modality, view: image.viewPosition};
    });
  });
}
