/** Reads the service's parametric maps by DICOMweb (PS3.18), from any archive that has them. */
import {AttributionMap} from '../map.js';

const PARAMETRIC_MAP = '1.2.840.10008.5.1.4.1.1.30';
const PAGE = 500;

/** The columns and rows of the source that a map covers, as its ImageComments state them. */
export const COVERED = /columns (-?[\d.]+) to (-?[\d.]+) and rows (-?[\d.]+) to (-?[\d.]+) of the source image/;

/** Where the values of the DICOM JSON Model (PS3.18 F) are. */
const first = (dataset, ...path) => path.reduce((at, tag) => at?.[tag]?.Value?.[0], dataset);
const items = (dataset, tag) => dataset?.[tag]?.Value ?? [];

/** The maps of a study's images. */
export class ParametricMaps {
  #studies = new Map();

  /**
   * @param root address of the DICOMweb service
   * @param headers gives those of a request, for its authorisation
   */
  constructor(root, headers) {
    this.root = root;
    this.headers = headers;
  }

  /** Those of one frame, in the order of the sentences. A study is asked for once, unless that fails. */
  async of({StudyInstanceUID, SOPInstanceUID, frame}) {
    if (!this.#studies.has(StudyInstanceUID)) {
      const asked = this.#study(StudyInstanceUID);
      this.#studies.set(StudyInstanceUID, asked);
      asked.catch(() => this.#studies.delete(StudyInstanceUID));
    }
    return (await this.#studies.get(StudyInstanceUID))
      .filter(map => map.source === SOPInstanceUID && (map.frames.length === 0 || map.frames.includes(frame)));
  }

  async #study(study) {
    const series = new Set();
    for (let offset = 0, found; offset === 0 || found.length === PAGE; offset += PAGE) {
      found = await this.#json(`studies/${study}/instances?SOPClassUID=${PARAMETRIC_MAP}&limit=${PAGE}&offset=${offset}`);
      found.forEach(instance => series.add(first(instance, '0020000E')));
    }
    const all = [];
    for (const uid of series) {
      const path = `studies/${study}/series/${uid}`;
      all.push(...(await this.#json(`${path}/metadata`)).map(dataset => described(dataset, path)).filter(Boolean));
    }
    return all.sort((a, b) => a.number - b.number);
  }

  /**
   * The values of a map, over an image of so many rows and columns.
   *
   * @param size of the source: `rows` and `columns`
   */
  async load(map, size) {
    const answer = await this.#get(`${map.path}/frames/1`,
      'multipart/related; type="application/octet-stream"; transfer-syntax=1.2.840.10008.1.2.1');
    const stored = floats(await answer.arrayBuffer(), answer.headers.get('Content-Type'), map.rows * map.columns);
    const {least, greatest, slope, intercept, covered: [left, right, top, bottom]} = map;
    const scaled = Array.from({length: map.rows}, (_, y) => Array.from({length: map.columns}, (_, x) => {
      const value = intercept + slope * stored[y * map.columns + x];
      return greatest > least && Number.isFinite(value) ? (value - least) / (greatest - least) : 0;
    }));
    return new AttributionMap({scaled, least, greatest, unit: map.unit, size, geometry: {
      sourceRows: size.rows, sourceColumns: size.columns, resizedRows: size.rows, resizedColumns: size.columns,
      offsetX: left, offsetY: top, inputColumns: right - left, inputRows: bottom - top}});
  }

  async #json(path) {
    const answer = await this.#get(path, 'application/dicom+json');
    return answer.status === 204 ? [] : answer.json();
  }

  async #get(path, accept) {
    const answer = await fetch(`${this.root}/${path}`, {headers: {...this.headers(), Accept: accept}});
    if (!answer.ok) {
      throw new Error(`the archive answered ${answer.status}`);
    }
    return answer;
  }
}

/** What a map's metadata say; null if it is not one of this service's, with one value for each patch. */
function described(dataset, path) {
  const shared = first(dataset, '52009229');
  const derivation = first(dataset, '52009230', '00089124') ?? first(shared, '00089124');
  const source = first(derivation, '00082112');
  const values = first(shared, '00409096');
  const covered = COVERED.exec(first(dataset, '00204000') ?? '');
  if (!source || !values || !covered) {
    return null;
  }
  const slope = first(values, '00409225') ?? 1;
  const intercept = first(values, '00409224') ?? 0;
  const [a, b] = [first(values, '00409214'), first(values, '00409213')].map(stored => intercept + slope * stored);
  return {
    path: `${path}/instances/${first(dataset, '00080018')}`,
    number: first(dataset, '00200013') ?? 0,
    source: first(source, '00081155'),
    frames: (source['00081160']?.Value ?? []).map(Number),
    sentence: first(dataset, '00700081') ?? '',
    rows: first(dataset, '00280010'),
    columns: first(dataset, '00280011'),
    covered: covered.slice(1).map(Number),
    least: Math.min(a, b),
    greatest: Math.max(a, b),
    slope,
    intercept,
    unit: first(values, '004008EA', '00080104') ?? '',
    notice: items(dataset, '0018A001').map(equipment => first(equipment, '0018A003')).filter(Boolean).join(' '),
    derivation: first(derivation, '00082111') ?? '',
  };
}

/** So many little-endian float32, the only part of a multipart body or a body of their own. */
function floats(body, type, count) {
  const start = /^multipart/i.test(type) ? new TextDecoder('latin1').decode(body).indexOf('\r\n\r\n') + 4 : 0;
  if (body.byteLength < start + 4 * count) {
    throw new Error('a map is cut off');
  }
  const view = new DataView(body, start, 4 * count);
  return Float32Array.from({length: count}, (_, i) => view.getFloat32(4 * i, true));
}
