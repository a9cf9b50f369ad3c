package org.m2ib.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * docs/configuration.md is made from {@link M2ibConfig}'s Javadoc and defaults. After a change, run
 * this test once with {@code -Dm2ib.write-docs=true}.
 */
class ConfigurationManualTest {
  private static final Path SOURCE = Path.of("src/main/java/org/m2ib/config/M2ibConfig.java");
  private static final Path MANUAL = Path.of("docs/configuration.md");
  private static final String BY_NAME = "Map<String, ";
  private static final Pattern DEFAULT = Pattern.compile("@WithDefault\\(\"(.*)\"\\)");

  @Test
  void theManualSaysWhatTheConfigurationInterfaceSays() throws IOException {
    String manual = manual();
    if (Boolean.getBoolean("m2ib.write-docs")) {
      Files.writeString(MANUAL, manual);
    }
    assertThat(Files.readString(MANUAL)).isEqualTo(manual);
  }

  private record Key(String owner, String name, String type, String standard, String text) {}

  private static String manual() throws IOException {
    List<Key> keys = keys();
    Map<String, Key> groups = new HashMap<>();
    StringBuilder out =
        new StringBuilder(
            """
            # Configuration

            Generated from `M2ibConfig` by its test. Set a key as a system property (`JAVA_OPTS=-Dm2ib.archive=...`), in
            `config/application.properties` in the working directory, or as an environment variable:
            `m2ib.dicom.ae-title` is `M2IB_DICOM_AE_TITLE`. An invalid value stops the service at start.
            HTTP and the data source have Quarkus' own keys: `quarkus.http.host` (127.0.0.1), `quarkus.http.port`
            (8080), `quarkus.datasource.jdbc.url` (`jdbc:postgresql://host/database`; absent: H2 in the data folder),
            `quarkus.datasource.username`, `quarkus.datasource.password`.

            | key | default | description |
            |---|---|---|
            """);
    Map<String, String> prefixes = new HashMap<>(Map.of("M2ibConfig", "m2ib."));
    for (Key key : keys) {
      if (isGroup(key, keys)) { // declared before what it contains
        groups.put(key.type(), key);
        prefixes.put(key.type(), prefixes.get(key.owner()) + key.name() + ".");
      } else if (key.owner().equals("M2ibConfig")) {
        row(out, "m2ib." + key.name(), key);
      }
    }
    String group = "";
    for (Key key : keys) {
      if (key.owner().equals("M2ibConfig") || isGroup(key, keys)) {
        continue;
      }
      if (!group.equals(key.owner())) {
        group = key.owner();
        String name = prefixes.get(group).replaceAll("^m2ib[.]|[.]$", "");
        out.append("| **%s** | | %s |%n".formatted(name, groups.get(group).text()));
      }
      row(out, prefixes.get(group) + key.name(), key);
    }
    return out.toString();
  }

  private static boolean isGroup(Key key, List<Key> keys) {
    return keys.stream().anyMatch(other -> other.owner().equals(key.type()));
  }

  private static void row(StringBuilder out, String name, Key key) {
    String standard = key.standard().isEmpty() ? "absent" : "`" + key.standard() + "`";
    out.append("| `%s` | %s | %s |%n".formatted(name, standard, key.text()));
  }

  private static List<Key> keys() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var files = compiler.getStandardFileManager(null, null, null);
    JavacTask task =
        (JavacTask)
            compiler.getTask(
                null,
                files,
                d -> {},
                List.of("-proc:none"),
                null,
                files.getJavaFileObjects(SOURCE));
    List<Key> keys = new ArrayList<>();
    for (var unit : task.parse()) {
      DocTrees docs = DocTrees.instance(task);
      new TreePathScanner<Void, String>() {
        @Override
        public Void visitClass(ClassTree type, String owner) {
          return super.visitClass(type, type.getSimpleName().toString());
        }

        @Override
        public Void visitMethod(MethodTree method, String owner) {
          DocCommentTree doc = docs.getDocCommentTree(new TreePath(getCurrentPath(), method));
          DocCommentTree own = doc == null ? docs.getDocCommentTree(getCurrentPath()) : doc;
          assertThat(own).as("Javadoc of " + owner + "." + method.getName()).isNotNull();
          Matcher standard = DEFAULT.matcher(method.getModifiers().toString());
          String type = method.getReturnType().toString();
          String name = kebab(method.getName().toString());
          boolean named = type.startsWith(BY_NAME);
          keys.add(
              new Key(
                  owner,
                  named ? name + ".NAME" : name,
                  named ? type.substring(BY_NAME.length(), type.length() - 1) : type,
                  standard.find() ? standard.group(1) : "",
                  plain(own.toString())));
          return null;
        }
      }.scan(unit, "");
    }
    return keys;
  }

  private static String kebab(String camel) {
    return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static String plain(String javadoc) {
    return javadoc.replaceAll("\\s+", " ").replaceAll("\\{@code ([^}]*)}", "`$1`").strip();
  }
}
