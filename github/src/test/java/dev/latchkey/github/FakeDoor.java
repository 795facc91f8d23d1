package dev.latchkey.github;

import dev.latchkey.github.FakeGitHub.Reply;
import dev.latchkey.github.FakeGitHub.Seen;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Who may come in to [FakeGitHub], and with what headers. It reads tokens and JWTs by itself.
final class FakeDoor {
  static final String APP_ID = "4711";
  static final long INSTALLATION = 42;
  static final long REPOSITORY = 99;
  static final Duration TOKEN_LIFE = Duration.ofHours(1);

  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<String, String> RIGHTS =
      Map.of("checks", "write", "contents", "read", "metadata", "read", "pull_requests", "write");

  final Set<String> tokens = ConcurrentHashMap.newKeySet();
  volatile String appId = APP_ID;

  /// Of an Enterprise Server's addresses.
  volatile String prefix = "";

  final AtomicInteger minted = new AtomicInteger();
  private final HandClock clock;

  FakeDoor(HandClock clock) {
    this.clock = clock;
  }

  /// What no request may lack.
  List<String> objections(Seen request) {
    List<String> objections = new ArrayList<>();
    Map<String, String> wanted =
        Map.of(
            "user-agent", "latchkey",
            "accept", accept(request),
            "x-github-api-version", "2022-11-28");
    wanted.forEach((name, value) -> {
      if (!value.equals(request.headers().get(name))) {
        objections.add(name + " is " + request.headers().get(name));
      }
    });
    if (!request.body().isEmpty()
        && !"application/json".equals(request.headers().get("content-type"))) {
      objections.add("content-type is " + request.headers().get("content-type"));
    }
    return objections;
  }

  private static String accept(Seen request) {
    boolean raw = request.path().contains("/contents/") || request.path().contains("/blobs/");
    return raw ? "application/vnd.github.raw+json" : "application/vnd.github+json";
  }

  /// The answer to somebody who may not come in, or null.
  @Nullable Reply refusal(Seen request) {
    String bearer = request.headers().getOrDefault("authorization", "").replaceFirst("Bearer ", "");
    boolean app =
        request.path().equals("/app")
            || request.path().startsWith(prefix + "/app/")
            || request.path().endsWith("/installation");
    boolean welcome = app ? jwtHolds(bearer) : tokens.contains(bearer);
    return welcome ? null : Reply.of(401, "{\"message\":\"Bad credentials\"}");
  }

  /// A new token, if what it is asked for is one repository and exactly the rights a review needs,
  /// or all of them and only to see which they are.
  Reply token(Seen request) {
    JsonNode asked = JSON.readTree(request.body());
    boolean right =
        request.method().equals("POST")
            && request.path().equals("/app/installations/" + INSTALLATION + "/access_tokens")
            && (asked.equals(JSON.readTree("{\"permissions\": {\"metadata\": \"read\"}}"))
                || (asked.path("repository_ids").equals(JSON.readTree("[" + REPOSITORY + "]"))
                    && asked.path("permissions").equals(JSON.valueToTree(RIGHTS))));
    if (!right) {
      return Reply.of(422, "{\"message\":\"wrong scope\"}");
    }
    String token = "ghs_canary" + minted.incrementAndGet();
    tokens.add(token);
    return Reply.of(201, tokenAnswer(token));
  }

  String tokenAnswer(String token) {
    return "{\"token\":\"%s\",\"expires_at\":\"%s\"}"
        .formatted(token, clock.instant().plus(TOKEN_LIFE));
  }

  private boolean jwtHolds(String jwt) {
    String[] parts = jwt.split("\\.", -1);
    if (parts.length != 3) {
      return false;
    }
    JsonNode head = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
    JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
    long now = clock.instant().getEpochSecond();
    long issued = claims.path("iat").longValue();
    long expires = claims.path("exp").longValue();
    return head.path("alg").stringValue().equals("RS256")
        && claims.path("iss").stringValue().equals(appId)
        && issued == now - 60
        && expires > now
        && expires - issued <= 9 * 60
        && signed(parts);
  }

  private static boolean signed(String[] parts) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initVerify(Keys.RSA.getPublic());
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
