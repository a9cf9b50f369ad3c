package org.m2ib.worklist;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;

/**
 * A place in the worklist: behind a row. It stays right whatever rows come and go.
 *
 * @param fingerprint of the query that it belongs to
 * @param value of the row's column by which the list is sorted, as text
 */
record Cursor(String fingerprint, String value, UUID id) {

  String encoded() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((fingerprint + id + value).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @throws IllegalArgumentException if it is none, or belongs to another filter or order
   */
  static Cursor of(String encoded, WorklistQuery query) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
      Cursor cursor =
          new Cursor(
              text.substring(0, 12), text.substring(48), UUID.fromString(text.substring(12, 48)));
      if (cursor.fingerprint().equals(query.fingerprint())) {
        return cursor;
      }
    } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
      throw new IllegalArgumentException("cursor: not one of this list. Leave it out to begin.");
    }
    throw new IllegalArgumentException(
        "cursor: belongs to another filter or order. Leave it out to begin.");
  }
}
