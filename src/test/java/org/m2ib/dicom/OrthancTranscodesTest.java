package org.m2ib.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.m2ib.peers.Orthanc;
import org.m2ib.peers.Peers;

class OrthancTranscodesTest {
  @TempDir Path folder;

  /** Where no program decodes it. There is the same picture in RLE. */
  @Test
  void whatIsRefusedInJpegLsArrivesUncompressed() throws Exception {
    Peers.need("Orthanc", "orthanc");
    Path file = DicomFiles.path("public/MR_small_jpeg_ls_lossless.dcm");
    String sopClass = DicomObject.read(file).string(Tags.SOPClassUID);
    List<byte[]> received = new CopyOnWriteArrayList<>();

    DecoderPrograms.Settings before = DecoderPrograms.settings();
    DecoderPrograms.configure(
        new DecoderPrograms.Settings(false, Optional.empty(), before.timeLimit(), before.memory()));
    DicomObject refused;
    try {
      refused = sent(file, Set.of(sopClass), received);
    } finally {
      DecoderPrograms.configure(before);
    }

    assertThat(Uids.isNative(refused.transferSyntaxUid())).isTrue();
    int[] expected = PixelReader.frame(DicomFiles.read("pixels/MR_small_RLE.dcm"), 1).values();
    assertThat(PixelReader.frame(refused, 1).values()).isEqualTo(expected);

    DicomObject kept = sent(file, Set.of(), received);
    assertThat(kept.transferSyntaxUid()).isEqualTo(Uids.JPEG_LS_LOSSLESS);
  }

  private DicomObject sent(Path file, Set<String> decodedClasses, List<byte[]> received)
      throws IOException, InterruptedException {
    int before = received.size();
    StoreScp.Settings settings =
        new StoreScp.Settings(
            Set.of("M2IB"),
            "127.0.0.1",
            0,
            Set.of(),
            decodedClasses,
            1 << 16,
            10,
            Duration.ofSeconds(20),
            Optional.empty());
    Path storage = folder.resolve("orthanc" + before);
    Files.createDirectories(storage);
    try (StoreScp scp = StoreScp.start(settings, object -> received.add(bytes(object)));
        Orthanc orthanc = Orthanc.start(storage, "M2IB", scp.port())) {
      orthanc.sendToM2ib(orthanc.upload(file));
    }
    assertThat(received).hasSize(before + 1);
    return DicomObject.read(new ByteArrayInputStream(received.get(before)));
  }

  private static byte[] bytes(IncomingObject object) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    object.writeTo(out);
    return out.toByteArray();
  }
}
