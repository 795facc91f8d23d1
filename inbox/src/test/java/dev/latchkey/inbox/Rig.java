package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import dev.latchkey.kv.DatabaseOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// An inbox on a database of its own, with a clock set by hand and a list of what it told.
///
/// Its router makes one work per delivery: the kind is the delivery's kind, and the body says lane
/// and, after a space, the key.
final class Rig implements AutoCloseable {

  final HandClock clock = new HandClock();
  final List<Event> events = Collections.synchronizedList(new ArrayList<>());
  final Database database;
  private final InboxOptions options;
  private final AtomicInteger sent = new AtomicInteger();
  private @Nullable Inbox inbox;

  static final Claims.Room ONE = new Room(1, true);
  static final Claims.Room BUSY = new Room(1, false);

  /// As much room for each kind as for all.
  record Room(int total, boolean isIdle, boolean hasEnded) implements Claims.Room {
    /// Room after a run has ended.
    Room(int total, boolean isIdle) {
      this(total, isIdle, true);
    }

    @Override
    public int of(String kind) {
      return total;
    }
  }

  private Rig(Database database, UnaryOperator<InboxOptions> change) {
    this.database = database;
    this.options =
        change.apply(
            InboxOptions.of(Rig::route)
                .withClock(clock)
                .withListener(events::add)
                .withDrainTimeout(Duration.ofSeconds(20)));
  }

  static Rig open(Storage storage, Path directory) {
    return open(storage, directory, options -> options);
  }

  static Rig open(Storage storage, Path directory, UnaryOperator<InboxOptions> change) {
    return new Rig(storage.open(directory), change);
  }

  /// Opens it on a database whose writes wait that long for their turn.
  static Rig open(Storage storage, Path directory, Duration lockTimeout, Duration drainTimeout) {
    DatabaseOptions options = DatabaseOptions.defaults().withLockTimeout(lockTimeout);
    return new Rig(
        storage.open(directory, options), change -> change.withDrainTimeout(drainTimeout));
  }

  static Routing route(Delivery delivery) {
    String body = new String(delivery.body(), StandardCharsets.UTF_8);
    int space = body.indexOf(' ');
    String lane = space < 0 ? body : body.substring(0, space);
    return Routing.to(NewWork.of(delivery.kind(), lane, body.substring(space + 1)));
  }

  Inbox inbox() {
    Inbox open = inbox;
    if (open == null) {
      open = Inbox.open(database, options);
      inbox = open;
    }
    return open;
  }

  Rig handler(String kind, Handler handler) {
    inbox().handler(kind, handler);
    return this;
  }

  /// Leaves the inbox as a process does that is killed, so that [#inbox] opens the next one.
  void killInbox() {
    inbox().die();
    inbox = null;
  }

  /// Takes one work, of which nothing is heard any more.
  Claims.Taken take() {
    return inbox().take(ONE).taken().getFirst();
  }

  /// Closes the inbox, so that [#inbox] opens the next one on the same database.
  void closeInbox() {
    inbox().close();
    inbox = null;
  }

  static Delivery delivery(String id, String kind, String body) {
    return new Delivery("test", id, kind, Map.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  /// Sends a delivery of a new id.
  Receipt send(String kind, String body) {
    return inbox().accept(delivery("d" + sent.incrementAndGet(), kind, body));
  }

  int runDue() {
    return inbox().runDue();
  }

  /// Returns the work of that id.
  WorkView work(long id) {
    return inbox().works(1_000).stream().filter(work -> work.id() == id).findFirst().orElseThrow();
  }

  /// Returns the newest work.
  WorkView newest() {
    return inbox().works(1).getFirst();
  }

  /// Returns the first column of the rows, as text.
  List<String> texts(String sql, @Nullable Object... arguments) {
    return database.query(sql, row -> String.valueOf(row.text(1)), arguments);
  }

  long number(String sql, @Nullable Object... arguments) {
    return database.query(sql, row -> row.number(1), arguments).getFirst();
  }

  @Override
  public void close() {
    if (inbox != null) {
      inbox.close();
    }
    database.close();
  }
}
