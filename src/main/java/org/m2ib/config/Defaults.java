package org.m2ib.config;

import io.smallrye.config.WithDefault;

/** The defaults of {@link M2ibConfig}, for commands that offer the same setting as an option. */
public final class Defaults {
  private Defaults() {}

  /**
   * @param group interface of {@link M2ibConfig}
   * @param setting its method, which has a default
   */
  public static String of(Class<?> group, String setting) {
    try {
      return group.getMethod(setting).getAnnotation(WithDefault.class).value();
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException(group.getSimpleName() + " has no " + setting, e);
    }
  }
}
