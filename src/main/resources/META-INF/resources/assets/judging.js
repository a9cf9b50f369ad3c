import {remove} from './api.js';
import {byId, element, mayOpen, PERSON} from './dom.js';
import {Begun, draft, keepDraft} from './drafts.js';
import {onSent, send, takeBack, waiting} from './outbox.js';
import {after, campaign, preload} from './queue.js';
import {answersOf, inLanguage, isAsked, judging, tone} from './schemes.js';
import {t} from './texts.js';
import {moment} from './words.js';

const DRAFT = t('judging.draft');

/** A person's answers about a sentence and its map. All judgements are kept; the latest counts. */
export class Judging {
  #site; // as /api/schemes gives it
  #campaign; // that the page judges for; null if none
  #scheme;
  #sentence = null;
  #locked = true;
  #refused = null; // why nothing of this case can be judged
  #busy = new Set(); // sentences whose judgement is on its way
  #given; // sentence -> answers that are not complete yet
  #drawn; // sentence -> region that is not saved yet
  #buttons = []; // in the order of their keys
  #undo = element('button', {type: 'button', id: 'undo', title: t('judging.undoHint'),
    onclick: () => this.undo()}, t('judging.undo'));

  /**
   * @param changed called when a sentence's judgements or draft change, with a problem or null
   * @param next goes to what is to be judged next
   */
  static async of(changed, next) {
    const made = new Judging();
    made.changed = changed;
    [made.#site, made.#campaign] = await Promise.all([judging(), campaign()]);
    const {schemes} = made.#site;
    made.#scheme = schemes.find(scheme => scheme.code === made.#campaign?.scheme) ?? schemes[0];
    made.#drawn = new Begun(`region/${made.#campaign?.id ?? ''}`);
    made.#begin();
    made.#connect(next);
    return made;
  }

  /** Answers are those of a scheme. */
  #begin() {
    this.#given = new Begun(`answers/${this.#campaign?.id ?? ''}/${this.#scheme.code}`);
  }

  #connect(next) {
    const asked = this.#campaign ? [this.#scheme] : this.#site.schemes.filter(scheme => !scheme.retired);
    byId('scheme').hidden = asked.length < 2;
    byId('scheme').replaceChildren(...asked.map(scheme => element('option', {value: scheme.code}, inLanguage(scheme.display))));
    byId('scheme').addEventListener('change', event => {
      this.#scheme = asked.find(scheme => scheme.code === event.target.value);
      this.#begin();
      this.#showQuestions();
      this.#showSaved();
      this.changed(null);
    });
    byId('undo-place').replaceChildren(this.#undo,
      element('button', {type: 'button', id: 'next', title: t('judging.nextHint'), onclick: next}, t('judging.next')));
    byId('judge').addEventListener('submit', event => event.preventDefault());
    byId('judge').addEventListener('keydown', event => {
      if (event.repeat && event.key === 'Enter' && event.target.closest('button')) {
        event.preventDefault(); // a held key is one judgement
      }
    });
    byId('note').addEventListener('input', () => this.#keep());
    byId('note').addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        event.stopPropagation(); // it is not the key of the next sentence
        event.target.blur(); // so that the number keys judge
        this.#say(event.target.value.trim() ? `${DRAFT} ${t('judging.press')}` : t('judging.noNote'));
      }
    });
    onSent((entry, saved) => {
      const sentence = this.#sentence;
      if (sentence && entry.path === sentence.links.judgements) {
        sentence.judgements = added(sentence, saved);
        this.#showSaved();
        this.changed(null);
      }
    });
  }

  /** How many keys answer. */
  get keys() {
    return this.#buttons.length;
  }

  /** Whether the person has still to answer before they see the map. */
  isBlind(sentence) {
    return this.#stage(sentence) === 'before-map';
  }

  /** Whether the person has said all that is asked of them. */
  isJudged(sentence) {
    return Boolean(this.#own(sentence, 'with-map'));
  }

  /** The page with what the campaign asks next; null without a campaign. */
  get nextPage() {
    return this.#campaign ? after(this.#campaign, this.#sentence) : null;
  }

  /** Only one sentence of a case is asked for in a campaign. */
  #asksFor(sentence) {
    if (this.#arbitrates(sentence)) {
      return true;
    }
    return !this.#campaign || this.#campaign.items.some(item => item.sentence === sentence.id);
  }

  /** Whether independent readers differ, so that an arbiter who is none of them decides. */
  #arbitrates(sentence) {
    const readings = this.#readings(sentence);
    const blinded = this.#campaign || this.#site.readers > 1;
    return Boolean(blinded) && readings.length > 1 && !readings.some(j => j.who === PERSON)
      && new Set(readings.map(j => JSON.stringify(j.answers))).size > 1;
  }

  /** What counts of the readers of a sentence, each with the map. */
  #readings(sentence) {
    return (sentence.judgements ?? []).filter(j => j.current && j.stage === 'with-map' && !j.arbitration
      && j.scheme === this.#scheme.code && (j.campaign ?? null) === (this.#campaign?.id ?? null));
  }

  /** What each reader said, and whether the person may decide between them. */
  #differing(sentence) {
    const said = this.#readings(sentence)
      .map(j => `${j.who}: ${answersOf(this.#site, j).map(({text}) => text).join(', ')}`).join('; ');
    return t(mayOpen('arbiter') ? 'judging.decide' : 'judging.differ', {said});
  }

  #stage(sentence) {
    if (this.#arbitrates(sentence)) {
      return 'with-map';
    }
    const blind = this.#campaign ? this.#campaign.blind && this.#asksFor(sentence) : this.#site.answerBeforeMap;
    const before = blind && !this.#own(sentence, 'before-map') && !hasSeenMap(sentence);
    return before ? 'before-map' : 'with-map';
  }

  /** Another sentence is loading: judging is disabled until {@link unlock}. */
  show(sentence) {
    this.#sentence = sentence;
    byId('note').value = draft(sentence);
    this.#fit();
    this.#showQuestions();
    this.lock(t('judging.loading'));
  }

  lock(why) {
    this.#locked = true;
    this.#showSaved();
    this.#say(why);
  }

  /** Nobody judges their own report. */
  refuse(why) {
    this.#refused = why;
  }

  /** What this sentence is judged by is visible. */
  unlock(sentence) {
    if (sentence === this.#sentence) {
      if (this.#refused) {
        this.lock(this.#refused);
        return;
      }
      if (!this.#asksFor(sentence)) {
        this.lock(t('judging.notAsked'));
        return;
      }
      if (this.#campaign?.open === false && !this.#arbitrates(sentence)) {
        this.lock(t('words.refused.campaign-ended'));
        return;
      }
      this.#locked = false;
      this.#showSaved();
      if (this.#campaign) {
        preload(this.nextPage);
      }
    }
  }

  /** Presses the button of a key, counted from 0. */
  press(key) {
    const {question, choice} = this.#buttons[key];
    return this.answer(question, choice);
  }

  /** Answers one question; when all are answered, the judgement is saved. */
  async answer(question, choice) {
    const sentence = this.#sentence;
    if (this.#locked || this.#busy.has(sentence)) {
      return;
    }
    const stage = this.#stage(sentence);
    const said = {...this.#answers(sentence), [question.code]: choice.code};
    const {answers, open} = this.#checked(said, stage);
    if (open) {
      this.#given.set(sentence, said);
      this.#showSaved();
    } else {
      await this.#save(sentence, answers, stage);
    }
  }

  /** The answers to what is asked, up to one that ends it, and the first question without; null if all have one. */
  #checked(said, stage) {
    const answers = {};
    for (const each of this.#scheme.questions.filter(question => isAsked(question, stage))) {
      const given = each.choices.find(c => c.code === said[each.code]);
      if (!given) {
        return {answers, open: each};
      }
      answers[each.code] = given.code;
      if (given.last) {
        break;
      }
    }
    return {answers, open: null};
  }

  async #save(sentence, answers, stage) {
    const note = byId('note').value;
    const scheme = this.#scheme;
    const region = this.#drawn.get(sentence) ?? this.#own(sentence, stage)?.region;
    await this.#work(sentence, t('judging.saving'), 'judging.notSaved', async () => {
      const body = {scheme: scheme.code, version: scheme.version, answers, stage, note: note.trim(),
        ...(this.#campaign ? {campaign: this.#campaign.id} : {}),
        ...(region ? {region} : {}),
        ...(this.#arbitrates(sentence) ? {arbitration: true} : {})};
      const saved = await send(sentence, body);
      sentence.judgements = added(sentence, saved ?? waitingOf(sentence).at(-1));
      this.#given.delete(sentence);
      this.#drawn.delete(sentence);
      if (stage === 'with-map') {
        this.#campaign?.items.filter(item => item.sentence === sentence.id).forEach(item => { item.judged = true; });
      }
      if (!draft(sentence) || note.trim() === draft(sentence).trim()) { // not what was written meanwhile
        keepDraft(sentence, '');
        if (sentence === this.#sentence && byId('note').value === note) {
          byId('note').value = '';
          this.#fit();
        }
      }
    });
  }

  /** A region that the person drew: it is saved with the answers, or at once if they are given. */
  async draw(shape, points) {
    const sentence = this.#sentence;
    const {sopInstanceUid, frame} = sentence.image;
    this.#drawn.set(sentence, {sopInstanceUid, frame, shape, points});
    this.#showRegions();
    const said = this.#own(sentence, this.#stage(sentence));
    if (said && !this.#locked && !this.#busy.has(sentence)) {
      if (!byId('note').value.trim() && said.note) {
        byId('note').value = said.note;
      }
      await this.#save(sentence, said.answers, this.#stage(sentence));
    } else {
      this.#showSaved();
      this.#say(t('judging.drawn'));
    }
  }

  #showRegions() {
    const drawn = this.#drawn.get(this.#sentence);
    const current = (this.#sentence.judgements ?? []).filter(j => j.current && j.region && !(drawn && j.who === PERSON));
    this.shown?.([...current.map(j => ({region: j.region, own: j.who === PERSON})), ...(drawn ? [{region: drawn, own: true}] : [])]);
  }

  /** Removes a region that is not saved yet; else withdraws this person's current judgement; its note becomes a draft again. */
  async undo() {
    const sentence = this.#sentence;
    const last = this.#last(sentence);
    if (this.#busy.has(sentence)) {
      return;
    }
    if (this.#drawn.delete(sentence)) {
      this.#showSaved();
      this.#say(t('judging.regionRemoved'));
      return;
    }
    if (this.#locked || !last) {
      return;
    }
    await this.#work(sentence, t('judging.undoing'), 'judging.notUndone', async () => {
      if (last.waits) {
        takeBack(last.id);
        sentence.judgements = sentence.judgements.filter(j => j.id !== last.id);
      } else {
        const {sentences} = await remove(last.links.self);
        sentence.judgements = sentences.find(s => s.id === sentence.id)?.judgements ?? [];
      }
      this.#given.delete(sentence);
      if (last.note && !draft(sentence)) {
        keepDraft(sentence, last.note);
        if (sentence === this.#sentence) {
          byId('note').value = last.note;
          this.#fit();
        }
      }
    });
  }

  async #work(sentence, doing, failed, work) {
    this.#busy.add(sentence);
    this.#say(doing);
    let problem = null;
    try {
      await work();
    } catch (caught) {
      problem = caught;
    }
    this.#busy.delete(sentence);
    if (sentence === this.#sentence) {
      this.#showQuestions();
      this.#showSaved();
      if (problem) {
        this.#say(t(failed, {why: problem.message}));
      }
    }
    this.changed(problem && sentence !== this.#sentence ? t(`${failed}Of`, {text: sentence.text, why: problem.message}) : null);
  }

  #keep() {
    const kept = keepDraft(this.#sentence, byId('note').value);
    this.#fit();
    this.#say(kept ? DRAFT : t('judging.noDrafts'));
    this.changed(null);
  }

  /** Fits the height to the text, up to the limit set by the style. */
  #fit() {
    const note = byId('note');
    note.rows = 1;
    note.rows = Math.max(1, Math.min(4, Math.round(note.scrollHeight / 24)));
  }

  #say(what) {
    byId('judged').textContent = what;
  }

  /** A sentence that denies something is asked for its truth, as is one that is not understood. */
  #text(question) {
    return inLanguage(this.#sentence.denies === false ? question.text : question.negated);
  }

  /** The signed-in person's current judgement with this scheme. */
  #own(sentence, stage) {
    return sentence.judgements?.find(j => j.current && j.who === PERSON && j.scheme === this.#scheme.code && j.stage === stage
      && (j.campaign ?? null) === (this.#campaign?.id ?? null));
  }

  /** The person's latest judgement with this scheme, whatever they had seen. */
  #last(sentence) {
    return this.#own(sentence, 'with-map') ?? this.#own(sentence, 'before-map');
  }

  #answers(sentence) {
    return this.#given.get(sentence) ?? this.#own(sentence, this.#stage(sentence))?.answers ?? {};
  }

  #showQuestions() {
    const stage = this.#stage(this.#sentence);
    this.#buttons = [];
    byId('questions').replaceChildren(...this.#scheme.questions.filter(each => isAsked(each, stage)).map(question => {
      const id = `question-${question.code}`;
      return element('div.question', {role: 'group', 'aria-labelledby': id}, element('h2', {id}, this.#text(question)),
        element('div.verdicts', {}, ...question.choices.map(choice => {
          const button = element(`button.${tone(choice)}`, {type: 'button', 'aria-pressed': 'false', title: inLanguage(choice.meaning),
            'data-question': question.code, 'data-choice': choice.code, onclick: () => this.answer(question, choice)},
          element('kbd', {'aria-hidden': 'true'}, String(this.#buttons.length + 1)), inLanguage(choice.display));
          this.#buttons.push({question, choice, button});
          return button;
        })));
    }));
  }

  #showSaved() {
    this.#showRegions();
    const all = this.#sentence.judgements ?? [];
    const answers = this.#answers(this.#sentence);
    const waits = this.#locked || this.#busy.has(this.#sentence);
    for (const {question, choice, button} of this.#buttons) {
      button.setAttribute('aria-pressed', String(answers[question.code] === choice.code));
      button.setAttribute('aria-disabled', String(waits)); // not disabled: that would lose the focus
    }
    const last = this.#last(this.#sentence);
    const shown = last ?? all.find(j => j.current);
    this.#undo.hidden = !this.#drawn.has(this.#sentence) && (this.#locked || !last);
    const saved = last?.waits ? 'judging.kept' : 'judging.saved';
    const begun = this.#given.get(this.#sentence);
    const {open} = begun ? this.#checked(begun, this.#stage(this.#sentence)) : {open: null};
    this.#say(open ? t('judging.open', {question: this.#text(open)}) : !last && this.#arbitrates(this.#sentence) ? this.#differing(this.#sentence) : shown ? t(saved, {judgement: this.#inWords(shown)}) : this.#stage(this.#sentence) === 'before-map'
      ? t('judging.blind') : t('judging.notYet'));
    byId('judgements').replaceChildren(...(all.length ? all.map(j => element('li', {}, this.#inWords(j), j.undone ? ` ${t('judging.undone')} ` : ' ',
      j.links?.observation ? element('a', {href: j.links.observation}, t('judging.observation')) : null)) : [element('li', {}, t('judging.none'))]));
  }

  #inWords(judgement) {
    const {who, when, note, stage, arbitration} = judgement;
    const answers = answersOf(this.#site, judgement).map(({text}) => text).join(', ');
    return [answers, stage === 'before-map' ? t('judging.beforeMap') : '', arbitration ? t('judging.asArbiter') : '', who, moment(when)]
      .filter(Boolean).join(', ') + (note ? `: ${t('frame.quoted', {text: note})}` : '');
  }

  /** What the list of sentences shows of one: the person's own answers, else another's; nothing of readers who differ. */
  chips(sentence) {
    const own = this.#last(sentence);
    const shown = own || this.#arbitrates(sentence) ? own : sentence.judgements?.find(j => j.current);
    return shown ? answersOf(this.#site, shown) : [];
  }

  /** Adds what waits in this browser to the sentences of a case. */
  restore(sentences) {
    for (const sentence of sentences) {
      for (const kept of waitingOf(sentence)) {
        sentence.judgements = added(sentence, kept);
      }
    }
  }
}

/** Whether the person has judged it with the map, in whatever scheme or campaign: they cannot be blind any more. */
const hasSeenMap = sentence => (sentence.judgements ?? []).some(j => j.who === PERSON && j.stage === 'with-map' && !j.undone);

/** As the service would have answered. */
function waitingOf(sentence) {
  return waiting().filter(({path, undone, problem}) => path === sentence.links.judgements && !undone && !problem)
    .map(({body, number}) => ({...body, who: PERSON, when: new Date(number).toISOString(), current: true, undone: false, waits: true}));
}

/** The judgements of a sentence with another one, which takes the place of the person's earlier one. */
function added(sentence, saved) {
  const others = (sentence.judgements ?? []).filter(j => j.id !== saved.id);
  const replaced = j => saved.current && j.who === saved.who && j.scheme === saved.scheme && j.stage === saved.stage
    && (j.campaign ?? null) === (saved.campaign ?? null);
  return [saved, ...others.map(j => (replaced(j) ? {...j, current: false} : j))];
}
