package org.m2ib.delivery;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.m2ib.cases.Blobs;
import org.m2ib.cases.StoredResult;
import org.m2ib.dicom.DicomObject;
import org.m2ib.results.ResultJson;
import org.m2ib.results.SentenceResult;

/**
 * A stored result with what its objects are built from.
 *
 * @param source header of its image
 */
record LoadedResult(StoredResult stored, SentenceResult body, DicomObject source) {

  /** Reads each image's header once. */
  static List<LoadedResult> of(List<StoredResult> results, Blobs blobs) throws IOException {
    Map<String, DicomObject> sources = new HashMap<>();
    List<LoadedResult> loaded = new ArrayList<>();
    for (StoredResult result : results) {
      String blob = result.imageBlob();
      if (!sources.containsKey(blob)) {
        sources.put(blob, DicomObject.read(blobs.path(blob), header -> false));
      }
      loaded.add(new LoadedResult(result, ResultJson.read(result.body()), sources.get(blob)));
    }
    return loaded;
  }

  static List<SentenceResult> bodies(List<LoadedResult> results) {
    return results.stream().map(LoadedResult::body).toList();
  }
}
