"""Talks to the service as a modality or workstation would, with pynetdicom; prints a JSON object a line.

dimse.py commit PORT TRANSACTION CLASS=INSTANCE...   storage commitment, answered on the same association
dimse.py step PORT STEP STUDY CLASS=INSTANCE...      a performed procedure step, begun and completed
dimse.py available PORT STUDY CLASS=INSTANCE...      an instance availability notification
"""
import json
import sys
import threading

from pydicom.dataset import Dataset
from pynetdicom import AE, evt

COMMITMENT = "1.2.840.10008.1.20.1"
STEP = "1.2.840.10008.3.1.2.3.3"
AVAILABILITY = "1.2.840.10008.5.1.4.33"


def say(**what):
    print(json.dumps(what), flush=True)


def associate(port, *sop_classes, **more):
    ae = AE(ae_title="PYNETDICOM")
    for sop_class in sop_classes:
        ae.add_requested_context(sop_class)
    association = ae.associate("127.0.0.1", port, ae_title="M2IB", **more)
    if not association.is_established:
        sys.exit("no association")
    return association


def reference(sop_class, instance):
    item = Dataset()
    item.ReferencedSOPClassUID = sop_class
    item.ReferencedSOPInstanceUID = instance
    return item


def commit(port, transaction, *instances):
    came = threading.Event()

    def report(event):
        said = event.event_information
        say(event=event.event_type, transaction=said.TransactionUID,
            committed=[one.ReferencedSOPInstanceUID for one in said.get("ReferencedSOPSequence", [])],
            failed={one.ReferencedSOPInstanceUID: one.FailureReason for one in said.get("FailedSOPSequence", [])})
        came.set()
        return 0x0000, None

    association = associate(port, COMMITMENT, evt_handlers=[(evt.EVT_N_EVENT_REPORT, report)])
    request = Dataset()
    request.TransactionUID = transaction
    request.ReferencedSOPSequence = [reference(*one.split("=")) for one in instances]
    status, _ = association.send_n_action(request, 1, COMMITMENT, COMMITMENT + ".1")
    say(status=status.Status)
    came.wait(20)
    association.release()


def step(port, uid, study, *instances):
    association = associate(port, STEP)
    begun = Dataset()
    scheduled = Dataset()
    scheduled.StudyInstanceUID = study
    begun.ScheduledStepAttributesSequence = [scheduled]
    begun.PerformedProcedureStepStatus = "IN PROGRESS"
    status, _ = association.send_n_create(begun, STEP, uid)
    say(create=status.Status)
    ended = Dataset()
    ended.PerformedProcedureStepStatus = "COMPLETED"
    series = Dataset()
    series.ReferencedImageSequence = [reference(*one.split("=")) for one in instances]
    ended.PerformedSeriesSequence = [series]
    status, _ = association.send_n_set(ended, STEP, uid)
    say(set=status.Status)
    association.release()


def available(port, study, *instances):
    association = associate(port, AVAILABILITY)
    notification = Dataset()
    notification.StudyInstanceUID = study
    series = Dataset()
    series.SeriesInstanceUID = study + ".1"
    series.ReferencedSOPSequence = [reference(*one.split("=")) for one in instances]
    notification.ReferencedSeriesSequence = [series]
    status, _ = association.send_n_create(notification, AVAILABILITY, study + ".9")
    say(create=status.Status)
    association.release()


if __name__ == "__main__":
    globals()[sys.argv[1].replace("-", "_")](int(sys.argv[2]), *sys.argv[3:])
