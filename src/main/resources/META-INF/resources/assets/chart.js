import uPlot from '/webjars/uplot/1.6.30/dist/uPlot.esm.js';
import {element} from './dom.js';
import {number, t} from './texts.js';
import {figure} from './words.js';

/** Draws a figure's rows as a chart. Points of small groups are hollow; whiskers are intervals. */

const HEIGHT = 300;
const LABEL = 16;
const LONGEST = 12;
const DASH = [6, 5];

/** Of a person's own colours those that tell apart what the style sheet's would. */
const OWN = {text: 'canvastext', accent: 'canvastext', surface: 'canvas', wait: 'highlight', warn: 'highlight', bad: 'linktext'};
const forced = matchMedia('(forced-colors: active)');

/** A colour of the style sheet as it is now, light or dark, or of a person's own. */
function colour(name) {
  const probe = element('span');
  probe.style.forcedColorAdjust = 'none';
  probe.style.color = forced.matches ? OWN[name] ?? 'graytext' : `var(--${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

const seconds = day => Date.parse(day.length === 7 ? `${day}-01` : day) / 1000;
const iso = (at, months) => new Date(at * 1000).toISOString().slice(0, months ? 7 : 10);

/** Whiskers and points, on top of the lines. */
function marks(series, scale) {
  return u => {
    const {ctx} = u;
    ctx.save();
    ctx.setLineDash([]); // as the last line left it
    ctx.lineWidth = (forced.matches ? 3 : 1.5) * devicePixelRatio; // not taken for the grid
    series.forEach((one, s) => {
      ctx.strokeStyle = ctx.fillStyle = colour(one.colour);
      one.rows.forEach((row, i) => {
        if (!row || u.data[s + 1][i] === null) {
          return;
        }
        const x = u.valToPos(u.data[0][i], 'x', true);
        const y = u.valToPos(u.data[s + 1][i], scale, true);
        if (one.interval && row.low !== null) {
          const [low, high] = [row.low, row.high].map(v => u.valToPos(v, scale, true));
          ctx.beginPath();
          ctx.moveTo(x, low);
          ctx.lineTo(x, high);
          ctx.stroke();
        }
        const alarm = one.alarm && row.verdict === one.alarm;
        if (one.points || alarm) {
          ctx.beginPath();
          ctx.arc(x, y, (alarm ? 6 : 4) * devicePixelRatio, 0, 2 * Math.PI);
          if (row.small && !alarm) {
            ctx.save();
            ctx.fillStyle = colour('surface');
            ctx.fill();
            ctx.restore();
          } else {
            ctx.fill();
          }
          ctx.stroke();
        }
      });
    });
    ctx.restore();
  };
}

/** How wide the numbers on the axis are. */
const width = values => 12 + 8 * Math.max(0, ...(values ?? []).map(v => String(v).length));

/**
 * A chart that follows the width of its place and the colours of the page.
 *
 * @param series each with name, colour, rows (null where it has none), value of a row, whether it has
 *     points, an interval, a dash, and the verdict that it marks as an alarm
 * @param groups what the rows stand over: names, or months and days if `time`
 * @param inWords of a value, for the axis and for what is pointed at
 */
export function chart(title, {series, groups, time = false, zero = false, most = null, inWords = figure}) {
  const place = element('div.chart', {role: 'img', 'aria-label': t('quality.chart', {title})});
  const at = element('p.at', {'aria-hidden': 'true'});
  const months = time && groups.every(group => group.length === 7);
  const data = [time ? groups.map(seconds) : groups.map((_, i) => i),
    ...series.map(one => one.rows.map(row => (row ? one.value(row) : null)))];
  const ends = series.flatMap((one, s) => one.rows.flatMap((row, i) =>
    [data[s + 1][i], one.interval ? row?.low : null, one.interval ? row?.high : null])).filter(v => typeof v === 'number');
  const drawn = {title, place, series};

  function draw() {
    drawn.plot?.destroy();
    const [text, line, quiet] = ['text', 'line', 'quiet'].map(colour);
    const font = `12px ${getComputedStyle(document.body).fontFamily}`;
    const axis = {stroke: text, font, grid: {stroke: line, width: forced.matches ? 0.5 : 1}, ticks: {stroke: quiet, width: 1}};
    const slanted = !time && (groups.length > 4 || groups.some(group => group.length > LONGEST));
    drawn.plot = new uPlot({
      width: Math.max(200, place.clientWidth - 8), height: HEIGHT, legend: {show: false},
      tzDate: ts => uPlot.tzDate(new Date(ts * 1e3), 'Etc/UTC'),
      cursor: {drag: {x: false, y: false}},
      scales: {
        x: {time: false, range: () => {
          const [first, last] = [data[0][0], data[0][data[0].length - 1]];
          const room = time ? Math.max(86400, (last - first) / 40) : 0.5;
          return [first - room, last + room];
        }},
        y: {range: () => {
          const low = Math.min(...ends, zero ? 0 : Infinity);
          const high = most ?? Math.max(...ends);
          const room = (high - low || Math.abs(high) || 1) / 20;
          return [zero && low === 0 ? 0 : low - room, high + room];
        }},
      },
      axes: [
        {...axis, rotate: slanted ? -35 : 0, size: slanted ? 70 : 36, space: time ? (months ? 64 : 84) : 40,
          splits: time ? () => apart(data[0], Math.floor(place.clientWidth / (months ? 76 : 104))) : () => data[0],
          values: (u, splits) => splits.map(at => (time ? iso(at, months)
            : groups[at].length > LABEL ? `${groups[at].slice(0, LABEL)}…` : groups[at]))},
        {...axis, values: (u, splits) => splits.map(value => inWords(value)), size: (u, values) => width(values)},
      ],
      series: [{}, ...series.map(one => ({
        stroke: colour(one.colour), width: one.bare ? 0 : 1.75, dash: one.dash ? DASH : undefined,
        points: {show: false}, paths: one.bare ? () => null : undefined, spanGaps: true,
      }))],
      hooks: {
        draw: [marks(series, 'y')],
        setCursor: [u => {
          const i = u.cursor.idx;
          at.textContent = i === null || i === undefined || u.cursor.left < 0 ? '' : `${groups[i]}: ${series
            .filter((one, s) => u.data[s + 1][i] !== null)
            .map((one, s, shown) => `${shown.length > 1 ? `${one.name} ` : ''}${inWords(one.value(one.rows[i]))}`).join(', ')}`;
        }],
      },
    }, data, place);
  }

  drawn.node = element('div.drawn', {}, place, at, key(series));
  drawn.draw = draw;
  new ResizeObserver(([{contentRect}]) => {
    if (contentRect.width && Math.abs(contentRect.width - (drawn.width ?? 0)) > 1) {
      drawn.width = contentRect.width;
      draw();
    }
  }).observe(place);
  const again = () => drawn.plot && place.isConnected && draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
  forced.addEventListener('change', again);
  new MutationObserver(again).observe(document.documentElement, {attributeFilter: ['data-theme']});
  return drawn;
}

/** The places that are far enough apart for so many labels at most. */
function apart(places, most) {
  const gap = (places[places.length - 1] - places[0]) / Math.max(1, most);
  const kept = [];
  for (const place of places) {
    if (kept.length === 0 || place - kept[kept.length - 1] >= gap) {
      kept.push(place);
    }
  }
  return kept;
}

/** Which line is which, if there are several. */
function key(series) {
  return series.length < 2 ? '' : element('ul.key', {}, ...series.map(one => {
    const sample = element('canvas', {width: 44, height: 16, 'aria-hidden': 'true'});
    line(sample.getContext('2d'), one, 0, 8, 44);
    return element('li', {}, sample, one.name);
  }));
}

function line(ctx, one, x, y, length) {
  ctx.strokeStyle = colour(one.colour);
  ctx.lineWidth = 4;
  ctx.setLineDash(one.dash ? [8, 6] : []);
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x + length, y);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** The chart with its title, its key and the notice as a picture. */
export function picture({plot, title, series}) {
  const scale = devicePixelRatio;
  const {canvas} = plot.ctx;
  const made = element('canvas', {width: canvas.width, height: canvas.height + 76 * scale});
  const ctx = made.getContext('2d');
  ctx.fillStyle = colour('surface');
  ctx.fillRect(0, 0, made.width, made.height);
  ctx.drawImage(canvas, 0, 36 * scale);
  ctx.fillStyle = colour('text');
  const font = getComputedStyle(document.body).fontFamily;
  ctx.font = `600 ${15 * scale}px ${font}`;
  ctx.fillText(title, 10 * scale, 24 * scale, made.width - 20 * scale);
  ctx.font = `${12 * scale}px ${font}`;
  const low = canvas.height + 54 * scale;
  let x = 10 * scale;
  for (const one of series.length > 1 ? series : []) {
    line(ctx, one, x, low - 4 * scale, 22 * scale);
    ctx.fillText(one.name, x + 28 * scale, low);
    x += 44 * scale + ctx.measureText(one.name).width;
  }
  ctx.fillText(t('frame.notice'), 10 * scale, low + 16 * scale);
  return new Promise(done => { made.toBlob(done, 'image/png'); });
}

/** A share as a percentage. */
export const percent = value => (value === null || value === undefined ? '–' : `${number(100 * value, Math.abs(value) < 0.1 && value !== 0 ? 1 : 0)} %`);
