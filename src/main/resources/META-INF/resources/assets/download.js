import {element} from './dom.js';

/** Saves a Blob as a file of the person's. */
export function download(blob, name) {
  const link = element('a', {href: URL.createObjectURL(blob), download: name});
  link.click();
  URL.revokeObjectURL(link.href);
}
