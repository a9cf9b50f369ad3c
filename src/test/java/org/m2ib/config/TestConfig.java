package org.m2ib.config;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** The service's settings as a site would write them. */
public final class TestConfig {
  private TestConfig() {}

  /**
   * @param settings by key, on top of the defaults
   */
  public static M2ibConfig of(Map<String, String> settings) {
    return new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .withMapping(M2ibConfig.class)
        .withSources(new PropertiesConfigSource(settings, "test", 100))
        .build()
        .getConfigMapping(M2ibConfig.class);
  }
}
