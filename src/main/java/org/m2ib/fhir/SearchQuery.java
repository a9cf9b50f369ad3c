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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.m2ib.fhir.store.DateSpan;
import org.m2ib.fhir.store.ResourceSearch;
import org.m2ib.fhir.store.ResourceSearch.Comparison;
import org.m2ib.fhir.store.SearchParameters;
import org.m2ib.fhir.store.SearchToken;

/**
 * The parameters of a search's URL, parsed strictly: unknown or malformed parameters are refused by
 * name, so that no search finds more than requested.
 *
 * @param search the search
 * @param count the page's size, [0, {@value #MOST}]
 * @param after where the previous page ended, {@code ""} for the first page
 * @param asked the search parameters as received
 */
record SearchQuery(ResourceSearch search, int count, String after, Map<String, String[]> asked) {
  static final int MOST = 200;
  static final int USUAL = 50;
  static final String COUNT = "_count";

  /** Where the next page begins: this service's own parameter, used in its links. */
  static final String AFTER = "_after";

  /** How the answer is written, not its content; HAPI reads them. */
  private static final Set<String> FORMAT = Set.of("_format", "_pretty");

  /** By name or media type; an unescaped + arrives as a space. */
  private static final Pattern JSON_OR_XML =
      Pattern.compile("((application|text)/(fhir[+ ])?)?(json|xml)(;.*)?");

  private static final String DATES =
      "a date (2026, 2026-03, 2026-03-05, 2026-03-05T10:00:00Z) is needed; + is %2B in a URL";

  private static final int MOST_VALUES = 100;

  /** HAPI would ignore an empty alternative; a comma in a value is escaped. */
  private static final Pattern EMPTY_VALUE = Pattern.compile("(^|(?<!\\\\),)(?=,|$)");

  /**
   * @param base the service's own URL: references below it are also written without it
   * @param zone for dates without one
   */
  static SearchQuery parse(
      String type, Map<String, String[]> parameters, String base, ZoneId zone) {
    format(parameters);
    Map<String, String[]> asked = new TreeMap<>(parameters);
    asked.keySet().removeAll(FORMAT);
    String[] count = asked.remove(COUNT);
    String[] after = asked.remove(AFTER);
    ResourceSearch search = new ResourceSearch(type);
    asked.forEach(
        (name, values) -> {
          for (String value : values) {
            new One(name, value, base, zone).addTo(search);
          }
        });
    return new SearchQuery(
        search,
        count == null ? USUAL : count(only(COUNT, count)),
        after == null ? "" : after(only(AFTER, after)),
        asked);
  }

  /** Refuses every parameter except those that say how the answer is written. */
  static void none(Map<String, String[]> parameters) {
    format(parameters);
    for (String name : parameters.keySet()) {
      if (!FORMAT.contains(name)) {
        throw Refusal.parameter(name, IssueType.NOTSUPPORTED, "this parameter is not known here");
      }
    }
  }

  private static void format(Map<String, String[]> parameters) {
    String[] format = parameters.get("_format");
    if (format != null && !JSON_OR_XML.matcher(only("_format", format)).matches()) {
      throw Refusal.parameter("_format", IssueType.NOTSUPPORTED, "json or xml is needed");
    }
  }

  private static String only(String name, String[] values) {
    if (values.length != 1) {
      throw Refusal.parameter(name, IssueType.INVALID, "give it once");
    }
    return values[0];
  }

  private static int count(String value) {
    if (!value.matches("[0-9]{1,9}")) {
      throw Refusal.parameter(COUNT, IssueType.INVALID, "a whole number from 0 is needed");
    }
    return Math.min(Integer.parseInt(value), MOST);
  }

  private static String after(String value) {
    if (!value.matches("[A-Za-z0-9.-]{1,64}")) {
      throw Refusal.parameter(AFTER, IssueType.INVALID, "not from a link of this service");
    }
    return value;
  }

  /** One parameter; its values, separated by commas, are alternatives. */
  private record One(String name, String value, String base, ZoneId zone) {

    void addTo(ResourceSearch search) {
      String plain = ParameterUtil.stripModifierPart(name);
      RuntimeSearchParam parameter =
          SearchParameters.find(search.type(), plain)
              .orElseThrow(
                  () ->
                      refuse(
                          IssueType.NOTSUPPORTED,
                          "not a search parameter of " + search.type() + "; see /metadata"));
      boolean identifier =
          parameter.getParamType() == RestSearchParameterTypeEnum.REFERENCE
              && name.substring(plain.length()).matches("[:.]identifier"); // modifier, or chain
      if (!name.equals(plain) && !identifier) {
        throw refuse(IssueType.NOTSUPPORTED, "this modifier or chain is not supported");
      }
      if (parameter == SearchParameters.TARGETS_PATIENT) {
        if (!identifier) {
          throw refuse(IssueType.NOTSUPPORTED, "by identifier only: patient:identifier");
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
          case REFERENCE -> search.tokens(plain, each(new ReferenceOrListParam(), this::reference));
          case DATE -> search.dates(each(new DateOrListParam(), this::date));
          default -> throw new IllegalStateException("no search by " + parameter.getParamType());
        }
      }
    }

    /** HAPI parses the values; it would ignore an empty one, which would find more. */
    private <P extends IQueryParameterType, T> List<T> each(
        BaseOrListParam<?, P> parameter, Function<P, T> read) {
      QualifiedParamList values =
          QualifiedParamList.splitQueryStringByCommasIgnoreEscape(null, value);
      if (values.isEmpty() || values.size() > MOST_VALUES) {
        throw refuse(IssueType.INVALID, "1 to " + MOST_VALUES + " values are needed");
      }
      if (EMPTY_VALUE.matcher(value).find()
          || values.stream().anyMatch(v -> v.isBlank() || v.indexOf('\0') >= 0)) {
        throw refuse(IssueType.INVALID, "a value is empty or contains a NUL character");
      }
      try {
        parameter.setValuesAsQueryTokens(null, name, values);
      } catch (DataFormatException | InvalidRequestException e) { // its message quotes the value
        throw refuse(IssueType.INVALID, "a value is not well formed" + hint(parameter));
      }
      return parameter.getValuesAsQueryTokens().stream().map(read).toList();
    }

    private static String hint(BaseOrListParam<?, ?> parameter) {
      return parameter instanceof DateOrListParam ? ": " + DATES : "";
    }

    private SearchToken token(TokenParam token) {
      boolean anyCode = token.getValue().isEmpty();
      if (anyCode && token.getSystem().isEmpty()) {
        throw refuse(IssueType.INVALID, "a system, a code or both are needed: system|code");
      }
      return new SearchToken(token.getSystem(), anyCode ? null : token.getValue());
    }

    private SearchToken reference(ReferenceParam parameter) {
      String reference = ParameterUtil.unescape(parameter.getValue());
      if (reference.startsWith(base + "/")) {
        reference = reference.substring(base.length() + 1);
      }
      if (name.equals("patient") && !reference.contains("/")) {
        reference = "Patient/" + reference;
      }
      if (!reference.contains("/")) {
        throw refuse(
            IssueType.INVALID, "Type/id or a URL is needed, or an identifier with :identifier");
      }
      return new SearchToken(null, reference);
    }

    private String study(TokenParam token) {
      String uid = token.getValue().replaceFirst("^urn:oid:", "");
      boolean system = token.getSystem() == null || token.getSystem().equals("urn:dicom:uid");
      if (!system || !uid.matches("[0-9.]{1,64}")) {
        throw refuse(IssueType.INVALID, "a UID is needed: digits and dots, at most 64");
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
        default -> throw refuse(IssueType.NOTSUPPORTED, "the prefixes are eq, lt, le, gt and ge");
      };
    }

    private Refusal refuse(IssueType code, String message) {
      return Refusal.parameter(name, code, message);
    }
  }
}
