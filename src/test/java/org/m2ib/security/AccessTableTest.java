package org.m2ib.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.security.Authenticated;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The table of docs/access.md: who may call what. After a change, run this test once with {@code
 * -Dm2ib.write-docs=true}.
 */
class AccessTableTest {
  static final String EVERYONE = "everyone";
  static final String SIGNED_IN = "everyone who is signed in";
  private static final java.nio.file.Path MANUAL = java.nio.file.Path.of("docs/access.md");
  private static final String BEGIN = "<!-- the table: AccessTableTest -->\n";
  private static final String END = "<!-- end of the table -->\n";

  /**
   * @param method of HTTP; {@code *} for any
   * @param roles those that open it, or {@link #EVERYONE}, {@link #SIGNED_IN}; empty: nobody
   */
  record Route(String method, String path, List<String> roles) {}

  static List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.m2ib").stream()
            .filter(c -> c.isAnnotatedWith(Path.class))
            .map(JavaClass::reflect)
            .forEach(resource -> routes.addAll(of(resource)));
    ServletAccess.OPEN.forEach(path -> routes.add(new Route("*", path, List.of(EVERYONE))));
    ServletAccess.RULES.forEach(
        rule ->
            routes.add(
                new Route(
                    rule.method() == null ? "*" : rule.method().name(),
                    rule.path(),
                    rule.roles())));
    routes.sort(Comparator.comparing(Route::path).thenComparing(Route::method));
    return routes;
  }

  private static List<Route> of(Class<?> resource) {
    String base = resource.getAnnotation(Path.class).value();
    List<Route> routes = new ArrayList<>();
    for (Method method : resource.getDeclaredMethods()) {
      Arrays.stream(method.getAnnotations())
          .map(a -> a.annotationType().getAnnotation(HttpMethod.class))
          .filter(java.util.Objects::nonNull)
          .forEach(
              http -> {
                Path path = method.getAnnotation(Path.class);
                String whole = ("/" + base + "/" + (path == null ? "" : path.value()));
                String clean = whole.replaceAll("/+", "/").replaceAll("(.)/$", "$1");
                routes.add(
                    new Route(
                        http.value(),
                        clean.replaceAll(":[^}]*\\{[^}]*}[^}]*}|:[^}]*}", "}"),
                        roles(method.getAnnotations(), resource.getAnnotations())));
              });
    }
    return routes;
  }

  private static List<String> roles(Annotation[] method, Annotation[] resource) {
    for (Annotation[] annotations : List.of(method, resource)) {
      for (Annotation annotation : annotations) {
        if (annotation instanceof RolesAllowed allowed) {
          return List.of(allowed.value());
        }
        if (annotation instanceof PermitAll) {
          return List.of(EVERYONE);
        }
        if (annotation instanceof Authenticated) {
          return List.of(SIGNED_IN);
        }
      }
    }
    return List.of();
  }

  @Test
  void everyRouteNamesWhoMayCallIt() {
    assertThat(routes()).hasSizeGreaterThan(40).allSatisfy(r -> assertThat(r.roles()).isNotEmpty());
  }

  @Test
  void theManualSaysWhoMayCallWhat() throws IOException {
    String table =
        "| request | roles |\n|---|---|\n"
            + routes().stream()
                .map(
                    r ->
                        "| `%s %s` | %s |\n"
                            .formatted(r.method(), r.path(), String.join(", ", r.roles())))
                .collect(Collectors.joining());
    String manual = Files.readString(MANUAL);
    String now =
        manual.substring(0, manual.indexOf(BEGIN) + BEGIN.length())
            + table
            + manual.substring(manual.indexOf(END));
    if (Boolean.getBoolean("m2ib.write-docs")) {
      Files.writeString(MANUAL, now);
    }
    assertThat(Files.readString(MANUAL)).isEqualTo(now);
  }
}
