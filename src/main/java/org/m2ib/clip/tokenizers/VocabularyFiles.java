package org.m2ib.clip.tokenizers;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.ModelFolder;

/**
 * Reads vocabulary files of a model folder, with a size limit.
 *
 * @param folder the model folder
 */
record VocabularyFiles(ModelFolder folder) {
  private static final int LONGEST = 64 << 20;

  /** Decompresses the file if its name ends in .gz. */
  byte[] bytes(String file) {
    try (InputStream in = Files.newInputStream(folder.path(file));
        InputStream plain = file.endsWith(".gz") ? new GZIPInputStream(in) : in) {
      byte[] bytes = plain.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw new ModelException(file, "is larger than 64 MiB: not a vocabulary");
      }
      return bytes;
    } catch (IOException e) {
      throw new ModelException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  List<String> lines(String file) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(bytes(file));
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString().lines().toList();
    } catch (CharacterCodingException e) {
      throw new ModelException(file, "is not UTF-8 text", e);
    }
  }

  JsonNode json(String file) {
    return folder.json(file);
  }
}
