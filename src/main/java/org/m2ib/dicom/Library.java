package org.m2ib.dicom;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.imageio.ImageIO;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ImageWriterSpi;
import org.aoju.bus.image.metric.AdvancedHandler;
import org.aoju.bus.image.metric.Connection;
import org.aoju.bus.logger.LogFactory;
import org.aoju.bus.logger.dialect.jboss.JbossLogFactory;

/** Process-wide settings of the DICOM library, applied once before its first use. */
final class Library {
  /** Identifies this implementation in file meta information and associations (PS3.7 D.3.3.2). */
  static final String IMPLEMENTATION_CLASS_UID = "2.25.4942020683567777759897676736049535439";

  /** At most 16 characters. */
  static final String IMPLEMENTATION_VERSION = "M2IB_PACS_0";

  /** Kept referenced, because java.util.logging forgets the level of an unreferenced logger. */
  private static final Logger LOGS = Logger.getLogger("org.aoju");

  static {
    LogFactory.setCurrentLogFactory(new JbossLogFactory());
    // The library logs SOP instance UIDs at INFO and whole data sets at DEBUG, which is patient
    // data.
    LOGS.setLevel(Level.WARNING);
    Connection.registerTCPProtocolHandler(
        Connection.Protocol.DICOM,
        (connection, socket) ->
            AdvancedHandler.INSTANCE.onAccept(
                connection, ((StoreScp.Listening) connection).accepted(socket)));
    ImageIO.scanForPlugins();
    deregister(ImageReaderSpi.class);
    deregister(ImageWriterSpi.class);
  }

  private Library() {}

  /** Returns after the settings have been applied. */
  static void prepare() {
    // the static initialiser does the work
  }

  /** The library's ImageIO plug-ins fail without OpenCV's native library. */
  private static <T> void deregister(Class<T> kind) {
    IIORegistry registry = IIORegistry.getDefaultInstance();
    List<T> providers = new ArrayList<>();
    registry.getServiceProviders(kind, false).forEachRemaining(providers::add);
    for (T provider : providers) {
      if (provider.getClass().getName().startsWith("org.aoju.")) {
        registry.deregisterServiceProvider(provider, kind);
      }
    }
  }
}
