package org.m2ib.dicom;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.Predicate;
import org.aoju.bus.image.galaxy.data.Attributes;
import org.aoju.bus.image.galaxy.data.Fragments;
import org.aoju.bus.image.galaxy.data.Sequence;
import org.aoju.bus.image.galaxy.io.ImageInputHandler;
import org.aoju.bus.image.galaxy.io.ImageInputStream;

/** Reads one data set within fixed limits. Errors name the element at which reading failed. */
final class DataSetReader implements ImageInputHandler {
  /** Limit on nested sequences. The deepest real reports have about twenty. */
  private static final int MAX_DEPTH = 100;

  private static final int MAX_VALUE_LENGTH = 1 << 30;
  private static final int MIB = 1 << 20;

  /** What a deflated data set may inflate to: before its pixels, and with them. */
  private static final long MAX_INFLATED_HEADER = 64 * MIB;

  private static final long MAX_INFLATED = 512 * MIB;

  private final Predicate<DicomObject> withPixels;
  private TextRepair text; // null until the header has been read
  private int pixels; // at which it stopped

  /**
   * @param withPixels called once with the elements before the pixel data; if it returns false,
   *     reading ends there
   */
  DataSetReader(Predicate<DicomObject> withPixels) {
    Library.prepare();
    this.withPixels = withPixels;
  }

  /**
   * @param transferSyntaxUid transfer syntax of a bare data set; null to read it from the file meta
   *     information
   */
  DicomObject read(InputStream in, String transferSyntaxUid) throws IOException {
    ImageInputStream data = open(in, transferSyntaxUid);
    data.setImageInputHandler(this);
    Attributes attributes = null;
    try {
      data.readFileMetaInformation();
      attributes = new Attributes(data.bigEndian(), 64);
      data.readAttributes(attributes, -1, -1);
    } catch (StopException | TolerantInput.OnlyZeros e) {
      // the caller asked for no more than the header
    } catch (EOFException e) {
      boolean zerosAtTheEnd = data.tag() == 0 && attributes != null && !attributes.isEmpty();
      if (!zerosAtTheEnd) {
        throw new DicomException(
            "the object ends early, inside or after the element", data.tag(), e);
      }
    } catch (java.util.zip.ZipException e) {
      throw new DicomException("the deflated data set is damaged", data.tag(), e);
    } catch (DicomException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new DicomException("the object cannot be read", data.tag(), e);
    }
    if (attributes.isEmpty()) {
      throw new DicomException("the object has no data elements");
    }
    if (text == null) { // there is no pixel data
      goesOn(data, attributes);
    }
    attributes.trimToSize();
    return new DicomObject(attributes, data.getTransferSyntax())
        .noting(text.repair())
        .stoppedAt(pixels);
  }

  private static ImageInputStream open(InputStream in, String transferSyntaxUid)
      throws IOException {
    try {
      return transferSyntaxUid == null
          ? new TolerantInput(in)
          : new TolerantInput(in, transferSyntaxUid);
    } catch (RuntimeException e) {
      throw new DicomException("not a DICOM object", null, e);
    }
  }

  @Override
  public void readValue(ImageInputStream in, Attributes attributes) throws IOException {
    if (text == null
        && in.level() == 0
        && Integer.compareUnsigned(in.tag(), Tags.FloatPixelData) >= 0
        && attributes.getParent() == null
        && !goesOn(in, attributes)) {
      pixels = in.tag();
      throw new StopException();
    }
    if (in.tag() == 0 && in.level() == 0 && !attributes.isEmpty()) {
      skipZeros(in);
      throw new StopException();
    }
    if (in.level() > MAX_DEPTH) {
      throw new DicomException(
          "sequences are nested more than " + MAX_DEPTH + " deep", in.tag(), null);
    }
    checkLength(in);
    if (in.tag() == Tags.PixelData && in.level() == 0 && isDeflated(in)) {
      checkPixels(in, attributes);
    }
    in.readValue(in, attributes);
  }

  private static boolean isDeflated(ImageInputStream in) {
    return Uids.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN.equals(in.getTransferSyntax());
  }

  /** A few deflated bytes are not to become more than the picture has, before it is refused. */
  private static void checkPixels(ImageInputStream in, Attributes header) {
    int[] factors = {
      header.getInt(Tags.Rows, 0),
      header.getInt(Tags.Columns, 0),
      header.getInt(Tags.SamplesPerPixel, 1),
      (header.getInt(Tags.BitsAllocated, 0) + 7) / 8
    };
    double frame = Arrays.stream(factors).asDoubleStream().reduce(1, (a, b) -> a * b);
    int frames = PixelFormat.frames(new DicomObject(header, in.getTransferSyntax()));
    double most = frame * (frames + 1.0); // and padding
    if (frame > 0 && in.length() > most) {
      throw new DicomException("the deflated pixels are longer than their size", in.tag(), null);
    }
  }

  private boolean goesOn(ImageInputStream in, Attributes header) {
    text = new TextRepair(header);
    return withPixels.test(new DicomObject(header, in.getTransferSyntax()).noting(text.repair()));
  }

  @Override
  public void readValue(ImageInputStream in, Sequence sequence) throws IOException {
    in.readValue(in, sequence);
  }

  @Override
  public void readValue(ImageInputStream in, Fragments fragments) throws IOException {
    checkLength(in);
    in.readValue(in, fragments);
  }

  @Override
  public void startDataset(ImageInputStream in) {
    // nothing to prepare
  }

  @Override
  public void endDataset(ImageInputStream in) {
    // nothing to finish
  }

  /**
   * Skips zero bytes after the last element, which pad the blocks of some media. Anything else is
   * damage.
   */
  private static void skipZeros(ImageInputStream in) throws IOException {
    for (int next = in.length(); next != -1; next = in.read()) {
      if (next != 0) {
        throw new DicomException("zero bytes stand in place of an element", in.tag(), null);
      }
    }
  }

  private void checkLength(ImageInputStream in) {
    long most = text == null ? MAX_INFLATED_HEADER : MAX_INFLATED;
    if (isDeflated(in) && in.getPosition() + Math.max(0, in.length()) > most) {
      throw new DicomException(
          "the deflated data set inflates to more than " + most / MIB + " MiB", in.tag(), null);
    }
    if (in.length() != -1 && (in.length() < 0 || in.length() > MAX_VALUE_LENGTH)) {
      throw new DicomException(
          "a value of "
              + Integer.toUnsignedString(in.length())
              + " bytes exceeds the limit of "
              + MAX_VALUE_LENGTH
              + " bytes",
          in.tag(),
          null);
    }
  }

  private static final class StopException extends IOException {}
}
