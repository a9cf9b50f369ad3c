/** The page's texts in its language; the service has put them into the page. */
export const language = document.documentElement.lang;
const texts = JSON.parse(document.getElementById('texts').textContent);
const plural = new Intl.PluralRules(language);

/**
 * A text with its values in place of their `{names}`. With a value `n`, `key.one` or `key.other` is
 * taken where there are such.
 *
 * @param key with its area: `worklist.title`
 */
export function t(key, values = {}) {
  const form = `${key}.${plural.select(values.n ?? 0)}`;
  const text = texts[key] ?? texts[form] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** Whether there is such a text. */
export const has = key => key in texts;

/** A number with so many decimals, as the language writes it, with a true minus. */
export function number(value, decimals = 0) {
  return value.toLocaleString(language, {minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: false})
    .replace('-', '−');
}
