import {get} from './api.js';
import {Beside} from './beside.js';
import {COLOURS, table} from './colours.js';
import {byId, element} from './dom.js';
import {draft} from './drafts.js';
import {connectTools, Drawing} from './drawing.js';
import {Filmstrip} from './filmstrip.js';
import {Judging} from './judging.js';
import {isForPage} from './keys.js';
import {AttributionMap} from './map.js';
import {nextCase} from './queue.js';
import {Radiograph} from './radiograph.js';
import {WordRegions} from './regions.js';
import {colourWords, plainWords, showReport, WORD_UNDER, wordStrength} from './report.js';
import {showScale} from './scale.js';
import {Tools} from './tools.js';
import {OUTLINE_COLOURS, Viewer} from './viewer.js';
import {
  alarms, auditFigures, figure, inUnit, placeInShort, placeInWords,
} from './words.js';
import {t} from './texts.js';
import {showVerdict} from './top.js';
import {windowInWords} from './windows.js';

/** The sentences and the image of one case, side by side. */
export class Reading {
  #found;
  #viewer;
  #tools;
  #judging;
  #drawing;
  #regions = new WordRegions(() => this.#chooseWord());
  #colours = table(COLOURS.capture);
  #chosen = null; // a sentence of the API: one text on one image
  #spans;
  #method = null; // name of the method whose map is shown; null: the delivered one
  #maps = null; // as the API gives them
  #map = null;
  #images = new Map(); // address -> what it will be
  #shownFrame = null; // address of the frame in sight
  #apart = false; // whether an image without results is in sight, instead of the chosen sentence's
  #beside;
  #strip = new Filmstrip(item => this.#look(item));
  #asked = new AbortController(); // what is on its way for the chosen sentence

  constructor(found) {
    this.#found = found;
    this.#viewer = new Viewer(byId('canvas'), {
      changed: () => {
        this.#showWindow();
        this.#drawing?.paint();
      },
      pointed: point => this.#showPointer(point),
    });
    this.#tools = new Tools(this.#viewer, () => this.#mapped());
    this.#beside = new Beside(this.#viewer, found, {
      load: frame => this.#image(frame), swapped: () => this.#maps && this.#showMap()});
  }

  async start() {
    // words that arrive beside them take room from these boxes
    const resized = new ResizeObserver(() => this.#chosen && this.#bringChosenIntoView());
    document.querySelectorAll('.report.scrolls, .list.scrolls').forEach(box => resized.observe(box));
    this.#judging = await Judging.of(problem => {
      this.#showSentences();
      this.#showBlindness();
      if (problem) {
        byId('problem').replaceChildren(element('p.alert.bad', {}, problem));
      }
    }, () => this.#next());
    this.#drawing = new Drawing(byId('canvas'), this.#viewer, {
      drawn: (shape, points) => this.#apart || this.#judging.draw(shape, points), chosen: () => {}});
    connectTools(this.#drawing);
    this.#judging.shown = regions => this.#drawing.show(this.#apart ? [] : regions);
    this.#judging.restore(this.#found.sentences);
    if (this.#found.report?.own) {
      this.#judging.refuse(t('judging.ownReport'));
    }
    this.#viewer.change({colours: this.#colours});
    this.#spans = showReport(byId('report'), this.#found.report?.text ?? '', this.#texts(), s => this.choose(s));
    this.#connectTools();
    this.#connectKeys();
    const asked = this.#found.sentences.find(s => location.hash === `#${s.n}`);
    await this.choose(asked ?? this.#found.sentences[0]);
    try {
      await Promise.all([this.#strip.load(this.#found.links.self, this.#found.images), this.#beside.load()]);
    } catch (problem) {
      byId('image-note').textContent = t('viewer.noImages', {why: problem.message});
      byId('image-note').hidden = false;
    }
  }

  /** The results in sight hold no more: nothing of them can be judged. */
  outdate(why) {
    this.#judging.refuse(why);
    this.#judging.lock(why);
  }

  /** The sentences of the report, each once, on whatever images they were attributed. */
  #texts() {
    const first = new Map();
    for (const sentence of this.#found.sentences) {
      if (!first.has(sentence.start)) {
        first.set(sentence.start, sentence);
      }
    }
    return [...first.values()].sort((a, b) => a.start - b.start);
  }

  /** The sentences attributed on the displayed image. */
  #listed() {
    const here = this.#found.sentences.filter(s => s.links.frame === this.#chosen.links.frame);
    return here.sort((a, b) => a.start - b.start);
  }

  async choose(sentence) {
    const image = this.#chosen ? this.#chosen.links.frame : sentence.links.frame;
    const same = this.#found.sentences.find(s => s.start === sentence.start && s.links.frame === image);
    await this.#show(same ?? sentence);
  }

  /** Until map and image of the chosen sentence are visible, no other's are, and judging is disabled. */
  async #show(sentence) {
    this.#asked.abort();
    this.#asked = new AbortController();
    const {signal} = this.#asked;
    const stale = () => signal.aborted || this.#chosen !== sentence;
    this.#chosen = sentence;
    this.#apart = false;
    this.#clear(sentence.links.frame);
    history.replaceState(null, '', `#${sentence.n}`);
    this.#judging.show(sentence);
    this.#showBlindness();
    this.#showFigures(); // first, as they take room from the boxes that are scrolled to the sentence
    this.#showMethods();
    this.#showSentences();
    this.#showWords();
    this.#strip.mark(sentence.links.frame);
    try {
      const [radiograph, maps] = await Promise.all([
        this.#image(sentence.links.frame), get(sentence.links.map, 'application/json', signal)]);
      if (stale()) {
        return; // another was chosen meanwhile
      }
      if (maps.id !== sentence.id) { // the place in the case is another sentence's now
        throw new Error(t('case.reportChanged'));
      }
      this.#display(radiograph, sentence.links.frame, this.#imageOf(sentence)?.modality);
      this.#maps = maps;
      this.#showMap();
      await this.#viewer.painted();
      if (stale()) {
        return;
      }
      byId('loading').textContent = '';
      byId('canvas').dataset.sentence = sentence.n;
      performance.mark('map');
      this.#judging.unlock(sentence);
      this.#regions.load(sentence, signal, stale);
      await radiograph.complete;
      this.#viewer.refresh();
      performance.mark('complete');
    } catch (problem) {
      if (!stale()) {
        this.#clear(sentence.links.frame);
        this.#showFailure(t('viewer.noMap', {why: problem.message}), () => this.#show(sentence));
        this.#judging.lock(t('judging.needsMap'));
      }
    }
  }

  /** Shows an image of the study. What has no results has no map, and nothing of it can be judged. */
  async #look(item) {
    const here = this.#found.sentences.filter(s => s.links.frame === item.frame);
    if (here.length > 0) {
      await this.#show(here.find(s => s.start === this.#chosen.start) ?? here[0]);
      return;
    }
    this.#asked.abort();
    this.#asked = new AbortController();
    const {signal} = this.#asked;
    this.#apart = true;
    this.#clear(item.frame);
    this.#judging.lock(t('judging.otherImage'));
    this.#strip.mark(item.frame);
    byId('methods').hidden = true;
    byId('canvas').setAttribute('aria-label', t('viewer.withoutMap', {name: item.name}));
    try {
      const radiograph = await this.#image(item.frame);
      if (signal.aborted) {
        return; // another was chosen meanwhile
      }
      this.#display(radiograph, item.frame, item.modality);
      this.#beside.offer(null, null, {title: ''}, item.image, signal);
      await this.#viewer.painted();
      if (signal.aborted) {
        return;
      }
      byId('loading').textContent = '';
      byId('canvas').dataset.frame = item.frame;
      await radiograph.complete;
      this.#viewer.refresh();
    } catch (problem) {
      if (!signal.aborted) {
        this.#clear(item.frame);
        this.#showFailure(problem.message, () => this.#look(item));
      }
    }
  }

  #imageOf(sentence) {
    return this.#found.images.find(i => i.sopInstanceUid === sentence.image.sopInstanceUid);
  }

  #display(radiograph, frame, modality) {
    if (this.#viewer.radiograph !== radiograph) {
      this.#viewer.show(radiograph);
      this.#shownFrame = frame;
      this.#showOutlineNames(radiograph);
      this.#tools.show(radiograph, modality);
    }
  }

  #clear(frame) {
    this.#maps = null;
    this.#map = null;
    this.#regions.clear();
    this.#beside.clear();
    this.#drawing?.stop(); // it would be another sentence's
    delete byId('canvas').dataset.sentence;
    delete byId('canvas').dataset.frame;
    if (this.#shownFrame !== frame) {
      this.#shownFrame = null;
      this.#viewer.show(null);
      this.#tools.clear();
      for (const id of ['corner-image', 'corner-outlines', 'corner-window', 'corner-pointer']) {
        byId(id).replaceChildren();
      }
    }
    this.#viewer.showMap(null);
    byId('map-scale').replaceChildren();
    byId('corner-pointer').replaceChildren();
    byId('threshold-value').textContent = '';
    byId('loading').textContent = t(this.#shownFrame ? 'viewer.loadingMap' : this.#apart ? 'viewer.loadingImage' : 'viewer.loading');
  }

  #showFailure(said, again) {
    byId('loading').replaceChildren(element('span', {}, said),
      element('button', {type: 'button', id: 'again', onclick: again}, t('frame.tryAgain')));
  }

  /** The displayed method's result for the chosen sentence. */
  #made(of = this.#chosen) {
    return [of, ...of.beside].find(made => made.method.name === this.#method) ?? of;
  }

  #showMap() {
    const blind = this.#judging.isBlind(this.#chosen);
    const made = this.#made(this.#maps);
    this.#beside.offer(this.#chosen, blind ? null : this.#maps, made.method, this.#imageOf(this.#chosen), this.#asked.signal);
    this.#map = this.#beside.map
      ?? (this.#regions.word ? this.#regions.map(this.#maps.size) : AttributionMap.of(made, this.#maps));
    this.#viewer.showMap(blind ? null : this.#map);
    this.#tools.showContours();
    this.#showMapScale();
  }

  /** The delivered method first; the other methods' maps appear only on this page. */
  #showMethods() {
    const {method, beside} = this.#chosen;
    byId('methods').hidden = beside.length === 0;
    byId('method').replaceChildren(...[method, ...beside.map(made => made.method)].map(({name, title}) =>
      element('option', {value: name}, title)));
    byId('method').value = this.#made().method.name;
  }

  /** Before the person has answered, nothing says where the map points or how well it matches. */
  #showBlindness() {
    const blind = this.#judging.isBlind(this.#chosen);
    const was = byId('reading').classList.contains('blind');
    byId('reading').classList.toggle('blind', blind);
    showVerdict(this.#found, sentence => this.choose(sentence), sentence => blind || this.#judging.isBlind(sentence));
    if (was !== blind) {
      this.#showWords();
      if (this.#maps) {
        this.#showMap();
      }
    }
  }

  #chooseMethod(name) {
    this.#method = name;
    this.#regions.reset();
    this.#showMethods();
    this.#showWords();
    this.#showFigures();
    if (this.#maps) {
      this.#showMap();
    }
  }

  #chooseWord() {
    this.#showFigures();
    this.#showMap();
  }

  #nextMethod() {
    const names = [this.#chosen, ...this.#chosen.beside].map(made => made.method.name);
    this.#chooseMethod(names[(names.indexOf(this.#made().method.name) + 1) % names.length]);
  }

  #image(path) {
    if (!this.#images.has(path)) {
      const image = Radiograph.load(path);
      image.then(({complete}) => complete).catch(() => this.#images.delete(path)); // the next try asks again
      this.#images.set(path, image);
    }
    return this.#images.get(path);
  }

  #showSentences() {
    const list = byId('sentences');
    list.replaceChildren(...this.#listed().map((sentence, i) => {
      const chosen = sentence === this.#chosen;
      return element('li', {id: `sentence-${sentence.n}`, role: 'option', 'aria-selected': String(chosen),
        onclick: () => this.choose(sentence)},
        element('span.ordinal', {'aria-hidden': 'true'}, String(i + 1)),
        element('span.text', {dir: 'auto'}, sentence.text.replace(/\s+/g, ' ')),
        element('span.similarity', {title: t('case.similarityHint')}, figure(sentence.similarity)),
        element('span.place', {},
          sentence.place.areaAboveHalf === 0 ? t('words.noLocalisation') : placeInShort(sentence.place),
          ...alarms(sentence).map(([name, why]) => element('span.chip.warn', {title: why}, name)),
          ...this.#judging.chips(sentence).map(({text, tone}) => element(`span.chip.judged.${tone}`, {}, text)),
          draft(sentence) ? element('span.chip', {title: t('judging.draftHint')}, t('judging.draftNote')) : null));
    }));
    const judged = this.#listed().filter(s => s.judgements?.some(j => j.current)).length;
    byId('progress').textContent = t('judging.progress', {judged, of: this.#listed().length});
    list.setAttribute('aria-activedescendant', `sentence-${this.#chosen.n}`);
    bringIntoView(byId(`sentence-${this.#chosen.n}`));
  }

  #showWords() {
    for (const [sentence, span] of this.#spans) {
      const chosen = sentence.start === this.#chosen.start;
      span.setAttribute('aria-pressed', String(chosen));
      if (chosen && !this.#judging.isBlind(this.#chosen)) {
        colourWords(span, sentence.text, this.#made(), this.#colours);
      } else {
        plainWords(span, sentence.text);
      }
      if (chosen) {
        bringIntoView(span);
      }
    }
    const {tokens, method} = this.#made();
    const scores = tokens.map(token => token.bits); // in the method's unit
    byId('word-scale').hidden = tokens.length === 0; // no text side
    if (tokens.length > 0) {
      showScale(byId('word-scale'), {colours: this.#colours, least: Math.min(...scores), greatest: Math.max(...scores),
        under: WORD_UNDER, strength: wordStrength, unit: t('case.perWordPiece', {unit: method.unit})});
    }
    byId('words').replaceChildren(...tokens.map(({text, bits}) =>
      element('tr', {}, element('td', {dir: 'auto'}, text), element('td.number', {}, inUnit(bits, method.unit)))));
  }

  #showFigures() {
    const s = this.#chosen;
    const made = this.#made();
    byId('where').replaceChildren(element('b', {}, `${t('case.similarity')} ${figure(s.similarity)}${bySigmoid(s)}. `), placeInWords(s.place));
    if (s.forced) {
      byId('where').append(element('b.conflict', {}, t('case.forced')));
    }
    if (s.remark) {
      byId('where').append(element('b.conflict', {}, t('case.burnedIn')));
    }
    byId('where').append(...alarms(s).map(([, why]) => element('b.conflict', {}, why)));
    const {word} = this.#regions;
    if (word || made !== s) {
      const shown = word ? t('case.regionOf', {word: word.text}) : t('case.mapBy', {method: made.method.title});
      byId('where').append(element('span.aside', {}, `${shown} ${t('case.reviewOnly', {method: s.method.title})}`));
    }
    if (s.truncated) {
      byId('where').append(element('b.conflict', {}, s.cut
        ? t('case.tooLongCut', {cut: s.cut}) : t('case.tooLong')));
    }
    const figures = [
      [t('words.scoreLossMap'), figure(made.confidenceDrop, 1), t('words.lowerIsBetter')],
      [t('words.scoreLossRemoved'), figure(made.removedConfidenceDrop, 1), t('words.higherIsBetter')],
      ...auditFigures(s),
    ];
    byId('figures').replaceChildren(...figures.flatMap(([name, value, note]) =>
      [element('dt', {}, name), element('dd', {}, element('b', {}, value), ` ${note}`)]));
    byId('links').replaceChildren(...[
      [t('case.mapPicture'), s.links.map], [t('case.capture'), s.links.capture],
      [t('case.observation'), s.links.observation], [t('case.wordsAndRegions'), s.links.interactions],
    ].filter(([, href]) => href).map(([name, href]) => element('li', {}, element('a', {href}, name))));
    byId('canvas').setAttribute('aria-label', word
      ? t('viewer.withRegion', {word: word.text, text: s.text}) : t('viewer.withMap', {method: made.method.title, text: s.text}));
  }

  #showMapScale() {
    const {blend, threshold, showMap} = this.#viewer.look;
    byId('opacity-value').textContent = `${Math.round(blend * 100)} %`;
    byId('threshold-value').textContent = this.#mapValue(threshold, 1) ?? '';
    if (this.#map) {
      showScale(byId('map-scale'), {colours: this.#colours, least: this.#map.least, greatest: this.#map.greatest,
        under: [[32, 32, 32], [224, 224, 224]], unit: t('viewer.perPatch', {unit: this.#map.unit}),
        strength: value => (showMap && value >= threshold ? blend * value : 0)});
    }
  }

  /** A value in [0, 1] of the map with its unit; null without a map. */
  #mapValue(value, decimals) {
    return this.#map && inUnit(this.#map.inUnit(value), this.#map.unit, decimals);
  }

  #showOutlineNames({outlines}) {
    byId('show-outlines').hidden = outlines.length === 0;
    byId('corner-outlines').replaceChildren(...outlines.map(({label}, i) => {
      const name = element('span', {}, label);
      name.style.color = OUTLINE_COLOURS[i % OUTLINE_COLOURS.length];
      return name;
    }));
  }

  /** The sentences whose maps may be shown here; the chosen one with the map that is in sight. */
  #mapped() {
    return (this.#apart ? [] : this.#listed())
      .map((sentence, ordinal) => ({sentence, ordinal, map: sentence === this.#chosen ? this.#map : null}))
      .filter(({sentence}) => !this.#judging.isBlind(sentence));
  }

  #showWindow() {
    const radiograph = this.#viewer.radiograph;
    if (radiograph) {
      this.#tools.changed();
      byId('corner-window').textContent = windowInWords(this.#viewer);
      byId('corner-image').textContent = `${radiograph.columns} × ${radiograph.rows}`
        + (radiograph.isComplete ? '' : `\n${t('viewer.fullResolution')}`);
    }
  }

  #showPointer(point) {
    const radiograph = this.#viewer.radiograph;
    const inside = point && point.x >= 0 && point.y >= 0 && point.x < radiograph?.columns && point.y < radiograph?.rows;
    const value = inside ? radiograph.valueAt(point.x, point.y) : null;
    byId('corner-pointer').textContent = inside
      ? [`${Math.floor(point.x)}, ${Math.floor(point.y)}`, value === null ? '' : t('viewer.value', {value: Math.round(value)}),
        this.#judging.isBlind(this.#chosen) ? '' : this.#mapValue(this.#map?.value(point.x, point.y, this.#viewer.look.patches), 2),
      ].filter(Boolean).join('   ')
      : '';
  }

  #connectTools() {
    const look = change => {
      this.#viewer.change(change);
      this.#showMapScale();
    };
    const toggle = (id, name) => byId(id).addEventListener('click', () => {
      look({[name]: !this.#viewer.look[name]});
      byId(id).setAttribute('aria-pressed', String(this.#viewer.look[name]));
      byId('corner-outlines').hidden = !this.#viewer.look.showOutlines;
    });
    toggle('invert', 'invert');
    toggle('show-map', 'showMap');
    toggle('show-outlines', 'showOutlines');
    byId('method').addEventListener('change', event => this.#chooseMethod(event.target.value));
    byId('reset').addEventListener('click', () => this.#viewer.reset());
    byId('opacity').addEventListener('input', event => look({blend: event.target.value / 100}));
    byId('threshold').addEventListener('input', event => look({threshold: event.target.value / 100}));
    byId('colours').append(...Object.keys(COLOURS).map(value => element('option', {value}, t(`viewer.colour.${value}`))));
    byId('colours').addEventListener('change', event => {
      this.#colours = table(COLOURS[event.target.value]);
      look({colours: this.#colours});
      this.#showWords();
    });
    byId('help-open').addEventListener('click', () => byId('help').showModal());
  }

  #connectKeys() {
    const press = id => () => byId(id).click();
    const keys = {
      j: () => this.#step(1), ArrowDown: () => this.#step(1), k: () => this.#step(-1), ArrowUp: () => this.#step(-1),
      m: press('show-map'), o: press('show-outlines'), i: press('invert'), r: press('reset'), '?': press('help-open'),
      n: () => byId('note').focus(), d: press('draw-box'), e: press('draw-ellipse'), f: press('draw-polygon'), b: () => this.#nextMethod(), w: () => this.#regions.next(),
    };
    const stepping = new Set(['j', 'k', 'ArrowDown', 'ArrowUp']); // the others do one thing for one press
    keys.u = () => this.#judging.undo();
    keys.Enter = () => this.#next();
    const answer = key => (/^[1-9]$/.test(key) && key <= this.#judging.keys ? () => this.#judging.press(key - 1) : null);
    document.addEventListener('keydown', event => {
      if (event.key === 'Enter' && event.target.closest('a, button, summary')) {
        return; // presses that
      }
      if (event.target.id === 'note' && event.key === 'Escape') {
        event.target.blur();
      }
      const slides = ['range', 'radio'].includes(event.target.type) && event.key.startsWith('Arrow');
      if (isForPage(event) && !slides && (Object.hasOwn(keys, event.key) || answer(event.key))) {
        event.preventDefault();
        if (!event.repeat || stepping.has(event.key)) {
          (keys[event.key] ?? answer(event.key))();
        }
      }
    });
  }

  /** The next sentence that the person has not judged; else the next case. */
  #next() {
    const page = this.#judging.nextPage;
    if (page) {
      location.assign(page);
      if (page.split('#')[0] === location.pathname + location.search) {
        location.reload(); // another sentence of this case
      }
      return;
    }
    const listed = this.#listed();
    const at = listed.indexOf(this.#chosen);
    const open = [...listed.slice(at + 1), ...listed.slice(0, at)].find(s => !this.#judging.isJudged(s));
    if (open) {
      this.choose(open);
    } else {
      nextCase(this.#found).then(next => (next ? location.assign(next) : Promise.reject(new Error(t('judging.allJudged')))))
        .catch(problem => { byId('judged').textContent = problem.message; });
    }
  }

  #bringChosenIntoView() {
    document.querySelectorAll(`#report [aria-pressed=true], #sentence-${this.#chosen.n}`).forEach(bringIntoView);
  }

  #step(by) {
    const listed = this.#listed();
    const next = listed[listed.indexOf(this.#chosen) + by];
    if (next) {
      this.choose(next);
    }
  }
}

/** Scrolls an element's container, never the page. */
function bringIntoView(shown) {
  const box = shown.closest('.scrolls');
  if (box.scrollHeight > box.clientHeight) {
    const [inner, outer] = [shown.getBoundingClientRect(), box.getBoundingClientRect()];
    box.scrollTop += Math.min(0, inner.top - outer.top - 8) + Math.max(0, inner.bottom - outer.bottom + 8);
  }
}

/** Present only for a model trained with a sigmoid. */
const bySigmoid = ({probability}) => (probability === null ? '' : `, ${t('case.probability')} ${figure(probability)}`);
