package dev.latchkey.server.web;

import dev.latchkey.inbox.InboxHealth;
import dev.latchkey.kv.KvException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Says whether the server works: 200 unless a check fails, then 503. It tells no more than that,
/// as anyone may ask.
public final class HealthRoute implements Handler {

  public static final String PATH = "/health";

  private final HealthChecks checks;

  /// What can be asked about the server's parts.
  public interface Health {

    InboxHealth inbox();

    /// Writes to the database and returns once that is durable.
    ///
    /// @throws KvException if it could not
    void probeDatabase();

    /// Returns the free space beside the database, in bytes.
    ///
    /// @throws java.io.UncheckedIOException if it can't be told
    default long freeBytes() {
      return Long.MAX_VALUE;
    }

    /// Returns how long the work that could have run first has been waiting, or empty if none is
    /// due.
    ///
    /// @throws KvException if the database fails
    default Optional<Duration> backlog() {
      return Optional.empty();
    }

    /// Returns how the last call to a part ended, and how long ago.
    default Optional<Heard> heard(Pulse.Part part) {
      return Optional.empty();
    }
  }

  /// How the last call to a part ended.
  public record Heard(boolean ok, Duration ago) {}

  private record Told(String status, String detail) {}

  public HealthRoute(HealthChecks checks) {
    this.checks = checks;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    Map<String, HealthChecks.Check> now = checks.now();
    HealthChecks.Status status = HealthChecks.worst(now);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", status.word());
    Map<String, Told> told = new LinkedHashMap<>();
    now.forEach((name, check) -> told.put(name, new Told(check.status().word(), check.detail())));
    body.put("checks", told);
    Answers.json(response, status == HealthChecks.Status.FAIL ? 503 : 200, body);
  }
}
