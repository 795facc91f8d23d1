package dev.latchkey.server.web;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Remembers how the last call to each part ended, so that nobody has to call it to know.
public final class Heartbeats implements Pulse {

  private final Map<Part, Beat> beats = new ConcurrentHashMap<>();
  private final Pulse next;
  private final InstantSource clock;

  /// How a call ended.
  ///
  /// @param reason empty if it went well
  public record Beat(boolean ok, String reason, Instant at) {}

  /// @param next is told the same
  public Heartbeats(Pulse next, InstantSource clock) {
    this.next = next;
    this.clock = clock;
  }

  @Override
  public void ok(Part part) {
    beats.put(part, new Beat(true, "", clock.instant()));
    next.ok(part);
  }

  @Override
  public void failed(Part part, String reason) {
    beats.put(part, new Beat(false, reason, clock.instant()));
    next.failed(part, reason);
  }

  /// Returns how the last call ended, or empty if there was none.
  public Optional<Beat> last(Part part) {
    return Optional.ofNullable(beats.get(part));
  }
}
