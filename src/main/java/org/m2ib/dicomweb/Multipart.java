package org.m2ib.dicomweb;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import org.m2ib.base.MultipartRelated;

/** Writes a body of multipart/related, part by part. */
final class Multipart {
  private final OutputStream out;
  private final MultipartRelated form;

  /**
   * @param type of the parts
   */
  Multipart(HttpServletResponse response, String type) throws IOException {
    this.form = new MultipartRelated(type);
    response.setContentType(form.contentType());
    this.out = response.getOutputStream();
  }

  /** Begins a part; its content follows in the stream. */
  OutputStream part(String contentType, String location) throws IOException {
    out.write(form.part(contentType, location));
    return out;
  }

  void end() throws IOException {
    out.write(form.end());
    out.flush();
  }
}
