package org.m2ib.models;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.m2ib.attribution.PrecisionChoice;
import org.m2ib.cases.ModelSwitch;
import org.m2ib.cases.ModelSwitchStore;
import org.m2ib.clip.ModelCard;
import org.m2ib.clip.ModelException;
import org.m2ib.clip.loading.ModelOutline;
import org.m2ib.config.M2ibConfig;

/**
 * The models of a deployment, by name. The default model handles the cases that no rule selects a
 * model for. Active and shadow models stay loaded; others are loaded while in use, see {@link
 * ModelPool}.
 */
public final class ModelRegistry implements AutoCloseable {
  /** Name of the model in {@code m2ib.model}, or of the built-in model. */
  public static final String CONFIGURED = "default";

  private static final Logger LOG = Logger.getLogger(ModelRegistry.class);

  private final Map<String, ModelRule> rules = new TreeMap<>();
  private final Object switching = new Object();
  private final Set<String> shadows = new HashSet<>();
  private final Predicate<String> routed;
  private final ModelPool pool;
  private final Function<String, ModelOutline> outliner;
  private final ModelSwitchStore switches;

  /** The default, as last switched. Read again when a case begins. */
  private volatile String defaultName;

  /**
   * Loads all models that are not off.
   *
   * @param configured {@code m2ib.models}
   * @param routed whether routes name a model
   * @param switches history of the models that users made the default
   * @param loader loads a model by name
   * @param outliner describes a model without loading it
   * @throws IllegalArgumentException if a name is invalid; names the key
   */
  public ModelRegistry(
      Map<String, M2ibConfig.Model> configured,
      Predicate<String> routed,
      ModelSwitchStore switches,
      Function<String, LoadedModel> loader,
      Function<String, ModelOutline> outliner) {
    this.routed = routed;
    this.switches = switches;
    this.pool = new ModelPool(loader, name -> state(name) != State.OFF);
    this.outliner = outliner;
    configured.forEach(
        (name, model) -> {
          requireName(name);
          rules.put(name, ModelRule.of(model));
          if (model.shadow()) {
            shadows.add(name);
          }
        });
    List<ModelSwitch> all = switches.all();
    this.defaultName = chosen(all).getLast();
    all.stream()
        .map(ModelSwitch::model)
        .filter(name -> !names().contains(name))
        .distinct()
        .forEach(
            name ->
                LOG.warnf(
                    "model %s, a former default, is no longer in m2ib.models; skipped", name));
    try {
      for (String name : names()) {
        if (state(name) != State.OFF) {
          open(name).close();
        }
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static void requireName(String name) {
    if (name.equals(CONFIGURED) || !name.matches("[A-Za-z0-9-]{1,64}")) {
      throw new IllegalArgumentException(
          "m2ib.models.%s: a name has up to 64 letters, digits and -, and must not be \"%s\""
              .formatted(name, CONFIGURED));
    }
  }

  /** Returns all names, in the order in which their rules are evaluated. */
  public NavigableSet<String> names() {
    NavigableSet<String> names = new TreeSet<>(rules.keySet());
    names.add(CONFIGURED);
    return names;
  }

  /** Returns the model for the cases that no rule selects a model for. */
  public String defaultName() {
    return defaultName;
  }

  /**
   * Returns the stack of defaults for rollback, the current one last, without models that are no
   * longer configured.
   */
  private Deque<String> chosen(List<ModelSwitch> switches) {
    Deque<String> chosen = new ArrayDeque<>();
    for (ModelSwitch each : switches) {
      if (!each.rollback()) {
        chosen.addLast(each.model());
      } else {
        chosen.pollLast();
      }
    }
    chosen.removeIf(name -> !names().contains(name));
    chosen.addFirst(CONFIGURED);
    return chosen;
  }

  /**
   * Loads a model and makes it the default. Cases in progress keep theirs.
   *
   * @param name one of {@link #names}
   * @param person the user who asked for it
   * @return false if it already is the default
   * @throws org.m2ib.clip.ModelException if it cannot be loaded; nothing changes
   */
  public boolean activate(String name, String person) {
    if (name.equals(current())) {
      return false;
    }
    try (ModelPool.InUse loaded = pool.open(name)) {
      synchronized (switching) {
        boolean other = !name.equals(lastChosen());
        if (other) {
          switchTo(loaded.model(), false, person);
        }
        return other;
      }
    }
  }

  /** Returns the model that a rollback would make the default, or empty if there is none. */
  public Optional<String> before() {
    Deque<String> chosen = chosen(switches.all());
    chosen.removeLast();
    return Optional.ofNullable(chosen.peekLast());
  }

  /**
   * Makes the previous model the default again.
   *
   * @return false if there is no previous one
   * @throws org.m2ib.clip.ModelException if it cannot be loaded; nothing changes
   */
  public boolean rollBack(String person) {
    for (Optional<String> before = before(); before.isPresent(); before = before()) {
      try (ModelPool.InUse loaded = pool.open(before.get())) {
        synchronized (switching) {
          if (before.equals(before())) { // no one else has switched meanwhile
            switchTo(loaded.model(), true, person);
            return true;
          }
        }
      }
    }
    return false;
  }

  private void switchTo(LoadedModel model, boolean rollback, String person) {
    switches.add(model.name(), rollback, person);
    defaultName = model.name();
    LOG.infof(
        "model %s, SHA-256 %s, is now the default: %s by %s",
        model.name(), model.clip().card().hash(), rollback ? "a rollback" : "activated", person);
  }

  /** The default as the switches say: another process on the same database may have switched. */
  private String current() {
    String chosen = lastChosen();
    if (!chosen.equals(defaultName)) {
      try (ModelPool.InUse loaded = pool.open(chosen)) {
        synchronized (switching) {
          if (chosen.equals(lastChosen())) {
            defaultName = loaded.model().name();
          }
        }
      }
    }
    return defaultName;
  }

  private String lastChosen() {
    return chosen(switches.all()).getLast();
  }

  /**
   * @param name one of {@link #names}
   */
  public State state(String name) {
    if (name.equals(defaultName)) {
      return State.ACTIVE;
    } else if (shadows.contains(name)) {
      return State.SHADOW;
    }
    boolean takesCases =
        routed.test(name) || rules.containsKey(name) && !rules.get(name).namesNothing();
    return takesCases ? State.ACTIVE : State.OFF;
  }

  /** Returns a model's rule, or empty for the model that the configuration makes the default. */
  public Optional<ModelRule> rule(String name) {
    return Optional.ofNullable(rules.get(name));
  }

  /** The role of a model. */
  public enum State {
    /** Takes cases, by a route, by its rule or as the default. */
    ACTIVE,
    /** Runs alongside the active model, for figures only. */
    SHADOW,
    /** It handles no cases until it is made the default or a case is redone with it. */
    OFF
  }

  /** Returns the default model's card. */
  public ModelCard defaultCard() {
    return outline(defaultName()).card();
  }

  /** Returns a model's outline from when it was last loaded, or empty if it has not been. */
  public Optional<ModelOutline> known(String name) {
    return pool.known(name);
  }

  /**
   * As {@link #known}, but reads the folder if the model has not been loaded.
   *
   * @throws org.m2ib.clip.ModelException if the folder does not say enough
   */
  public ModelOutline outline(String name) {
    return known(name).orElseGet(() -> outliner.apply(name));
  }

  public boolean isLoaded(String name) {
    return pool.isLoaded(name);
  }

  /** Returns the precision of a loaded model's maps, or empty if it is not loaded. */
  public Optional<PrecisionChoice> precision(String name) {
    return pool.precision(name);
  }

  /**
   * Returns the model that a route names.
   *
   * @param name one of {@link #names}; {@link #CONFIGURED} is the default, as last switched
   * @throws ModelException if there is none, as after a change of the configuration
   */
  public String named(String name) {
    if (name.equals(CONFIGURED)) {
      return current();
    } else if (!rules.containsKey(name)) {
      throw new ModelException(
          "m2ib.models", "there is no model " + name + ", which the case's route names");
    }
    return name;
  }

  /** Returns the model for a study: that of the first matching rule, otherwise the default. */
  public String choose(ModelRule.Study study) {
    return ModelRule.choose(rules, shadows::contains, study).orElseGet(this::current);
  }

  /** Returns the models that run in shadow for a study. */
  List<String> shadows(ModelRule.Study study) {
    return rules.keySet().stream()
        .filter(name -> state(name) == State.SHADOW && rules.get(name).fits(study))
        .toList();
  }

  /**
   * Opens a model for one piece of work; it stays loaded until the returned object is closed.
   *
   * @throws org.m2ib.clip.ModelException if it cannot be loaded
   */
  public ModelPool.InUse open(String name) {
    return pool.open(name);
  }

  /** Closes every model at shutdown, see {@link ModelPool#close}. */
  @Override
  public void close() {
    pool.close();
  }
}
