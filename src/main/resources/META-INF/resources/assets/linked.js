/**
 * Two viewers beside each other. The second looks as the first does; zoom, position and turning go
 * both ways while the link is on.
 */
export class Link {
  on = true;
  /** Whether a window of one image means the same in the other, as in computed tomography. */
  sameWindow = false;
  #busy = false;

  constructor(first, second) {
    this.first = first;
    this.second = second;
    first.moved = () => this.#follow(first, second, true);
    second.moved = () => this.#follow(second, first, false);
  }

  /** Brings the second to where the first is. */
  join() {
    this.#follow(this.first, this.second, true);
  }

  /** @param looks whether colours, opacity and the like go with it */
  #follow(from, to, looks) {
    if (this.#busy || !from.radiograph || !to.radiograph) {
      return; // what follows is not followed
    }
    this.#busy = true;
    if (looks && Object.keys(from.look).some(key => from.look[key] !== to.look[key])) {
      to.change(from.look);
    }
    if (this.on && this.sameWindow) {
      takeWindow(from.radiograph, to.radiograph);
    }
    to.follow(from, this.on);
    this.#busy = false;
  }
}

function takeWindow(from, to) {
  if (from.isAsModel && !to.isAsModel) {
    to.resetWindow();
  } else if (!from.isAsModel && (to.isAsModel || to.center !== from.center || to.width !== from.width)) {
    to.setWindow(from.center, from.width);
  }
}
