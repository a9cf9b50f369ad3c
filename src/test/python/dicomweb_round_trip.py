"""Stores, searches and retrieves DICOM files with dicomweb-client, and prints what came back, one line of JSON a file.

python3 dicomweb_round_trip.py URL PASSWORD FILE...
"""

import json
import sys

import numpy
import pydicom
import requests
from dicomweb_client.api import DICOMwebClient

session = requests.Session()
session.auth = ("admin", sys.argv[2])
client = DICOMwebClient(sys.argv[1], session=session)

for path in sys.argv[3:]:
    sent = pydicom.dcmread(path)
    ids = (sent.StudyInstanceUID, sent.SeriesInstanceUID, sent.SOPInstanceUID)
    stored = client.store_instances([sent])
    study = client.search_for_studies(search_filters={"StudyInstanceUID": ids[0]})[0]
    series = client.search_for_series(ids[0], fields=["SeriesDescription"])
    instances = client.search_for_instances(ids[0], ids[1], limit=1, offset=0)
    metadata = client.retrieve_instance_metadata(*ids)
    as_stored = client.retrieve_instance(*ids, media_types=(("application/dicom", "*"),))
    frame = client.retrieve_instance_frames(*ids, frame_numbers=[1])[0]
    rendered = client.retrieve_instance_rendered(*ids, media_types=("image/png",))
    described = pydicom.dataset.Dataset.from_json(metadata, lambda tag, vr, uri: None)
    del sent[0x7FE00010], as_stored[0x7FE00010]
    print(
        json.dumps(
            {
                "failed": "FailedSOPSequence" in stored,
                "study": str(study["0020000D"]["Value"][0]),
                "series": len(series),
                "instances": len(instances),
                "same": sent == as_stored,
                "described": str(described.PatientName) == str(sent.PatientName)
                and described.get("WindowCenter") == sent.get("WindowCenter"),
                "samples": numpy.frombuffer(frame, "<u2").tolist(),
                "rendered": rendered[:4].hex(),
            }
        )
    )
