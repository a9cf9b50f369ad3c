package org.m2ib.boot;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.arc.InjectableInstance;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.microprofile.config.ConfigProvider;
import org.m2ib.cases.SyncedFilePath;
import org.m2ib.clip.ModelException;
import org.m2ib.config.M2ibConfig;
import org.m2ib.dicom.DecoderCheck;
import org.m2ib.models.LoadedModel;
import org.m2ib.models.ModelPool;
import org.m2ib.models.ModelRegistry;
import org.m2ib.operations.StorageUse;

/** The doctor's checks of this machine: ports, database, disk, decoders, models. */
@Singleton
class MachineChecks {
  private static final int PATIENCE_MILLIS = 3000;
  private static final long GIB = 1 << 30;

  private final M2ibConfig config;
  private final InjectableInstance<AgroalDataSource> postgres;
  private final Instance<AgroalDataSource> embedded;
  private final Instance<ModelRegistry> models;

  @Inject
  MachineChecks(
      M2ibConfig config,
      InjectableInstance<AgroalDataSource> postgres,
      @DataSource("embedded") Instance<AgroalDataSource> embedded,
      Instance<ModelRegistry> models) {
    this.config = config;
    this.postgres = postgres;
    this.embedded = embedded;
    this.models = models;
  }

  List<Finding> ports(boolean running) {
    M2ibConfig.Dicom dicom = config.dicom();
    M2ibConfig.Hl7 hl7 = config.hl7();
    Finding scp = port("m2ib.dicom.port", dicom.host(), dicom.port(), running);
    Finding mllp = port("m2ib.hl7.port", hl7.host(), hl7.port(), running);
    if (running) {
      return List.of(scp, mllp); // whoever asks has found the HTTP port
    }
    String host = ConfigProvider.getConfig().getValue("quarkus.http.host", String.class);
    int port = ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
    return List.of(scp, mllp, port("quarkus.http.port", host, port, false));
  }

  private static Finding port(String key, String host, int port, boolean running) {
    String label = key + " " + port;
    try {
      InetAddress address = InetAddress.getByName(host);
      if (running) {
        try (Socket socket = new Socket()) {
          socket.connect(
              new InetSocketAddress(
                  address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address, port),
              PATIENCE_MILLIS);
        }
        return Finding.ok(label, "is listened on, at " + host);
      }
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(address, port));
      }
      return Finding.ok(label, "is free, at " + host);
    } catch (BindException e) {
      return e.getMessage().contains("in use")
          ? Finding.warning(
              label,
              "is in use, at " + host,
              "If this service does not run yet, another program has it: choose another "
                  + key
                  + ".")
          : Finding.failed(label, host + ": " + e.getMessage(), "Correct host or port.");
    } catch (IOException e) {
      return Finding.failed(label, host + ": " + e.getMessage(), "Correct host or port.");
    }
  }

  /** Connects, and neither creates nor migrates anything. */
  Finding database() {
    String label = "database";
    Optional<AgroalDataSource> server = postgres.listActive().stream().findFirst();
    String url =
        ConfigProvider.getConfig().getValue("quarkus.datasource.embedded.jdbc.url", String.class);
    if (server.isEmpty()
        && url.contains(config.dataDir() + "/db/")
        && !Files.exists(config.dataDir().resolve("db/m2ib.mv.db"))) {
      return Finding.ok(label, "none yet: the embedded one is made at the first start");
    }
    SyncedFilePath.register();
    try (Connection connection = server.orElseGet(embedded::get).getConnection()) {
      DatabaseMetaData about = connection.getMetaData();
      return Finding.ok(
          label, about.getDatabaseProductName() + " " + about.getDatabaseProductVersion());
    } catch (SQLException e) {
      return server.isPresent()
          ? Finding.failed(
              label,
              "no connection (SQLSTATE " + e.getSQLState() + ")",
              "Compare quarkus.datasource.jdbc.url, username and password with the server's.")
          : Finding.warning(
              label,
              "the embedded one cannot be opened from here",
              "If the service runs, it has it open: ask GET /api/doctor.");
    }
  }

  Finding disk() {
    Path at = config.dataDir().toAbsolutePath();
    String label = "disk " + at;
    while (!Files.exists(at)) {
      at = at.getParent();
    }
    try {
      long free = Files.getFileStore(at).getUsableSpace();
      String found = free / GIB + " GiB are free";
      if (!Files.isWritable(at)) {
        return Finding.failed(
            label, at + " cannot be written", "Give it to this user, or set m2ib.data-dir.");
      } else if (free < StorageUse.LEAST) {
        return Finding.failed(label, found, "Make room: images are refused when it is full.");
      }
      return free < StorageUse.FEW
          ? Finding.warning(label, found, "Make room before it is full.")
          : Finding.ok(label, found);
    } catch (IOException e) {
      return Finding.failed(label, "cannot be examined", "Correct m2ib.data-dir.");
    }
  }

  Finding decoders() {
    String label = "decoders";
    try {
      List<DecoderCheck.Result> results = DecoderCheck.builtIn();
      List<String> wrong =
          results.stream()
              .filter(result -> !result.right())
              .map(result -> result.transferSyntax() + " " + result.outcome())
              .toList();
      return wrong.isEmpty()
          ? Finding.ok(
              label,
              results.stream().filter(result -> result.worst() >= 0).count()
                  + " images decoded as expected: JPEG, JPEG 2000, RLE"
                  + Decoders.formats())
          : Finding.failed(
              label, String.join("; ", wrong), "Reinstall; images like these would fail.");
    } catch (IOException e) {
      return Finding.failed(
          label, "the samples cannot be unpacked", "Make the temporary folder writable.");
    }
  }

  List<Finding> models(boolean running) {
    if (running) {
      return models.get().names().stream().map(this::modelInService).toList();
    }
    PipelineBeans.configure(config.engine());
    List<String> names = new ArrayList<>(List.of(ModelRegistry.CONFIGURED));
    names.addAll(new TreeSet<>(config.models().keySet()));
    return names.stream().map(this::model).toList();
  }

  private Finding modelInService(String name) {
    ModelRegistry registry = models.get();
    if (!registry.isLoaded(name) && !registry.defaultName().equals(name)) {
      return Finding.ok("model " + name, "not tried: the service loads it when a case needs it");
    }
    try (ModelPool.InUse use = registry.open(name)) {
      return loads(name, use.model());
    } catch (ModelException | IllegalArgumentException e) {
      return fails(name, e);
    }
  }

  /** Without the registry, which would make and migrate the database. */
  private Finding model(String name) {
    try (LoadedModel model = LoadedModel.load(name, config)) {
      return loads(name, model);
    } catch (ModelException | IllegalArgumentException e) {
      return fails(name, e);
    }
  }

  private static Finding loads(String name, LoadedModel model) {
    String warning = model.clip().card().warning();
    return warning.isEmpty()
        ? Finding.ok("model " + name, "loads")
        : Finding.warning("model " + name, "loads; " + warning, "See docs/models.md.");
  }

  private static Finding fails(String name, RuntimeException e) {
    return Finding.failed("model " + name, e.getMessage(), "Run ./m2ib models check FOLDER.");
  }
}
