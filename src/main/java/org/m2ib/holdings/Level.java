package org.m2ib.holdings;

/** Levels of the Study Root information model (PS3.4 C.6.2), each within the one before. */
public enum Level {
  STUDY("held_study", "s"),
  SERIES("held_series", "e"),
  INSTANCE("held_instance", "i");

  /** Name of the table, and its alias in queries. */
  final String table;

  final String alias;

  Level(String table, String alias) {
    this.table = table;
    this.alias = alias;
  }
}
