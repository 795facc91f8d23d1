package dev.latchkey.inbox;

import dev.latchkey.kv.Database;

/// What the inbox keeps, each by the class that knows its statements.
record Tables(
    Deliveries deliveries, Causes causes, Works works, Lines lines, Charges charges, Runs runs) {

  static Tables of(Database database) {
    Lines lines = new Lines(database);
    Charges charges = new Charges(database, lines);
    Causes causes = new Causes(database);
    return new Tables(
        new Deliveries(database),
        causes,
        new Works(database, lines, charges, causes),
        lines,
        charges,
        new Runs(database));
  }
}
