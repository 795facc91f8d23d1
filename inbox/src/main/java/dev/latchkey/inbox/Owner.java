package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Who takes works from a database: one open inbox, known by a name that is never used again.
///
/// The database knows the name of its last owner, and this process the names of its living ones.
/// Since a SQLite file belongs to one process at a time, an owner that isn't living here is dead.
final class Owner {

  private static final Set<String> LIVING = ConcurrentHashMap.newKeySet();

  private static final String READ = "SELECT owner FROM latchkey_owner WHERE id = 1";
  private static final String WRITE =
      """
      INSERT INTO latchkey_owner (id, owner) VALUES (1, ?)
      ON CONFLICT (id) DO UPDATE SET owner = excluded.owner
      """;

  private final String name = UUID.randomUUID().toString();

  Owner() {
    LIVING.add(name);
  }

  String name() {
    return name;
  }

  /// Takes the database over, within the caller's transaction.
  ///
  /// @throws IllegalStateException if another owner is living
  void takeOver(Database database) {
    List<String> owners = database.query(READ, row -> String.valueOf(row.text(1)));
    if (owners.stream().anyMatch(owner -> !owner.equals(name) && LIVING.contains(owner))) {
      throw new IllegalStateException("an inbox is open on this database already");
    }
    database.update(WRITE, name);
  }

  /// Lets another inbox take over.
  void leave() {
    LIVING.remove(name);
  }
}
