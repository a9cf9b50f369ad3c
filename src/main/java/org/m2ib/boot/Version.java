package org.m2ib.boot;

import org.eclipse.microprofile.config.ConfigProvider;
import picocli.CommandLine.IVersionProvider;

/** The version of this program. */
public final class Version implements IVersionProvider {

  /** Returns the build version, {@code 0.1.0-SNAPSHOT}. */
  public static String current() {
    return ConfigProvider.getConfig().getValue("quarkus.application.version", String.class);
  }

  @Override
  public String[] getVersion() {
    return new String[] {"m2ib-pacs " + current()};
  }
}
