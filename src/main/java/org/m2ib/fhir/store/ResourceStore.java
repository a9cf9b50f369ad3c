package org.m2ib.fhir.store;

import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.parser.ErrorHandlerAdapter;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.Resource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.m2ib.cases.Database;
import org.m2ib.cases.StorableText;
import org.m2ib.cases.StorageUnavailableException;
import org.m2ib.cases.StoredResource;

/** Stores the FHIR resources that the service serves itself, by type and id. */
public final class ResourceStore {
  /** Decimals keep their digits, because precision is part of a FHIR decimal's value. */
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));

  /** Maximum characters of a system, an identifier's value or a code: the width of the column. */
  private final Database database;

  private final Clock clock;

  public ResourceStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Stores a resource and sets {@code meta.lastUpdated}. Replaces one of the same type and id.
   *
   * @throws IllegalArgumentException if the body is not a JSON object or not a FHIR resource
   * @throws StorageUnavailableException if another transaction created the same resource at the
   *     same time; retry the transaction
   */
  public void put(StoredResource resource) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    ObjectNode json = parse(resource.body());
    json.withObject("/meta").put("lastUpdated", DateTimeFormatter.ISO_INSTANT.format(now));
    String body = json.toString();
    ResourceIndex index = ResourceIndex.of(parsed(body), ZoneId.systemDefault());
    DateSpan date = index.date();
    database.inTransaction(
        () ->
            database.with(
                h -> {
                  put(h, resource, date, body, now);
                  return insert(h, resource, index);
                }));
  }

  /**
   * Updates an existing row in place. Cases share resources (the model's Device), and if two
   * transactions both deleted and inserted one, the second would hit the first's row.
   */
  private static void put(
      Handle h, StoredResource resource, DateSpan date, String body, Instant now) {
    Object[] values = {
      resource.studyInstanceUid(),
      date == null ? null : utc(date.first()),
      date == null ? null : utc(date.last()),
      body,
      utc(now),
      resource.type(),
      resource.id()
    };
    int changed =
        h.execute(
            """
            update fhir_resource
            set study_instance_uid = ?, date_from = ?, date_to = ?, body = ?, updated_at = ?
            where resource_type = ? and id = ?
            """,
            values);
    if (changed == 0) {
      h.execute(
          """
          insert into fhir_resource (study_instance_uid, date_from, date_to, body, updated_at,
            resource_type, id)
          values (?, ?, ?, ?, ?, ?, ?)
          """,
          values);
    }
    h.execute(
        "delete from fhir_token where resource_type = ? and id = ?",
        resource.type(),
        resource.id());
  }

  private static int insert(Handle h, StoredResource resource, ResourceIndex index) {
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
    return batch.size() == 0 ? 0 : batch.execute().length;
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
      if (JSON.readTree(body) instanceof ObjectNode object) {
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
      return removed(JSON.readTree(body));
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

  public Optional<StoredResource> find(String type, String id) {
    return database
        .list(ROW, "select * from fhir_resource where resource_type = ? and id = ?", type, id)
        .stream()
        .findFirst();
  }

  /**
   * Returns one page of matches in order of their ids, so that resources added or removed meanwhile
   * do not shift it.
   *
   * @param after last id of the previous page, {@code ""} for the first page
   * @param count page size, at least 0
   */
  public ResourcePage search(ResourceSearch search, String after, int count) {
    return database.with(
        h -> {
          int total =
              h.createQuery("select count(*)" + search.where())
                  .bindMap(search.bindings())
                  .mapTo(Integer.class)
                  .one();
          List<StoredResource> found =
              h.createQuery(
                      "select r.*"
                          + search.where()
                          + " and r.id > :after order by r.id limit :limit")
                  .bindMap(search.bindings())
                  .bind("after", after)
                  .bind("limit", count + 1)
                  .map(ROW)
                  .list();
          boolean more = found.size() > count;
          return new ResourcePage(total, more ? found.subList(0, count) : found, more);
        });
  }

  private static final RowMapper<StoredResource> ROW =
      (row, context) ->
          new StoredResource(
              row.getString("resource_type"),
              row.getString("id"),
              row.getString("study_instance_uid"),
              row.getString("body"));
}
