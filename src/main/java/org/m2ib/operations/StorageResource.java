package org.m2ib.operations;

import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.nio.file.FileStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.m2ib.api.Roles;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.config.M2ibConfig;

/** {@code GET /api/storage}: room on the disk, what takes it, and what is removed when. */
@RolesAllowed({Roles.ADMINISTRATOR, Roles.SERVICE})
@Path("/api/storage")
@Blocking
public class StorageResource {
  private final Supplier<StorageUse> use;
  private final M2ibConfig config;

  @Inject
  public StorageResource(Instance<StorageUse> use, M2ibConfig config) {
    this.use = use::get;
    this.config = config;
  }

  StorageResource(StorageUse use, M2ibConfig config) {
    this.use = () -> use;
    this.config = config;
  }

  /**
   * @param folder m2ib.data-dir
   * @param free bytes that the service can still write there
   * @param size bytes of the disk
   * @param status by the limits: {@code warning} below {@code warnBelow}, {@code failed} below
   *     {@code failBelow}
   * @param objects null until they are counted
   * @param databaseBytes null if the database does not say
   */
  record StorageState(
      String folder,
      long free,
      long size,
      @Schema(enumeration = {"ok", "warning", "failed"}) String status,
      long warnBelow,
      long failBelow,
      StoredObjects objects,
      Long databaseBytes,
      List<RetentionSetting> retention) {}

  /**
   * @param countedAt when they were counted
   */
  record StoredObjects(long files, long bytes, Instant countedAt) {}

  /** A setting after whose time something is removed, or given up. */
  record RetentionSetting(String setting, long seconds) {
    static RetentionSetting of(String setting, Duration time) {
      return new RetentionSetting(setting, time.toSeconds());
    }
  }

  /** Counts files in the background; the first answers have no objects. */
  @GET
  @Operation(
      operationId = "getStorage",
      summary = "Returns the room on the disk, what takes it, and what is removed when.")
  public StorageState get() {
    StorageUse found = use.get();
    try {
      FileStore disk = found.disk();
      long free = disk.getUsableSpace();
      return new StorageState(
          found.dataDir().toString(),
          free,
          disk.getTotalSpace(),
          StorageUse.status(free),
          StorageUse.FEW,
          StorageUse.LEAST,
          found
              .objects()
              .map(each -> new StoredObjects(each.files(), each.bytes(), each.at()))
              .orElse(null),
          found.databaseBytes().orElse(null),
          retention());
    } catch (IOException e) {
      throw new StorageUnavailableException("the disk of m2ib.data-dir cannot be examined", e);
    }
  }

  private List<RetentionSetting> retention() {
    return List.of(
        RetentionSetting.of("m2ib.access.activity-retention", config.access().activityRetention()),
        RetentionSetting.of("m2ib.fhir-api.export-expiry", config.fhirApi().exportExpiry()),
        RetentionSetting.of("m2ib.study.expiry", config.study().expiry()),
        RetentionSetting.of("m2ib.study.order-expiry", config.study().orderExpiry()));
  }
}
