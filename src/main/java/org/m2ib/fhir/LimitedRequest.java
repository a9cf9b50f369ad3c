package org.m2ib.fhir;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.api.LimitedBody;

/** A request as HAPI reads it: with a limited body, and HEAD like GET. */
final class LimitedRequest extends HttpServletRequestWrapper {

  LimitedRequest(HttpServletRequest request) {
    super(request);
  }

  static Refusal refusal(int status, String message) {
    return Refusal.of(status, status == 413 ? IssueType.TOOLONG : IssueType.STRUCTURE, message);
  }

  /** The web server drops the body of an answer to HEAD (FHIR R4 http.html#head). */
  @Override
  public String getMethod() {
    return super.getMethod().equals("HEAD") ? "GET" : super.getMethod();
  }

  @Override
  public ServletInputStream getInputStream() throws IOException {
    ServletInputStream whole = super.getInputStream();
    LimitedBody body = new LimitedBody(whole, LimitedRequest::refusal);
    return new ServletInputStream() {
      @Override
      public int read() throws IOException {
        return body.read();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) {
        return body.read(bytes, offset, length);
      }

      @Override
      public boolean isFinished() {
        return whole.isFinished();
      }

      @Override
      public boolean isReady() {
        return whole.isReady();
      }

      @Override
      public void setReadListener(ReadListener listener) {
        whole.setReadListener(listener);
      }
    };
  }
}
