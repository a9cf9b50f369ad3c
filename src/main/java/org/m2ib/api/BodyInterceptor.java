package org.m2ib.api;

import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;

/** Limits the bodies of {@code /api} that do not say how long they are. */
@Provider
public final class BodyInterceptor implements ReaderInterceptor {

  @Override
  public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
    context.setInputStream(new LimitedBody(context.getInputStream(), ProblemException::new));
    return context.proceed();
  }
}
