package org.m2ib.fhir.store;

import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.parser.ErrorHandlerAdapter;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Resource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.EmptyHandling;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.m2ib.cases.Database;
import org.m2ib.cases.StorableText;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.cases.StoredResource;

/** Stores the FHIR resources that the service serves itself, by type and id. */
public final class ResourceStore {
  private final Database database;

  private final Clock clock;

  /** Whether to write a row for each change, for subscriptions. */
  private final boolean tellsChanges;

  public ResourceStore(Database database, Clock clock) {
    this(database, clock, false);
  }

  /**
   * @param tellsChanges whether to write a row to {@code fhir_change} with each new version while
   *     there is a subscription
   */
  public ResourceStore(Database database, Clock clock, boolean tellsChanges) {
    this.database = database;
    this.clock = clock;
    this.tellsChanges = tellsChanges;
  }

  /**
   * Stores a resource as the next version of the one with its type and id, and sets {@code
   * meta.versionId} and {@code meta.lastUpdated}. The same content again is the same version, with
   * its time.
   *
   * @return the version that is current now
   * @throws IllegalArgumentException if the body is not a JSON object or not a FHIR resource
   * @throws StorageUnavailableException if another transaction created the same resource at the
   *     same time; retry the transaction
   */
  public StoredVersion put(StoredResource resource) {
    ObjectNode json = parse(resource.body());
    ResourceIndex index = ResourceIndex.of(parsed(json.toString()), ZoneId.systemDefault());
    return database.inTransaction(
        () ->
            database.with(
                h -> {
                  StoredVersion version = put(h, resource, json, index);
                  insert(h, resource, index);
                  return version;
                }));
  }

  /**
   * Updates an existing row in place. Cases share resources (the model's Device), and if two
   * transactions both deleted and inserted one, the second would hit the first's row.
   */
  private StoredVersion put(
      Handle h, StoredResource resource, ObjectNode content, ResourceIndex index) {
    DateSpan date = index.date();
    Optional<StoredVersion> before =
        h.createQuery("select * from fhir_resource where resource_type = ? and id = ? for update")
            .bind(0, resource.type())
            .bind(1, resource.id())
            .map(ROW)
            .findOne();
    StoredVersion current =
        before
            .filter(stored -> isSame(stored.body(), content))
            .orElseGet(() -> next(resource, before, content));
    if (before.isPresent() && current.version() > before.get().version()) {
      keep(h, before.get());
    }
    Object[] values = {
      resource.studyInstanceUid(),
      date == null ? null : utc(date.first()),
      date == null ? null : utc(date.last()),
      utc(date == null ? DateSpan.BEGINNING : date.first()),
      index.sortCode(),
      current.body(),
      utc(current.updated()),
      current.version(),
      resource.type(),
      resource.id()
    };
    h.execute(
        before.isPresent()
            ? """
            update fhir_resource
            set study_instance_uid = ?, date_from = ?, date_to = ?, sort_date = ?, sort_code = ?,
              body = ?, updated_at = ?, version = ?
            where resource_type = ? and id = ?
            """
            : """
            insert into fhir_resource (study_instance_uid, date_from, date_to, sort_date, sort_code,
              body, updated_at, version, resource_type, id)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
        values);
    h.execute(
        "delete from fhir_token where resource_type = ? and id = ?",
        resource.type(),
        resource.id());
    if (tellsChanges && (before.isEmpty() || current.version() > before.get().version())) {
      h.execute(
          """
          insert into fhir_change (resource_type, resource_id, version)
          select resource_type, id, version from fhir_resource
          where resource_type = ? and id = ?
            and exists (select 1 from fhir_subscription where status <> 'OFF')
          """,
          resource.type(),
          resource.id());
    }
    return current;
  }

  private StoredVersion next(
      StoredResource resource, Optional<StoredVersion> before, ObjectNode content) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    int version = before.map(StoredVersion::version).orElse(0) + 1;
    ObjectNode body = content.deepCopy();
    body.withObject("/meta")
        .put("versionId", String.valueOf(version))
        .put("lastUpdated", DateTimeFormatter.ISO_INSTANT.format(now));
    return new StoredVersion(resource.type(), resource.id(), version, now, body.toString());
  }

  private static void keep(Handle h, StoredVersion past) {
    h.execute(
        "insert into fhir_version (resource_type, id, version, body, updated_at)"
            + " values (?, ?, ?, ?, ?)",
        past.type(),
        past.id(),
        past.version(),
        past.body(),
        utc(past.updated()));
  }

  /** Returns whether two bodies differ at most in what {@link #put} sets. */
  private static boolean isSame(String stored, ObjectNode content) {
    return withoutVersion(parse(stored)).equals(withoutVersion(content.deepCopy()));
  }

  private static ObjectNode withoutVersion(ObjectNode body) {
    if (body.get("meta") instanceof ObjectNode meta) {
      meta.remove(List.of("versionId", "lastUpdated"));
      if (meta.isEmpty()) {
        body.remove("meta");
      }
    }
    return body;
  }

  private static void insert(Handle h, StoredResource resource, ResourceIndex index) {
    PreparedBatch batch =
        h.prepareBatch(
            """
            insert into fhir_token (resource_type, id, parameter, system, code)
            values (?, ?, ?, ?, ?)
            """);
    for (ResourceIndex.Entry entry : index.entries()) {
      batch.add(
          resource.type(),
          resource.id(),
          entry.parameter(),
          entry.token().system(),
          entry.token().code());
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  /**
   * Parses what HAPI knows of the resource. Unknown elements are stored too, but cannot be
   * searched.
   */
  private static Resource parsed(String body) {
    try {
      return (Resource)
          SearchParameters.FHIR
              .newJsonParser()
              .setParserErrorHandler(new ErrorHandlerAdapter())
              .parseResource(body);
    } catch (DataFormatException e) { // its message quotes the body
      throw new IllegalArgumentException("the resource's body is not a FHIR R4 resource");
    }
  }

  private static ObjectNode parse(String body) {
    try {
      if (ExactJson.MAPPER.readTree(body) instanceof ObjectNode object) {
        clean(object);
        return object;
      }
    } catch (JsonProcessingException e) {
      // its message quotes the body
    }
    throw new IllegalArgumentException("the resource's body is not a JSON object");
  }

  /** Removes characters that would make a reader refuse the whole resource. */
  private static void clean(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.properties().forEach(field -> field.setValue(cleaned(field.getValue())));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, cleaned(array.get(i)));
      }
    }
  }

  private static JsonNode cleaned(JsonNode value) {
    clean(value);
    return value.isTextual() && !StorableText.is(value.textValue())
        ? TextNode.valueOf(StorableText.of(value.textValue()))
        : value;
  }

  /**
   * Returns a stored body without characters that FHIR does not allow. It may be older than the
   * check that keeps them out.
   *
   * @throws IllegalArgumentException if the body is not a JSON object
   */
  public static String readable(String body) {
    return parse(body).toString();
  }

  /**
   * Returns how many characters {@link #readable} removes from the strings of a body, which must be
   * a JSON object.
   */
  public static int removed(String body) {
    try {
      return removed(ExactJson.MAPPER.readTree(body));
    } catch (JsonProcessingException e) { // its message quotes the body
      throw new IllegalArgumentException("the resource's body is not a JSON object");
    }
  }

  private static int removed(JsonNode node) {
    int removed = node.isTextual() ? StorableText.removed(node.textValue()) : 0;
    for (JsonNode inside : node) {
      removed += removed(inside);
    }
    return removed;
  }

  /**
   * Resources as they were at a time.
   *
   * @param lastId last id of the page, whether or not it existed at that time
   * @param more whether another page follows
   */
  public record AsOf(List<StoredVersion> resources, String lastId, boolean more) {}

  /**
   * Returns one page of the resources of a type as they were at a time, in order of their ids.
   *
   * @param after last id of the previous page, {@code ""} for the first page
   * @param count page size, at least 1
   */
  public AsOf asOf(String type, String after, Instant time, int count) {
    List<StoredVersion> current =
        database.list(
            ROW,
            "select * from fhir_resource where resource_type = ? and id > ? order by id limit ?",
            type,
            after,
            count);
    List<StoredVersion> then = new ArrayList<>();
    for (StoredVersion stored : current) {
      if (!stored.updated().isAfter(time)) {
        then.add(stored);
        continue;
      }
      then.addAll(
          database.list(
              ROW,
              "select * from fhir_version where resource_type = ? and id = ? and updated_at <= ?"
                  + " order by version desc limit 1",
              type,
              stored.id(),
              utc(time)));
    }
    String last = current.isEmpty() ? after : current.get(current.size() - 1).id();
    return new AsOf(then, last, current.size() == count);
  }

  /** Returns the current version. */
  public Optional<StoredVersion> find(String type, String id) {
    return database
        .list(ROW, "select * from fhir_resource where resource_type = ? and id = ?", type, id)
        .stream()
        .findFirst();
  }

  /** Returns the Study Instance UID of a resource; empty if it has none or does not exist. */
  public Optional<String> studyOf(String type, String id) {
    return database
        .list(
            (row, context) -> row.getString(1),
            "select study_instance_uid from fhir_resource where resource_type = ? and id = ?"
                + " and study_instance_uid is not null",
            type,
            id)
        .stream()
        .findFirst();
  }

  /** Returns one version, current or past. */
  public Optional<StoredVersion> find(String type, String id, int version) {
    return database.list(ROW, VERSIONS + " and version = ?", type, id, type, id, version).stream()
        .findFirst();
  }

  /**
   * Returns one page of a resource's versions, the newest first; none for an unknown resource.
   *
   * @param since when the oldest was stored at the earliest
   * @param before lowest version of the previous page; {@link Integer#MAX_VALUE} for the first page
   * @param count page size, at least 0
   */
  public ResourceHistory history(String type, String id, Instant since, int before, int count) {
    int total =
        database
            .list(
                (row, context) -> row.getInt(1),
                VERSIONS.replace("select *", "select count(*)") + " and updated_at >= ?",
                type,
                id,
                type,
                id,
                utc(since))
            .get(0);
    List<StoredVersion> found =
        database.list(
            ROW,
            VERSIONS + " and updated_at >= ? and version < ? order by version desc limit ?",
            type,
            id,
            type,
            id,
            utc(since),
            before,
            count + 1);
    return history(total, found, count);
  }

  private static ResourceHistory history(int total, List<StoredVersion> found, int count) {
    boolean more = found.size() > count;
    return new ResourceHistory(total, more ? found.subList(0, count) : found, more);
  }

  /**
   * Returns one page of all versions of all resources, the newest first.
   *
   * @param type of the resources; null for every type
   * @param since when the oldest was stored at the earliest
   * @param before last version of the previous page; null for the first page
   * @param count page size, at least 0
   */
  public ResourceHistory history(String type, Instant since, StoredVersion before, int count) {
    Map<String, Object> bindings = new HashMap<>(Map.of("since", utc(since)));
    String all = " where updated_at >= :since";
    if (type != null) {
      all += " and resource_type = :type";
      bindings.put("type", type);
    }
    String rest = "";
    if (before != null) {
      rest = BEFORE;
      bindings.put("updated", utc(before.updated()));
      bindings.put("before_type", before.type());
      bindings.put("id", before.id());
      bindings.put("version", before.version());
    }
    String counting =
        "select (select count(*) from fhir_resource%1$s) + (select count(*) from fhir_version%1$s)"
            .formatted(all);
    String listing = history(all + rest);
    return database.with(
        h ->
            history(
                h.createQuery(counting).bindMap(bindings).mapTo(Integer.class).one(),
                h.createQuery(listing).bindMap(bindings).bind("limit", count + 1).map(ROW).list(),
                count));
  }

  /** Each table is read from an index to the limit, then both together. */
  static String history(String where) {
    String one =
        "select * from (select resource_type, id, version, updated_at, body from %s"
            + where
            + NEWEST
            + ") %s";
    return "select * from (%s union all %s) v%s"
        .formatted(one.formatted("fhir_resource", "a"), one.formatted("fhir_version", "b"), NEWEST);
  }

  private static final String NEWEST =
      " order by updated_at desc, resource_type desc, id desc, version desc limit :limit";

  private static final String BEFORE =
      " and updated_at <= :updated and (updated_at < :updated"
          + " or (resource_type, id, version) < (:before_type, :id, :version))";

  /**
   * Returns one page of the resources of a study, the devices that they name and the documents that
   * these name (a model's card), in order of types and ids.
   *
   * @param types which types to return, not empty
   * @param since when they were stored at the earliest
   * @param afterType type of the last resource of the previous page, {@code ""} for the first page
   * @param afterId its id
   * @param count page size, at least 0
   */
  public List<StoredVersion> ofStudy(
      String studyInstanceUid,
      List<String> types,
      Instant since,
      String afterType,
      String afterId,
      int count) {
    return database.with(
        h -> {
          Set<String> devices = new LinkedHashSet<>();
          Set<String> documents = new LinkedHashSet<>();
          h.createQuery(DEVICES_OF_STUDY)
              .bind("study", studyInstanceUid)
              .map(ROW)
              .forEach(
                  device -> {
                    devices.add(device.id());
                    documents.addAll(documents(device));
                  });
          return h.createQuery(OF_STUDY)
              .bind("study", studyInstanceUid)
              .bindList("types", types)
              .bindList(EmptyHandling.NULL_KEYWORD, "devices", devices)
              .bindList(EmptyHandling.NULL_KEYWORD, "documents", documents)
              .bind("since", utc(since))
              .bind("type", afterType)
              .bind("id", afterId)
              .bind("limit", count)
              .map(ROW)
              .list();
        });
  }

  /** Returns the ids of the DocumentReferences that a device names. */
  private static List<String> documents(StoredVersion device) {
    try {
      return ExactJson.MAPPER.readTree(device.body()).findValuesAsText("reference").stream()
          .filter(reference -> reference.startsWith(DOCUMENT))
          .map(reference -> reference.substring(DOCUMENT.length()))
          .toList();
    } catch (JsonProcessingException e) { // an unreadable device is shown as such
      return List.of();
    }
  }

  private static final String DOCUMENT = "DocumentReference/";

  static final String DEVICES_OF_STUDY =
      """
      select d.* from fhir_resource d
      where d.resource_type = 'Device' and d.id in (
        select substring(t.code, 8) from fhir_resource s
        join fhir_token t on t.resource_type = s.resource_type and t.id = s.id
        where s.resource_type in ('DocumentReference', 'Observation', 'Provenance')
          and s.study_instance_uid = :study
          and t.parameter in ('agent', 'author', 'device') and t.code like 'Device/%')
      """;

  /** A document that is of the study itself is found as such. */
  static final String OF_STUDY =
      """
      select * from (
        select r.* from fhir_resource r
        where r.resource_type in (<types>) and r.study_instance_uid = :study
        union all
        select d.* from fhir_resource d
        where d.resource_type = 'Device' and d.resource_type in (<types>) and d.id in (<devices>)
        union all
        select c.* from fhir_resource c
        where c.resource_type = 'DocumentReference' and c.resource_type in (<types>)
          and c.id in (<documents>)
          and (c.study_instance_uid is null or c.study_instance_uid <> :study)) r
      where r.updated_at >= :since
        and (r.resource_type > :type or (r.resource_type = :type and r.id > :id))
      order by r.resource_type, r.id limit :limit
      """;

  /**
   * As {@link #search(ResourceSearch, ResourceSort, String, int, boolean)}, by id, with the total.
   */
  public ResourcePage search(ResourceSearch search, String after, int count) {
    return search(search, ResourceSort.BY_ID, after, count, true);
  }

  /** Returns whether a search finds the resource with an id. */
  public boolean matches(ResourceSearch search, String id) {
    search.ids(List.of(id));
    return search(search, "", 0).total() > 0;
  }

  private record Placed(StoredVersion resource, String place) {}

  /**
   * Returns one page of matches in an order that begins anew after each row, so that resources
   * added or removed meanwhile do not shift it.
   *
   * @param after {@link ResourcePage#last} of the previous page, {@code ""} for the first page
   * @param count page size, at least 0
   * @param total whether to count the matches on all pages
   * @throws IllegalArgumentException if {@code after} is not of this order
   */
  public ResourcePage search(
      ResourceSearch search, ResourceSort sort, String after, int count, boolean total) {
    Map<String, Object> bindings = new HashMap<>(search.bindings());
    String rest = after.isEmpty() ? "" : sort.after(after, bindings);
    return database.with(
        h -> {
          Integer matches =
              total
                  ? h.createQuery("select count(*)" + search.where())
                      .bindMap(search.bindings())
                      .mapTo(Integer.class)
                      .one()
                  : null;
          List<Placed> found =
              h.createQuery("select r.*" + search.where() + rest + sort.orderBy() + " limit :limit")
                  .bindMap(bindings)
                  .bind("limit", count + 1)
                  .map((row, context) -> new Placed(ROW.map(row, context), sort.place(row)))
                  .list();
          boolean more = found.size() > count;
          List<Placed> page = more ? found.subList(0, count) : found;
          return new ResourcePage(
              matches,
              page.stream().map(Placed::resource).toList(),
              more,
              page.isEmpty() ? "" : page.get(page.size() - 1).place());
        });
  }

  /**
   * Returns the resources of a type that the given ones refer to (FHIR R4 search.html#include).
   *
   * @param ids of resources of the referring type, not empty
   */
  public List<StoredVersion> referredTo(
      String type, List<String> ids, String parameter, String targetType) {
    return database.with(
        h ->
            h.createQuery(
                    """
                    select r.* from fhir_resource r
                    where r.resource_type = :target and r.id in (
                      select substring(t.code, :from) from fhir_token t
                      where t.resource_type = :type and t.id in (<ids>)
                        and t.parameter = :parameter and t.code like :references)
                    order by r.id
                    """)
                .bind("target", targetType)
                .bind("from", targetType.length() + 2) // after the slash
                .bind("type", type)
                .bindList("ids", ids)
                .bind("parameter", parameter)
                .bind("references", targetType + "/%")
                .map(ROW)
                .list());
  }

  /**
   * Returns resources of a type that refer to given ones (FHIR R4 search.html#revinclude).
   *
   * @param references as {@code Type/id}, not empty
   * @param most how many to return at most
   */
  public List<StoredVersion> referring(
      String type, String parameter, List<String> references, int most) {
    return database.with(
        h ->
            h.createQuery(
                    """
                    select r.* from fhir_resource r
                    where r.resource_type = :type and r.id in (
                      select t.id from fhir_token t
                      where t.resource_type = :type and t.parameter = :parameter
                        and t.code in (<references>))
                    order by r.id limit :most
                    """)
                .bind("type", type)
                .bind("parameter", parameter)
                .bindList("references", references)
                .bind("most", most)
                .map(ROW)
                .list());
  }

  /** All versions of one resource: type and id are bound twice. */
  private static final String VERSIONS =
      """
      select * from (
        select resource_type, id, version, updated_at, body from fhir_resource
          where resource_type = ? and id = ?
        union all
        select resource_type, id, version, updated_at, body from fhir_version
          where resource_type = ? and id = ?) v
      where true""";

  private static final RowMapper<StoredVersion> ROW =
      (row, context) ->
          new StoredVersion(
              row.getString("resource_type"),
              row.getString("id"),
              row.getInt("version"),
              row.getObject("updated_at", OffsetDateTime.class).toInstant(),
              row.getString("body"));
}
