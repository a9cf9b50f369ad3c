package org.m2ib.results.fhir;

import java.util.UUID;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Device;
import org.hl7.fhir.r4.model.Device.DeviceNameType;
import org.hl7.fhir.r4.model.Device.FHIRDeviceStatus;
import org.hl7.fhir.r4.model.Reference;
import org.m2ib.base.Notice;
import org.m2ib.clip.ModelCard;
import org.m2ib.results.ResultKey;
import org.m2ib.results.SentenceResult;

/** Builds the Device for this service with one model (FHIR R4 device.html). */
final class FhirDevice {
  private FhirDevice() {}

  static UUID id(FhirBundle.Settings settings, ModelCard model) {
    return ResultKey.derive(
        "device", settings.deviceName(), settings.softwareVersion(), model.hash());
  }

  /**
   * @param card reference to the model's card
   */
  static Device of(FhirBundle.Settings settings, SentenceResult result, Reference card) {
    FhirNames names = settings.names();
    ModelCard model = result.model();
    Device device = new Device();
    device.getMeta().addProfile(names.profile("device"));
    device.addIdentifier(FhirNames.identifier(id(settings, model)));
    device.setStatus(FHIRDeviceStatus.ACTIVE);
    device
        .addDeviceName()
        .setName(settings.deviceName() + " with model " + model.name())
        .setType(DeviceNameType.USERFRIENDLYNAME);
    device.setType(
        new CodeableConcept()
            .addCoding(
                new Coding()
                    .setSystem(FhirNames.AI_TRANSPARENCY + "/CodeSystem/AIdeviceTypeCS")
                    .setCode("Artificial-Intelligence"))
            .setText("Software that audits image-text models"));
    device.addExtension(FhirModelCard.extension(card));
    device
        .addVersion()
        .setType(names.code("software-version", "Version of the service"))
        .setValue(settings.softwareVersion());
    if (!model.version().isEmpty()) {
      device
          .addVersion()
          .setType(names.code("model-version", "Version of the model"))
          .setValue(model.version());
    }
    property(device, names, "model-hash", "SHA-256 of the model's files", model.hash());
    property(device, names, "model-licence", "Licence of the model", model.licence());
    property(device, names, "model-intended-use", "Intended use of the model", model.intendedUse());
    property(
        device, names, "model-training-data", "What the model learnt from", model.trainingData());
    property(device, names, "model-approval", "Who approved the model, and when", model.approval());
    device
        .addNote()
        .setText(
            Notice.NOT_A_DEVICE
                + " It shows what a model used, right or wrong."
                + FhirObservation.warning(result));
    return device;
  }

  /** Left out if the card does not state it. */
  private static void property(
      Device device, FhirNames names, String code, String display, String text) {
    if (!text.isEmpty()) {
      device.addProperty().setType(names.code(code, display)).addValueCode().setText(text);
    }
  }
}
