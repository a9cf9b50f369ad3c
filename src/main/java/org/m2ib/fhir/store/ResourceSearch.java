package org.m2ib.fhir.store;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A search for resources of one type. All conditions must hold. Not thread-safe. */
public final class ResourceSearch {

  /** How a resource's date compares to the requested one (FHIR R4 search.html#prefix). */
  public enum Comparison {
    EQ("({from} >= {first} and {to} <= {last})"),
    LT("{from} < {first}"),
    GT("{to} > {last}"),
    LE("({from} < {first} or ({from} >= {first} and {to} <= {last}))"),
    GE("({to} > {last} or ({from} >= {first} and {to} <= {last}))");

    private final String sql;

    Comparison(String sql) {
      this.sql = sql;
    }
  }

  /**
   * @param comparison the comparison
   * @param span the requested date
   */
  public record Date(Comparison comparison, DateSpan span) {}

  private final String type;

  /** Of its row in SQL. */
  private final String alias;

  private final List<String> conditions = new ArrayList<>();
  private final Map<String, Object> values;

  /** Of all resources that it looks at. */
  private final Set<String> types;

  public ResourceSearch(String type) {
    this(type, "r", new HashMap<>(), new TreeSet<>());
    conditions.add("r.resource_type = " + value(type));
  }

  private ResourceSearch(String type, String alias, Map<String, Object> values, Set<String> types) {
    this.types = types;
    types.add(type);
    this.type = type;
    this.alias = alias;
    this.values = values;
  }

  public String type() {
    return type;
  }

  /** Returns its type and those that its conditions look at. */
  public Set<String> types() {
    return types;
  }

  /** Requires one of these ids. */
  public void ids(List<String> anyOf) {
    conditions.add(alias + ".id in (" + values(anyOf) + ")");
  }

  /** Requires one of these studies. */
  public void studies(List<String> anyOf) {
    conditions.add(alias + ".study_instance_uid in (" + values(anyOf) + ")");
  }

  /**
   * Requires one of these tokens under a parameter's name, or under name and {@link
   * SearchParameters#IDENTIFIER}.
   */
  public void tokens(String parameter, List<SearchToken> anyOf) {
    conditions.add(
        """
        exists (select 1 from fhir_token t
          where t.resource_type = %s.resource_type and t.id = %s.id
            and t.parameter = %s and %s)
        """
            .formatted(alias, alias, value(parameter), match(anyOf)));
  }

  /**
   * Requires that a reference points to a resource of a type that is stored here and meets
   * conditions (FHIR R4 search.html#chaining).
   */
  public void chain(String parameter, String targetType, Consumer<ResourceSearch> conditions) {
    ResourceSearch target = new ResourceSearch(targetType, alias + "x", values, types);
    conditions.accept(target);
    this.conditions.add(
        """
        exists (select 1 from fhir_token c
          join fhir_resource %2$s on %2$s.resource_type = %4$s
            and %2$s.id = substring(c.code, %5$d)
          where c.resource_type = %1$s.resource_type and c.id = %1$s.id and c.parameter = %3$s
            and c.code like %6$s and %7$s)
        """
            .formatted(
                alias,
                target.alias,
                value(parameter),
                value(targetType),
                targetType.length() + 2, // after the slash
                value(targetType + "/%"),
                String.join(" and ", target.conditions)));
  }

  /** Requires that at least one of these holds. */
  public void anyOf(List<Consumer<ResourceSearch>> alternatives) {
    conditions.add(
        alternatives.stream()
            .map(
                alternative -> {
                  ResourceSearch one = new ResourceSearch(type, alias, values, types);
                  alternative.accept(one);
                  return String.join(" and ", one.conditions);
                })
            .collect(Collectors.joining(" or ", "(", ")")));
  }

  /** Requires that a target of the resource has one of these patient identifiers. */
  public void targetsPatients(List<SearchToken> anyOf) {
    types.addAll(SearchParameters.targets(type, "target"));
    conditions.add(
        """
        exists (select 1 from fhir_token x
          join fhir_token t on x.code = t.resource_type || '/' || t.id
          where x.resource_type = %s.resource_type and x.id = %s.id and x.parameter = 'target'
            and t.parameter = %s and %s)
        """
            .formatted(alias, alias, value("patient" + SearchParameters.IDENTIFIER), match(anyOf)));
  }

  /** Requires that one of these holds for the resource's date. */
  public void dates(List<Date> anyOf) {
    dates(anyOf, alias + ".date_from", alias + ".date_to");
  }

  /** Requires that one of these holds for the time when the resource was last stored. */
  public void lastUpdated(List<Date> anyOf) {
    dates(anyOf, alias + ".updated_at", alias + ".updated_at");
  }

  private void dates(List<Date> anyOf, String from, String to) {
    conditions.add(
        anyOf.stream()
            .map(
                date ->
                    date.comparison()
                        .sql
                        .replace("{from}", from)
                        .replace("{to}", to)
                        .replace("{first}", instant(date.span().first()))
                        .replace("{last}", instant(date.span().last())))
            .collect(Collectors.joining(" or ", "(", ")")));
  }

  private String instant(Instant instant) {
    return value(instant.atOffset(ZoneOffset.UTC));
  }

  private String match(List<SearchToken> anyOf) {
    return anyOf.stream()
        .map(
            token -> {
              List<String> parts = new ArrayList<>();
              if (token.code() != null) {
                parts.add("t.code = " + value(token.code()));
              }
              if (token.system() != null) {
                parts.add("t.system = " + value(token.system()));
              }
              return String.join(" and ", parts);
            })
        .collect(Collectors.joining(" or ", "(", ")"));
  }

  private String values(List<String> all) {
    return all.stream().map(this::value).collect(Collectors.joining(", "));
  }

  /** Binds a value and returns its placeholder. */
  private String value(Object value) {
    String name = "v" + values.size();
    values.put(name, value);
    return ":" + name;
  }

  String where() {
    return " from fhir_resource r where " + String.join(" and ", conditions);
  }

  Map<String, Object> bindings() {
    return values;
  }
}
