package org.m2ib.worklist;

import java.util.List;
import org.m2ib.cases.Database;
import org.m2ib.cases.StorableText;

/** A person's own views of the worklist: a name and the query of its address. */
public final class SavedViews {
  /** How many a person may have. */
  public static final int MOST = 50;

  private static final int LONGEST_NAME = 80;
  private static final int LONGEST_QUERY = 2000;

  private final Database database;

  public SavedViews(Database database) {
    this.database = database;
  }

  /**
   * @param query without a question mark; {@code ""} is the whole list
   */
  public record View(String name, String query) {}

  /** In the order of their names. */
  public List<View> of(String person) {
    return database.list(
        (row, context) -> new View(row.getString("name"), row.getString("query")),
        "select name, query from worklist_view where person = ? order by name",
        person);
  }

  /**
   * Saves a view in the place of one of the same name.
   *
   * @throws IllegalArgumentException if name or query is too long or has control characters, or the
   *     name is only dots
   * @throws IllegalStateException if the person has {@value #MOST} views
   */
  public void save(String person, View view) {
    if (!isName(view.name())) {
      throw new IllegalArgumentException(
          "name: 1 to " + LONGEST_NAME + " characters, not only dots");
    }
    if (view.query() == null || view.query().length() > LONGEST_QUERY) {
      throw new IllegalArgumentException("query: required, at most " + LONGEST_QUERY);
    }
    if (!StorableText.is(view.name()) || !StorableText.is(view.query())) {
      throw new IllegalArgumentException("name and query: without control characters");
    }
    database.inTransaction(
        () -> {
          remove(person, view.name());
          if (of(person).size() >= MOST) {
            throw new IllegalStateException("There are " + MOST + " views: remove one first.");
          }
          database.with(
              h ->
                  h.execute(
                      "insert into worklist_view (person, name, query) values (?, ?, ?)",
                      person,
                      view.name(),
                      view.query()));
        });
  }

  /**
   * Whether a view can have the name: not {@code ..}, which no address that removes it can have.
   */
  public static boolean isName(String name) {
    return name != null
        && !name.isBlank()
        && name.length() <= LONGEST_NAME
        && !name.matches("\\.+");
  }

  /** Returns whether there was one. */
  public boolean remove(String person, String name) {
    return database.with(
            h -> h.execute("delete from worklist_view where person = ? and name = ?", person, name))
        > 0;
  }
}
