package org.m2ib.results.objects;

import static org.m2ib.dicom.Tags.*;

import org.m2ib.dicom.DicomObject;

/**
 * Writes the content tree of a structured document (PS3.3 C.17.3): each call appends one item to
 * its parent and returns it.
 */
final class Content {
  static final String CONTAINS = "CONTAINS";
  static final String HAS_OBS_CONTEXT = "HAS OBS CONTEXT";
  static final String HAS_CONCEPT_MOD = "HAS CONCEPT MOD";
  static final String HAS_PROPERTIES = "HAS PROPERTIES";
  static final String INFERRED_FROM = "INFERRED FROM";

  private static final Code NOT_A_NUMBER = Code.dcm("114000", "Not a number");

  private Content() {}

  /** The root container, in the document's own data set. */
  static DicomObject root(DicomObject document, Code title, String templateIdentifier) {
    document.set(ValueType, "CONTAINER").set(ContinuityOfContent, "SEPARATE");
    title.addTo(document, ConceptNameCodeSequence);
    document
        .addItem(ContentTemplateSequence)
        .set(MappingResource, "DCMR")
        .set(TemplateIdentifier, templateIdentifier);
    return document;
  }

  private static DicomObject item(
      DicomObject parent, String relationship, String valueType, Code name) {
    DicomObject item =
        parent
            .addItem(ContentSequence)
            .set(RelationshipType, relationship)
            .set(ValueType, valueType);
    if (name != null) {
      name.addTo(item, ConceptNameCodeSequence);
    }
    return item;
  }

  static DicomObject container(DicomObject parent, String relationship, Code name) {
    return item(parent, relationship, "CONTAINER", name).set(ContinuityOfContent, "SEPARATE");
  }

  static DicomObject text(DicomObject parent, String relationship, Code name, String text) {
    return item(parent, relationship, "TEXT", name).set(TextValue, text);
  }

  /**
   * @param person a PN value
   */
  static DicomObject person(DicomObject parent, String relationship, Code name, String person) {
    return item(parent, relationship, "PNAME", name).set(PersonName, person);
  }

  static DicomObject code(DicomObject parent, String relationship, Code name, Code value) {
    DicomObject item = item(parent, relationship, "CODE", name);
    value.addTo(item, ConceptCodeSequence);
    return item;
  }

  static DicomObject uid(DicomObject parent, String relationship, Code name, String uid) {
    return item(parent, relationship, "UIDREF", name).set(UID, uid);
  }

  /**
   * @param value if it is not finite, the item says so
   */
  static DicomObject number(
      DicomObject parent, String relationship, Code name, double value, Code unit) {
    DicomObject item = item(parent, relationship, "NUM", name);
    if (!Double.isFinite(value)) {
      item.set(MeasuredValueSequence, "");
      NOT_A_NUMBER.addTo(item, NumericValueQualifierCodeSequence);
      return item;
    }
    DicomObject measured = item.addItem(MeasuredValueSequence).set(NumericValue, value);
    unit.addTo(measured, MeasurementUnitsCodeSequence);
    return item;
  }

  /** IMAGE or COMPOSITE, by what the reference is to. */
  static DicomObject reference(
      DicomObject parent, String relationship, Code name, ObjectReference reference) {
    String valueType = reference.isImage() ? "IMAGE" : "COMPOSITE";
    DicomObject item = item(parent, relationship, valueType, name);
    reference.writeTo(item.addItem(ReferencedSOPSequence));
    return item;
  }

  /**
   * A region of an image (PS3.3 C.18.6).
   *
   * @param points columns and rows in turn, (0, 0) the outer corner of the first pixel
   */
  static DicomObject region(
      DicomObject parent, String relationship, Code name, ObjectReference image, double[] points) {
    return region(parent, relationship, name, image, "POLYLINE", points);
  }

  /**
   * @param graphicType (0070,0023)
   */
  static DicomObject region(
      DicomObject parent,
      String relationship,
      Code name,
      ObjectReference image,
      String graphicType,
      double[] points) {
    DicomObject item = item(parent, relationship, "SCOORD", name);
    item.set(GraphicData, points).set(GraphicType, graphicType);
    reference(item, "SELECTED FROM", null, image);
    return item;
  }
}
