package org.m2ib.fhir;

import ca.uhn.fhir.context.RuntimeSearchParam;
import ca.uhn.fhir.model.api.IQueryParameterType;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.rest.api.QualifiedParamList;
import ca.uhn.fhir.rest.api.RestSearchParameterTypeEnum;
import ca.uhn.fhir.rest.param.BaseOrListParam;
import ca.uhn.fhir.rest.param.DateOrListParam;
import ca.uhn.fhir.rest.param.DateParam;
import ca.uhn.fhir.rest.param.ParamPrefixEnum;
import ca.uhn.fhir.rest.param.ParameterUtil;
import ca.uhn.fhir.rest.param.ReferenceOrListParam;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.StringOrListParam;
import ca.uhn.fhir.rest.param.StringParam;
import ca.uhn.fhir.rest.param.TokenOrListParam;
import ca.uhn.fhir.rest.param.TokenParam;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.fhir.store.DateSpan;
import org.m2ib.fhir.store.ResourceSearch;
import org.m2ib.fhir.store.ResourceSearch.Comparison;
import org.m2ib.fhir.store.ResourceSort;
import org.m2ib.fhir.store.SearchParameters;
import org.m2ib.fhir.store.SearchToken;

/**
 * The parameters of a search URL, parsed strictly. Unknown or malformed parameters are refused by
 * name, so that no search returns more than was asked for.
 *
 * @param search the search
 * @param count page size, [0, {@value #MOST}]
 * @param sort order of the matches
 * @param after place at which the previous page ended, {@code ""} for the first page
 * @param results what to return of the matches and beside them
 * @param asked all parameters except format and paging, as received
 */
record SearchQuery(
    ResourceSearch search,
    ResourceSort sort,
    int count,
    String after,
    SearchResults results,
    Map<String, String[]> asked) {
  static final int MOST = 200;
  static final int USUAL = 50;
  static final String COUNT = "_count";

  /** Marks where the next page begins. Not part of FHIR; used only in this service's links. */
  static final String AFTER = "_after";

  /** Parameters that affect only the format of the answer. HAPI handles them. */
  static final Set<String> FORMAT = Set.of("_format", "_pretty");

  /** A name or media type. An unescaped + arrives as a space. */
  private static final Pattern JSON_OR_XML =
      Pattern.compile("((application|text)/(fhir[+ ])?)?(json|xml)(;.*)?");

  private static final String DATES =
      "must be a date (2026, 2026-03, 2026-03-05, 2026-03-05T10:00:00Z); write + as %2B in a URL";

  private static final int MOST_VALUES = 100;

  /** HAPI ignores an empty alternative. A comma within a value is escaped. */
  private static final Pattern EMPTY_VALUE = Pattern.compile("(^|(?<!\\\\),)(?=,|$)");

  /**
   * @param base base URL of the service; references below it are also indexed as relative ones
   * @param zone zone of dates without one
   */
  static SearchQuery parse(
      String type, Map<String, String[]> parameters, String base, ZoneId zone) {
    Map<String, String[]> asked = withoutFormat(parameters);
    String[] count = asked.remove(COUNT);
    String[] after = asked.remove(AFTER);
    Map<String, String[]> conditions = new TreeMap<>(asked);
    ResourceSort sort = SearchSort.take(type, conditions);
    SearchResults results =
        SearchResults.take(SearchParameters.FHIR.getResourceDefinition(type), conditions);
    ResourceSearch search = new ResourceSearch(type);
    conditions.forEach(
        (name, values) -> {
          for (String value : values) {
            new One(name, name, value, base, zone).addTo(search);
          }
        });
    return new SearchQuery(
        search,
        sort,
        results.only() ? 0 : count(count),
        after == null ? "" : after(only(AFTER, after)),
        results,
        asked);
  }

  /** Returns the types of all resources that the search looks at or returns. */
  Set<String> types() {
    Set<String> all = new TreeSet<>(search.types());
    results.includes().forEach(include -> all.addAll(include.types()));
    return all;
  }

  /** Returns a copy without the parameters that affect only the format. */
  static Map<String, String[]> withoutFormat(Map<String, String[]> parameters) {
    format(parameters);
    Map<String, String[]> others = new TreeMap<>(parameters);
    others.keySet().removeAll(FORMAT);
    return others;
  }

  /** Refuses all parameters except those that affect the format. */
  static void none(Map<String, String[]> parameters) {
    format(parameters);
    for (String name : parameters.keySet()) {
      if (!FORMAT.contains(name)) {
        throw Refusal.parameter(name, IssueType.NOTSUPPORTED, "unknown parameter");
      }
    }
  }

  private static void format(Map<String, String[]> parameters) {
    String[] format = parameters.get("_format");
    if (format != null && !JSON_OR_XML.matcher(only("_format", format)).matches()) {
      throw Refusal.parameter(406, "_format", IssueType.NOTSUPPORTED, "must be json or xml");
    }
    String[] pretty = parameters.get("_pretty");
    if (pretty != null && !only("_pretty", pretty).matches("true|false")) {
      throw Refusal.parameter("_pretty", IssueType.INVALID, "must be true or false");
    }
  }

  static String only(String name, String[] values) {
    if (values.length != 1) {
      throw Refusal.parameter(name, IssueType.INVALID, "must be given only once");
    }
    return values[0];
  }

  /**
   * @param values null if it is not given
   */
  static int count(String[] values) {
    if (values == null) {
      return USUAL;
    }
    String value = only(COUNT, values);
    if (!value.matches("[0-9]{1,9}")) {
      throw Refusal.parameter(COUNT, IssueType.INVALID, "must be an integer of at least 0");
    }
    return Math.min(Integer.parseInt(value), MOST);
  }

  private static String after(String value) {
    if (!value.matches("[A-Za-z0-9._-]{1,1000}")) {
      throw Refusal.parameter(AFTER, IssueType.INVALID, "must come from a link of this service");
    }
    return value;
  }

  /**
   * One parameter. Its comma-separated values are alternatives.
   *
   * @param asked its name in the URL
   * @param name its name, or what follows in a chain
   */
  private record One(String asked, String name, String value, String base, ZoneId zone) {

    /** A reference, the type of its target, and a parameter of the target. */
    private static final Pattern CHAIN =
        Pattern.compile("([a-z-]+)(?::([A-Z][A-Za-z]+))?\\.([A-Za-z_][A-Za-z_:.-]*)");

    void addTo(ResourceSearch search) {
      List<Consumer<ResourceSearch>> chains = chains(search.type());
      if (chains.isEmpty()) {
        addOwn(search);
        return;
      }
      if (name.matches("[a-z-]+\\.identifier")) { // the reference itself may have one
        chains.add(this::addOwn);
      }
      search.anyOf(chains);
    }

    /** Returns one condition for each type of the service's own that the reference may point to. */
    private List<Consumer<ResourceSearch>> chains(String type) {
      List<Consumer<ResourceSearch>> chains = new ArrayList<>();
      Matcher chain = CHAIN.matcher(name);
      if (chain.matches() && SearchParameters.find(type, chain.group(1)).isPresent()) {
        One next = new One(asked, chain.group(3), value, base, zone);
        String plain = ParameterUtil.stripModifierPart(chain.group(3));
        for (String target : SearchParameters.targets(type, chain.group(1))) {
          if ((chain.group(2) == null || chain.group(2).equals(target))
              && SearchParameters.find(target, plain).isPresent()) {
            chains.add(search -> search.chain(chain.group(1), target, next::addTo));
          }
        }
      }
      return chains;
    }

    private void addOwn(ResourceSearch search) {
      String plain = ParameterUtil.stripModifierPart(name);
      RuntimeSearchParam parameter =
          SearchParameters.find(search.type(), plain)
              .orElseThrow(
                  () ->
                      refuse(
                          IssueType.NOTSUPPORTED,
                          "not a search parameter of " + search.type() + "; see /metadata"));
      String modifier = name.substring(plain.length());
      boolean reference = parameter.getParamType() == RestSearchParameterTypeEnum.REFERENCE;
      boolean identifier = reference && modifier.matches("[:.]identifier"); // or a chain
      List<String> types = reference ? types(search.type(), plain, modifier) : List.of();
      if (!modifier.isEmpty() && !identifier && types.isEmpty()) {
        throw refuse(IssueType.NOTSUPPORTED, "this modifier or chain is not supported");
      }
      if (parameter == SearchParameters.TARGETS_PATIENT) {
        if (!identifier) {
          throw refuse(IssueType.NOTSUPPORTED, "only patient:identifier is supported");
        }
        search.targetsPatients(each(new TokenOrListParam(), this::token));
      } else if (parameter == SearchParameters.STUDY) {
        search.studies(each(new TokenOrListParam(), this::study));
      } else if (plain.equals("_id")) {
        search.ids(each(new StringOrListParam(), StringParam::getValue));
      } else if (plain.equals("_lastUpdated")) {
        search.lastUpdated(each(new DateOrListParam(), this::date));
      } else if (identifier) {
        search.tokens(
            plain + SearchParameters.IDENTIFIER, each(new TokenOrListParam(), this::token));
      } else {
        switch (parameter.getParamType()) {
          case TOKEN -> search.tokens(plain, each(new TokenOrListParam(), this::token));
          case REFERENCE -> {
            List<List<SearchToken>> each =
                each(
                    new ReferenceOrListParam(), one -> references(one, types, !modifier.isEmpty()));
            search.tokens(plain, each.stream().flatMap(List::stream).toList());
          }
          case DATE -> search.dates(each(new DateOrListParam(), this::date));
          default -> throw new IllegalStateException("no search by " + parameter.getParamType());
        }
      }
    }

    /**
     * Parses the values with HAPI. An empty value is refused: HAPI would ignore it and find more.
     */
    private <P extends IQueryParameterType, T> List<T> each(
        BaseOrListParam<?, P> parameter, Function<P, T> read) {
      QualifiedParamList values =
          QualifiedParamList.splitQueryStringByCommasIgnoreEscape(null, value);
      if (values.isEmpty() || values.size() > MOST_VALUES) {
        throw refuse(IssueType.INVALID, "must have 1 to " + MOST_VALUES + " values");
      }
      if (EMPTY_VALUE.matcher(value).find()
          || values.stream().anyMatch(v -> v.isBlank() || v.indexOf('\0') >= 0)) {
        throw refuse(IssueType.INVALID, "a value is empty or contains a NUL character");
      }
      try {
        parameter.setValuesAsQueryTokens(null, name, values);
      } catch (DataFormatException | InvalidRequestException e) { // its message quotes the value
        throw refuse(IssueType.INVALID, "a value is malformed" + hint(parameter));
      }
      return parameter.getValuesAsQueryTokens().stream().map(read).toList();
    }

    private static String hint(BaseOrListParam<?, ?> parameter) {
      return parameter instanceof DateOrListParam ? ": " + DATES : "";
    }

    private SearchToken token(TokenParam token) {
      boolean anyCode = token.getValue().isEmpty();
      if (anyCode && token.getSystem().isEmpty()) {
        throw refuse(IssueType.INVALID, "must be a system, a code or both: system|code");
      }
      return new SearchToken(token.getSystem(), anyCode ? null : token.getValue());
    }

    /** Returns the types that an id without a type may be of (FHIR R4 search.html#reference). */
    private static List<String> types(String type, String parameter, String modifier) {
      List<String> all = new ArrayList<>(SearchParameters.targets(type, parameter));
      if (parameter.equals("patient") || parameter.equals("subject") && !modifier.isEmpty()) {
        all.add("Patient");
      }
      return all.stream().filter(one -> modifier.isEmpty() || modifier.equals(":" + one)).toList();
    }

    /**
     * @param types what an id without a type may be of
     * @param typed whether the parameter names the type
     */
    private List<SearchToken> references(
        ReferenceParam parameter, List<String> types, boolean typed) {
      String value = ParameterUtil.unescape(parameter.getValue());
      String reference = value.startsWith(base + "/") ? value.substring(base.length() + 1) : value;
      if (!reference.contains("/")) {
        if (types.isEmpty()) {
          throw refuse(
              IssueType.INVALID, "must be Type/id or a URL, or an identifier with :identifier");
        }
        return types.stream().map(type -> new SearchToken(null, type + "/" + reference)).toList();
      }
      if (typed && !reference.startsWith(types.get(0) + "/")) {
        throw refuse(IssueType.INVALID, "must be an id of this type");
      }
      return List.of(new SearchToken(null, reference));
    }

    private String study(TokenParam token) {
      String uid = token.getValue().replaceFirst("^urn:oid:", "");
      boolean system = token.getSystem() == null || token.getSystem().equals("urn:dicom:uid");
      if (!system || !uid.matches("[0-9.]{1,64}")) {
        throw refuse(IssueType.INVALID, "must be a UID: at most 64 digits and dots");
      }
      return uid;
    }

    private ResourceSearch.Date date(DateParam date) {
      try {
        return new ResourceSearch.Date(
            comparison(date.getPrefix()), DateSpan.parse(date.getValueAsString(), zone));
      } catch (IllegalArgumentException e) {
        throw refuse(IssueType.INVALID, DATES);
      }
    }

    private Comparison comparison(ParamPrefixEnum prefix) {
      if (prefix == null) {
        return Comparison.EQ;
      }
      return switch (prefix) {
        case EQUAL -> Comparison.EQ;
        case LESSTHAN -> Comparison.LT;
        case GREATERTHAN -> Comparison.GT;
        case LESSTHAN_OR_EQUALS -> Comparison.LE;
        case GREATERTHAN_OR_EQUALS -> Comparison.GE;
        default ->
            throw refuse(IssueType.NOTSUPPORTED, "supported prefixes are eq, lt, le, gt and ge");
      };
    }

    private Refusal refuse(IssueType code, String message) {
      return Refusal.parameter(asked, code, message);
    }
  }
}
