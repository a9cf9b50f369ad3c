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
import org.jboss.logging.Logger;
import org.m2ib.cases.ModelSwitch;
import org.m2ib.cases.ModelSwitchStore;
import org.m2ib.clip.ModelCard;
import org.m2ib.clip.loading.ModelOutline;
import org.m2ib.config.M2ibConfig;

/**
 * The models of the service, by name. The default takes the cases that match no rule. Active and
 * shadow models stay loaded; others are loaded while in use, see {@link ModelPool}.
 */
public final class ModelRegistry implements AutoCloseable {
  /** The name of {@code m2ib.model}, or of the built-in model. */
  static final String CONFIGURED = "default";

  private static final Logger LOG = Logger.getLogger(ModelRegistry.class);

  private final Map<String, ModelRule> rules = new TreeMap<>();
  private final Object switching = new Object();
  private final Set<String> shadows = new HashSet<>();
  private final ModelPool pool;
  private final Function<String, ModelOutline> outliner;
  private final ModelSwitchStore switches;

  /** By the stored switches; read again when a case begins. */
  private volatile String defaultName;

  /**
   * Loads all that are not off.
   *
   * @param configured {@code m2ib.models}
   * @param switches history of the default
   * @param loader loads a model by its name
   * @param outliner returns what is known of a model without loading it
   * @throws IllegalArgumentException for an invalid name; names the key
   */
  public ModelRegistry(
      Map<String, M2ibConfig.Model> configured,
      ModelSwitchStore switches,
      Function<String, LoadedModel> loader,
      Function<String, ModelOutline> outliner) {
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

  /** All, in the order in which their rules are tried. */
  public NavigableSet<String> names() {
    NavigableSet<String> names = new TreeSet<>(rules.keySet());
    names.add(CONFIGURED);
    return names;
  }

  /** The model for cases that match no rule. */
  public String defaultName() {
    return defaultName;
  }

  /**
   * The defaults that rollbacks return to, the current one last. One that is no longer configured
   * is skipped.
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
   * Makes a model the default after loading it. Cases in progress keep theirs.
   *
   * @param name one of {@link #names}
   * @param person who requested it
   * @return false if it is the default already
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

  /** The model that a rollback would make the default; empty if there is none. */
  public Optional<String> before() {
    Deque<String> chosen = chosen(switches.all());
    chosen.removeLast();
    return Optional.ofNullable(chosen.peekLast());
  }

  /**
   * Makes the previous default the default again.
   *
   * @return whether there is a previous one
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
    return rules.containsKey(name) && !rules.get(name).namesNothing() ? State.ACTIVE : State.OFF;
  }

  /** A model's rule; empty for the model that the configuration makes the default. */
  public Optional<ModelRule> rule(String name) {
    return Optional.ofNullable(rules.get(name));
  }

  /** States of a model. */
  public enum State {
    /** Takes cases, by its rule or as the default. */
    ACTIVE,
    /** Runs alongside the active model, for figures only. */
    SHADOW,
    /** Takes no case until it is made the default, or a case is redone with it. */
    OFF
  }

  /** The card of the default. */
  public ModelCard defaultCard() {
    return outline(defaultName()).card();
  }

  /** As last loaded; empty if it was never loaded. */
  public Optional<ModelOutline> known(String name) {
    return pool.known(name);
  }

  /**
   * The same, or from its folder if it was never loaded.
   *
   * @throws org.m2ib.clip.ModelException if the folder cannot be read
   */
  public ModelOutline outline(String name) {
    return known(name).orElseGet(() -> outliner.apply(name));
  }

  public boolean isLoaded(String name) {
    return pool.isLoaded(name);
  }

  /** The model for a study: the first whose rule matches, else the default. */
  public String choose(ModelRule.Study study) {
    return rules.entrySet().stream()
        .filter(rule -> !shadows.contains(rule.getKey()))
        .filter(rule -> !rule.getValue().namesNothing() && rule.getValue().fits(study))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseGet(this::current);
  }

  /** The models in shadow for a study. */
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
