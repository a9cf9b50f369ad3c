import {colour, css, mix} from './colours.js';
import {element} from './dom.js';
import {t} from './texts.js';

/** Two to eight round numbers along a range; one if the range is empty. */
export function ticks(least, greatest) {
  const range = greatest - least;
  if (!(range > 0)) {
    return [{share: 0, label: least.toPrecision(3)}];
  }
  const power = 10 ** Math.floor(Math.log10(range / 3));
  const units = range / 3 / power;
  const step = power * (units >= 5 ? 5 : units >= 2 ? 2 : 1);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const found = [];
  for (let i = Math.ceil(least / step - 1e-9); i * step <= greatest + step * 1e-9; i++) {
    const value = decimals > 4 ? (i * step).toExponential(1) : (i * step).toFixed(decimals);
    found.push({share: (i * step - least) / range, label: value.replace(/^-(0(\.0*)?)$/, '$1')});
  }
  return found;
}

/**
 * Shows a colour bar with its scale.
 *
 * @param under background colours at the bar's top and bottom, [red, green, blue] each
 * @param strength opacity of the colour for a value in [0, 1]
 */
export function showScale(holder, {colours, least, greatest, under, strength, unit}) {
  const bar = element('canvas', {width: 256, height: 16, role: 'img', 'aria-label':
    t('viewer.scale', {least: least.toPrecision(3), greatest: greatest.toPrecision(3), unit})});
  const context = bar.getContext('2d');
  for (let x = 0; x < 256; x++) {
    const value = greatest > least ? x / 255 : 0;
    for (let y = 0; y < 16; y++) {
      context.fillStyle = css(mix(mix(under[0], under[1], y / 15), colour(colours, value), strength(value)));
      context.fillRect(x, y, 1, 1);
    }
  }
  const marks = ticks(least, greatest).map(({share, label}) => {
    const mark = element('span.tick', {}, label);
    mark.style.left = `${100 * share}%`;
    return mark;
  });
  holder.replaceChildren(
    element('div.scale-bar', {}, bar, element('div.ticks', {'aria-hidden': 'true'}, ...marks)),
    element('span.unit', {}, unit));
}
