package org.m2ib.boot;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.m2ib.cases.SyncedFilePath;

/**
 * The JDBC driver of whichever database {@code quarkus.datasource.jdbc.url} names. Quarkus fixes
 * the driver when the application is built; a site chooses its database when it starts it.
 */
public final class AnyDriver implements Driver {
  /** A path, with its scheme or without, and the settings behind it; no other scheme of H2's. */
  private static final Pattern H2_FILE =
      Pattern.compile("jdbc:h2:(?:file:)?(?![A-Za-z]{2,}:)([^;]+)(.*)");

  private static final List<Driver> DRIVERS =
      List.of(new org.h2.Driver(), new org.postgresql.Driver());

  static {
    SyncedFilePath.register();
  }

  @Override
  public Connection connect(String url, Properties info) throws SQLException {
    for (Driver driver : DRIVERS) {
      if (driver.acceptsURL(url)) {
        return driver.connect(durable(url), info);
      }
    }
    throw new SQLException(
        "quarkus.datasource.jdbc.url begins neither with jdbc:h2: nor with jdbc:postgresql:");
  }

  /**
   * H2 takes no path that is relative to where the program was started; the data folder may be.
   * What it commits is to be on the disk.
   */
  private static String durable(String url) {
    Matcher file = H2_FILE.matcher(url);
    if (!file.matches()) {
      return url;
    }
    String settings = file.group(2);
    String home = Matcher.quoteReplacement(System.getProperty("user.home"));
    boolean delays = !settings.toUpperCase(Locale.ROOT).contains(";WRITE_DELAY=");
    return "jdbc:h2:%s:%s%s%s"
        .formatted(
            SyncedFilePath.SCHEME,
            Path.of(file.group(1).replaceFirst("^~", home)).toAbsolutePath(),
            settings,
            delays ? ";WRITE_DELAY=0" : "");
  }

  @Override
  public boolean acceptsURL(String url) throws SQLException {
    for (Driver driver : DRIVERS) {
      if (driver.acceptsURL(url)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
    return new DriverPropertyInfo[0];
  }

  @Override
  public int getMajorVersion() {
    return 1;
  }

  @Override
  public int getMinorVersion() {
    return 0;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("org.m2ib");
  }
}
