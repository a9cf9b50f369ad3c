package org.m2ib.pages;

import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.m2ib.accounts.Session;
import org.m2ib.api.Roles;
import org.m2ib.clip.ModelCard;

/**
 * The frame of all pages, {@code layout.html}: header, navigation, notice, the model's warning and
 * the texts.
 */
@Singleton
public class Frame {
  /** Holds the language that a reader chose. */
  static final String LANGUAGE = "m2ib-language";

  private final Supplier<ModelCard> model;

  @Inject SecurityIdentity identity;

  /**
   * @param model the default when a page is requested
   */
  @Inject
  public Frame(Supplier<ModelCard> model) {
    this.model = model;
  }

  /**
   * A page for the person who is signed in.
   *
   * @param template which includes {@code layout}
   * @param page its name in {@link Navigation}, or a name of its own
   */
  public Response show(
      TemplateInstance template, String page, HttpHeaders request, SecurityContext person) {
    Texts texts = texts(request);
    List<Link> links =
        Navigation.of(person).stream()
            .map(
                entry ->
                    new Link(
                        entry.path(),
                        texts.of("frame.page." + entry.page(), Map.of()),
                        entry.page().equals(page)))
            .toList();
    return answer(
        template
            .data("user", person.getUserPrincipal().getName())
            .data("model", model.get())
            .data("pages", links)
            .data(
                "roles", String.join(" ", Roles.ALL.stream().filter(person::isUserInRole).toList()))
            .data("conference", isConference()),
        page,
        texts);
  }

  private boolean isConference() {
    Session session = identity.getAttribute(Session.ATTRIBUTE);
    return session != null && session.conference();
  }

  /** A page for a person who is not signed in. */
  public Response showToStrangers(TemplateInstance template, String page, HttpHeaders request) {
    return answer(
        template.data("user", null).data("model", null).data("pages", List.of()).data("roles", ""),
        page,
        texts(request));
  }

  /** The texts in the language that the request asks for. */
  public static Texts texts(HttpHeaders request) {
    Cookie chosen = request.getCookies().get(LANGUAGE);
    return Texts.of(
        chosen == null ? null : chosen.getValue(),
        request.getAcceptableLanguages().stream().map(Locale::getLanguage).toList());
  }

  /** A link of the navigation. */
  public record Link(String path, String name, boolean current) {}

  private static Response answer(TemplateInstance template, String page, Texts texts) {
    return Response.ok(
            template
                .data("page", page)
                .data("t", texts.areas())
                .data("language", texts.language())
                .data("languages", Texts.LANGUAGES)
                .data("texts", texts.json())
                .render())
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_LANGUAGE + ", " + HttpHeaders.COOKIE)
        .build();
  }
}
