package org.m2ib.operations;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.m2ib.config.M2ibConfig;
import org.m2ib.delivery.StowAddress;
import org.m2ib.dicom.DicomObject;
import org.m2ib.dicom.Tags;
import org.m2ib.imaging.ImageSelection;
import org.m2ib.imaging.PassedOver;
import org.m2ib.imaging.SliceChoice;
import org.m2ib.imaging.StudySlices;
import org.m2ib.models.ModelRegistry;
import org.m2ib.models.ModelRule;
import org.m2ib.routes.Condition;
import org.m2ib.routes.Decision;
import org.m2ib.routes.Destination;
import org.m2ib.routes.Handling;
import org.m2ib.routes.StudyChoice;

/** What the service would do with a case that took a route. */
public final class RouteTrial {
  private final M2ibConfig config;
  private final ImageSelection configured;

  public RouteTrial(M2ibConfig config, ImageSelection configured) {
    this.config = config;
    this.configured = configured;
  }

  /**
   * @param name of the image for the person who tries: a file, or a UID
   * @param callingAeTitle that sent it, or would; null if it is not known
   * @param header without its pixels
   */
  public record TriedImage(String name, String callingAeTitle, DicomObject header) {}

  /**
   * @param images of one study, in order; empty if only a report is tried
   * @param report what it is, for the person who tries; null if only a study is tried
   * @param language of the report as its sender states it; null if it does not
   */
  public record Tried(List<TriedImage> images, String report, String language) {}

  /**
   * @param report null if only a study was given
   * @param taken the route and what held
   * @param passed the routes before it, and what did not hold
   * @param method whose maps are delivered; null if the case is not attributed
   * @param ignored why the case is not attributed; null if it is
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Outcome(
      List<String> files,
      String report,
      Compared taken,
      List<Compared> passed,
      String ignored,
      List<Image> images,
      Model model,
      String method,
      List<Sent> destinations) {

    @JsonIgnore
    public String text() {
      StringBuilder out = new StringBuilder();
      out.append(files.isEmpty() ? "no study" : "study of " + String.join(", ", files));
      out.append(report == null ? ", no report" : ", report " + report).append('\n');
      passed.forEach(route -> out.append("  not ").append(route.text()).append('\n'));
      out.append("  takes ").append(taken.text()).append('\n');
      if (ignored != null) {
        return out.append("  is ignored: ").append(ignored).append('\n').toString();
      }
      images.forEach(image -> out.append("    ").append(image.text()).append('\n'));
      out.append("  model ")
          .append(model.name())
          .append(", ")
          .append(model.by())
          .append(", method ")
          .append(method)
          .append('\n');
      destinations.forEach(sent -> out.append("  to ").append(sent.text()).append('\n'));
      if (destinations.isEmpty()) {
        out.append("  to no destination: results stay in the service\n");
      }
      return out.toString();
    }
  }

  /**
   * @param line in the file of routes; 0 for what is configured
   * @param file the image that held, or came closest; null if there is none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Compared(String route, int line, String file, List<Condition.Check> checks) {
    private String text() {
      String at = line == 0 ? "" : " (line " + line + ")";
      String by = file == null || checks.isEmpty() ? "" : ", " + file;
      String why =
          checks.isEmpty()
              ? "no conditions"
              : checks.stream().map(Condition.Check::toString).collect(Collectors.joining("; "));
      return route + at + by + ": " + why;
    }
  }

  /**
   * @param frame counted from 1; 0 if it is not chosen
   * @param why it is not chosen; null if it is
   */
  public record Image(String file, boolean chosen, int frame, @JsonIgnore PassedOver why) {
    /** In English; empty if it is chosen. */
    @JsonProperty
    public String reason() {
      return why == null ? "" : why.inWords();
    }

    private String text() {
      return chosen ? "+ " + file + ", frame " + frame : "- " + file + ": " + reason();
    }
  }

  /**
   * @param by what chooses it
   */
  public record Model(String name, By by) {}

  /** What chooses a model. */
  public enum By {
    ROUTE("by the route"),
    RULE("by its rule in m2ib.models"),
    DEFAULT("the one last made the default");

    private final String words;

    By(String words) {
      this.words = words;
    }

    /** As answers name it. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** In English. */
    @JsonValue
    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * @param objects DICOM objects; else the Bundle or message
   */
  public record Sent(String destination, String address, List<String> objects) {
    private String text() {
      return destination + " " + address + ": " + String.join(", ", objects);
    }
  }

  /**
   * What becomes of it.
   *
   * @param decision its images have the numbers of those tried
   */
  public Outcome of(Tried tried, Decision decision) {
    Handling handling = decision.route().handling();
    List<TriedImage> chosen = new ArrayList<>();
    List<Image> images = new ArrayList<>();
    StudyChoice study =
        new StudyChoice(handling.images(), configured, SliceChoice.parse(config.images().slices()));
    StudySlices slices = study.slices();
    tried.images().stream()
        .map(TriedImage::header)
        .filter(header -> slices.needs(header.string(Tags.SOPClassUID, "")))
        .forEach(slices::add);
    slices.choose();
    for (TriedImage image : tried.images()) {
      String uid = image.header().string(Tags.SOPInstanceUID, "");
      if (slices.leavesOut(uid)) {
        images.add(new Image(image.name(), false, 0, PassedOver.of(PassedOver.Kind.SLICE)));
        continue;
      }
      ImageSelection.Choice choice = study.of(uid, image.header());
      if (choice.chosen()) {
        chosen.add(image);
      }
      images.add(new Image(image.name(), choice.chosen(), choice.frame(), choice.why()));
    }
    return outcome(tried, decision, images, chosen);
  }

  /**
   * What becomes of a study of which only some attributes are known: they do not say which of its
   * images are attributed.
   */
  public Outcome ofAttributes(Tried tried, Decision decision) {
    return outcome(tried, decision, List.of(), tried.images());
  }

  private Outcome outcome(
      Tried tried, Decision decision, List<Image> images, List<TriedImage> chosen) {
    Handling handling = decision.route().handling();
    boolean ignored = handling.ignore() != null;
    return new Outcome(
        tried.images().stream().map(TriedImage::name).toList(),
        tried.report(),
        compared(decision.taken(), tried),
        decision.passed().stream().map(each -> compared(each, tried)).toList(),
        handling.ignore(),
        ignored ? List.of() : images,
        ignored ? null : model(handling, tried, chosen),
        ignored
            ? null
            : Objects.requireNonNullElse(handling.method(), config.attribution().method()),
        ignored ? List.of() : sent(handling));
  }

  private static Compared compared(Decision.Compared each, Tried tried) {
    String file = each.image() == 0 ? null : tried.images().get(each.image() - 1).name();
    return new Compared(each.route().name(), each.route().line(), file, each.checks());
  }

  private Model model(Handling handling, Tried tried, List<TriedImage> chosen) {
    if (handling.model() != null) {
      return new Model(handling.model(), By.ROUTE);
    }
    Optional<DicomObject> first = chosen.stream().findFirst().map(TriedImage::header);
    ModelRule.Study study =
        new ModelRule.Study(
            first.map(header -> header.string(Tags.Modality)).orElse(null),
            first.map(header -> header.string(Tags.BodyPartExamined)).orElse(null),
            chosen.stream().findFirst().map(TriedImage::callingAeTitle).orElse(null),
            tried.language());
    return ModelRule.choose(config.models(), study)
        .map(name -> new Model(name, By.RULE))
        .orElseGet(() -> new Model(ModelRegistry.CONFIGURED, By.DEFAULT));
  }

  private List<Sent> sent(Handling handling) {
    List<Sent> all = new ArrayList<>();
    for (Handling.Sent each : handling.destinations()) {
      Destination to = each.to();
      if (to.isFhir()) {
        Optional.ofNullable(to.fhir())
            .or(() -> config.fhir().url())
            .ifPresent(url -> all.add(new Sent(to.name(), url, List.of("FHIR Bundle"))));
        continue;
      } else if (!to.isArchive()) {
        List<String> receivers =
            to.hl7() != null ? List.of(to.hl7()) : config.hl7().destinations().orElse(List.of());
        receivers.forEach(address -> all.add(new Sent(to.name(), address, List.of("HL7 message"))));
        continue;
      }
      List<String> objects = each.objects() == null ? config.delivery().objects() : each.objects();
      List<String> addresses = new ArrayList<>();
      if (to.archive() != null || to.stow() != null) {
        addresses.add(to.archive() != null ? to.archive() : StowAddress.of(to.stow()));
      } else {
        config.archive().ifPresent(addresses::addAll);
        config.stow().url().map(StowAddress::of).ifPresent(addresses::add);
      }
      addresses.forEach(address -> all.add(new Sent(to.name(), address, objects)));
    }
    return all;
  }
}
