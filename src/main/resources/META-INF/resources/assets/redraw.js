/** Pages that look again by themselves. */

const drawn = new WeakMap(); // holder to what it shows

/**
 * Fills an element anew only if what it shows has changed: whoever is at one of its buttons stays
 * there. The focus goes to what is in the place of what had it.
 *
 * @param data what it shows, as JSON can write it
 * @param made gives its children
 */
export function redraw(holder, data, made) {
  const now = JSON.stringify(data);
  if (drawn.get(holder) === now) {
    return;
  }
  drawn.set(holder, now);
  const stops = () => [...holder.querySelectorAll('a, button, summary, input')];
  const at = stops().indexOf(document.activeElement);
  holder.replaceChildren(...made());
  if (at >= 0) {
    stops()[Math.min(at, stops().length - 1)]?.focus();
  }
}
