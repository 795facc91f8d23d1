package dev.latchkey.server.web;

import dev.latchkey.inbox.InboxHealth;
import dev.latchkey.kv.KvException;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Says whether the server works: 200 if every check is ok, else 503. It tells no more than that,
/// as anyone may ask.
public final class HealthRoute implements Handler {

  public static final String PATH = "/health";

  private static final Logger LOG = System.getLogger(HealthRoute.class.getName());
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Health health;

  /// What can be asked about the server's parts.
  public interface Health {

    InboxHealth inbox();

    /// Writes to the database and returns once that is durable.
    ///
    /// @throws KvException if it could not
    void probeDatabase();
  }

  public HealthRoute(Health health) {
    this.health = health;
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    Map<String, String> checks = checks(health);
    boolean ok = checks.values().stream().allMatch("ok"::equals);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", ok ? "ok" : "fail");
    body.put("checks", checks);
    response.status(ok ? 200 : 503);
    response.header(HeaderNames.CONTENT_TYPE, "application/json");
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    response.send(JSON.writeValueAsBytes(body));
  }

  /// Returns the names of the checks which fail.
  public static List<String> failing(Health health) {
    return checks(health).entrySet().stream()
        .filter(check -> !check.getValue().equals("ok"))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static Map<String, String> checks(Health health) {
    Map<String, String> checks = new LinkedHashMap<>();
    checks.put("database", databaseOk(health) ? "ok" : "fail");
    checks.put("worker", health.inbox() == InboxHealth.WORKING ? "ok" : "fail");
    return checks;
  }

  private static boolean databaseOk(Health health) {
    try {
      health.probeDatabase();
      return true;
    } catch (KvException | IllegalStateException e) {
      LOG.log(Level.ERROR, "event=health.database-failed", e);
      return false;
    }
  }
}
