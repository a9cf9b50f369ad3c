package org.m2ib.review;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.m2ib.api.JsonBody;
import org.m2ib.api.ProblemException;
import org.m2ib.campaigns.Campaign;
import org.m2ib.campaigns.Filter;
import org.m2ib.campaigns.Stratum;
import org.m2ib.cases.StorableText;
import org.m2ib.judging.Scheme;
import org.m2ib.judging.Schemes;

/**
 * The body of a campaign.
 *
 * @param scheme its code; null: the usual one
 * @param blind null: false
 * @param doubleShare null: 0
 * @param onePerCase null: true
 * @param seed null: 1
 * @param strata null: not sampled by strata
 * @param size of a sample without strata
 * @param filter of a sample without strata; null: every sentence
 * @param deadline null: none
 */
record CampaignBody(
    String question,
    String scheme,
    Boolean blind,
    Double doubleShare,
    Boolean onePerCase,
    Long seed,
    List<Stratum> strata,
    Integer size,
    Filter filter,
    List<String> readers,
    Instant deadline) {
  private static final int MOST_BYTES = 256 << 10;
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /**
   * @throws ProblemException 413, 415 or 400
   */
  static CampaignBody read(MediaType type, byte[] body) {
    JsonBody.requireJson(type);
    JsonBody.requireAtMost(MOST_BYTES, body);
    try {
      CampaignBody read = JSON.readValue(body, CampaignBody.class);
      if (read != null) {
        return read;
      }
    } catch (UnrecognizedPropertyException e) { // its name is the sender's
      throw new ProblemException(
          400, "body: unknown field; the fields are " + e.getKnownPropertyIds());
    } catch (JsonMappingException e) {
      String path =
          e.getPath().stream()
              .map(part -> part.getFieldName() == null ? "[]" : part.getFieldName())
              .collect(Collectors.joining("."));
      throw new ProblemException(
          400, (path.isEmpty() ? "body" : path) + ": a value of another type");
    } catch (IOException e) {
      // its message quotes the body
    }
    throw JsonBody.notAnObject("");
  }

  /**
   * @throws ProblemException 400
   */
  Campaign campaign(Schemes schemes, String person, Instant now) {
    try {
      Scheme asked = scheme == null ? schemes.byDefault() : schemes.current(scheme);
      if (strata != null && (size != null || filter != null)) {
        throw new IllegalArgumentException("strata: without size and filter beside them");
      }
      checkNames();
      if (deadline != null && !deadline.isAfter(now)) {
        throw new IllegalArgumentException("deadline: is past");
      }
      return new Campaign(
          UUID.randomUUID(),
          question == null ? "" : question.strip(),
          asked.code(),
          asked.version(),
          Boolean.TRUE.equals(blind),
          doubleShare == null ? 0 : doubleShare,
          !Boolean.FALSE.equals(onePerCase),
          seed == null ? 1 : seed,
          strata == null
              ? List.of(new Stratum(Stratum.ALL, size == null ? 0 : size, orAll(filter)))
              : strata.stream().map(CampaignBody::checked).toList(),
          readers == null ? List.of() : readers,
          deadline,
          person,
          now,
          null);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(400, e.getMessage());
    }
  }

  /** Shares are shown by stratum. */
  private void checkNames() {
    Set<String> names = new HashSet<>();
    for (Stratum stratum : strata == null ? List.<Stratum>of() : strata) {
      if (stratum == null
          || stratum.name() == null
          || stratum.name().isBlank()
          || !StorableText.is(stratum.name())
          || !names.add(stratum.name().strip())) {
        throw new IllegalArgumentException("strata: each needs a name of its own");
      }
    }
  }

  private static Stratum checked(Stratum stratum) {
    return new Stratum(stratum.name().strip(), stratum.size(), orAll(stratum.filter()));
  }

  private static Filter orAll(Filter filter) {
    return filter == null ? Filter.all() : filter;
  }
}
