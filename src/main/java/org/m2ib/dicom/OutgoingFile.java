package org.m2ib.dicom;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.galaxy.io.ImageInputStream;
import org.aoju.bus.image.galaxy.io.ImageOutputStream;
import org.aoju.bus.image.metric.Association;
import org.aoju.bus.image.metric.DataWriter;
import org.aoju.bus.image.metric.PDVOutputStream;
import org.aoju.bus.image.metric.internal.pdu.AAssociateRQ;
import org.aoju.bus.image.metric.internal.pdu.Presentation;

/**
 * A Part 10 file to be sent: its identity, the transfer syntaxes in which it is offered, and its
 * data set.
 */
final class OutgoingFile implements DataWriter {
  private static final String[] LITTLE_ENDIAN = {
    Uids.EXPLICIT_VR_LITTLE_ENDIAN, Uids.IMPLICIT_VR_LITTLE_ENDIAN
  };

  private final Path path;
  private String sopClassUid;
  private String sopInstanceUid;
  private String transferSyntaxUid;
  private String failure;

  private OutgoingFile(Path path) {
    this.path = path;
  }

  /** Reads the file meta information. Errors are kept for {@link #failure()}. */
  static OutgoingFile open(Path path) {
    OutgoingFile file = new OutgoingFile(path);
    try (ImageInputStream in = file.stream()) {
      Attributes meta = in.readFileMetaInformation();
      if (meta == null) {
        file.failure = "the file has no file meta information (PS3.10 7.1)";
        return file;
      }
      file.sopClassUid = meta.getString(Tags.MediaStorageSOPClassUID);
      file.sopInstanceUid = meta.getString(Tags.MediaStorageSOPInstanceUID);
      file.transferSyntaxUid = in.getTransferSyntax();
      if (file.sopClassUid == null || file.sopInstanceUid == null) {
        file.failure = "the file meta information names no SOP class or instance";
      }
    } catch (NoSuchFileException e) {
      file.failure = "the file does not exist";
    } catch (IOException | RuntimeException e) {
      file.failure = "the file cannot be read as DICOM: " + e.getMessage();
    }
    return file;
  }

  Path path() {
    return path;
  }

  String sopClassUid() {
    return sopClassUid;
  }

  String sopInstanceUid() {
    return sopInstanceUid;
  }

  String transferSyntaxUid() {
    return transferSyntaxUid;
  }

  /** Returns why the file cannot be sent, or null if it can. */
  String failure() {
    return failure;
  }

  StoreOutcome unreadable() {
    return StoreOutcome.notSent(path, failure);
  }

  /**
   * Adds one presentation context per transfer syntax (PS3.8 9.3.2.2).
   *
   * @param decoded whether it is also offered decoded, if it is stored compressed
   */
  void offer(AAssociateRQ request, boolean decoded) {
    if (failure != null) {
      return;
    }
    request.addPresentationContextFor(sopClassUid, transferSyntaxUid);
    if (decoded || Uids.isNative(transferSyntaxUid)) {
      for (String syntax : LITTLE_ENDIAN) {
        request.addPresentationContextFor(sopClassUid, syntax);
      }
    }
  }

  /** Returns the accepted presentation context for this file, or null if there is none. */
  Presentation choose(Association association) {
    Presentation own = accepted(association, transferSyntaxUid);
    return own != null || !Uids.isNative(transferSyntaxUid) ? own : chooseDecoded(association);
  }

  /** Returns the accepted presentation context of an uncompressed syntax, or null if none. */
  Presentation chooseDecoded(Association association) {
    Presentation explicit = accepted(association, Uids.EXPLICIT_VR_LITTLE_ENDIAN);
    return explicit != null ? explicit : accepted(association, Uids.IMPLICIT_VR_LITTLE_ENDIAN);
  }

  /**
   * Returns the transfer syntax in which this file goes to a peer that has requested the
   * association (C-GET), or null if none that fits was accepted.
   */
  String chooseAccepted(Association association) {
    String chosen = null;
    for (Presentation offer : association.getAAssociateRQ().getPresentationContexts()) {
      Presentation answer = association.getAAssociateAC().getPresentationContext(offer.getPCID());
      if (!offer.getAbstractSyntax().equals(sopClassUid)
          || answer == null
          || !answer.isAccepted()) {
        continue;
      }
      String syntax = answer.getTransferSyntax();
      if (syntax.equals(transferSyntaxUid)) {
        return syntax;
      }
      if (Uids.isNative(transferSyntaxUid) && List.of(LITTLE_ENDIAN).contains(syntax)) {
        chosen = syntax;
      }
    }
    return chosen;
  }

  /**
   * Returns the uncompressed transfer syntax in which a peer that has requested the association
   * takes objects of this file's class; null if none.
   */
  String chooseUncompressed(Association association) {
    List<String> taken =
        association.getAAssociateRQ().getPresentationContexts().stream()
            .filter(offer -> offer.getAbstractSyntax().equals(sopClassUid))
            .map(offer -> association.getAAssociateAC().getPresentationContext(offer.getPCID()))
            .filter(answer -> answer != null && answer.isAccepted())
            .map(Presentation::getTransferSyntax)
            .toList();
    return Stream.of(LITTLE_ENDIAN).filter(taken::contains).findFirst().orElse(null);
  }

  private Presentation accepted(Association association, String syntax) {
    for (Presentation offer : association.getAAssociateRQ().getPresentationContexts()) {
      if (offer.getAbstractSyntax().equals(sopClassUid) && offer.containsTransferSyntax(syntax)) {
        Presentation answer = association.getAAssociateAC().getPresentationContext(offer.getPCID());
        if (answer != null && answer.isAccepted()) {
          return offer;
        }
      }
    }
    return null;
  }

  @Override
  public void writeTo(PDVOutputStream out, String syntax) throws IOException {
    try (ImageInputStream in = stream()) {
      in.readFileMetaInformation();
      if (syntax.equals(transferSyntaxUid)
          && !syntax.equals(Uids.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)) {
        in.transferTo(out);
        return;
      }
      // A deflated or another native syntax is decoded while reading, so the data set is written
      // anew.
      Attributes dataSet = in.readDataset(-1, -1);
      ImageOutputStream data = new ImageOutputStream(out, syntax);
      data.writeDataset(null, dataSet);
      data.finish();
    }
  }

  private ImageInputStream stream() throws IOException {
    InputStream file = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    try {
      return new ImageInputStream(file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }
}
