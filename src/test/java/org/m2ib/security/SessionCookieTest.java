package org.m2ib.security;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.vertx.http.runtime.FormAuthConfig;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionCookieTest {
  @Test
  void theFormMayNotRenewCookiesItself() {
    FormAuthConfig form =
        (FormAuthConfig)
            Proxy.newProxyInstance(
                FormAuthConfig.class.getClassLoader(),
                new Class<?>[] {FormAuthConfig.class},
                (proxy, method, arguments) -> Duration.ofMinutes(30));

    assertThatThrownBy(
            () -> new SessionCookie(form, new SessionKey("k".repeat(32)), Clock.systemUTC()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("quarkus.http.auth.form.new-cookie-interval");
  }
}
