import {t} from './texts.js';

/** Usual windows of computed tomography, in Hounsfield units: centre and width. */
const TOMOGRAPHY = {softTissue: [40, 400], lung: [-600, 1500], bone: [400, 1800], brain: [40, 80]};

/** Width and level of a viewer's window, and its zoom. */
export const windowInWords = ({radiograph: {center, width}, zoom}) =>
  `W ${Math.round(width)}  L ${Math.round(center)}  ×${zoom.toFixed(1)}`;

/**
 * The windows that a person can choose from.
 *
 * @param modality of the image
 * @returns each with `name`, `center` and `width`; without a centre: as the model sees it
 */
export function windowsOf({windows, colour}, modality) {
  if (colour) {
    return [];
  }
  return [
    {name: t('viewer.asModel')},
    ...windows.map(({name, center, width}, i) => ({name: name || t('viewer.fileWindow', {i: i + 1}), center, width})),
    ...(modality === 'CT' ? Object.entries(TOMOGRAPHY) : []).map(([name, [center, width]]) =>
      ({name: t(`viewer.window.${name}`), center, width})),
  ];
}
