"""Reads DICOM objects with pydicom and highdicom and prints what they say, one line of JSON a file.

python3 read_objects.py FILE...
"""

import json
import sys

import highdicom as hd
import pydicom


def key_objects(path):
    document = hd.ko.KeyObjectSelectionDocument.from_dataset(pydicom.dcmread(path))
    content = document.content
    return {
        "title": document.ConceptNameCodeSequence[0].CodeMeaning,
        "references": [
            str(item.ReferencedSOPSequence[0].ReferencedSOPInstanceUID)
            for item in content.get_references()
        ],
    }


def parametric_map(path):
    image = hd.imread(path)
    image.pixel_array  # without it highdicom asks float pixels for their PixelRepresentation
    dataset = pydicom.dcmread(path)
    groups = dataset.SharedFunctionalGroupsSequence[0]
    mapping = groups.RealWorldValueMappingSequence[0]
    return {
        "values": image.get_frame(1, apply_real_world_transform=True, dtype="float32").tolist(),
        "stored": dataset.pixel_array.tolist(),
        "unit": mapping.MeasurementUnitsCodeSequence[0].CodeValue,
        "source": str(
            dataset.PerFrameFunctionalGroupsSequence[0]
            .DerivationImageSequence[0]
            .SourceImageSequence[0]
            .ReferencedSOPInstanceUID
        ),
        "qualification": dataset.ContentQualification,
    }


def segmentation(path):
    segmentation = hd.seg.segread(path)
    description = segmentation.get_segment_description(1)
    mask = segmentation.pixel_array.reshape(segmentation.Rows, segmentation.Columns)
    rows, columns = mask.nonzero()
    return {
        "pixels": int(mask.sum()),
        "box": [int(v) for v in (columns.min(), rows.min(), columns.max(), rows.max())],
        "size": [segmentation.Columns, segmentation.Rows],
        "algorithmType": description.algorithm_type.value,
        "algorithm": description.algorithm_identification.name,
        "tracking": str(description.tracking_uid),
    }


def measurement_report(path):
    report = hd.sr.srread(path)
    content = report.content
    groups = content.get_planar_roi_measurement_groups()
    flat = [] if groups else content.get_image_measurement_groups()
    group = (groups + flat)[0]
    return {
        "tracking": str(group.tracking_uid),
        "figures": {
            item.name.meaning: float(item.value)
            for item in group.get_measurements()
            if item.value is not None
        },
        "outline": groups[0].roi.value.tolist() if groups else [],
        "source": str(
            groups[0].roi.ContentSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID
        )
        if groups
        else "",
        "references": [
            str(item.ReferencedSOPSequence[0].ReferencedSOPInstanceUID)
            for item in group[0].ContentSequence
            if item.ValueType in ("IMAGE", "COMPOSITE")
        ],
        "texts": [
            str(item.TextValue)
            for item in group[0].ContentSequence
            if item.ValueType == "TEXT"
        ],
    }


def presentation_state(path):
    state = pydicom.dcmread(path)
    annotation = state.GraphicAnnotationSequence[0]
    graphic = annotation.GraphicObjectSequence[0]
    image = state.ReferencedSeriesSequence[0].ReferencedImageSequence[0]
    return {
        "outline": list(zip(graphic.GraphicData[::2], graphic.GraphicData[1::2])),
        "source": str(image.ReferencedSOPInstanceUID),
        "texts": [str(text.UnformattedTextValue) for text in annotation.TextObjectSequence],
    }


def encapsulated(path):
    dataset = pydicom.dcmread(path)
    document = dataset.EncapsulatedDocument[: dataset.EncapsulatedDocumentLength]
    return {"document": document[:20].decode("latin-1"), "title": dataset.DocumentTitle}


READERS = {
    "1.2.840.10008.5.1.4.1.1.104.1": encapsulated,
    "1.2.840.10008.5.1.4.1.1.11.1": presentation_state,
    "1.2.840.10008.5.1.4.1.1.11.2": presentation_state,
    "1.2.840.10008.5.1.4.1.1.66.4": segmentation,
    "1.2.840.10008.5.1.4.1.1.88.34": measurement_report,
    "1.2.840.10008.5.1.4.1.1.30": parametric_map,
    "1.2.840.10008.5.1.4.1.1.88.59": key_objects,
}


def read(path):
    dataset = pydicom.dcmread(path)
    said = {
        "sopInstanceUid": str(dataset.SOPInstanceUID),
        "study": str(dataset.StudyInstanceUID),
        "patient": str(dataset.PatientName),
    }
    said.update(READERS[dataset.SOPClassUID](path))
    return said


for name in sys.argv[1:]:
    print(json.dumps(read(name)))
