/**
 * Series that the viewer lists but fails on, up to losing its page: it names them as unsupported instead.
 */
import {COVERED} from './parametric-maps.js';

const MEASUREMENT_REPORT = '126000'; // codes of DCM
const MEASUREMENT_GROUP = '125007';

const list = sequence => (sequence ? [...(Array.isArray(sequence) ? sequence : [sequence])] : []);

/** A segmentation of a projection: it lacks the plane in the patient that the viewer needs. */
function hasPlane(instance) {
  const shared = list(instance.SharedFunctionalGroupsSequence)[0] ?? {};
  const frames = list(instance.PerFrameFunctionalGroupsSequence);
  const has = name => Boolean(shared[name]) || frames.length > 0 && frames.every(frame => frame[name]);
  return Boolean(shared.PixelMeasuresSequence) && has('PlaneOrientationSequence');
}

const isNamed = (item, code) => list(item.ConceptNameCodeSequence)[0]?.CodeValue === code;
const isRegion = ({ValueType, ContentSequence}) => /^SCOORD/.test(ValueType) || list(ContentSequence).some(isRegion);
const groups = item => list(item.ContentSequence)
  .flatMap(child => (isNamed(child, MEASUREMENT_GROUP) ? [child] : groups(child)));

/** A report of measurements, one of them without a region. */
function isMeasured(instance) {
  return !isNamed(instance, MEASUREMENT_REPORT) || groups(instance).every(isRegion);
}

/** A map of patches, which the overlay shows: the viewer itself needs the rows and columns of the source. */
const isOfPixels = ({ImageComments}) => !COVERED.test(ImageComments ?? '');

const HANDLERS = {
  '@ohif/extension-cornerstone-dicom-pmap.sopClassHandlerModule.dicom-pmap': isOfPixels,
  '@ohif/extension-cornerstone-dicom-seg.sopClassHandlerModule.dicom-seg': hasPlane,
  '@ohif/extension-cornerstone-dicom-sr.sopClassHandlerModule.dicom-sr': isMeasured,
  '@ohif/extension-cornerstone-dicom-sr.sopClassHandlerModule.dicom-sr-3d': isMeasured,
};

const narrowed = new WeakSet();

/** Lets the viewer's own handlers of these series see only what they can show. */
export function leaveOutUnsupported(extensionManager) {
  for (const [id, isSupported] of Object.entries(HANDLERS)) {
    const handler = extensionManager.getModuleEntry(id);
    if (handler && !narrowed.has(handler)) {
      narrowed.add(handler);
      const original = handler.getDisplaySetsFromSeries;
      handler.getDisplaySetsFromSeries = instances => {
        const supported = instances.filter(isSupported);
        return supported.length > 0 ? original(supported) : [];
      };
    }
  }
}
