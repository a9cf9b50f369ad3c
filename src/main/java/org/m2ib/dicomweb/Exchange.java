package org.m2ib.dicomweb;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Set;
import org.m2ib.api.ProblemException;

/** A request and its response. */
record Exchange(HttpServletRequest request, HttpServletResponse response, Target target) {
  static final String JSON = "application/dicom+json";

  /** What the client accepts, by the query parameter or the header (PS3.18 8.3.3.1). */
  List<MediaRange> accepted() {
    String parameter = request.getParameter("accept");
    List<MediaRange> accepted =
        MediaRange.parse(parameter != null ? parameter : request.getHeader("Accept"));
    if (accepted.isEmpty()) {
      throw new ProblemException(400, "Accept: it cannot be read.");
    }
    return accepted;
  }

  /**
   * @throws ProblemException 406 unless the client accepts JSON
   */
  void needJson() {
    if (accepted().stream()
        .noneMatch(range -> range.includes(JSON) || range.includes("application/json"))) {
      throw new ProblemException(406, "Accept: only " + JSON + " is provided here.");
    }
  }

  /**
   * @throws ProblemException 400 for a parameter that is not among these
   */
  void only(Set<String> parameters) {
    for (String name : request.getParameterMap().keySet()) {
      if (!name.equals("accept") && !parameters.contains(name)) {
        throw new ProblemException(
            400,
            "The query has a parameter that this resource does not have; it has "
                + (parameters.isEmpty() ? "none" : String.join(", ", parameters))
                + ".");
      }
    }
  }

  /** The value of a parameter; null if it is absent. */
  String parameter(String name) {
    return request.getParameter(name);
  }

  /** Address of the service, as the client calls it. */
  String base() {
    StringBuffer url = request.getRequestURL();
    String path = request.getRequestURI();
    String root = request.getContextPath() + request.getServletPath();
    return url.substring(0, url.length() - path.length()) + root;
  }

  /** Address of a study, series or instance. */
  String url(String study, String series, String instance) {
    return base()
        + "/studies/"
        + study
        + (series == null ? "" : "/series/" + series)
        + (instance == null ? "" : "/instances/" + instance);
  }

  /** A warning (PS3.18 8.5 and RFC 7234 5.5) about what was not done. */
  void warn(String what) {
    response.addHeader("Warning", "299 m2ib \"" + what + "\"");
  }
}
