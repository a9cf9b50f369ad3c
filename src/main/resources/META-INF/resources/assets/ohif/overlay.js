/**
 * An extension for the OHIF viewer: attribution maps over the images of stack viewports, read by
 * DICOMweb from the active data source. In app-config.js: `extensions: ['<folder>/ohif/overlay.js']`.
 */
import {ParametricMaps} from './parametric-maps.js';
import {leaveOutUnsupported} from './unsupported.js';
import {Overlay} from './viewport.js';

const COMMON = '@ohif/extension-cornerstone.utilityModule.common';

export default {
  id: 'm2ib-overlay',

  preRegistration({servicesManager, extensionManager}) {
    const {cornerstone} = extensionManager.getModuleEntry(COMMON).exports.getCornerstoneLibraries();
    const {userAuthenticationService} = servicesManager.services;
    const archives = new Map();
    const maps = () => {
      const root = extensionManager.getActiveDataSource()[0].getConfig().wadoRoot;
      if (!archives.has(root)) {
        archives.set(root, new ParametricMaps(root, () => userAuthenticationService.getAuthorizationHeader() ?? {}));
      }
      return archives.get(root);
    };
    const style = document.createElement('link');
    Object.assign(style, {rel: 'stylesheet', href: new URL('overlay.css', import.meta.url).href});
    document.head.append(style);

    const overlays = new Map();
    const {Events} = cornerstone.Enums;
    cornerstone.eventTarget.addEventListener(Events.ELEMENT_ENABLED, ({detail: {element}}) =>
      overlays.set(element, new Overlay(element, cornerstone, maps)));
    cornerstone.eventTarget.addEventListener(Events.ELEMENT_DISABLED, ({detail: {element}}) => {
      overlays.get(element)?.remove();
      overlays.delete(element);
    });
  },

  /** By now, the handlers of all series are there. */
  onModeEnter({extensionManager}) {
    leaveOutUnsupported(extensionManager);
  },
};
