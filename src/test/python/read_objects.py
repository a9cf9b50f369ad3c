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
            groups.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
        ),
        "qualification": dataset.ContentQualification,
    }


READERS = {
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
