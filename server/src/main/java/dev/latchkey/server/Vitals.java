package dev.latchkey.server;

import dev.latchkey.inbox.Inbox;
import dev.latchkey.inbox.InboxHealth;
import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import dev.latchkey.server.web.HealthRoute;
import dev.latchkey.server.web.Heartbeats;
import dev.latchkey.server.web.Pulse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Where the server's own parts are asked how they are.
final class Vitals implements HealthRoute.Health {

  private final Store<String> probe;
  private final Inbox inbox;
  private final Path file;
  private final Heartbeats heartbeats;
  private final InstantSource clock;

  /// @param file the database's
  Vitals(Database database, Path file, Inbox inbox, Heartbeats heartbeats, InstantSource clock) {
    this.probe = database.store(StoreSpec.of("health_probe", Codec.text()));
    this.inbox = inbox;
    this.file = file.toAbsolutePath();
    this.heartbeats = heartbeats;
    this.clock = clock;
  }

  @Override
  public InboxHealth inbox() {
    return inbox.health();
  }

  @Override
  public void probeDatabase() {
    // Another value each time, because writing the same bytes again may write nothing.
    probe.put("probe", Long.toString(System.nanoTime()));
  }

  @Override
  public long freeBytes() {
    try {
      return Files.getFileStore(file.getParent()).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException("the disk can't be asked for its free space", e);
    }
  }

  @Override
  public Optional<Duration> backlog() {
    return Optional.ofNullable(inbox.stats().oldestDue()).map(this::ago);
  }

  @Override
  public Optional<HealthRoute.Heard> heard(Pulse.Part part) {
    return heartbeats.last(part).map(beat -> new HealthRoute.Heard(beat.ok(), ago(beat.at())));
  }

  private Duration ago(Instant at) {
    Duration ago = Duration.between(at, clock.instant());
    return ago.isNegative() ? Duration.ZERO : ago;
  }
}
